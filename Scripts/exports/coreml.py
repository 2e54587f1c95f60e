"""Core ML: coremltools parses the file, and PyTorch computes its layers."""

import numpy as np

from .case import Difference


def check_coreml(case):
    import coremltools
    import torch
    from torch.nn import functional as F

    if case.is_over_tokens:
        yield case.refused("coreml")
        return
    spec = coremltools.utils.load_spec(str(case.export("coreml", "model.mlmodel")))
    network = spec.neuralNetworkClassifier
    scaler = network.preprocessing[0].scaler
    pixels = torch.from_numpy(case.images.astype(np.float32))[:, None]
    values = {"image": pixels * scaler.channelScale + scaler.grayBias}
    for layer in network.layers:
        x = [values[name] for name in layer.input]
        values[layer.output[0]] = output(torch, F, layer, x)
    # The temperature divides them, if there is one.
    judged = network.layers[-1].input[0]
    names = {layer.name: layer for layer in network.layers}
    logits = values[names[judged].input[0] if judged == "scaled" else judged].flatten(1).numpy()
    if network.labelProbabilityLayerName != network.layers[-1].output[0]:
        raise Difference("the probabilities are not those of the last layer")
    yield case.compare("coremltools and PyTorch", logits)
    facts = spec.description.metadata.userDefined
    if "emnist.temperature" in facts and "emnist.score" not in facts:
        raise Difference("the metadata have no score")


def output(torch, F, layer, x):
    """What a layer of a Core ML network gives, as NeuralNetwork.proto defines it."""

    def numbers(weights, *shape):
        return torch.tensor(list(weights.floatValue)).reshape(shape)

    def image(value):
        """Rows of features as images of one pixel, `[C, 1, 1]`."""
        return value[:, :, None, None] if value.dim() == 2 else value

    kind = layer.WhichOneof("layer")
    options = getattr(layer, kind)
    if kind == "convolution":
        weight = numbers(
            options.weights, options.outputChannels, options.kernelChannels, *options.kernelSize
        )
        edges = options.valid.paddingAmounts.borderAmounts
        padding = [(edge.startEdgeSize) for edge in edges] or [0, 0]
        bias = numbers(options.bias, -1)
        return F.conv2d(x[0], weight, bias, stride=tuple(options.stride), padding=tuple(padding))
    if kind == "innerProduct":
        weight = numbers(options.weights, options.outputChannels, options.inputChannels)
        return F.linear(x[0].flatten(1), weight, numbers(options.bias, -1))
    if kind == "batchnorm":
        gamma, beta, mean, variance = (
            numbers(getattr(options, name), -1) for name in ("gamma", "beta", "mean", "variance")
        )
        return F.batch_norm(x[0], mean, variance, gamma, beta, eps=options.epsilon)
    if kind == "pooling":
        if options.globalPooling:
            return x[0].mean((2, 3), keepdim=True)
        pool = F.avg_pool2d if options.type == 1 else F.max_pool2d
        return pool(x[0], tuple(options.kernelSize), tuple(options.stride))
    if kind == "activation":
        return activation(torch, F, options, x[0])
    if kind == "unary":
        if options.type != options.RSQRT:
            raise Difference(f"layer {layer.name} is of an unknown function")
        return torch.rsqrt(options.scale * x[0] + options.shift + options.epsilon)
    if kind == "reduce":
        if (options.mode, options.axis) != (options.AVG, options.HW):
            raise Difference(f"layer {layer.name} is of an unknown reduction")
        return x[0].mean((2, 3), keepdim=True)
    return {
        "flatten": lambda: x[0].flatten(1),
        "reshape": lambda: x[0].reshape(-1, *options.targetShape),
        "add": lambda: image(x[0]) + image(x[1]),
        "multiply": lambda: image(x[0]) * image(x[1]),
        "concat": lambda: torch.cat(x, 1),
        "softmax": lambda: torch.softmax(x[0].flatten(1), 1),
        "gelu": lambda: F.gelu(x[0], approximate="tanh" if options.mode == 1 else "none"),
    }[kind]()


def activation(torch, F, options, x):
    name = options.WhichOneof("NonlinearityType")
    values = getattr(options, name)
    return {
        "ReLU": lambda: F.relu(x),
        "leakyReLU": lambda: F.leaky_relu(x, values.alpha),
        "tanh": lambda: torch.tanh(x),
        "sigmoid": lambda: torch.sigmoid(x),
        "sigmoidHard": lambda: (values.alpha * x + values.beta).clamp(0, 1),
        "softplus": lambda: F.softplus(x),
        "ELU": lambda: F.elu(x, values.alpha),
        "linear": lambda: values.alpha * x + values.beta,
    }[name]()
