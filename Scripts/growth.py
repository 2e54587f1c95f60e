#!/usr/bin/env python3
"""How time and memory grow with images and trials, as a table in Markdown.

    swift build -c release
    python3 Scripts/growth.py --output growth.md     # ends within 25 minutes on two idle cores
    python3 Scripts/growth.py --short                # smaller sizes, within two minutes

Synthetic sets are drawn, of 1,000 to 700,000 images (as many as EMNIST's ByClass has to train on),
and each command is timed as a whole process:

  data synth       draws a set
  train            seconds of an epoch of its history, validation included; one thread and two
  eval, audit      on a test part of so many images, by a network that was trained on 1,000; one
                   thread and two
  report, compare  of runs that were tested on so many images
  data info        of the set
  sweep            seconds a trial of 100 images, by random search and by bayes, 1 worker
  sweep --show     of a study of so many trials

Beside the time stands the peak memory, and in the last column the exponent by which the processor time
grows between the last two sizes, which other work on the machine changes least: 1 is linear, and what is
above 1.2 is marked. The files lie in memory (/dev/shm) unless --work names another place: a trial waits for the
disk several times, as nothing may be lost, and that would be all that is seen.
"""

import argparse
import csv
import json
import math
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
# What is measured may be this far from 1 by chance.
LINEAR = 1.2
REASONS = {"a trial by bayes, ms": "each looks at all before it"}


def main():
    arguments = parsed_arguments()
    work = Path(tempfile.mkdtemp(prefix="emnist-growth-", dir=arguments.work))
    try:
        growth = Growth(arguments, work)
        for measure in arguments.only or ["images", "trials"]:
            getattr(growth, measure)()
        text = growth.markdown()
    finally:
        shutil.rmtree(work, ignore_errors=True)
    if arguments.output:
        arguments.output.write_text(text, encoding="utf-8")
    else:
        print(text, end="")


def parsed_arguments():
    memory = Path("/dev/shm")
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--emnist", type=Path, default=HERE.parent / ".build/release/emnist")
    parser.add_argument("--short", action="store_true", help="smaller sizes, within two minutes")
    parser.add_argument("--only", action="append", choices=["images", "trials"])
    parser.add_argument("--work", type=Path, metavar="DIR",
                        default=memory if os.access(memory, os.W_OK) else None,
                        help="where files lie meanwhile (default: /dev/shm)")  # fmt: skip
    parser.add_argument("--output", type=Path, help="the Markdown file to write")
    return parser.parse_args()


class Growth:
    """All rows, measured one after the other."""

    def __init__(self, arguments, work):
        self.program, self.work = arguments.emnist.resolve(), work
        long = not arguments.short
        self.sizes = [1_000, 10_000, 100_000] + ([300_000, 700_000] if long else [])
        self.models = ["lenet5", "cnn-2"] if long else ["lenet5"]
        self.trial_counts = {
            "random": [10, 100, 1_000] + ([10_000] if long else []),
            "bayes": [10, 100] + ([1_000, 3_000] if long else [300]),
        }
        # From a row's title to its sizes, and what was measured of each.
        self.rows = {}

    def images(self):
        """Everything that depends on the number of images, a size after the other."""
        for size in self.sizes:
            data = self.data_set(size)
            print(f"{size:,} images", file=sys.stderr)
            if size >= 10_000:
                self.train(data, size)
            self.judge(data, size)
            self.note("data info", size, self.run("data", "info", *training(data)))
            if size != self.sizes[0]:
                shutil.rmtree(data)

    def data_set(self, size):
        data = self.work / f"data-{size}"
        if not data.exists():
            words = ["--train-count", str(size), "--test-count", "47", "--out", data]
            self.note("data synth", size, self.run("data", "synth", *words))
        return data

    def train(self, data, size):
        for model in self.models:
            for threads in (1, 2):
                run = self.work / "run"
                measured = self.run(
                    "train", *training(data), "--model", model, "--epochs", "2", "--threads",
                    str(threads), "--out", run, "--force")  # fmt: skip
                with (run / "history.csv").open(encoding="utf-8", newline="") as file:
                    seconds = min(float(row["seconds"]) for row in csv.DictReader(file))
                title = f"an epoch of `{model}`, {counted(threads)}"
                self.note(title, size, measured | {"seconds": seconds})
                shutil.rmtree(run)

    def judge(self, data, size):
        """Trains two runs on few images, tests them on so many, and looks at the results."""
        few = self.data_set(self.sizes[0])
        parts = [word for part, place in (("train", few), ("test", data)) for word in (
            f"--{part}-images", place / "emnist-glyphs-train-images-idx3-ubyte.gz",
            f"--{part}-labels", place / "emnist-glyphs-train-labels-idx1-ubyte.gz")]  # fmt: skip
        runs = [self.work / name for name in "ab"]
        for seed, run in enumerate(runs):
            self.run("train", *parts, "--mapping", data / "emnist-glyphs-mapping.txt", "--model",
                     "lenet5", "--epochs", "3", "--seed", str(seed), "--out", run)  # fmt: skip
        self.note("report", size, self.run("report", runs[0]))
        self.note("compare", size, self.run("compare", *runs))
        for threads in (1, 2):
            for command in ("eval", "audit"):
                title = f"{command}, {counted(threads)}"
                words = [command, runs[0], "--threads", str(threads)]
                self.note(title, size, self.run(*words))
        for run in runs:
            shutil.rmtree(run)

    def trials(self):
        """What a trial costs in a short study and in a long one."""
        data = self.data_set(self.sizes[0])
        for method, counts in self.trial_counts.items():
            for count in counts:
                print(f"{count:,} trials by {method}", file=sys.stderr)
                study, config = self.work / "study", self.work / "sweep.json"
                config.write_text(json.dumps(sweep(method, count)), encoding="utf-8")
                measured = self.run(
                    "sweep", config, "--out", study, "--workers", "1", "--data", data)  # fmt: skip
                milliseconds = measured["seconds"] / count * 1000
                self.note(f"a trial by {method}, ms", count, measured | {"seconds": milliseconds})
                if method == "random":
                    self.note("sweep --show", count, self.run("sweep", "--show", study))
                shutil.rmtree(study)

    def run(self, *words):
        """Seconds, those of processors, and MiB of a process that must succeed."""
        log = self.work / "log"
        with log.open("wb") as file:
            start = time.perf_counter()
            quiet = [] if words[:2] == ("data", "info") else ["--quiet"]
            process = subprocess.Popen([self.program, *words, *quiet], stdout=file, stderr=file)
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            seconds = time.perf_counter() - start
        if process.returncode != 0:
            text = log.read_text(encoding="utf-8", errors="replace")
            sys.exit(f"emnist {' '.join(map(str, words))}: {process.returncode}\n{text[-2000:]}")
        return {"seconds": seconds, "processor": usage.ru_utime + usage.ru_stime,
                "mebibytes": usage.ru_maxrss / 1024}  # fmt: skip

    def note(self, title, size, measured):
        self.rows.setdefault(title, {})[size] = measured

    def markdown(self):
        machine = json.loads(subprocess.run(
            [self.program, "bench", "--json", "--only", "peak", "--quick", "--rounds", "1"],
            check=True, capture_output=True, text=True).stdout)  # fmt: skip
        images = {t: r for t, r in self.rows.items() if "trial" not in t and "show" not in t}
        trials = {t: r for t, r in self.rows.items() if t not in images}
        return "\n".join([
            *table("seconds and MiB for so many images", images),
            *table("seconds (ms of a trial) and MiB for so many trials", trials),
            f"{machine['processor']}, SIMD set {machine['simd']}, files in {self.work.parent}. "
            "Growth is the exponent of the processor time between the last two sizes, of a trial "
            f"that of the whole study; above {LINEAR} it is marked.", "",
        ])  # fmt: skip


def training(data):
    return ["--dataset", "glyphs", "--data", data]


def counted(threads):
    return "1 thread" if threads == 1 else f"{threads} threads"


def sweep(method, count):
    """A search for which a trial is as small as can be."""
    return {
        "method": method,
        "metric": {"name": "val_loss", "goal": "minimize"},
        "parameters": {
            "lr": {"distribution": "log_uniform_values", "min": 1e-4, "max": 0.1},
            "dropout": {"min": 0.0, "max": 0.5},
            "optimizer": {"values": ["adam", "sgd"]},
        },
        "emnist": {
            "trials": count,
            "limit": 100,
            "base": {"model": "mlp", "hidden": [16], "epochs": 1},
        },
    }


def table(title, rows):
    sizes = sorted({size for row in rows.values() for size in row})
    if not sizes:
        return []
    lines = [f"| {title} | " + " | ".join(f"{size:,}" for size in sizes) + " | growth |",
             "|---|" + "---:|" * (len(sizes) + 1)]  # fmt: skip
    for name, row in rows.items():
        cells = " | ".join(cell(row[size]) if size in row else "" for size in sizes)
        lines.append(f"| {name} | {cells} | {growth(name, row)} |")
    return [*lines, ""]


def cell(measured):
    value = measured["seconds"]
    shown = f"{value:.1f}" if value >= 10 else f"{value:.3g}"
    return f"{shown}, {measured['mebibytes']:.0f}"


def growth(name, row):
    """The exponent of the processor time between the last two sizes."""
    if len(row) < 2:
        return ""
    small, large = sorted(row)[-2:]
    times = [row[size]["processor"] for size in (small, large)]
    exponent = math.log(times[1] / times[0]) / math.log(large / small)
    if exponent <= LINEAR:
        return f"{exponent:.2f}"
    return f"{exponent:.2f}: {REASONS.get(name, '**more than linear**')}"


if __name__ == "__main__":
    main()
