#!/usr/bin/env python3
"""Compares the importance of a sweep's parameters with Optuna's on the same trials.

    pip install optuna==5.0.0 scikit-learn
    python3 Scripts/check_importance.py STUDY… [--program emnist]

For each study: fANOVA, Optuna's the mean of 20 seeds (emnist's is one forest, whose own spread its
interval shows), and PED-ANOVA, which draws nothing. Fails where fANOVA is more than 0.05 apart.
The mean of 20 seeds on both sides is compared by SearchTests/FunctionalANOVATests.swift.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path

import optuna
from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution

optuna.logging.set_verbosity(optuna.logging.ERROR)
ROOT = Path(__file__).resolve().parent.parent
parser = argparse.ArgumentParser()
parser.add_argument("studies", nargs="+")
parser.add_argument("--program", default=str(ROOT / ".build/release/emnist"))
arguments = parser.parse_args()


def distribution(parameter):
    """Of a parameter of a flat sweep file; `None` for a constant."""
    if "values" in parameter:
        values = parameter["values"]
        return CategoricalDistribution([json.dumps(v) for v in values]) if len(values) > 1 else None
    if "min" not in parameter:
        return None
    low, high = parameter["min"], parameter["max"]
    kind = parameter.get("distribution", "")
    if isinstance(low, int) and isinstance(high, int) and kind in ("", "int_uniform"):
        return IntDistribution(low, high)
    return FloatDistribution(low, high, log="log" in kind)


def shares(study, evaluator):
    found = optuna.importance.get_param_importances(study, evaluator=evaluator)
    return {name: float(share) for name, share in found.items()}


worst = 0.0
for directory in arguments.studies:
    shown = json.loads(subprocess.run(
        [arguments.program, "sweep", "--show", directory, "--json"], check=True, capture_output=True).stdout)
    sweep = json.loads((Path(directory) / "sweep.json").read_text())
    if any(isinstance(value, dict) and "parameters" in value
           for parameter in sweep["parameters"].values() for value in parameter.get("values", [])):
        sys.exit(f"{directory}: has parameters within parameters, of which Optuna's fANOVA knows nothing; "
                 "name a study without")
    space = {name: distribution(value) for name, value in sweep["parameters"].items()}
    space = {name: value for name, value in space.items() if value is not None}
    study = optuna.create_study(direction=shown["goal"])
    for trial in shown["trials"]:
        if trial["state"] != "finished":
            continue
        values = {name: json.dumps(trial["parameters"][name]) if isinstance(d, CategoricalDistribution)
                  else trial["parameters"][name] for name, d in space.items()}
        study.add_trial(optuna.trial.create_trial(params=values, distributions=space, value=trial["value"]))
    forests = [shares(study, optuna.importance.FanovaImportanceEvaluator(seed=seed)) for seed in range(20)]
    print(f"{directory}: {len(study.trials)} finished trials")
    for name in space:
        own, interval = shown["fanova"][name], shown["fanova_interval95"][name]
        mean = sum(forest[name] for forest in forests) / len(forests)
        spread = max(abs(forest[name] - mean) for forest in forests)
        worst = max(worst, abs(own - mean))
        print(f"  {name}: fANOVA {own:.3f} ({interval[0]:.2f} to {interval[1]:.2f}), "
              f"Optuna {mean:.3f} ± {spread:.3f}; PED-ANOVA {shown['importance'][name]:.3f}")
    print(f"  largest difference of fANOVA so far: {worst:.3f}")
sys.exit(worst > 0.05)
