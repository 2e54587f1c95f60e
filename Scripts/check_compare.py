#!/usr/bin/env python3
"""Checks the numbers of `emnist compare` against statsmodels' and NumPy's.

    python3 -m venv venv && venv/bin/pip install numpy statsmodels
    swift build -c release
    venv/bin/python Scripts/check_compare.py --emnist .build/release/emnist runs/mlp-1 runs/cnn-1

For every two of the runs, for a run and itself, and for made-up runs in which one is always right or
every prediction of the two differs, it compares, from the predictions.csv of both:

  - the counts of the four cases, over all images and in each class, and the list of images,
  - McNemar's exact p with statsmodels' (within 1e-8 of its value), and of all of the runs together
    Holm's correction of the p,
  - the bootstrap interval with NumPy's percentiles of 1,000,000 multinomial draws, within four
    standard errors of a quantile of 10,000 draws,
  - the intervals of the differences of macro precision, recall and F1, and of these scores
    themselves, with the percentiles of 2,000 bootstrap draws of the images, within a sixth of
    their width,
  - the same numbers in --csv and --images.

Ends with 1 if anything differs.
"""

import argparse
import csv
import io
import itertools
import json
import math
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests

CASES = ["both_right", "only_first_right", "only_second_right", "neither_right"]


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--emnist", required=True, type=Path, help="the built program")
    parser.add_argument("runs", nargs="+", type=Path, help="run directories, tested on one set")
    arguments = parser.parse_args()

    failed = False
    with tempfile.TemporaryDirectory() as folder:
        made = made_up(arguments.runs[0], Path(folder))
        runs = arguments.runs + made
        failed = not holm_fits(arguments.emnist.resolve(), runs)
        pairs = list(itertools.combinations(runs, 2)) + [(arguments.runs[0],) * 2]
        for pair in pairs:
            check = Check(arguments.emnist.resolve(), *pair, Path(folder))
            check.run()
            for difference in check.differences:
                print(f"{pair[0]} {pair[1]}: {difference}", file=sys.stderr)
            print(f"{pair[0].name} {pair[1].name}: {check.count} values, "
                  f"{len(check.differences)} differ")
            failed = failed or bool(check.differences)
    sys.exit(1 if failed else 0)


def holm_fits(emnist, runs):
    command = [str(emnist), "compare", *map(str, runs), "--json"]
    found = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)["pairs"]
    corrected = multipletests([pair["mcnemar_p"] for pair in found], method="holm")[1]
    worst = max(abs(a - pair["mcnemar_p_corrected"]) for a, pair in zip(corrected, found))
    print(f"Holm's correction of {len(found)} pairs: at most {worst:.1e} off")
    return worst <= 1e-12


def made_up(run, folder):
    """Copies of a run that are always right, and right exactly where the run is wrong."""
    rows = read_rows(run / "predictions.csv")
    places = []
    for name, change in [
        ("always-right", lambda row: row["true"]),
        ("opposite", lambda row: row["true"] if row["true"] != row["predicted"]
         else str((int(row["true"]) + 1) % 10)),
    ]:
        place = folder / name
        place.mkdir()
        shutil.copy(run / "config.json", place / "config.json")
        # The sums of the original's files do not fit the changed ones.
        result = json.loads((run / "evaluation.json").read_text(encoding="utf-8"))
        result = {key: result[key] for key in result if not key.endswith("crc32")}
        matrix = np.zeros((len(result["classes"]),) * 2, dtype=int)
        for row in rows:
            matrix[int(row["true"]), int(change(row))] += 1
        result["confusion"] = matrix.tolist()
        (place / "evaluation.json").write_text(json.dumps(result), encoding="utf-8")
        with open(place / "predictions.csv", "w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, rows[0].keys(), lineterminator="\n")
            writer.writeheader()
            writer.writerows({**row, "predicted": change(row)} for row in rows)
        places.append(place)
    return places


def read_rows(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


class Check:
    def __init__(self, emnist, first, second, folder):
        self.emnist, self.paths = emnist, [first, second]
        self.images = folder / "images.csv"
        self.differences, self.count = [], 0

    def run(self):
        a, b = (read_rows(path / "predictions.csv") for path in self.paths)
        right = [np.array([row["true"] == row["predicted"] for row in rows]) for rows in (a, b)]
        found = json.loads(self.compare("--json", "--images", str(self.images)))
        pair = found["pairs"][0]
        counts = cases(*right)
        self.expect("counts", counts, {case: pair[case] for case in CASES})
        self.check_classes(a, right, pair)
        table = [[counts["both_right"], counts["only_first_right"]],
                 [counts["only_second_right"], counts["neither_right"]]]
        p = float(mcnemar(table, exact=True).pvalue)
        self.expect_near("mcnemar_p", p, pair["mcnemar_p"], 1e-8 * p)
        self.check_difference(counts, pair)
        self.check_scores(a, b, found, pair)
        self.check_images(a, b, right, pair, [entry["label"] for entry in pair["classes"]])
        self.check_csv(pair)

    def compare(self, *options):
        command = [str(self.emnist), "compare", *map(str, self.paths), *options]
        return subprocess.run(
            command, check=True, stdout=subprocess.PIPE, encoding="utf-8").stdout

    def check_classes(self, rows, right, pair):
        true = np.array([int(row["true"]) for row in rows])
        for entry in pair["classes"]:
            inside = true == entry["index"]
            self.expect(f"class {entry['label']}", cases(right[0][inside], right[1][inside]),
                        {case: entry[case] for case in CASES})

    def check_difference(self, counts, pair):
        count = sum(counts.values())
        won, lost = counts["only_second_right"], counts["only_first_right"]
        difference = (won - lost) / count
        self.expect_near("difference", difference, pair["accuracy_difference"], 1e-15)
        generator = np.random.default_rng(1)
        shares = [won / count, lost / count, (count - won - lost) / count]
        draws = generator.multinomial(count, shares, size=1_000_000)
        differences = (draws[:, 0] - draws[:, 1]) / count
        bounds = np.percentile(differences, [2.5, 97.5])
        # The error of a quantile: its share's error over the density there, of a normal curve.
        deviation = float(differences.std())
        density = 0.0584 / deviation if deviation > 0 else math.inf
        error = math.sqrt(0.025 * 0.975 / pair["bootstrap"]["draws"]) / density
        for name, bound, value in zip(["low", "high"], bounds, pair["bootstrap"]["interval95"]):
            self.expect_near(f"interval {name}", bound, value, 4 * error + 1.5 / count)

    def check_scores(self, a, b, found, pair):
        true = np.array([int(row["true"]) for row in a])
        said = [np.array([int(row["predicted"]) for row in rows]) for rows in (a, b)]
        draws = bootstrap_scores(true, said, len(pair["classes"]))
        for name, values in draws.items():
            bounds = np.percentile(values[:, 1] - values[:, 0], [2.5, 97.5])
            self.expect_interval(f"{name} difference", bounds, pair["scores"][name]["interval95"])
            for number, run in enumerate(found["runs"]):
                bounds = np.percentile(values[:, number], [2.5, 97.5])
                self.expect_interval(
                    f"{name} of run {number}", bounds, run["score_intervals95"][name])

    def expect_interval(self, place, bounds, found):
        tolerance = (bounds[1] - bounds[0]) / 6 + 1e-4
        for bound, value in zip(bounds, found):
            self.expect_near(place, bound, value, tolerance)

    def check_images(self, a, b, right, pair, labels):
        expected = [
            {"index": int(x["index"]), "true": labels[int(x["true"])],
             "first": labels[int(x["predicted"])], "second": labels[int(y["predicted"])]}
            for x, y, differ in zip(a, b, right[0] != right[1]) if differ
        ]
        self.expect("images", expected, pair["images"])
        with open(self.images, newline="", encoding="utf-8") as file:
            rows = list(csv.reader(file))[1:]
        written = [dict(zip(["index", "true", "first", "second"], [int(row[0]), *row[1:]]))
                   for row in rows]
        self.expect("--images", expected, written)

    def check_csv(self, pair):
        row = list(csv.DictReader(io.StringIO(self.compare("--csv"))))[1]
        self.expect("--csv", [pair["accuracy_difference"], pair["mcnemar_p"],
                              *pair["bootstrap"]["interval95"], pair["only_first_right"]],
                    [float(row["difference"]), float(row["mcnemar_p"]),
                     float(row["difference_low"]), float(row["difference_high"]),
                     int(row["only_first_right"])])

    def expect(self, place, expected, found):
        self.count += 1
        if expected != found:
            self.differences.append(f"{place}: {found}, expected {expected}")

    def expect_near(self, place, expected, found, tolerance):
        self.count += 1
        if not abs(expected - found) <= tolerance:
            self.differences.append(f"{place}: {found}, expected {expected}")


def bootstrap_scores(true, said, classes, draws=2000):
    """Macro precision, recall and F1 of both runs on images drawn with replacement."""
    generator = np.random.default_rng(2)
    scores = {name: np.zeros((draws, 2)) for name in
              ["macro_precision", "macro_recall", "macro_f1"]}
    for draw in range(draws):
        chosen = generator.integers(0, len(true), len(true))
        support = np.bincount(true[chosen], minlength=classes)
        for number, predicted in enumerate(said):
            taken = np.bincount(predicted[chosen], minlength=classes)
            hits = np.bincount(true[chosen][true[chosen] == predicted[chosen]], minlength=classes)
            occurring = support + taken > 0
            with np.errstate(invalid="ignore", divide="ignore"):
                parts = [hits / taken, hits / support, 2 * hits / (taken + support)]
            for values, part in zip(scores.values(), parts):
                values[draw, number] = np.nan_to_num(part)[occurring].mean()
    return scores


def cases(first, second):
    masks = [first & second, first & ~second, ~first & second, ~first & ~second]
    return {case: int(mask.sum()) for case, mask in zip(CASES, masks)}


if __name__ == "__main__":
    main()
