"""Run the mutants: `python -m tests.mutants [--area NAME] [--sample NUMBER]`. A survivor or a broken entry fails."""

from __future__ import annotations

import argparse
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import wait
from pathlib import Path

from tests.mutants import running
from tests.mutants.entries import Broken, Mutant, apply, mutants
from tests.mutants.running import DATABASE, Run

ROOT = Path(__file__).resolve().parents[2]
# Not for slow machines: for a mutant that goes on for ever.
SECONDS = 900
# A change that can't run is noticed by everybody: that says nothing of a test.
CRASHES = ("NameError", "UnboundLocalError", "ImportError", "SyntaxError", "AttributeError", "TypeError")
KILLED, SURVIVED, BROKEN = "killed", "SURVIVED", "BROKEN"


@dataclass(frozen=True)
class Outcome:
    """What became of a mutant."""

    mutant: Mutant
    verdict: str
    said: str
    seconds: float


def verdict_of(run: Run, tests: Sequence[str]) -> tuple[str, str]:
    """Say what a run that has ended tells of the mutant in it: a verdict, and why."""
    status = run.process.exitcode
    if status == 0:
        return SURVIVED, "all passed"
    if status != 1 or not run.has_reported:
        return BROKEN, f"pytest ended with {status}: {run.wrote.strip()[-400:]}"
    failed = run.failed_cases()
    for name, (kind, message) in failed.items():
        if kind != "failure" or message.startswith(CRASHES):
            return BROKEN, f"{name}: {kind}: {message[:300]}"
    for test in tests:
        dotted = _dotted(test)
        if not any(name == dotted or name.startswith((f"{dotted}.", f"{dotted}[")) for name in failed):
            return SURVIVED, f"passed: {test}"
    return KILLED, ""


def try_all(chosen: Sequence[Mutant], root: Path, *, workers: int) -> Iterator[Outcome]:
    """Try each mutant in one of some copies of a checkout. Raises Broken when the tests fail without any."""
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        whole = Path(folder, "whole")
        running.copy_checkout(root, whole)
        tests = sorted({test for mutant in chosen for test in mutant.tests})
        print(f"{len(chosen)} mutants; first their {len(tests)} tests on the code as it is …", flush=True)
        # What the migrations make is kept for the next time, under a name that says which they were.
        (root / "var").mkdir(mode=0o700, exist_ok=True)
        run = running.begin(whole, tests, database=root / DATABASE, whole=True)
        run.process.join()
        if run.process.exitcode or run.failed_cases():
            raise Broken(f"The tests do not pass on the code as it is.\n{run.wrote}")
        for made in (root / "var").glob("migrated-*.sqlite3"):
            shutil.copy2(made, whole / "var")
        free = [Path(folder, f"copy{number}") for number in range(workers)]
        for copy in free:
            shutil.copytree(whole, copy)
        yield from _try_in(free, chosen, whole)


def _try_in(free: list[Path], chosen: Sequence[Mutant], whole: Path) -> Iterator[Outcome]:
    waiting = list(reversed(chosen))
    begun: dict[int, tuple[Run, Mutant, Path, float]] = {}
    while waiting or begun:
        while waiting and free:
            mutant, copy = waiting.pop(), free.pop()
            try:
                changed = apply(mutant, copy)
            except Broken as error:
                free.append(copy)
                yield Outcome(mutant, BROKEN, str(error), 0)
                continue
            run = running.begin(copy, mutant.tests, database=copy / DATABASE, whole=False)
            begun[run.process.sentinel] = (run, mutant, changed, time.monotonic())
        ended = set(wait(list(begun), timeout=1))
        for sentinel, (run, mutant, changed, since) in list(begun.items()):
            seconds = time.monotonic() - since
            if sentinel in ended:
                run.process.join()
                verdict, said = verdict_of(run, mutant.tests)
            elif seconds > SECONDS:
                run.process.kill()
                run.process.join()
                verdict, said = BROKEN, "it goes on for ever"
            else:
                continue
            del begun[sentinel]
            shutil.copy2(whole / changed, run.checkout / changed)
            free.append(run.checkout)
            yield Outcome(mutant, verdict, said, seconds)


def _dotted(test: str) -> str:
    """The name of a test as the report has it."""
    path, _, inner = test.partition("::")
    return ".".join([path.removesuffix(".py").replace("/", "."), *inner.split("::")]).rstrip(".")


def chosen_by_commit(all_of_them: Sequence[Mutant], number: int, root: Path) -> list[Mutant]:
    """Return so many of them: others for each commit, the same for the same."""
    head = subprocess.run(["git", "rev-parse", "HEAD"], cwd=root, check=True, capture_output=True, text=True)
    picked = random.Random(head.stdout.strip()).sample(range(len(all_of_them)), min(number, len(all_of_them)))
    return [all_of_them[index] for index in sorted(picked)]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what is asked for and tell. Returns 0 when every mutant was killed."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("--area", help="the mutants of one file")
    parser.add_argument("--sample", type=int, help="so many of them, chosen by the commit")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args(arguments)
    began = time.monotonic()
    running.read_what_others_made()
    outcomes = []
    try:
        chosen = [mutant for mutant in mutants() if options.area in (None, mutant.area)]
        if options.sample:
            chosen = chosen_by_commit(chosen, options.sample, ROOT)
        for outcome in try_all(chosen, ROOT, workers=options.workers):
            outcomes.append(outcome)
            print(f"{outcome.verdict:8} {outcome.seconds:5.1f} s  {outcome.mutant.name}", flush=True)
    except Broken as error:
        print(error)
        return 1
    wrong = [outcome for outcome in outcomes if outcome.verdict != KILLED]
    for outcome in wrong:
        print(f"\n{outcome.verdict}: {outcome.mutant.name}\n    {outcome.said}")
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    spent = sum(each.ru_utime + each.ru_stime for each in used)
    survived = sum(outcome.verdict == SURVIVED for outcome in wrong)
    print(
        f"\n{len(outcomes)} mutants: {len(outcomes) - len(wrong)} killed, {survived} survived, "
        f"{len(wrong) - survived} broken. {time.monotonic() - began:.0f} s, {spent:.0f} s of processor."
    )
    return 1 if wrong or not outcomes else 0


if __name__ == "__main__":
    sys.exit(main())
