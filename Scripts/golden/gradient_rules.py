#!/usr/bin/env python3
"""Penalties and clipping of gradients: Tests/NNTests/Golden/gradient_rules.json.

    python3 Scripts/golden/gradient_rules.py

Made with torch 2.13.0: gradients of a random weight and bias, the penalty's gradient by automatic
differentiation (weights only), then clip_grad_value_, then clip_grad_norm_.
"""

import json
import pathlib

import torch

CASES = [
    dict(l1=0.3), dict(l2=0.2), dict(l1=0.1, l2=0.4), dict(clip_value=0.5), dict(clip_norm=1.0),
    dict(clip_norm=100.0), dict(l1=0.1, l2=0.4, clip_value=0.8, clip_norm=2.0),
]


def main():
    torch.manual_seed(3)
    values = dict(weight=torch.randn(7, 5), bias=torch.randn(5))
    values["weight"][2, 3] = 0
    gradients = {n: torch.randn_like(v) for n, v in values.items()}
    cases = []
    for case in CASES:
        p = {n: torch.nn.Parameter(v.clone()) for n, v in values.items()}
        w = p["weight"]
        penalty = case.get("l1", 0) * w.abs().sum() + case.get("l2", 0) * (w**2).sum()
        (penalty + sum((p[n] * gradients[n]).sum() for n in p)).backward()
        if "clip_value" in case:
            torch.nn.utils.clip_grad_value_(p.values(), case["clip_value"])
        if "clip_norm" in case:
            torch.nn.utils.clip_grad_norm_(p.values(), case["clip_norm"])
        cases.append(dict(rules=case, result={n: flat(v.grad) for n, v in p.items()}))
    path = pathlib.Path(__file__).parents[2] / "Tests/NNTests/Golden/gradient_rules.json"
    lines = ",\n".join(json.dumps(c) for c in cases)
    path.write_text(json.dumps(dict(
        made_by="Scripts/golden/gradient_rules.py", torch=torch.__version__,
        values={n: flat(v) for n, v in values.items()},
        gradients={n: flat(v) for n, v in gradients.items()}))[:-1]
        + f',\n"cases": [\n{lines}\n]}}\n')


def flat(tensor):
    return [float(f"{x:.9g}") for x in tensor.flatten().tolist()]


if __name__ == "__main__":
    main()
