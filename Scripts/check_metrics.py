#!/usr/bin/env python3
"""Checks the numbers of `emnist eval` against scikit-learn's.

    python3 -m venv venv && venv/bin/pip install numpy scikit-learn
    swift build -c release
    venv/bin/python Scripts/check_metrics.py --emnist .build/release/emnist runs/cnn-mnist-1

For every run it evaluates the model anew and compares, from the predictions in the run's
predictions.csv:

  - evaluation.json and the output of --json, each number within 1e-9 of scikit-learn's (the
    interval: SciPy's, the calibration errors: computed here from their definition),
  - confusion.csv, cell by cell,
  - the printed class report, letter by letter.

The file does not hold the probabilities of all classes. Loss and top-k accuracy, which need them,
are checked against the bounds that follow from what it holds. The accuracy on the validation part,
divided anew, must be that in history.csv to the last digit. Ends with 1 if anything differs.
"""

import argparse
import csv
import json
import math
import subprocess
import sys
from pathlib import Path

import numpy as np
from scipy.stats import binomtest
from sklearn.metrics import (
    classification_report,
    cohen_kappa_score,
    confusion_matrix,
    matthews_corrcoef,
)

TOLERANCE = 1e-9
BIN_COUNT = 15


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--emnist", required=True, type=Path, help="the built program")
    parser.add_argument("--data", help="where the data is, handed on to emnist")
    parser.add_argument("runs", nargs="+", type=Path, help="run directories")
    arguments = parser.parse_args()
    options = ["--data", arguments.data] if arguments.data else []

    failed = False
    for run in arguments.runs:
        differences, checked = check_run(arguments.emnist.resolve(), run, options)
        for difference in differences:
            print(f"{run}: {difference}", file=sys.stderr)
        print(f"{run}: {checked} values compared, {len(differences)} differ")
        failed = failed or bool(differences)
    sys.exit(1 if failed else 0)


def check_run(emnist, run, options):
    """The differences found in a run and how many values were compared."""
    printed = evaluate(emnist, run, options)
    report = json.loads(evaluate(emnist, run, options + ["--json"]))
    stored = json.loads((run / "evaluation.json").read_text(encoding="utf-8"))
    predictions = read_predictions(run / "predictions.csv")
    labels = [entry["label"] for entry in stored["classes"]]
    expected = expected_numbers(predictions, labels)

    comparison = Comparison()
    for name, found in [("--json", report), ("evaluation.json", stored)]:
        comparison.compare(name, expected, found)
        comparison.check_bounds(name, predictions, found)
    comparison.check_matrix(run / "confusion.csv", expected["confusion"], labels)
    comparison.check_text(printed, expected_text(predictions, labels))
    comparison.check_validation(run, evaluate(emnist, run, options + ["--part", "val", "--json"]))
    return comparison.differences, comparison.count


def evaluate(emnist, run, options):
    command = [str(emnist), "eval", str(run)] + options
    return subprocess.run(
        command, check=True, stdout=subprocess.PIPE, encoding="utf-8"
    ).stdout


def read_predictions(path):
    """The columns of predictions.csv by name, as arrays."""
    with open(path, newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    types = {"index": int, "true": int, "predicted": int, "probability": float, "margin": float}
    return {name: np.array([kind(row[name]) for row in rows]) for name, kind in types.items()}


def expected_numbers(predictions, labels):
    """What evaluation.json must hold, as far as it follows from the predictions."""
    true, predicted = predictions["true"], predictions["predicted"]
    indices = list(range(len(labels)))
    report = classification_report(
        true, predicted, labels=indices, output_dict=True, zero_division=0
    )
    # Means are over the classes that occur.
    means = classification_report(true, predicted, output_dict=True, zero_division=0)
    accuracy = float(np.mean(true == predicted))
    hits = int(np.sum(true == predicted))
    interval = binomtest(hits, len(true)).proportion_ci(0.95, method="wilson")
    matrix = confusion_matrix(true, predicted, labels=indices)
    ece, mce = calibration_errors(predictions)
    return {
        "count": len(true),
        "accuracy": accuracy,
        "macro": scores(means["macro avg"]),
        "weighted": scores(means["weighted avg"]),
        "micro": {"precision": accuracy, "recall": accuracy, "f1": accuracy},
        "kappa": float(cohen_kappa_score(true, predicted, labels=indices)),
        "mcc": float(matthews_corrcoef(true, predicted)),
        "ece": ece,
        "mce": mce,
        "reliability": reliability(predictions),
        "first_predictions": [
            {
                "index": int(predictions["index"][place]),
                "true": labels[true[place]],
                "predicted": labels[predicted[place]],
                "probability": float(predictions["probability"][place]),
            }
            for place in range(6)
        ],
        "interval95": [interval.low, interval.high],
        "classes": [
            {
                "index": index,
                "label": labels[index],
                **scores(report[str(index)]),
                "support": int(report[str(index)]["support"]),
            }
            for index in indices
        ],
        "confusion": matrix.tolist(),
        "top_confusions": top_confusions(matrix, labels),
    }


def scores(entry):
    return {"precision": entry["precision"], "recall": entry["recall"], "f1": entry["f1-score"]}


def reliability(predictions):
    """Accuracy and mean probability in equal bins (lower, upper] of the probability."""
    probability = predictions["probability"]
    right = predictions["true"] == predictions["predicted"]
    uppers = np.arange(1, BIN_COUNT + 1) / BIN_COUNT
    bins = np.minimum(np.searchsorted(uppers, probability, side="left"), BIN_COUNT - 1)
    rows = []
    for index in range(BIN_COUNT):
        inside = bins == index
        count = int(inside.sum())
        rows.append(
            {
                "lower": index / BIN_COUNT,
                "upper": (index + 1) / BIN_COUNT,
                "count": count,
                "confidence": float(probability[inside].mean()) if count else None,
                "accuracy": float(right[inside].mean()) if count else None,
            }
        )
    return rows


def calibration_errors(predictions):
    """Expected and maximum calibration error over these bins."""
    rows = [row for row in reliability(predictions) if row["count"]]
    gaps = [abs(row["accuracy"] - row["confidence"]) for row in rows]
    weights = [row["count"] / len(predictions["true"]) for row in rows]
    return float(np.dot(gaps, weights)), float(max(gaps))


def top_confusions(matrix, labels, limit=10):
    pairs = [
        (-int(matrix[i, j]), i, j)
        for i in range(len(labels))
        for j in range(len(labels))
        if i != j and matrix[i, j] > 0
    ]
    return [
        {
            "true": labels[i],
            "predicted": labels[j],
            "count": -count,
            "share_of_true": float(-count / matrix[i].sum()),
            "share_of_predicted": float(-count / matrix[:, j].sum()),
        }
        for count, i, j in sorted(pairs)[:limit]
    ]


def expected_text(predictions, labels):
    true, predicted = predictions["true"], predictions["predicted"]
    occurring = sorted(set(true) | set(predicted))
    return classification_report(
        true,
        predicted,
        labels=occurring,
        target_names=[labels[index] for index in occurring],
        zero_division=0,
    )


class Comparison:
    """Collects what differs, with the place where it does."""

    def __init__(self):
        self.differences = []
        self.count = 0

    def compare(self, place, expected, found):
        """Compares what is expected, member by member; other members may be there."""
        if isinstance(expected, dict):
            for key, value in expected.items():
                member = found.get(key) if isinstance(found, dict) else None
                self.compare(f"{place} {key}", value, member)
        elif isinstance(expected, list):
            length = len(found) if isinstance(found, list) else None
            self.expect(place, length == len(expected), f"{len(expected)} elements", length)
            for index, value in enumerate(expected[: length or 0]):
                self.compare(f"{place}[{index}]", value, found[index])
        elif isinstance(expected, float):
            is_number = isinstance(found, (int, float))
            close = is_number and abs(expected - found) <= TOLERANCE
            self.expect(place, close, expected, found)
        else:
            self.expect(place, expected == found, expected, found)

    def expect(self, place, holds, expected, found):
        self.count += 1
        if not holds:
            self.differences.append(f"{place}: {found}, expected {expected}")

    def check_bounds(self, name, predictions, found):
        """Loss, top-k and speed, by what the predictions say about them."""
        # The true class of a mistake has at most the probability of the second-best.
        right = predictions["true"] == predictions["predicted"]
        most = np.where(
            right, predictions["probability"], predictions["probability"] - predictions["margin"]
        )
        with np.errstate(divide="ignore"):
            least_loss = float(np.mean(-np.log(most)))
        loss, top = found["loss"], found["top_k"]
        holds = loss is not None and loss >= least_loss - TOLERANCE or math.isinf(least_loss)
        self.expect(f"{name} loss", holds, f"at least {least_loss}", loss)
        ordered = found["accuracy"] <= top["3"] <= top["5"] <= 1
        self.expect(f"{name} top_k", ordered, "accuracy <= top 3 <= top 5 <= 1", top)
        speed = found["count"] / found["seconds"]
        close = math.isclose(found["images_per_second"], speed, rel_tol=TOLERANCE)
        self.expect(f"{name} images_per_second", close, speed, found["images_per_second"])

    def check_matrix(self, path, matrix, labels):
        with open(path, newline="", encoding="utf-8") as file:
            rows = list(csv.reader(file))
        self.compare(f"{path.name} header", labels, rows[0][1:])
        self.compare(f"{path.name} labels", labels, [row[0] for row in rows[1:]])
        cells = [[int(cell) for cell in row[1:]] for row in rows[1:]]
        self.compare(path.name, matrix, cells)

    def check_validation(self, run, printed):
        """The best epoch, of equally accurate ones that with the lowest loss, has the accuracy that
        it had in training."""
        with open(run / "history.csv", newline="", encoding="utf-8") as file:
            best = max(
                csv.DictReader(file),
                key=lambda row: (float(row["val_accuracy"]), -float(row["val_loss"])),
            )
        found = json.loads(printed)["accuracy"]
        self.expect("--part val", float(best["val_accuracy"]) == found, best, found)

    def check_text(self, printed, expected):
        self.expect("class report", expected in printed, "\n" + expected, "\n" + printed)


if __name__ == "__main__":
    main()
