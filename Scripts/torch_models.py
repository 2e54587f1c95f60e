"""PyTorch's modules of the layers that a model file lists; for parity.py."""

import torch
from torch import nn


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
        "hard_swish": nn.Hardswish, "mish": nn.Mish,
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
    "group_norm": (
        "gn",
        lambda options, shape, classes: nn.GroupNorm(
            options["groups"], shape[0], options.get("epsilon", 1e-5)),
    ),
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
