"""Golden values of the losses: 50 steps of a small problem in PyTorch, and in Keras what is Keras'.

    python Scripts/golden/losses.py pytorch > Tests/NNTests/Golden/losses-pytorch.json
    python Scripts/golden/losses.py keras > Tests/NNTests/Golden/losses-keras.json

The numbers in the repository were made with PyTorch 2.13.0 and with TensorFlow 2.21.0 (Keras
3). The problem is softmax regression: 12 rows, 8 inputs, 5 classes, all rows a step, plain
gradient descent in double precision. The loss of each step and the last weights are recorded.
"""

import json
import sys

import numpy

STEPS, RATE = 50, 0.5
WEIGHTS = [0.5, 2.0, 1.0, 0.25, 1.5]
generator = numpy.random.default_rng(4)
INPUTS = numpy.round(generator.normal(size=(12, 8)), 3)
LABELS = [0, 1, 2, 3, 4, 0, 1, 2, 0, 1, 0, 0]
PARTNERS = LABELS[5:] + LABELS[:5]
START = numpy.round(generator.normal(size=(8, 5)), 3)


def pytorch_cases():
    import torch
    from torch.nn.functional import cross_entropy, log_softmax, one_hot

    torch.set_default_dtype(torch.float64)
    labels, partners = torch.tensor(LABELS), torch.tensor(PARTNERS)
    weights = torch.tensor(WEIGHTS)

    def focal(logits, target, gamma, smoothing=0.0, weight=None):
        aim = one_hot(target, 5) * (1 - smoothing) + smoothing / 5
        log_p = log_softmax(logits, 1)
        terms = -aim * (1 - log_p.exp()) ** gamma * log_p
        if weight is None:
            return terms.sum(1).mean()
        return (terms * weight).sum() / weight[target].sum()

    def squared(logits, target):
        return ((logits.softmax(1) - one_hot(target, 5)) ** 2).mean()

    def mixed(loss, share, **options):
        return lambda z: share * loss(z, labels, **options) + (1 - share) * loss(z, partners, **options)

    smooth, weighted = {"label_smoothing": 0.1}, {"weight": weights}
    cases = {
        "cross_entropy": mixed(cross_entropy, 1),
        "cross_entropy smooth": mixed(cross_entropy, 1, **smooth),
        "cross_entropy weighted": mixed(cross_entropy, 1, **weighted),
        "cross_entropy weighted smooth": mixed(cross_entropy, 1, **weighted, **smooth),
        "cross_entropy mixed": mixed(cross_entropy, 0.3),
        "cross_entropy mixed weighted smooth": mixed(cross_entropy, 0.3, **weighted, **smooth),
        "focal 2": mixed(focal, 1, gamma=2.0),
        "focal 0.5 weighted smooth": mixed(focal, 1, gamma=0.5, smoothing=0.1, weight=weights),
        "mse": mixed(squared, 1),
        "mse mixed": mixed(squared, 0.3),
    }
    for name, loss in cases.items():
        w = torch.tensor(START, requires_grad=True)
        losses = []
        for _ in range(STEPS):
            value = loss(torch.tensor(INPUTS) @ w)
            (gradient,) = torch.autograd.grad(value, w)
            losses.append(value.item())
            w = (w - RATE * gradient).detach().requires_grad_()
        yield name, losses, w.detach().numpy()


def keras_cases():
    import keras

    keras.config.set_floatx("float64")
    focal = keras.losses.CategoricalFocalCrossentropy(alpha=1, gamma=2, label_smoothing=0.1)
    for name, loss in {"mse": "mse", "focal 2 smooth": focal}.items():
        model = keras.Sequential(
            [keras.Input((8,)), keras.layers.Dense(5, activation="softmax", use_bias=False)]
        )
        model.set_weights([START])
        model.compile(optimizer=keras.optimizers.SGD(RATE), loss=loss)
        target = numpy.eye(5)[LABELS]
        losses = [float(model.train_on_batch(INPUTS, target)) for _ in range(STEPS)]
        yield name, losses, model.get_weights()[0]


def main():
    source = {"pytorch": pytorch_cases, "keras": keras_cases}[sys.argv[1]]
    cases = {
        name: {
            "losses": [round(value, 9) for value in losses],
            "weights": [round(value, 9) for value in weights.ravel().tolist()],
        }
        for name, losses, weights in source()
    }
    problem = {
        "rate": RATE,
        "class_weights": WEIGHTS,
        "inputs": INPUTS.ravel().tolist(),
        "labels": LABELS,
        "partners": PARTNERS,
        "start": START.ravel().tolist(),
    }
    json.dump({"problem": problem, "cases": cases}, sys.stdout)
    print()


main()
