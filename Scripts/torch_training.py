"""PyTorch's training by a run's config.json, step by step; for parity.py."""

import functools
import math

import numpy as np
import torch
from torch import nn
from torch.nn import functional


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
    "adadelta": lambda groups, config: torch.optim.Adadelta(
        groups, lr=config["lr"], rho=config["rho"], eps=config["epsilon"]
    ),
    "nadam": lambda groups, config: torch.optim.NAdam(
        groups, momentum_decay=config["momentum_decay"], **adam_numbers(config)
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
