#!/usr/bin/env python3
"""Checks how `emnist compare` compares cross-validations, against the published test.

    python3 -m venv venv && venv/bin/pip install numpy scipy statsmodels
    swift build -c release
    venv/bin/python Scripts/check_folds.py --emnist .build/release/emnist

Three small networks are cross-validated on the set that ships, with 3, 5 and 10 folds. From each
folds.csv the corrected resampled t-test is computed as in scikit-learn's example "Statistical
comparison of models using grid search" (Nadeau and Bengio, 2003) with SciPy's t, and Holm's correction
with statsmodels'; --json, --csv and the verdict must say the same. Ends with 1 if anything differs.
"""

import argparse
import csv
import io
import itertools
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from scipy.stats import t
from statsmodels.stats.multitest import multipletests

ROOT = Path(__file__).resolve().parent.parent
parser = argparse.ArgumentParser()
parser.add_argument("--emnist", default=str(ROOT / ".build/release/emnist"))
program = parser.parse_args().emnist
failures = []


def run(*words):
    return subprocess.run([program, *words], check=True, capture_output=True, text=True).stdout


def corrected_std(differences, n_train, n_test):
    """As in scikit-learn's example."""
    kr = len(differences)
    return np.sqrt(np.var(differences, ddof=1) * (1 / kr + n_test / n_train))


def published(differences, n_train, n_test):
    """Mean, standard error, p of both sides, and the interval."""
    df, mean = len(differences) - 1, np.mean(differences)
    std = corrected_std(differences, n_train, n_test)
    margin = t.ppf(0.975, df) * std
    return mean, std, 2 * t.sf(abs(mean / std), df), mean - margin, mean + margin


def agree(what, found, expected):
    if not np.isclose(found, expected, rtol=1e-8, atol=1e-12):
        failures.append(f"{what}: {found}, not {expected}")


def check(names, count):
    tables = []
    for name in names:
        with open(f"{name}/folds.csv") as file:
            tables.append(list(csv.DictReader(file)))
    accuracies = [np.array([float(row["val_accuracy"]) for row in table]) for table in tables]
    n_train, n_test = (np.mean([int(row[key]) for row in tables[0]])
                       for key in ("training_images", "validation_images"))
    found = json.loads(run("compare", *names, "--json"))
    pairs = list(itertools.combinations(range(len(names)), 2))
    expected = [published(accuracies[b] - accuracies[a], n_train, n_test) for a, b in pairs]
    holm = multipletests([row[2] for row in expected], method="holm")[1]
    for pair, row, corrected in zip(found["pairs"], expected, holm):
        numbers = [pair["difference"], pair["standard_error"], pair["p"], *pair["interval95"]]
        for what, number, number_expected in zip(("mean", "error", "p", "low", "high"), numbers, row):
            agree(f"{count} folds, {pair['first']}, {pair['second']}: {what}", number, number_expected)
        agree(f"{count} folds: Holm", pair["p_corrected"], corrected)
    table = list(csv.DictReader(io.StringIO(run("compare", *names, "--csv"))))
    for place, row in enumerate(table):
        agree("accuracy in --csv", float(row["accuracy"]), accuracies[place].mean())
        agree("deviation in --csv", float(row["accuracy_deviation"]), accuracies[place].std(ddof=1))
        if place > 0:
            agree("p in --csv", float(row["p"]), expected[place - 1][2])
    best = int(np.argmax([values.mean() for values in accuracies]))
    if found["verdict"]["best"] != names[best]:
        failures.append(f"the best is {found['verdict']['best']}, not {names[best]}")
    beyond = all(holm[i] < 0.05 for i, pair in enumerate(pairs) if best in pair)
    if found["verdict"]["beyond_chance"] != beyond:
        failures.append(f"{count} folds: beyond chance is {found['verdict']['beyond_chance']}")
    print(f"{count} folds of {n_train:.0f} and {n_test:.0f} images: {len(pairs)} pairs, p "
          + ", ".join(f"{row[2]:.4f}" for row in expected))


with tempfile.TemporaryDirectory() as folder:
    for count in (3, 5, 10):
        names = []
        for model in ("mlp-small", "lenet5", "cnn"):
            names.append(f"{folder}/{model}-{count}")
            run("train", "--data", str(ROOT / "Data"), "--model", model, "--limit", "1200", "--epochs", "2",
                "--folds", str(count), "--quiet", "--out", names[-1])
        check(names, count)

for failure in failures:
    print(failure)
print("FAILED" if failures else "all numbers agree")
sys.exit(1 if failures else 0)
