#!/usr/bin/env python3
"""Fifty steps of each optimizer, by PyTorch and Keras: Tests/NNTests/Golden/optimizers.json.

    python3 Scripts/golden/optimizers.py

Made with torch 2.13.0 and Keras 3.15.1. The problem is a network of four linear layers that fits random targets in
the mean of squares, small enough for a test to compute its gradients with plain loops. Matrices are
written row by row as [inputs, outputs], which is the transpose of PyTorch's.

The numbers are those of double precision, and each case is run in single precision as well: one that
depends on how PyTorch rounds tests nothing.
"""

import json
import os
import pathlib

import torch

os.environ["KERAS_BACKEND"] = "torch"

STEPS = 50
WIDTHS = [6, 7, 5, 8, 4]
SAMPLES = 12

# PyTorch iterates in bfloat16, which is quick on a GPU; the definition is in real numbers.
torch.Tensor.bfloat16 = torch.Tensor.clone


def parameters(initial):
    return {name: torch.nn.Parameter(value.clone()) for name, value in initial.items()}


def loss(p, x, y):
    for layer in range(1, len(WIDTHS)):
        x = x @ p[f"fc{layer}.weight"].T
    return ((x + p["fc4.bias"] - y) ** 2).sum() / SAMPLES


def groups(p, names, decay):
    """Biases do not decay."""
    weights = [p[n] for n in names if n.endswith("weight")]
    biases = [p[n] for n in names if n.endswith("bias")]
    return [g for g in (dict(params=weights, weight_decay=decay),
                        dict(params=biases, weight_decay=0.0)) if g["params"]]


def optimizers(kind, p, options):
    o = dict(options)
    rate, decay = o.pop("lr"), o.pop("weight_decay", 0.0)
    if kind == "muon":
        hidden, others = ["fc2.weight", "fc3.weight"], ["fc1.weight", "fc4.weight", "fc4.bias"]
        return [torch.optim.Muon(groups(p, hidden, decay), lr=rate, **o),
                torch.optim.AdamW(groups(p, others, decay), lr=rate / 20)]
    if kind == "lion":
        return [KerasLion(p, rate, decay, **o)]
    make = dict(sgd=torch.optim.SGD, rmsprop=torch.optim.RMSprop, adagrad=torch.optim.Adagrad,
                adadelta=torch.optim.Adadelta, adam=torch.optim.Adam, adamw=torch.optim.AdamW,
                nadam=torch.optim.NAdam)[kind]
    if "rho" in o:
        o["rho" if kind == "adadelta" else "alpha"] = o.pop("rho")
    if "beta1" in o:
        o["betas"] = (o.pop("beta1"), o.pop("beta2"))
    if "epsilon" in o:
        o["eps"] = o.pop("epsilon")
    return [make(groups(p, list(p), decay), lr=rate, **o)]


class KerasLion:
    """keras.optimizers.Lion on PyTorch's parameters."""

    def __init__(self, p, rate, decay, beta1=0.9, beta2=0.99):
        import keras

        keras.config.set_floatx(str(next(iter(p.values())).dtype).removeprefix("torch."))
        self.p = p
        self.variables = [keras.Variable(v.detach().clone(), name=n.replace(".", "_"))
                          for n, v in p.items()]
        self.lion = keras.optimizers.Lion(rate, beta1, beta2, weight_decay=decay or None)
        self.lion.exclude_from_weight_decay(var_names=["bias"])
        self.lion.build(self.variables)

    def step(self):
        self.lion.apply([v.grad for v in self.p.values()], self.variables)
        with torch.no_grad():
            for parameter, variable in zip(self.p.values(), self.variables):
                parameter.copy_(variable.value)


CASES = [
    ("sgd", dict(lr=0.02)),
    ("sgd", dict(lr=0.02, momentum=0.9)),
    ("sgd", dict(lr=0.02, momentum=0.9, nesterov=True, weight_decay=0.01)),
    ("rmsprop", dict(lr=0.003)),
    ("rmsprop", dict(lr=0.002, rho=0.9, epsilon=1e-2, weight_decay=0.01)),
    ("rmsprop", dict(lr=0.003, momentum=0.9)),
    ("adagrad", dict(lr=0.05)),
    ("adagrad", dict(lr=0.05, epsilon=1e-3, weight_decay=0.01)),
    ("adam", dict(lr=0.01)),
    ("adam", dict(lr=0.01, beta1=0.8, beta2=0.99, epsilon=1e-6, weight_decay=0.01)),
    ("adamw", dict(lr=0.01, weight_decay=0.01)),
    ("adamw", dict(lr=0.01, beta1=0.8, beta2=0.99, epsilon=1e-6, weight_decay=0.3)),
    ("nadam", dict(lr=0.01)),
    ("nadam", dict(lr=0.005, beta1=0.85, beta2=0.99, momentum_decay=0.02, epsilon=1e-4,
                   weight_decay=0.01)),
    ("adadelta", dict(lr=1.0)),
    ("adadelta", dict(lr=0.5, rho=0.95, epsilon=1e-5, weight_decay=0.01)),
    ("lion", dict(lr=0.003)),
    ("lion", dict(lr=0.002, beta1=0.8, beta2=0.95, weight_decay=0.1)),
    ("muon", dict(lr=0.02, weight_decay=0.1)),
    ("muon", dict(lr=0.01, momentum=0.9, nesterov=False, weight_decay=0.0)),
]


def run(kind, options, initial, x, y, dtype):
    p = parameters({n: v.to(dtype) for n, v in initial.items()})
    steppers = optimizers(kind, p, options)
    for _ in range(STEPS):
        for v in p.values():
            v.grad = None
        loss(p, x.to(dtype), y.to(dtype)).backward()
        for stepper in steppers:
            stepper.step()
    return p


def rows(p):
    return {n: (v.detach().T if v.ndim == 2 else v.detach()).flatten().tolist()
            for n, v in p.items()}


def main():
    torch.manual_seed(7)
    initial = {f"fc{i + 1}.weight": torch.randn(b, a) / a**0.5
               for i, (a, b) in enumerate(zip(WIDTHS, WIDTHS[1:]))}
    initial["fc4.bias"] = torch.randn(WIDTHS[-1])
    x, y = torch.randn(SAMPLES, WIDTHS[0]), torch.randn(SAMPLES, WIDTHS[-1])
    cases = []
    for kind, options in CASES:
        exact, single = (run(kind, options, initial, x, y, t) for t in (torch.float64, torch.float32))
        cases.append(dict(optimizer=kind, options=options, final=rows(exact)))
        distance = max((exact[n] - single[n]).abs().max().item() for n in exact)
        print(f"{kind:8} {options}: single precision is within {distance:.1e}")
        assert distance < 5e-6, "this case depends on rounding"
    write("optimizers.json", dict(
        made_by="Scripts/golden/optimizers.py", torch=torch.__version__, steps=STEPS,
        widths=WIDTHS, samples=SAMPLES, inputs=x.flatten().tolist(),
        targets=y.flatten().tolist(), initial=rows(initial), cases=cases))


def write(name, content):
    """JSON with as many digits as tell one float from the next, a line a case."""
    def short(value):
        if isinstance(value, float):
            return float(f"{value:.9g}")
        if isinstance(value, dict):
            return {k: short(v) for k, v in value.items()}
        return [short(v) for v in value] if isinstance(value, list) else value

    path = pathlib.Path(__file__).parents[2] / "Tests/NNTests/Golden" / name
    cases = ",\n".join(json.dumps(short(c)) for c in content.pop("cases"))
    head = json.dumps(short(content))[:-1]
    path.write_text(f'{head},\n"cases": [\n{cases}\n]}}\n')


if __name__ == "__main__":
    main()
