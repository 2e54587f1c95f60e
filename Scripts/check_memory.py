#!/usr/bin/env python3
"""Whether the estimate of memory is true: trains every preset for a few steps, and compares its peak
with what `emnist models` says. Both are counted from a perceptron of one hidden unit, so that the
program and the images do not count.

Scripts/check_memory.py PROGRAM [MODEL ...]
"""
import os
import re
import subprocess
import sys
import tempfile

UNITS = {"B": 1, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30}
DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "Data")
TOLERANCE = 0.15
# What a heap and the stacks of threads add whatever the model.
SLACK = 2 * 2**20


def peak(program, *options):
    """The largest resident set of a training, in bytes."""
    with tempfile.TemporaryDirectory() as place:
        words = [program, "train", "--data", DATA, "--quiet", "--out", place + "/run"]
        words += ["--max-steps", "3", *options]
        child = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode != 0:
            sys.exit(f"{' '.join(words)} ended with {child.returncode}")
        return usage.ru_maxrss * 1024


def estimate(program, *model):
    """What `emnist models` says, in bytes."""
    text = subprocess.run([program, "models", *model], capture_output=True, text=True, check=True)
    number, unit = re.search(r"takes about ([\d.]+) (\w+)", text.stdout).groups()
    return float(number) * UNITS[unit]


def main():
    program = os.path.abspath(sys.argv[1])
    listed = subprocess.run([program, "models"], capture_output=True, text=True, check=True)
    names = [line.split()[0] for line in listed.stdout.splitlines()[2:] if line.strip()]
    models = sys.argv[2:] or [name for name in names if name != "For"]
    least = ["mlp-small", "--hidden", "1"]
    base, said_of_base = peak(program, "--model", *least), estimate(program, *least)
    print(f"one hidden unit: {base / 2**20:.1f} MiB, of which {said_of_base / 2**20:.1f} are said")
    bad = []
    for model in models:
        said, seen = estimate(program, model) - said_of_base, peak(program, "--model", model) - base
        print(f"{model:10} said {said / 2**20:7.1f}  seen {seen / 2**20:7.1f} MiB"
              f"  {100 * (said / seen - 1):+.0f} %", flush=True)
        if abs(said - seen) > max(TOLERANCE * seen, SLACK):
            bad.append(model)
    if bad:
        sys.exit("off by more than 15 %: " + ", ".join(bad))


main()
