#!/usr/bin/env python3
"""Trains the presets with emnist and with PyTorch, step by step alike, and compares.

    python3 -m venv venv
    venv/bin/pip install torch numpy safetensors --extra-index-url https://download.pytorch.org/whl/cpu
    swift build -c release
    venv/bin/python Scripts/parity.py --emnist .build/release/emnist --data data/mnist

PyTorch's module is built from the layers that `emnist models NAME --json` prints. PyTorch draws the
initial weights, emnist reads them with --init-from. Both take the training images in the files'
order, without dropout and augmentation. Optimizer, schedule and the rest are those of the preset's
recipe, as the run's config.json tells them; PyTorch's own optimizers and loss carry them out.
PyTorch in double precision is the truth. Compared are

  - lr       the learning rate of each step, relative: within 1e-12
  - loss     the loss of each step, relative: within 1e-4
  - weights  each final weight and running statistic, |emnist − PyTorch| / ‖tensor‖: within 1e-3
  - test     the loss on the test images that emnist reports, against that of PyTorch's module
             after load_state_dict of emnist's checkpoint, which checks every name and shape: 1e-4

Training is chaotic: at the recipe's learning rate, rounding alone drives PyTorch in single and in
double precision further apart than that within 100 steps. So each preset is trained twice: with a
low learning rate, where the bounds hold as they stand, and with the recipe's, where emnist may
also be up to three times as far from the truth as PyTorch in single precision is; so it may in the
few steps of the larger presets.

Prints the largest deviations, PyTorch's own beside them, and ends with 1 if one is out of bounds.
"""

import argparse
import csv
import gzip
import json
import math
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch_models import Chain
from torch_training import TorchTrainer

BOUNDS = {"lr": 1e-12, "loss": 1e-4, "weights": 1e-3, "test": 1e-4}
# The recipe's learning rate over the low one; that of sgd is closer to where training diverges.
LOWER = {"sgd": 50}
CHAOS = 3
# The larger presets are slow in double precision; they are tested in single precision alone.
FEWER_STEPS = {"vgg": 4}


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--emnist", required=True, type=Path, help="the built program")
    parser.add_argument("--data", required=True, type=Path, help="a directory with MNIST's files")
    parser.add_argument("--steps", type=int, default=100, help="steps to compare (default: 100)")
    parser.add_argument("--model", nargs="+", help="only these presets (default: all)")
    parser.add_argument("--optimizer", help="instead of the recipe's")
    parser.add_argument("--norm", help="what presets normalize over: batch, group or none")
    parser.add_argument("--seed", type=int, default=0, help="of the initial weights (default: 0)")
    arguments = parser.parse_args()
    torch.use_deterministic_algorithms(True)
    data = {part: read_part(arguments.data, part) for part in ["train", "t10k"]}

    presets = [model["name"] for model in ask(arguments, "models")["models"]]
    passed = True
    for name in arguments.model or presets:
        preset = Preset(name, arguments)
        for rate in [preset.low_rate, None]:
            passed = compare(preset, rate, data, arguments) and passed
    sys.exit(0 if passed else 1)


def ask(arguments, *words):
    """What the program prints as JSON."""
    command = [arguments.emnist.resolve(), *words, "--json"]
    return json.loads(subprocess.run(command, check=True, capture_output=True).stdout)


class Preset:
    """A preset without dropout: its layers and what the recipe says of its learning rate."""

    def __init__(self, name, arguments):
        self.name = name
        norm = ["--norm", arguments.norm] if arguments.norm else []
        self.layers = ask(arguments, "models", name, "--dropout", "0", *norm)["layers"]
        assert "drop" not in json.dumps(self.layers), f"{name} drops even without dropout"
        self.words = norm + (["--optimizer", arguments.optimizer] if arguments.optimizer else [])
        recipe = ask(arguments, "train", "--model", name, "--print-config", *self.words)
        self.low_rate = recipe["lr"] / LOWER.get(recipe["optimizer"], 20)
        self.steps = min(arguments.steps, FEWER_STEPS.get(name, arguments.steps))
        self.is_large = name in FEWER_STEPS

    def module(self):
        return Chain(self.layers, (1, 28, 28), classes=10)


def compare(preset, rate, data, arguments):
    """Trains one model in three ways, prints how far apart the results are; whether that is
    allowed. `rate` is the learning rate, `None` that of the recipe."""
    torch.manual_seed(arguments.seed)
    module = preset.module()
    with tempfile.TemporaryDirectory() as directory:
        initial, run = Path(directory) / "initial.safetensors", Path(directory) / "run"
        save_file(module.state_dict(), initial)
        outcome = train_with_emnist(preset, rate, initial, run, arguments)
        config = json.loads((run / "config.json").read_text(encoding="utf-8"))
        rows = list(csv.DictReader((run / "steps.csv").open(encoding="utf-8")))
        weights = load_file(run / "best.safetensors")

    truth = torch_result(preset, module.state_dict(), torch.float64, config, data)
    single = torch_result(preset, module.state_dict(), torch.float32, config, data)
    emnist = {
        "lr": [float(row["lr"]) for row in rows],
        "loss": [float(row["loss"]) for row in rows],
        "weights": weights,
        "test": outcome["test"]["loss"],
    }
    # Both of PyTorch's modules are tested with the weights that emnist found.
    single["test"] = single["module"].test_loss(weights, *data["t10k"])
    truth["test"] = (
        single["test"] if preset.is_large else truth["module"].test_loss(weights, *data["t10k"])
    )
    # After a few steps biases are still so near zero that rounding is a large part of them.
    factor = 0 if rate and not preset.is_large else CHAOS
    return report(preset.name, config, deviations(emnist, truth), deviations(single, truth), factor)


def torch_result(preset, state, dtype, config, data):
    """What PyTorch's training comes to in this precision."""
    module = preset.module()
    module.load_state_dict(state)
    trainer = TorchTrainer(module.to(dtype), *data["train"], config)
    rates, losses = zip(*[trainer.step(index) for index in range(preset.steps)])
    weights = {name: value.clone() for name, value in module.state_dict().items()}
    return {"lr": rates, "loss": losses, "weights": weights, "module": trainer}


def deviations(found, truth):
    """The largest deviation of each kind and where it is."""

    def largest(pairs):
        # A deviation that is no number is the largest of all.
        return max(pairs, key=lambda pair: math.inf if math.isnan(pair[0]) else pair[0])

    def weight_deviation(name):
        expected = truth["weights"][name].double()
        distance = (found["weights"][name].double() - expected).abs().max()
        return (distance / torch.linalg.vector_norm(expected)).item()

    result = {
        kind: largest(
            (relative(a, b), f"step {index + 1}")
            for index, (a, b) in enumerate(zip(found[kind], truth[kind], strict=True))
        )
        for kind in ["lr", "loss"]
    }
    result["weights"] = largest((weight_deviation(name), name) for name in truth["weights"])
    result["test"] = (relative(found["test"], truth["test"]), "")
    return result


def report(model, config, found, own, factor):
    """Prints the deviations of emnist and PyTorch's own; whether the first are allowed."""
    print(f"{model}, {config['optimizer']}, lr {config['lr']}")
    print("            emnist   PyTorch's own    allowed")
    passed = True
    for kind, (deviation, place) in found.items():
        allowed = max(BOUNDS[kind], factor * own[kind][0])
        within = deviation <= allowed
        passed = passed and within
        verdict = "" if within else "  OUT OF BOUNDS"
        print(f"  {kind:8} {deviation:8.1e} {own[kind][0]:14.1e} {allowed:12.1e}  {place}{verdict}")
    return passed


def relative(found, expected):
    return abs(found - expected) / abs(expected)


def train_with_emnist(preset, rate, initial, run, arguments):
    """Runs the program; its result as it prints it."""
    words = [
        "train", "--quiet", "--model", preset.name, "--data", arguments.data, "--init-from",
        initial, "--out", run, "--no-shuffle", "--dropout", "0", "--augment", "none",
        "--val-split", "0", "--max-steps", str(preset.steps), "--log-steps", *preset.words,
    ]  # fmt: skip
    return ask(arguments, *words, *(["--lr", str(rate)] if rate else []))


def read_part(directory, part):
    """Images `[N, 28, 28]` and labels of a part of MNIST, as bytes."""
    images = read_idx(directory, f"{part}-images-idx3-ubyte")
    return images[16:].reshape(-1, 28, 28), read_idx(directory, f"{part}-labels-idx1-ubyte")[8:]


def read_idx(directory, name):
    for path in [directory / f"{name}.gz", directory / name]:
        if path.exists():
            content = path.read_bytes()
            content = gzip.decompress(content) if path.suffix == ".gz" else content
            return np.frombuffer(content, dtype=np.uint8)
    sys.exit(f"{directory}: has no {name}")


if __name__ == "__main__":
    main()
