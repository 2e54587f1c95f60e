#!/usr/bin/env python3
"""Makes Tests/NNTests/Golden/initializers.json: what PyTorch's initializers draw.

    venv/bin/python Scripts/golden/initializers.py > Tests/NNTests/Golden/initializers.json

For each initializer and shape, in PyTorch's layout: mean square and largest magnitude of the
weights that `torch.nn.init` draws; of 400 draws, so that the mean square is exact to a percent or
so. LeCun's initializers are not in `torch.nn.init`: with the gain 1 its functions for He's are
them. Made with PyTorch 2.13.
"""

import json
import sys

import torch
from torch.nn import init

DRAWS = 400
SHAPES = [[40, 30], [8, 50], [16, 3, 3, 3], [12, 4, 5, 5]]
INITIALIZERS = {
    "he": lambda w: init.kaiming_normal_(w, nonlinearity="relu"),
    "he_uniform": lambda w: init.kaiming_uniform_(w, nonlinearity="relu"),
    "glorot": init.xavier_uniform_,
    "glorot_normal": init.xavier_normal_,
    "lecun": lambda w: init.kaiming_normal_(w, nonlinearity="linear"),
    "lecun_uniform": lambda w: init.kaiming_uniform_(w, nonlinearity="linear"),
    "orthogonal": init.orthogonal_,
    "zeros": init.zeros_,
}


def main():
    torch.manual_seed(0)
    cases = []
    for name, fill in INITIALIZERS.items():
        for shape in SHAPES:
            weights = torch.stack([fill(torch.empty(shape)) for _ in range(DRAWS)]).double()
            cases.append({
                "initializer": name, "shape": shape,
                "mean_square": weights.square().mean().item(),
                "largest": weights.abs().max().item(),
            })  # fmt: skip
    json.dump(cases, sys.stdout, indent=1)
    print()


if __name__ == "__main__":
    main()
