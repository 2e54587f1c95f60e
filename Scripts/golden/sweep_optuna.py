"""What Optuna finds, for Tests/SearchTests/SweepSearchTests.swift.

    pip install optuna==5.0.0 scikit-learn
    python Scripts/golden/sweep_optuna.py > Tests/SearchTests/Golden/sweep_optuna.json

Made with Optuna 5.0.0 and NumPy 2.4.6, in some minutes. The functions stand in the same words
in Tests/SearchTests/SweepFunctions.swift.
"""

import json
import math
import statistics
import sys

import optuna

SEEDS = 50
RANDOM_SEEDS = 400  # random search varies more
TRIALS = 100


def branin(trial):
    x = trial.suggest_float("x", -5, 10)
    y = trial.suggest_float("y", 0, 15)
    parabola = y - 5.1 / (4 * math.pi**2) * x**2 + 5 / math.pi * x - 6
    return parabola**2 + 10 * (1 - 1 / (8 * math.pi)) * math.cos(x) + 10


HARTMANN_WEIGHTS = [1.0, 1.2, 3.0, 3.2]
HARTMANN_SCALES = [
    [10, 3, 17, 3.5, 1.7, 8],
    [0.05, 10, 17, 0.1, 8, 14],
    [3, 3.5, 1.7, 10, 17, 8],
    [17, 8, 0.05, 10, 0.1, 14],
]
HARTMANN_CENTRES = [
    [0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886],
    [0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991],
    [0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.6650],
    [0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381],
]


def hartmann6(trial):
    x = [trial.suggest_float(f"x{i}", 0, 1) for i in range(6)]
    total = 0.0
    for weight, scales, centres in zip(HARTMANN_WEIGHTS, HARTMANN_SCALES, HARTMANN_CENTRES):
        total += weight * math.exp(-sum(a * (v - p) ** 2 for a, v, p in zip(scales, x, centres)))
    return -total


def rosenbrock(trial):
    x = [trial.suggest_float(f"x{i}", -2, 2) for i in range(4)]
    return sum(100 * (b - a * a) ** 2 + (1 - a) ** 2 for a, b in zip(x, x[1:]))


def mixed(trial):
    rate = trial.suggest_float("rate", 1e-5, 1, log=True)
    kind = trial.suggest_categorical("kind", ["a", "b", "c", "d"])
    width = trial.suggest_int("width", 16, 512, step=16)
    depth = trial.suggest_int("depth", 1, 6)
    drop = trial.suggest_float("drop", 0, 0.5)
    best = {"a": -2.0, "b": -3.0, "c": -1.0, "d": -4.0}[kind]
    offset = {"a": 0.3, "b": 0.0, "c": 0.6, "d": 0.2}[kind]
    return (
        1 + offset + (math.log10(rate) - best) ** 2 + (width / 512 - 0.6) ** 2
        + 0.1 * abs(depth - 3) + (drop - 0.2) ** 2
    )


def conditional(trial):
    if trial.suggest_categorical("kind", ["kernel", "forest", "linear"]) == "kernel":
        c = trial.suggest_float("c", 1e-3, 1e3, log=True)
        gamma = trial.suggest_float("gamma", 1e-4, 1e1, log=True)
        return 1 + 0.3 * (math.log10(c) - 1) ** 2 + 0.5 * (math.log10(gamma) + 2) ** 2
    if trial.params["kind"] == "forest":
        depth = trial.suggest_int("depth", 1, 32)
        share = trial.suggest_float("share", 0.1, 1)
        return 1.1 + 0.01 * abs(depth - 12) + (share - 0.4) ** 2
    return 1.5 + 0.1 * (trial.suggest_float("slope", -3, 3) - 1) ** 2


FUNCTIONS = [branin, hartmann6, rosenbrock, mixed, conditional]


def best_values(function, sampler, seeds):
    best = []
    for seed in range(seeds):
        study = optuna.create_study(sampler=sampler(seed))
        study.optimize(function, n_trials=TRIALS)
        best.append(study.best_value)
    return {
        "mean": statistics.fmean(best),
        "error": statistics.stdev(best) / math.sqrt(seeds),
        "seeds": seeds,
    }


def tpe(function):
    # Only groups let multivariate TPE learn the parameters of a branch together.
    group = function is conditional
    return lambda seed: optuna.samplers.TPESampler(seed=seed, group=group)


def fanova(study):
    """The mean of 20 forests; parameters that not every trial uses take no part."""
    shares = [optuna.importance.get_param_importances(
        study, evaluator=optuna.importance.FanovaImportanceEvaluator(seed=seed)) for seed in range(20)]
    return {name: statistics.fmean(share[name] for share in shares) for name in shares[0]}


def importance(function, trials):
    study = optuna.create_study(sampler=optuna.samplers.RandomSampler(seed=1))
    study.optimize(function, n_trials=trials)
    evaluator = optuna.importance.PedAnovaImportanceEvaluator()
    return {
        "trials": [{"parameters": t.params, "value": t.value} for t in study.trials],
        "importance": optuna.importance.get_param_importances(study, evaluator=evaluator),
        "fanova": fanova(study),
    }


def main():
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    result = {"optuna": optuna.__version__, "trials": TRIALS, "bayes": {}, "random": {}}
    for function in FUNCTIONS:
        name = function.__name__
        result["bayes"][name] = best_values(function, tpe(function), SEEDS)
        result["random"][name] = best_values(
            function, lambda seed: optuna.samplers.RandomSampler(seed=seed), RANDOM_SEEDS
        )
        print(name, result["bayes"][name], result["random"][name], file=sys.stderr)
    result["importance"] = {f.__name__: importance(f, 120) for f in (mixed, conditional)}
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
