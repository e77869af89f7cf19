"""What a worker does: builds its database if asked, then measures what it is told, line by line."""

from __future__ import annotations

import json
import os
import sys
import time
from contextlib import redirect_stdout
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from bench import data, journey, upkeep


def main() -> None:
    """Speak JSON lines on standard input and output: {"do": "build" | "list" | "measure" | "cost" | "upkeep", …}."""
    answers, sys.stdout = sys.stdout, sys.stderr
    steps: list[Any] = []
    for line in sys.stdin:
        asked = json.loads(line)
        told: Any
        if asked["do"] == "build":
            with redirect_stdout(sys.stderr):
                started = time.perf_counter()
                if not (asked["keep"] and data.is_built()):
                    data.build(int(os.environ["BENCH_SIZE"]))
                told = {"seconds": time.perf_counter() - started, **data.counts()}
        elif asked["do"] == "list":
            steps = journey.journey()
            told = [
                {
                    "name": step.name,
                    "most": step.most,
                    "weighs": step.weighs,
                    "whole": step.whole,
                    "reference": step.reference,
                }
                for step in steps
            ]
        elif asked["do"] == "cost":
            told = cost(steps[asked["step"]])
        elif asked["do"] == "upkeep":
            told = upkeep.measure()
        else:
            told = measure(steps[asked["step"]], asked["runs"])
        print(json.dumps(told), file=answers, flush=True)


def cost(step: Any) -> dict[str, int]:
    """How many queries a request asks, and how many bytes come back; warms up on the way."""
    for _warm_up in range(3):
        response = step.send()
        if response.status_code != step.status:
            raise SystemExit(
                f"{step.name}: {response.status_code}, not {step.status}\n{response.content[:300]!r}"
            )
    with CaptureQueriesContext(connection) as captured:
        response = step.send()
    queries = [
        query["sql"] for query in captured if not query["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN"))
    ]
    return {"queries": len(queries), "bytes": len(response.content)}


def measure(step: Any, runs: int) -> list[float]:
    """Milliseconds of each run."""
    times = []
    for _run in range(runs):
        started = time.perf_counter()
        step.send()
        times.append((time.perf_counter() - started) * 1000)
    return times
