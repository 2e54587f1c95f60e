#!/usr/bin/env python3
"""Builds the PyTorch module of a file that `emnist export --format safetensors` wrote.

    emnist export runs/cnn-1 --format safetensors -o cnn.safetensors
    python Scripts/load_in_torch.py cnn.safetensors

All comes from the file's metadata: layers, shapes, class names, normalization. In a program:

    from load_in_torch import load
    network = load("cnn.safetensors")        # in evaluation mode
    logits = network(pixels)                 # [N, H, W], 0 to 255, upright, ink bright
    network.labels[logits[0].argmax()]
"""

import json
import sys

import torch
from safetensors import safe_open
from torch import nn
from torch_models import Chain


class Network(nn.Module):
    """A run's network, from raw pixels [N, H, W] to logits."""

    def __init__(self, metadata):
        super().__init__()
        shape = json.loads(metadata["emnist.input"])
        self.labels = json.loads(metadata["emnist.labels"])
        self.mean = float(metadata["emnist.mean"])
        self.deviation = float(metadata["emnist.std"])
        layers = json.loads(metadata["emnist.model"])["layers"]
        layers = [layer for layer in without_dropout(layers)]
        self.layers = Chain(layers, (shape[2], shape[0], shape[1]), len(self.labels))

    def forward(self, pixels):
        x = pixels.to(torch.float32).unsqueeze(1)
        return self.layers((x / 255 - self.mean) / self.deviation)


def without_dropout(layers):
    """The layers that do something in evaluation mode; names do not count dropout."""
    kept = []
    for layer in layers:
        if layer["type"] in ("dropout", "spatial_dropout"):
            continue
        layer = dict(layer)
        for branch in ("layers", "shortcut"):
            if branch in layer:
                layer[branch] = without_dropout(layer[branch])
        kept.append(layer)
    return kept


def load(path):
    with safe_open(path, framework="pt") as file:
        network = Network(file.metadata())
        tensors = {name: file.get_tensor(name) for name in file.keys()}
    network.layers.load_state_dict(tensors)
    return network.eval()


if __name__ == "__main__":
    network = load(sys.argv[1])
    count = sum(parameter.numel() for parameter in network.parameters())
    print(network)
    print(f"{count:,} weights, classes: {' '.join(network.labels)}")
