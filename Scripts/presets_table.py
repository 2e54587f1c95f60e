#!/usr/bin/env python3
"""Trains every preset on every data set with several seeds and writes the table of RESULTS.md.

    swift build -c release
    python3 Scripts/presets_table.py --emnist .build/release/emnist --work runs/presets \\
        mnist=DIR 47=DIR letters=DIR

Each argument is a heading of the table and a directory with a data set. Every run takes the preset's
own recipe; the epoch that is tested is the one that is best on the validation part, never chosen on
the test part. A cell is the mean of the test accuracies and their standard deviation over the seeds.
Images a second are those of training steps, measured by `emnist bench` when the runs are there.
Runs that are in the work directory already are not repeated, so that the table can be made in
pieces, with --models, and ends quickly when it is all there.

Below the table stands the comparison of the MLP with the CNN on the same test images, seed by seed:
McNemar's exact test of the images that only one of them has right (McNemar, "Note on the sampling
error of the difference between correlated proportions", 1947).
"""

import argparse
import csv
import json
import math
import statistics
import subprocess
from pathlib import Path


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--emnist", required=True, type=Path, help="the built program")
    parser.add_argument("--work", required=True, type=Path, help="where the runs are kept")
    parser.add_argument("--models", metavar="NAME,NAME", help="only these presets")
    parser.add_argument("--seeds", type=int, default=3, help="runs of each (default: 3)")
    parser.add_argument("--output", type=Path, help="where the table goes, beside the screen")
    parser.add_argument("data", nargs="+", metavar="HEADING=DIR")
    arguments = parser.parse_args()
    sets = dict(entry.split("=", 1) for entry in arguments.data)
    presets = ask(arguments.emnist, "models")["models"]
    if arguments.models:
        presets = [preset for preset in presets if preset["name"] in arguments.models.split(",")]

    outcomes = {}
    for preset in presets:
        for heading, directory in sets.items():
            for seed in range(arguments.seeds):
                key = (preset["name"], heading, seed)
                outcomes[key] = train(arguments, *key, directory)
    text = table(presets, sets, arguments, outcomes)
    if {"mlp", "cnn"} <= {preset["name"] for preset in presets}:
        text += "\n" + comparison("mlp", "cnn", sets, arguments)
    print(text, end="")
    if arguments.output:
        arguments.output.write_text(text, encoding="utf-8")


def ask(program, *words):
    """What the program answers in JSON."""
    answer = subprocess.run([program, *words, "--json"], check=True, capture_output=True, text=True)
    return json.loads(answer.stdout)


def train(arguments, model, heading, seed, directory):
    """The outcome of one run, made now or before."""
    run = run_directory(arguments, model, heading, seed)
    kept = run.with_suffix(".json")
    if not kept.exists():
        run.parent.mkdir(parents=True, exist_ok=True)
        print(f"{run.name} …", flush=True)
        outcome = ask(
            arguments.emnist, "train", "--model", model, "--data", directory,
            "--seed", str(seed), "--out", str(run), "--force",
        )  # fmt: skip
        kept.write_text(json.dumps(outcome), encoding="utf-8")
    return json.loads(kept.read_text(encoding="utf-8"))


def run_directory(arguments, model, heading, seed):
    return arguments.work / f"{model}-{heading}-{seed}".replace(" ", "_")


def table(presets, sets, arguments, outcomes):
    """The accuracies in Markdown."""
    seeds = arguments.seeds
    heads = ["preset", "parameters", "multiply-adds", *sets, "epochs", "images/s"]
    lines = ["| " + " | ".join(heads) + " |", "|---|" + "---:|" * (len(heads) - 1)]
    for preset in presets:
        name = preset["name"]
        cells = [accuracy([outcomes[name, heading, seed] for seed in range(seeds)]) for heading in sets]
        first = outcomes[name, next(iter(sets)), 0]
        lines.append(
            f"| `{name}` | {preset['parameters']:,} | {preset['multiply_adds']:,} | "
            + " | ".join(cells)
            + f" | {first['epochs_run']} | {speed(arguments, name, next(iter(sets))):,.0f} |"
        )
    return "\n".join(lines) + "\n"


def speed(arguments, model, heading):
    """Images a second of the training step, with the recipe's batch."""
    config = run_directory(arguments, model, heading, 0) / "config.json"
    batch = json.loads(config.read_text(encoding="utf-8"))["batch_size"]
    words = ["--only", "training", "--model", model, "--batch-size", str(batch)]
    return ask(arguments.emnist, "bench", *words)["results"][0]["images_per_second"]


def accuracy(outcomes):
    """Mean and standard deviation of the test accuracies, in percent."""
    values = [100 * outcome["test"]["accuracy"] for outcome in outcomes]
    if len(values) == 1:
        return f"{values[0]:.2f}"
    return f"{statistics.mean(values):.2f} ± {statistics.stdev(values):.2f}"


def comparison(first, second, sets, arguments):
    """Which of two presets is better, on the same images."""
    lines = []
    for heading in sets:
        for seed in range(arguments.seeds):
            a, b = (hits(run_directory(arguments, model, heading, seed)) for model in (first, second))
            only_a = sum(x and not y for x, y in zip(a, b, strict=True))
            only_b = sum(y and not x for x, y in zip(a, b, strict=True))
            lines.append(
                f"- {heading}, seed {seed}: of {len(a):,} images only `{first}` has {only_a} right, "
                f"only `{second}` {only_b}; McNemar's exact test p = {mcnemar(only_a, only_b):.2g}"
            )
    return "\n".join(lines) + "\n"


def hits(run):
    """Whether each test image is classified rightly."""
    with (run / "predictions.csv").open(encoding="utf-8", newline="") as file:
        return [row["true"] == row["predicted"] for row in csv.DictReader(file)]


def mcnemar(a, b):
    """The two-sided probability of a difference at least as large, if both were equally good."""
    n, least = a + b, min(a, b)
    log_total = n * math.log(2)
    tail = sum(
        math.exp(math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1) - log_total)
        for k in range(least + 1)
    )
    return min(1.0, 2 * tail)


if __name__ == "__main__":
    main()
