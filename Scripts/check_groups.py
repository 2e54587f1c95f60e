#!/usr/bin/env python3
"""Checks how `emnist compare` compares groups of seeds, against statsmodels' and SciPy's numbers.

    python3 -m venv venv && venv/bin/pip install numpy scipy statsmodels
    swift build -c release
    venv/bin/python Scripts/check_groups.py --emnist .build/release/emnist

Groups of trainings are made up, each training a run directory with its predictions.csv. For each two
of groups it compares with what the program says

  - the difference and its standard error with a mixed model's by restricted maximum likelihood
    (statsmodels' MixedLM; groups fixed, seeds within groups and images crossed with them random),
    where all its variances are above 0, of a few images, for it is slow,
  - standard error, degrees of freedom, p and interval with those from the mean squares of statsmodels'
    analysis of variance and SciPy's t, of many images,
  - Holm's correction with statsmodels'.

Then 2,000 studies of two groups of five seeds that do not differ are drawn for several sizes of the
variances: between 93 and 97 % of the intervals must cover 0. Ends with 1 if anything differs.
"""

import argparse
import csv
import json
import math
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import statsmodels.api as sm
from scipy import stats
from statsmodels.formula.api import ols
from statsmodels.stats.multitest import multipletests

failures = []


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--emnist", required=True, type=Path, help="the built program")
    parser.add_argument("--studies", type=int, default=2000, help="that are drawn for a coverage")
    arguments = parser.parse_args()
    emnist = arguments.emnist.resolve()
    with tempfile.TemporaryDirectory() as folder:
        for number, sizes in enumerate([(5, 5), (3, 3), (3, 7), (4, 4, 5)]):
            check_program(emnist, Path(folder) / f"case{number}", sizes, images=2000, seed=number)
        for seed in range(3):
            check_mixed_model(emnist, Path(folder) / f"mixed{seed}", seed)
    for variances in [(0, 2, 0.5), (0.1, 2, 0.5), (0.5, 2, 0.5), (0.1, 2, 0), (0.1, 2, 2)]:
        check_coverage(variances, arguments.studies)
    for failure in failures:
        print(failure, file=sys.stderr)
    sys.exit(1 if failures else 0)


# Made-up studies


def draw(generator, sizes, images, seeds=0.2, image=2.0, interaction=0.5, level=2.0, gain=0.0):
    """Of each group whether each training got each image right, by a logistic model."""
    ease = generator.normal(0, image, images)
    groups = []
    for number, size in enumerate(sizes):
        own = generator.normal(0, interaction, images)
        luck = generator.normal(0, seeds, (size, 1))
        chance = 1 / (1 + np.exp(-(level + gain * number + ease + own + luck)))
        groups.append((generator.random((size, images)) < chance).astype(float))
    return groups


def write_runs(groups, folder):
    """Run directories of two classes, in which a training is right where its number is 1."""
    paths = []
    for number, group in enumerate(groups):
        for seed, right in enumerate(group):
            place = folder / f"group{number}-{seed}"
            place.mkdir(parents=True)
            truth = np.arange(len(right)) % 2
            said = np.where(right > 0, truth, 1 - truth)
            matrix = [[int(((truth == row) & (said == column)).sum()) for column in (0, 1)]
                      for row in (0, 1)]
            (place / "config.json").write_text(json.dumps(
                {"schema": 1, "model": f"m{number}", "seed": seed}))
            numbers = {"macro": {"f1": 0.5}, "top_k": {"3": 1.0}, "loss": 1.0, "ece": 0.1}
            (place / "evaluation.json").write_text(json.dumps({
                "schema": 1, "dataset": "made-up", "part": "test", "images_per_second": 1.0,
                "accuracy": float(right.mean()), "interval95": [0, 1],
                "classes": [{"label": "a"}, {"label": "b"}], "confusion": matrix, **numbers}))
            with open(place / "predictions.csv", "w", newline="", encoding="utf-8") as file:
                writer = csv.writer(file, lineterminator="\n")
                writer.writerow(["index", "true", "predicted", "probability", "margin"])
                writer.writerows([i, t, s, 0.9, 0.8] for i, (t, s) in enumerate(zip(truth, said)))
            paths.append(place)
    return paths


def compare(emnist, paths):
    command = [str(emnist), "compare", *map(str, paths), "--json"]
    return json.loads(subprocess.run(
        command, check=True, stdout=subprocess.PIPE, encoding="utf-8").stdout)


# The program against statsmodels


def mean_squares(table, images):
    """Mean squares of seeds, and of seeds with images, of a group, from an analysis of variance."""
    seeds = table.shape[0]
    frame = pd.DataFrame({
        "y": table.ravel(), "seed": np.repeat(np.arange(seeds), images),
        "image": np.tile(np.arange(images), seeds)})
    # Images are taken out first, as a thousand columns of a design matrix would be slow.
    frame["y"] -= frame.groupby("image")["y"].transform("mean")
    found = sm.stats.anova_lm(ols("y ~ C(seed)", frame).fit())
    rest = found["sum_sq"]["Residual"] / ((seeds - 1) * (images - 1))
    return found["mean_sq"]["C(seed)"], rest


def reference(first, second):
    """Difference, standard error and degrees of freedom, from mean squares."""
    images = first.shape[1]
    parts = [(*mean_squares(table, images), table.shape[0]) for table in (first, second)]
    of_seeds = [(seed / images / count, count - 1) for seed, _, count in parts]
    common = [(rest / images / count, (count - 1) * (images - 1)) for _, rest, count in parts]
    spread = np.var(second.mean(0) - first.mean(0), ddof=1) / images
    return combine(second.mean() - first.mean(), of_seeds, common, spread, images)


def combine(difference, of_seeds, common, spread, images):
    both = sum(variance for variance, _ in common)
    counts = spread > both
    variance = sum(value for value, _ in of_seeds) + (spread - both if counts else 0)
    terms = of_seeds + ([(spread, images - 1)] + common if counts else [])
    degrees = variance**2 / sum(value**2 / freedom for value, freedom in terms)
    return difference, math.sqrt(variance), degrees


def check_program(emnist, folder, sizes, images, seed):
    groups = draw(np.random.default_rng(seed), sizes, images, gain=0.15)
    found = compare(emnist, write_runs(groups, folder))
    places = {group["name"]: number for number, group in enumerate(found["groups"])}
    expect(f"{sizes} groups", [f"group{n}" for n in range(len(sizes))], list(places))
    ps = []
    for pair in found["group_pairs"]:
        a, b = places[pair["first"]], places[pair["second"]]
        difference, error, degrees = reference(groups[a], groups[b])
        t = stats.t(degrees)
        p = 2 * t.sf(abs(difference) / error)
        ps.append(p)
        margin = t.ppf(0.975) * error
        name = f"{sizes} {pair['first']} {pair['second']}"
        for key, value in [("difference", difference), ("standard_error", error),
                           ("degrees_of_freedom", degrees), ("p", p)]:
            expect_near(f"{name} {key}", value, pair[key], 1e-8 * abs(value))
        for value, bound in zip([difference - margin, difference + margin], pair["interval95"]):
            expect_near(f"{name} interval", value, bound, 1e-10)
    for value, pair in zip(multipletests(ps, method="holm")[1], found["group_pairs"]):
        expect_near(f"{sizes} corrected", value, pair["p_corrected"], 1e-8 * value)
    print(f"{sizes} seeds on {images} images: {len(ps)} pairs")


def check_mixed_model(emnist, folder, seed):
    images, sizes = 50, (4, 4)
    generator = np.random.default_rng(100 + seed)
    groups = draw(generator, sizes, images, seeds=1.0, image=1.5, interaction=2.0, level=0.5)
    found = compare(emnist, write_runs(groups, folder))["group_pairs"][0]
    rows = [(y, group, f"{group}-{seed}", image) for group, table in enumerate(groups)
            for seed, row in enumerate(table) for image, y in enumerate(row)]
    frame = pd.DataFrame(rows, columns=["y", "group", "seed", "image"])
    frame["cell"] = frame["group"].astype(str) + ":" + frame["image"].astype(str)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = sm.MixedLM.from_formula(
            "y ~ group", frame, groups=np.ones(len(frame)), re_formula="0",
            vc_formula={"seed": "0 + C(seed)", "image": "0 + C(image)", "cell": "0 + C(cell)"})
        fit = model.fit(reml=True, method=["lbfgs", "powell"])
    variances = dict(zip(model.exog_vc.names, fit.vcomp))
    if min(variances.values()) < 1e-4:
        print(f"mixed model {seed}: a variance is at its bound of 0, {variances}")
        return
    expect_near(f"mixed {seed} difference", fit.params["group"], found["difference"], 1e-6)
    expect_near(
        f"mixed {seed} error", fit.bse["group"], found["standard_error"], 1e-3 * fit.bse["group"])
    print(f"mixed model {seed}: standard error {fit.bse['group']:.6f}, "
          f"the program's {found['standard_error']:.6f}")


# Coverage


def quick(first, second):
    """``reference`` without statsmodels, thousands of times faster."""
    images = first.shape[1]
    of_seeds, common = [], []
    for table in (first, second):
        count = table.shape[0]
        rest = table - table.mean(1, keepdims=True) - table.mean(0) + table.mean()
        square = (rest**2).sum() / ((count - 1) * (images - 1))
        of_seeds.append((table.mean(1).var(ddof=1) / count, count - 1))
        common.append((square / images / count, (count - 1) * (images - 1)))
    spread = np.var(second.mean(0) - first.mean(0), ddof=1) / images
    return combine(second.mean() - first.mean(), of_seeds, common, spread, images)


def check_coverage(variances, studies):
    generator = np.random.default_rng(1)
    first, second = draw(generator, (5, 5), 1000, *variances, level=4.0)
    expect_near("quick", reference(first, second)[1], quick(first, second)[1], 1e-12)
    covered = 0
    for _ in range(studies):
        difference, error, degrees = quick(*draw(generator, (5, 5), 1000, *variances, level=4.0))
        covered += abs(difference) <= stats.t.ppf(0.975, degrees) * error
    share = covered / studies
    print(f"deviations {variances}: {100 * share:.1f} % of {studies} intervals cover 0")
    if not 0.93 <= share <= 0.97:
        failures.append(f"deviations {variances}: {share} of the intervals cover 0")


def expect(place, expected, found):
    if expected != found:
        failures.append(f"{place}: {found}, expected {expected}")


def expect_near(place, expected, found, tolerance):
    if found is None or not abs(expected - found) <= tolerance:
        failures.append(f"{place}: {found}, expected {expected}")


if __name__ == "__main__":
    main()
