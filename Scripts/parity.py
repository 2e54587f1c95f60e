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
import functools
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
        self.layers = ask(arguments, "models", name, "--dropout", "0")["layers"]
        assert "drop" not in json.dumps(self.layers), f"{name} drops even without dropout"
        recipe = ask(arguments, "train", "--model", name, "--print-config")
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
        "--val-split", "0", "--max-steps", str(preset.steps), "--log-steps",
    ]  # fmt: skip
    return ask(arguments, *words, *(["--lr", str(rate)] if rate else []))


class TorchTrainer:
    """PyTorch's part: the same recipe, step by step."""

    def __init__(self, module, images, labels, config):
        self.module, self.images, self.labels = module, images, labels
        self.config = config
        self.mean, self.deviation = images.mean() / 255, images.std() / 255
        self.optimizer = make_optimizer(module, config)
        self.criterion = nn.CrossEntropyLoss(label_smoothing=number(config, "label_smoothing"))

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


def number(config, key):
    """An option that is neutral if nobody chose it."""
    return config[key] or 0.0


def make_optimizer(module, config):
    """The recipe's optimizer. Weights decay; biases and normalizations do not."""
    decaying = [p for p in module.parameters() if p.dim() > 1]
    others = [p for p in module.parameters() if p.dim() == 1]
    groups = [
        {"params": decaying, "weight_decay": number(config, "weight_decay")},
        {"params": others, "weight_decay": 0.0},
    ]
    return OPTIMIZERS[config["optimizer"]](groups, config)


OPTIMIZERS = {
    "sgd": lambda groups, config: torch.optim.SGD(
        groups, lr=config["lr"], momentum=config["momentum"], nesterov=config["nesterov"]
    ),
    "rmsprop": lambda groups, config: torch.optim.RMSprop(
        groups, lr=config["lr"], alpha=config["rho"], eps=config["epsilon"],
        momentum=config["momentum"],
    ),
    "adagrad": lambda groups, config: torch.optim.Adagrad(
        groups, lr=config["lr"], eps=config["epsilon"]
    ),
    "adam": lambda groups, config: torch.optim.Adam(groups, **adam_numbers(config)),
    "adamw": lambda groups, config: torch.optim.AdamW(groups, **adam_numbers(config)),
}  # fmt: skip


def adam_numbers(config):
    return {
        "lr": config["lr"], "betas": (config["beta1"], config["beta2"]), "eps": config["epsilon"]
    }  # fmt: skip


def learning_rate(step, config, image_count):
    """The recipe's schedule behind a linear rise, in steps from 0."""
    steps_an_epoch = math.ceil(image_count / config["batch_size"])
    if config["scheduler"] == "one_cycle":
        numbers = [config[f"one_cycle_{name}"] for name in ("rise", "start", "end")]
        return one_cycle_rates(config["lr"], config["epochs"] * steps_an_epoch, *numbers)[step]
    rise = math.floor(number(config, "warmup_epochs") * steps_an_epoch + 0.5)
    shape = SCHEDULES[config["scheduler"]]
    if step < rise:
        return config["lr"] * shape(0) * (step + 1) / (rise + 1)
    return config["lr"] * shape((step - rise) / (config["epochs"] * steps_an_epoch - rise))


@functools.cache
def one_cycle_rates(peak, steps, rise, start, end):
    """The learning rate of each step, as PyTorch's own schedule has it."""
    optimizer = torch.optim.SGD([torch.zeros(1)], lr=peak)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, peak, total_steps=steps, pct_start=rise, div_factor=start,
        final_div_factor=end, cycle_momentum=False,
    )  # fmt: skip
    rates = []
    for _ in range(steps):
        rates.append(schedule.get_last_lr()[0])
        optimizer.step()
        if len(rates) < steps:
            schedule.step()
    return rates


# The share of the learning rate at a share of the way.
SCHEDULES = {
    "constant": lambda way: 1.0,
    "cosine": lambda way: (1 + math.cos(math.pi * way)) / 2,
}


class Chain(nn.Module):
    """Layers as a model file has them, under the names that emnist gives them."""

    def __init__(self, layers, shape, classes):
        super().__init__()
        self.names = []
        for options in layers:
            prefix, build = LAYERS[options["type"]]
            name = f"{prefix}{sum(known.rstrip('0123456789') == prefix for known in self.names) + 1}"
            module = build(options, shape, classes)
            self.add_module(name, module)
            self.names.append(name)
            shape = output_shape(module, shape)

    def forward(self, x):
        for name in self.names:
            x = getattr(self, name)(x)
        return x


def output_shape(module, shape):
    with torch.no_grad():
        shape = module.eval()(torch.zeros(1, *shape)).shape[1:]
    module.train()
    return shape


class Residual(Chain):
    """A branch beside a shortcut, which is the input itself unless it has layers."""

    def __init__(self, options, shape, classes):
        super().__init__(options["layers"], shape, classes)
        beside = options.get("shortcut")
        self.shortcut = nn.Identity() if beside is None else Chain(beside, shape, classes)

    def forward(self, x):
        return super().forward(x) + self.shortcut(x)


class Concatenate(Chain):
    """A branch whose channels are put behind those of the input."""

    def __init__(self, options, shape, classes):
        super().__init__(options["layers"], shape, classes)

    def forward(self, x):
        return torch.cat([x, super().forward(x)], dim=1 if x.dim() != 3 else 2)


class Patches(nn.Module):
    """Square patches of an image as tokens."""

    def __init__(self, size):
        super().__init__()
        self.unfold = nn.Unfold(size, stride=size)

    def forward(self, x):
        return self.unfold(x).transpose(1, 2)


class PositionalEmbedding(nn.Embedding):
    """Adds to each token the vector of its place."""

    def forward(self, x):
        return x + self.weight


class Attention(nn.MultiheadAttention):
    def forward(self, x):
        return super().forward(x, x, x, need_weights=False)[0]


class Mean(nn.Module):
    """The mean over an image, or over tokens."""

    def forward(self, x):
        return x.mean(dim=(2, 3)) if x.dim() == 4 else x.mean(dim=1)


def dense(options, shape, classes):
    units = classes if options["units"] == "classes" else options["units"]
    return nn.Linear(shape[-1], units, bias=options.get("bias", True))


def conv2d(options, shape, classes):
    return nn.Conv2d(
        shape[0], options["filters"], options["kernel_size"], stride=options.get("stride", 1),
        padding=options.get("padding", 0), bias=options.get("bias", True),
    )  # fmt: skip


def window(options):
    size = options.get("size", 2)
    return {"kernel_size": size, "stride": options.get("stride", size)}


def batch_norm(options, shape, classes):
    kind = nn.BatchNorm2d if len(shape) == 3 else nn.BatchNorm1d
    return kind(shape[0], options.get("epsilon", 1e-5), options.get("momentum", 0.1))


def activation(options, shape, classes):
    return {
        "relu": nn.ReLU, "gelu": nn.GELU, "silu": nn.SiLU, "tanh": nn.Tanh, "sigmoid": nn.Sigmoid,
        "gelu_tanh": lambda: nn.GELU(approximate="tanh"),
        "leaky_relu": lambda: nn.LeakyReLU(options.get("slope", 0.01)),
        "elu": lambda: nn.ELU(options.get("alpha", 1.0)),
    }[options.get("function", "relu")]()  # fmt: skip


def attention(options, shape, classes):
    return Attention(shape[-1], options["heads"], batch_first=True)


# For each type what its layers are called, and what makes one for inputs of a shape.
LAYERS = {
    "dense": ("fc", dense),
    "conv2d": ("conv", conv2d),
    "max_pool": ("pool", lambda options, shape, classes: nn.MaxPool2d(**window(options))),
    "avg_pool": ("pool", lambda options, shape, classes: nn.AvgPool2d(**window(options))),
    "global_avg_pool": ("pool", lambda options, shape, classes: Mean()),
    "flatten": ("flatten", lambda options, shape, classes: nn.Flatten()),
    "batch_norm": ("bn", batch_norm),
    "layer_norm": (
        "ln", lambda options, shape, classes: nn.LayerNorm(shape[-1], options.get("epsilon", 1e-5))
    ),
    "activation": ("act", activation),
    "residual": ("res", Residual),
    "concatenate": ("concat", Concatenate),
    "patches": ("patches", lambda options, shape, classes: Patches(options["size"])),
    "positional_embedding": ("pos", lambda options, shape, classes: PositionalEmbedding(*shape)),
    "attention": ("attn", attention),
}  # fmt: skip


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
