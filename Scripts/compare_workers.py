#!/usr/bin/env python3
"""Compares trials side by side, a thread each, with one trial at a time on all threads.

    swift build -c release
    python3 Scripts/compare_workers.py --emnist .build/release/emnist --data DIR

Runs the same sweep of eight trials both ways, in turn, several rounds, and prints a Markdown table of
medians: images a second through training and validation, over all trials, and the ratio. Data are
loaded before the clock starts: the time is that between the journal's first and last trial.
"""

import argparse
import json
import os
import statistics
import subprocess
import tempfile
from pathlib import Path

CASES = {"mlp": (20_000, 6), "cnn": (10_000, 1)}
TRIALS = 8


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--emnist", required=True, type=Path, help="the built program")
    parser.add_argument("--data", required=True, type=Path, help="a directory with a data set")
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    cores = len(os.sched_getaffinity(0))
    ways = {"side by side": (cores, 1), "one at a time": (1, cores)}
    speeds = {(model, way): [] for model in CASES for way in ways}
    for _ in range(arguments.rounds):
        for model, way in speeds:
            speeds[model, way].append(measure(arguments, model, *ways[way]))
    print(f"| model | {cores} trials side by side, images/s | one at a time | ratio |")
    print("|---|---:|---:|---:|")
    for model in CASES:
        beside, alone = (statistics.median(speeds[model, way]) for way in ways)
        print(f"| `{model}` | {beside:,.0f} | {alone:,.0f} | {beside / alone:.2f} |")


def measure(arguments, model, workers, threads):
    """Images a second of one sweep."""
    limit, epochs = CASES[model]
    sweep = {
        "method": "random",
        "metric": {"name": "val_loss"},
        "run_cap": TRIALS,
        "parameters": {"lr": {"min": 0.001, "max": 0.01}},
        "emnist": {
            "data": str(arguments.data.resolve()), "limit": limit,
            "workers": workers, "threads": threads,
            "base": {"model": model, "epochs": epochs, "scheduler": "constant"},
        },
    }  # fmt: skip
    with tempfile.TemporaryDirectory() as work:
        file, study = Path(work, "sweep.json"), Path(work, "study")
        file.write_text(json.dumps(sweep), encoding="utf-8")
        command = [arguments.emnist, "sweep", file, "--out", study, "--quiet"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        ended = Path(study, "journal.jsonl").stat().st_mtime
        events = [json.loads(line) for line in Path(study, "journal.jsonl").open(encoding="utf-8")]
    began = min(event["time"] for event in events if event["event"] == "trial")
    return TRIALS * limit * epochs / (ended - began)


if __name__ == "__main__":
    main()
