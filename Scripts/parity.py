#!/usr/bin/env python3
"""Trains the presets with emnist and with PyTorch, step by step alike, and compares.

    python3 -m venv venv
    venv/bin/pip install torch numpy safetensors --extra-index-url https://download.pytorch.org/whl/cpu
    swift build -c release
    venv/bin/python Scripts/parity.py --emnist .build/release/emnist --data data/mnist

PyTorch draws the initial weights, emnist reads them with --init-from. Both take the training images
in the files' order, without dropout. Optimizer, schedule and the rest are those of the preset's
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
also be up to three times as far from the truth as PyTorch in single precision is.

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
from torch import nn
from torch.nn import functional

BOUNDS = {"lr": 1e-12, "loss": 1e-4, "weights": 1e-3, "test": 1e-4}
LOW_RATES = {"mlp": 1e-4, "cnn": 2e-3}
CHAOS = 3


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--emnist", required=True, type=Path, help="the built program")
    parser.add_argument("--data", required=True, type=Path, help="a directory with MNIST's files")
    parser.add_argument("--steps", type=int, default=100, help="steps to compare (default: 100)")
    parser.add_argument("--model", choices=["mlp", "cnn", "all"], default="all")
    parser.add_argument("--seed", type=int, default=0, help="of the initial weights (default: 0)")
    arguments = parser.parse_args()
    torch.use_deterministic_algorithms(True)
    data = {part: read_part(arguments.data, part) for part in ["train", "t10k"]}

    passed = True
    for model in ["mlp", "cnn"] if arguments.model == "all" else [arguments.model]:
        for rate in [LOW_RATES[model], None]:
            passed = compare(model, rate, data, arguments) and passed
    sys.exit(0 if passed else 1)


def compare(model, rate, data, arguments):
    """Trains one model in three ways, prints how far apart the results are; whether that is
    allowed. `rate` is the learning rate, `None` that of the recipe."""
    torch.manual_seed(arguments.seed)
    module = NETWORKS[model](10)
    with tempfile.TemporaryDirectory() as directory:
        initial, run = Path(directory) / "initial.safetensors", Path(directory) / "run"
        save_file(module.state_dict(), initial)
        outcome = train_with_emnist(model, rate, initial, run, arguments)
        config = json.loads((run / "config.json").read_text(encoding="utf-8"))
        rows = list(csv.DictReader((run / "steps.csv").open(encoding="utf-8")))
        weights = load_file(run / "best.safetensors")

    truth = torch_result(model, module.state_dict(), torch.float64, config, data, arguments.steps)
    single = torch_result(model, module.state_dict(), torch.float32, config, data, arguments.steps)
    emnist = {
        "lr": [float(row["lr"]) for row in rows],
        "loss": [float(row["loss"]) for row in rows],
        "weights": weights,
        "test": outcome["test"]["loss"],
    }
    # Both of PyTorch's modules are tested with the weights that emnist found.
    single["test"] = single["module"].test_loss(weights, *data["t10k"])
    truth["test"] = truth["module"].test_loss(weights, *data["t10k"])
    factor = 0 if rate else CHAOS
    return report(model, config, deviations(emnist, truth), deviations(single, truth), factor)


def torch_result(model, state, dtype, config, data, steps):
    """What PyTorch's training comes to in this precision."""
    module = NETWORKS[model](10)
    module.load_state_dict(state)
    trainer = TorchTrainer(module.to(dtype), *data["train"], config)
    rates, losses = zip(*[trainer.step(index) for index in range(steps)])
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


def train_with_emnist(model, rate, initial, run, arguments):
    """Runs the program; its result as it prints it."""
    command = [
        arguments.emnist.resolve(), "train", "--quiet", "--model", model, "--data", arguments.data,
        "--init-from", initial, "--out", run, "--no-shuffle", "--dropout", "0", "--val-split", "0",
        "--max-steps", str(arguments.steps), "--log-steps", "--json",
    ]  # fmt: skip
    if rate:
        command += ["--lr", str(rate)]
    return json.loads(subprocess.run(command, check=True, capture_output=True).stdout)


class TorchTrainer:
    """PyTorch's part: the same recipe, step by step."""

    def __init__(self, module, images, labels, config):
        self.module, self.images, self.labels = module, images, labels
        self.config = config
        self.mean, self.deviation = images.mean() / 255, images.std() / 255
        self.optimizer = make_optimizer(module, config)
        self.criterion = nn.CrossEntropyLoss(label_smoothing=config["label_smoothing"])

    def step(self, index):
        """One step; its learning rate and the loss before it."""
        rate = learning_rate(index, self.config, len(self.images))
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        self.optimizer.zero_grad()
        loss = self.criterion(*self.batch(index))
        loss.backward()
        self.optimizer.step()
        return rate, loss.item()

    def batch(self, index):
        """The logits and labels of the batch of this step."""
        size = self.config["batch_size"]
        first = index % math.ceil(len(self.images) / size) * size
        part = slice(first, first + size)
        return self.logits(self.images[part]), torch.from_numpy(self.labels[part].astype(np.int64))

    def logits(self, images):
        x = torch.from_numpy((images.astype(np.float64) / 255 - self.mean) / self.deviation)
        return self.module(x.to(next(self.module.parameters()).dtype).unsqueeze(1))

    @torch.no_grad()
    def test_loss(self, weights, images, labels):
        """The mean loss in inference with these weights, without smoothing."""
        self.module.load_state_dict(weights)
        self.module.eval()
        logits = torch.cat([self.logits(part) for part in np.array_split(images, 40)])
        return functional.cross_entropy(logits, torch.from_numpy(labels.astype(np.int64))).item()


def make_optimizer(module, config):
    """The recipe's optimizer. Weights decay; biases and normalizations do not."""
    decaying = [p for p in module.parameters() if p.dim() > 1]
    others = [p for p in module.parameters() if p.dim() == 1]
    groups = [
        {"params": decaying, "weight_decay": config["weight_decay"]},
        {"params": others, "weight_decay": 0.0},
    ]
    if config["optimizer"] == "adam":
        return torch.optim.Adam(groups, lr=config["lr"])
    assert config["optimizer"] == "sgd", config["optimizer"]
    return torch.optim.SGD(
        groups, lr=config["lr"], momentum=config["momentum"], nesterov=config["nesterov"]
    )


def learning_rate(step, config, image_count):
    """Half a cosine behind a linear rise, in steps from 0."""
    assert config["scheduler"] == "cosine", config["scheduler"]
    steps_an_epoch = math.ceil(image_count / config["batch_size"])
    rise = math.floor(config["warmup_epochs"] * steps_an_epoch + 0.5)
    if step < rise:
        return config["lr"] * (step + 1) / (rise + 1)
    fall = config["epochs"] * steps_an_epoch - rise
    return config["lr"] * (1 + math.cos(math.pi * (step - rise) / fall)) / 2


class MLP(nn.Module):
    """The preset `mlp`: its attributes have the names that emnist gives its layers."""

    def __init__(self, classes):
        super().__init__()
        self.fc1, self.bn1 = nn.Linear(784, 512, bias=False), nn.BatchNorm1d(512)
        self.fc2, self.bn2 = nn.Linear(512, 256, bias=False), nn.BatchNorm1d(256)
        self.fc3, self.bn3 = nn.Linear(256, 128, bias=False), nn.BatchNorm1d(128)
        self.fc4 = nn.Linear(128, classes)

    def forward(self, x):
        x = torch.flatten(x, 1)
        x = functional.relu(self.bn1(self.fc1(x)))
        x = functional.relu(self.bn2(self.fc2(x)))
        x = functional.relu(self.bn3(self.fc3(x)))
        return self.fc4(x)


class CNN(nn.Module):
    """The preset `cnn`."""

    def __init__(self, classes):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(1, 32, 3, padding=1, bias=False), nn.BatchNorm2d(32)
        self.conv2, self.bn2 = nn.Conv2d(32, 48, 3, padding=1, bias=False), nn.BatchNorm2d(48)
        self.conv3, self.bn3 = nn.Conv2d(48, 96, 3, padding=1, bias=False), nn.BatchNorm2d(96)
        self.conv4, self.bn4 = nn.Conv2d(96, 128, 3, bias=False), nn.BatchNorm2d(128)
        self.fc1 = nn.Linear(128, classes)

    def forward(self, x):
        x = functional.max_pool2d(functional.relu(self.bn1(self.conv1(x))), 2)
        x = functional.max_pool2d(functional.relu(self.bn2(self.conv2(x))), 2)
        x = functional.relu(self.bn3(self.conv3(x)))
        x = functional.relu(self.bn4(self.conv4(x)))
        return self.fc1(x.mean(dim=(2, 3)))


NETWORKS = {"mlp": MLP, "cnn": CNN}


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
