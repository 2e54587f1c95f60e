#!/usr/bin/env python3
"""Makes Tests/NNTests/Golden/batch_norm.json: PyTorch's batch normalization in 50 training steps.

    venv/bin/python Scripts/golden/batch_norm.py > Tests/NNTests/Golden/batch_norm.json

Dense 6 to 5, batch normalization, tanh, dense to 3, cross-entropy, SGD with a rate of 0.1, five
batches of eight rows in turn, in double precision. Once as it comes; once frozen, which is the
module in evaluation mode while its weight and bias are trained. Made with PyTorch 2.13.
"""

import json
import sys

import torch
from torch import nn

STEPS, BATCHES, ROWS = 50, 5, 8
MOMENTUM, EPSILON, RATE = 0.2, 1e-3, 0.1


def main():
    torch.manual_seed(0)
    torch.set_default_dtype(torch.float64)
    inputs = single(torch.randn(BATCHES, ROWS, 6) * 2 + 0.5)
    labels = torch.randint(3, (BATCHES, ROWS))
    start = {
        "fc1.weight": single(torch.randn(5, 6)), "bn1.weight": single(torch.rand(5) + 0.5),
        "bn1.bias": single(torch.randn(5)), "bn1.running_mean": single(torch.randn(5)),
        "bn1.running_var": single(torch.rand(5) + 0.5), "fc2.weight": single(torch.randn(3, 5)),
        "fc2.bias": single(torch.randn(3)),
    }  # fmt: skip
    cases = [trained(start, inputs, labels, frozen) for frozen in (False, True)]
    json.dump({
        "momentum": MOMENTUM, "epsilon": EPSILON, "rate": RATE, "steps": STEPS,
        "inputs": inputs.flatten().tolist(), "labels": labels.flatten().tolist(),
        "start": {name: value.flatten().tolist() for name, value in start.items()},
        "cases": cases,
    }, sys.stdout)  # fmt: skip
    print()


def single(values):
    """The nearest numbers that single precision has."""
    return values.float().double()


def trained(start, inputs, labels, frozen):
    modules = {
        "fc1": nn.Linear(6, 5, bias=False), "fc2": nn.Linear(5, 3),
        "bn1": nn.BatchNorm1d(5, eps=EPSILON, momentum=MOMENTUM),
    }  # fmt: skip
    net = nn.ModuleDict(modules)
    net.load_state_dict(start, strict=False)
    if frozen:
        net["bn1"].eval()
    optimizer = torch.optim.SGD(net.parameters(), lr=RATE)
    losses = []
    for step in range(STEPS):
        x, y = inputs[step % BATCHES], labels[step % BATCHES]
        logits = net["fc2"](torch.tanh(net["bn1"](net["fc1"](x))))
        loss = nn.functional.cross_entropy(logits, y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    end = {
        name: value.flatten().tolist() for name, value in net.state_dict().items()
        if "num_batches" not in name
    }  # fmt: skip
    return {"frozen": frozen, "losses": losses, "end": end}


if __name__ == "__main__":
    main()
