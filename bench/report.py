"""The figures: what was measured, as a table and as data, and which goals were missed."""

from __future__ import annotations

import os
import platform
import statistics
from collections import defaultdict
from datetime import date
from typing import Any

MOST_GROWTH = 1.3
# What counts every leader grows with them, up to this many milliseconds.
MOST_WHOLE_MS = 1000.0
# Below this, a difference of medians is the machine's, not the number of agreements'.
NOISE_MS = 1.0
# What operators run, for 100,000 agreements; for fewer in proportion, but never less than a tenth.
MOST_SECONDS = {
    "leder_keys rotate": 60.0,
    # With the site in use, which is given a fifth of the time.
    "leder_keys rotate --renew": 1200.0,
    "leder_verify": 300.0,
    "leder_remind": 300.0,
    "leder_count": 120.0,
    # 45,000 leaders in a minute; 100,000 agreements are of 39,700 leaders.
    "a year opened for all leaders": 53.0,
}
PER = 100_000
# The same whatever the number of agreements.
MOST_ALWAYS = {
    "leder_import --dry-run, 5000 people": 10.0,
    "leder_import, 5000 people": 20.0,
    "leder_import again, 5000 people": 10.0,
}

Step = dict[str, Any]


class Figures:
    """Gathers costs and times by step and size."""

    def __init__(self, steps: list[Step], built: dict[int, dict[str, Any]]) -> None:
        self.steps = steps
        self.built = built
        self.costs: dict[tuple[int, int], dict[str, int]] = {}
        self.upkeep: dict[int, dict[str, float]] = {}
        self.times: dict[tuple[int, int], list[float]] = defaultdict(list)

    @property
    def sizes(self) -> list[int]:
        return sorted(self.built)

    def note_cost(self, step: int, size: int, cost: dict[str, int]) -> None:
        """Take note of the queries and bytes of a step."""
        self.costs[step, size] = cost

    def note_times(self, step: int, size: int, times: list[float]) -> None:
        """Take note of some runs of a step, in milliseconds."""
        self.times[step, size] += times

    def note_upkeep(self, size: int, seconds: dict[str, float]) -> None:
        """Take note of what operators run, in seconds."""
        self.upkeep[size] = seconds

    def median(self, step: int, size: int) -> float:
        """The middle run."""
        return statistics.median(self.times[step, size])

    def p95(self, step: int, size: int) -> float:
        """The run that only one in twenty was slower than."""
        return statistics.quantiles(self.times[step, size], n=20)[-1]

    def missed(self) -> list[str]:
        """The goals that were not reached, in words."""
        pages = [line for number, step in enumerate(self.steps) for line in self._missed(number, step)]
        return pages + [
            line
            for size, seconds in self.upkeep.items()
            for line in self._late(seconds, self.built[size]["Agreement"])
        ]

    @staticmethod
    def _late(seconds: dict[str, float], agreements: int) -> list[str]:
        share = max(agreements / PER, 0.1)
        return [
            f"{name}: {seconds[name]:.1f} s for {agreements} agreements, at most {most * share:.1f} s"
            for name, most in MOST_SECONDS.items()
            if seconds[name] > most * share
        ] + [
            f"{name}: {seconds[name]:.1f} s, at most {most:.1f} s"
            for name, most in MOST_ALWAYS.items()
            if seconds[name] > most
        ]

    def _missed(self, number: int, step: Step) -> list[str]:
        if step["reference"]:
            return []
        lines = []
        for size in self.sizes:
            cost = self.costs[number, size]
            if step["most"] and cost["queries"] > step["most"]:
                lines.append(f"{step['name']} at {size}: {cost['queries']} queries, at most {step['most']}")
            if step["weighs"] and cost["bytes"] > step["weighs"]:
                lines.append(f"{step['name']} at {size}: {cost['bytes']} bytes, at most {step['weighs']}")
        if step["whole"]:
            lines += [
                f"{step['name']} at {size}: {self.median(number, size):.0f} ms, at most {MOST_WHOLE_MS:.0f} ms"
                for size in self.sizes
                if self.median(number, size) > MOST_WHOLE_MS
            ]
        elif self.grows(number):
            smallest, largest = self._ends(number)
            lines.append(
                f"{step['name']}: {largest:.1f} ms at {self.sizes[-1]}, {smallest:.1f} ms at {self.sizes[0]}, "
                f"at most {MOST_GROWTH} times as much"
            )
        return lines

    def grows(self, step: int) -> bool:
        """Whether the page takes more time the more agreements there are, by more than is allowed."""
        if self.steps[step]["whole"]:
            return False
        smallest, largest = self._ends(step)
        return largest > MOST_GROWTH * smallest and largest - smallest > NOISE_MS

    def _ends(self, step: int) -> tuple[float, float]:
        return self.median(step, self.sizes[0]), self.median(step, self.sizes[-1])

    def table(self) -> str:
        """The figures as a table of Markdown: for each size queries, median, p95, kilobytes; last the growth."""
        head = ["page"]
        for size in self.sizes:
            head += [f"queries at {size}", "median ms", "p95 ms", "kB"]
        head.append("growth")
        rows = [head, ["---"] + ["---:"] * (len(head) - 1)]
        for number, step in enumerate(self.steps):
            row = [step["name"]]
            for size in self.sizes:
                cost = self.costs[number, size]
                row += [
                    str(cost["queries"]),
                    f"{self.median(number, size):.1f}",
                    f"{self.p95(number, size):.1f}",
                    f"{cost['bytes'] / 1000:.1f}",
                ]
            growth = self.median(number, self.sizes[-1]) / self.median(number, self.sizes[0])
            rows.append([*row, f"{growth:.2f}"])
        return f"{_markdown(rows)}\n\n{_markdown(self._upkeep_rows())}"

    def _upkeep_rows(self) -> list[list[str]]:
        names = list(next(iter(self.upkeep.values()), {}))
        head = ["upkeep", *(f"seconds at {size}" for size in self.sizes)]
        rows = [[name, *(f"{self.upkeep[size][name]:.1f}" for size in self.sizes)] for name in names]
        return [head, ["---"] + ["---:"] * len(self.sizes), *rows]

    def as_data(self) -> dict[str, Any]:
        """Everything, for comparison with another day's run."""
        return {
            "date": date.today().isoformat(),
            "machine": {"cores": os.cpu_count(), "python": platform.python_version()},
            "sizes": self.built,
            "pages": [
                {
                    **step,
                    "at": {
                        size: {
                            **self.costs[number, size],
                            "median_ms": round(self.median(number, size), 2),
                            "p95_ms": round(self.p95(number, size), 2),
                        }
                        for size in self.sizes
                    },
                }
                for number, step in enumerate(self.steps)
            ],
            "upkeep": self.upkeep,
            "missed": self.missed(),
        }


def _markdown(rows: list[list[str]]) -> str:
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)
