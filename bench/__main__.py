"""`python -m bench`: builds the databases, measures all sizes side by side, prints the table, checks the goals."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from bench import databases, report

SIZES = (1_000, 10_000, 100_000)
RUNS = 30
# A page that seems to grow is measured again before it is said: the machine may have been busy.
ATTEMPTS = 3
ROOT = Path(__file__).resolve().parents[1]


class Worker:
    """A process that holds one size."""

    def __init__(self, size: int) -> None:
        self.size = size
        environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "bench.settings", "BENCH_SIZE": str(size)}
        process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", "bench.worker"],
            cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        self.questions: Any = process.stdin
        self.answers: Any = process.stdout

    def ask(self, do: str, **what: Any) -> Any:
        """Send a request and wait for its answer. Raises SystemExit when the worker gave up."""
        self.questions.write(json.dumps({"do": do, **what}) + "\n")
        self.questions.flush()
        answer = self.answers.readline()
        if not answer:
            raise SystemExit(f"The measurement at {self.size} stopped; see above.")
        return json.loads(answer)


def main() -> int:
    """Measure and tell. Returns 1 when a goal is missed."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="numbers of agreements")
    parser.add_argument("--keep", action="store_true", help="use the databases of an earlier run")
    parser.add_argument("--json", type=Path, default=ROOT / "var" / "bench.json", help="where the figures go")
    options = parser.parse_args()

    workers = []
    built = {}
    for size in sorted(options.sizes):
        print(f"{size:>7} agreements: making the database …", flush=True)
        databases.make(size, keep=options.keep)
        worker = Worker(size)
        built[size] = worker.ask("build", keep=options.keep)
        print(f"        {built[size]['Agreement']} agreements in {built[size]['seconds']:.0f} s", flush=True)
        workers.append(worker)

    figures = _measured(workers, built)
    options.json.parent.mkdir(parents=True, exist_ok=True)
    options.json.write_text(json.dumps(figures.as_data(), indent=2, ensure_ascii=False) + "\n")
    print(f"\n{figures.table()}\n")
    missed = figures.missed()
    for line in missed:
        print(f"MISSED: {line}")
    print(f"{len(missed)} goals missed." if missed else "All goals reached.")
    return 1 if missed else 0


def _measured(workers: list[Worker], built: dict[int, dict[str, Any]]) -> report.Figures:
    """Ask all workers for all steps, and say on the way where it is."""
    figures = report.Figures(workers[0].ask("list"), built)
    for worker in workers[1:]:
        worker.ask("list")
    for number, step in enumerate(figures.steps):
        print(f"  {step['name']}", flush=True)
        for worker in workers:
            figures.note_cost(number, worker.size, worker.ask("cost", step=number))
        for _attempt in range(ATTEMPTS):
            # By turns, run by run, so that what else the machine does falls on all sizes alike.
            for _run in range(RUNS):
                for worker in workers:
                    figures.note_times(number, worker.size, worker.ask("measure", step=number, runs=1))
            if not figures.grows(number):
                break

    for worker in workers:
        print(f"  upkeep at {worker.size}", flush=True)
        figures.note_upkeep(worker.size, worker.ask("upkeep"))
    return figures


if __name__ == "__main__":
    sys.exit(main())
