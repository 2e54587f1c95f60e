#!/usr/bin/env python3
"""The learning rate of fifty steps of each schedule: Tests/NNTests/Golden/schedules-*.json.

    python3 Scripts/golden/schedules.py pytorch
    python3 Scripts/golden/schedules.py keras

Made with torch 2.13.0 and with Keras 3 of TensorFlow 2.21.0, in double precision. The options are
those of emnist, with epochs of one step.
"""

import json
import pathlib
import sys

STEPS = 50
RATE = 0.1
# A metric that improves, stays, worsens, improves by less than the threshold, and is no number once.
METRIC = [1.0, 0.8, 0.7, 0.7, 0.71, 0.72, 0.69, 0.6899, 0.68985, float("nan"), 0.69, 0.6, 0.5, 0.5, 0.5,
          0.5, 0.4] + [0.4 + 0.001 * (i % 3) for i in range(33)]


def case(name, rates, epochs=STEPS, **options):
    return dict(schedule=name, epochs=epochs, options=options, rates=rates)


def pytorch():
    import torch
    from torch.optim import lr_scheduler as s

    def rates(make, metrics=None):
        optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=RATE)
        scheduler = make(optimizer)
        result = []
        for step in range(STEPS):
            result.append(optimizer.param_groups[0]["lr"])
            optimizer.step()
            scheduler.step(*([metrics[step]] if metrics else []))
        return result

    def plateau(mode, metrics, **o):
        made = rates(lambda opt: s.ReduceLROnPlateau(
            opt, mode, factor=o["lr_decay"], patience=o["plateau_patience"],
            threshold=o["plateau_threshold"], min_lr=o["lr_min"]), metrics)
        return case("plateau", made, **o) | dict(metrics=metrics, higher=mode == "max")

    return [
        case("step", rates(lambda o: s.StepLR(o, 7, 0.3)), lr_period=7, lr_decay=0.3),
        case("multi_step", rates(lambda o: s.MultiStepLR(o, [5, 20, 21, 40], 0.2)),
             lr_milestones=[5, 20, 21, 40], lr_decay=0.2),
        case("exponential", rates(lambda o: s.ExponentialLR(o, 0.93)), lr_period=1, lr_decay=0.93),
        case("polynomial", rates(lambda o: s.PolynomialLR(o, 40, 2.5)), epochs=40, lr_power=2.5,
             lr_min=0.0),
        case("cosine", rates(lambda o: s.CosineAnnealingLR(o, 49, 0.003)), epochs=49,
             lr_min=0.003, lr_restarts=0, lr_restart_growth=1),
        case("cosine", rates(lambda o: s.CosineAnnealingWarmRestarts(o, 11, 1, 0.002)),
             epochs=5 * 11, lr_min=0.002, lr_restarts=4, lr_restart_growth=1),
        case("cosine", rates(lambda o: s.CosineAnnealingWarmRestarts(o, 6, 2)),
             epochs=(1 + 2 + 4 + 8) * 6, lr_min=0.0, lr_restarts=3, lr_restart_growth=2),
        case("one_cycle", rates(lambda o: s.OneCycleLR(o, RATE, STEPS + 1, cycle_momentum=False)),
             epochs=STEPS + 1, one_cycle_rise=0.3, one_cycle_start=25.0, one_cycle_end=1e4),
        case("one_cycle", rates(lambda o: s.OneCycleLR(
            o, RATE, STEPS + 1, pct_start=0.45, div_factor=10, final_div_factor=100,
            cycle_momentum=False)), epochs=STEPS + 1, one_cycle_rise=0.45, one_cycle_start=10.0,
            one_cycle_end=100.0),
        plateau("min", METRIC, lr_decay=0.5, plateau_patience=2, plateau_threshold=1e-3,
                lr_min=0.001),
        plateau("max", METRIC[::-1], lr_decay=0.1, plateau_patience=1, plateau_threshold=1e-4,
                lr_min=0.0),
    ], torch.__version__


def keras():
    import keras
    from numpy import float64 as double  # Keras would round Python's numbers to single precision.
    s = keras.optimizers.schedules

    def made(schedule):
        return [float(schedule(double(step))) for step in range(STEPS)]

    return [
        case("exponential", made(s.ExponentialDecay(double(RATE), 12, double(0.4))), lr_period=12,
             lr_decay=0.4),
        case("inverse_time", made(s.InverseTimeDecay(double(RATE), 8, double(1.5))), lr_period=8,
             lr_decay=1.5),
        case("polynomial", made(s.PolynomialDecay(double(RATE), 40, double(0.004), double(1.7))),
             epochs=40, lr_power=1.7, lr_min=0.004),
    ], keras.__version__


def text(value):
    """JSON has no NaN; null stands for it."""
    if isinstance(value, float):
        return None if value != value else value
    if isinstance(value, dict):
        return {k: text(v) for k, v in value.items()}
    return [text(v) for v in value] if isinstance(value, list) else value


def main():
    framework = sys.argv[1]
    cases, version = dict(pytorch=pytorch, keras=keras)[framework]()
    path = pathlib.Path(__file__).parents[2] / f"Tests/NNTests/Golden/schedules-{framework}.json"
    lines = ",\n".join(json.dumps(text(c)) for c in cases)
    path.write_text(f'{{"made_by": "Scripts/golden/schedules.py {framework}", '
                    f'"version": "{version}", "rate": {RATE},\n"cases": [\n{lines}\n]}}\n')


if __name__ == "__main__":
    main()
