#!/usr/bin/env python3
"""The learning rate of fifty steps of each schedule: Tests/NNTests/Golden/schedules-*.json.

    python3 Scripts/golden/schedules.py pytorch
    python3 Scripts/golden/schedules.py keras

Made with torch 2.13.0 and with Keras 3 of TensorFlow 2.21.0, in double precision.
"""

import json
import pathlib
import sys

STEPS = 50
RATE = 0.1
# A metric that improves, stays, worsens, improves by less than the threshold, and is no number once.
METRIC = [1.0, 0.8, 0.7, 0.7, 0.71, 0.72, 0.69, 0.6899, 0.68985, float("nan"), 0.69, 0.6, 0.5, 0.5, 0.5,
          0.5, 0.4] + [0.4 + 0.001 * (i % 3) for i in range(33)]


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

    def case(name, rates, **options):
        return dict(schedule=name, options=options, rates=rates)

    def plateau(mode, metrics, **o):
        return rates(lambda opt: s.ReduceLROnPlateau(
            opt, mode, factor=o["decay"], patience=o["patience"], threshold=o["threshold"],
            min_lr=o["minimum"]), metrics)

    lower = dict(decay=0.5, patience=2, threshold=1e-3, minimum=0.001)
    higher = dict(decay=0.1, patience=1, threshold=1e-4, minimum=0.0)
    return [
        case("step", rates(lambda o: s.StepLR(o, 7, 0.3)), period=7, decay=0.3),
        case("multi_step", rates(lambda o: s.MultiStepLR(o, [5, 20, 21, 40], 0.2)),
             milestones=[5, 20, 21, 40], decay=0.2),
        case("exponential", rates(lambda o: s.ExponentialLR(o, 0.93)), period=1, decay=0.93),
        case("polynomial", rates(lambda o: s.PolynomialLR(o, 40, 2.5)), steps=40, power=2.5,
             minimum=0.0),
        case("cosine", rates(lambda o: s.CosineAnnealingLR(o, 49, 0.003)), steps=49,
             minimum=0.003, restarts=0, growth=1),
        case("cosine", rates(lambda o: s.CosineAnnealingWarmRestarts(o, 11, 1, 0.002)), steps=11,
             minimum=0.002, restarts=4, growth=1),
        case("cosine", rates(lambda o: s.CosineAnnealingWarmRestarts(o, 6, 2)), steps=6,
             minimum=0.0, restarts=3, growth=2),
        case("one_cycle", rates(lambda o: s.OneCycleLR(o, RATE, STEPS + 1, cycle_momentum=False)),
             steps=STEPS + 1, rise=0.3, start=25.0, end=1e4),
        case("one_cycle", rates(lambda o: s.OneCycleLR(
            o, RATE, STEPS + 1, pct_start=0.45, div_factor=10, final_div_factor=100,
            cycle_momentum=False)), steps=STEPS + 1, rise=0.45, start=10.0, end=100.0),
        case("plateau", plateau("min", METRIC, **lower), metrics=METRIC, higher=False, **lower),
        case("plateau", plateau("max", METRIC[::-1], **higher), metrics=METRIC[::-1], higher=True,
             **higher),
    ], torch.__version__


def keras():
    import keras
    from numpy import float64 as double  # Keras would round Python's numbers to single precision.
    s = keras.optimizers.schedules

    def case(name, schedule, **options):
        return dict(schedule=name, options=options,
                    rates=[float(schedule(double(step))) for step in range(STEPS)])

    return [
        case("exponential", s.ExponentialDecay(double(RATE), 12, double(0.4)), period=12, decay=0.4),
        case("inverse_time", s.InverseTimeDecay(double(RATE), 8, double(1.5)), period=8, decay=1.5),
        case("polynomial", s.PolynomialDecay(double(RATE), 40, double(0.004), double(1.7)),
             steps=40, power=1.7, minimum=0.004),
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
