#!/usr/bin/env python3
"""Values and derivatives of activation functions: Tests/NNTests/Golden/activations.json.

    python3 Scripts/golden/activations.py

Made with torch 2.13.0, by its functions and its automatic differentiation in double precision, and
rounded to nine digits. The inputs are floats, around zero, where the functions bend and far out.
"""

import json
import pathlib

import torch
import torch.nn.functional as F

FUNCTIONS = {
    "relu": F.relu,
    "leaky_relu": lambda x: F.leaky_relu(x, 0.01),
    "elu": F.elu,
    "gelu": F.gelu,
    "gelu_tanh": lambda x: F.gelu(x, approximate="tanh"),
    "silu": F.silu,
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
    "hard_swish": F.hardswish,
    "mish": F.mish,
}


def main():
    torch.manual_seed(5)
    far = [-1e4, -100, -88, -20, -6, -3.5, -1e-3, 1e-3, 3.5, 6, 20, 88, 100, 1e4]
    inputs = torch.cat([torch.tensor(far), 4 * torch.randn(34)])
    cases = []
    for name, function in FUNCTIONS.items():
        x = inputs.double().requires_grad_()
        y = function(x)
        y.sum().backward()
        cases.append(dict(function=name, values=flat(y), derivatives=flat(x.grad)))
    path = pathlib.Path(__file__).parents[2] / "Tests/NNTests/Golden/activations.json"
    lines = ",\n".join(json.dumps(c) for c in cases)
    path.write_text(json.dumps(dict(
        made_by="Scripts/golden/activations.py", torch=torch.__version__,
        inputs=flat(inputs)))[:-1] + f',\n"cases": [\n{lines}\n]}}\n')


def flat(tensor):
    return [float(f"{x:.9g}") for x in tensor.tolist()]


if __name__ == "__main__":
    main()
