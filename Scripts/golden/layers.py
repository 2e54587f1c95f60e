#!/usr/bin/env python3
"""Layers with weights and their gradients, by PyTorch: Tests/NNTests/Golden/layers.json.

    python3 Scripts/golden/layers.py

Made with torch 2.13.0. Each case is a module on a batch of tokens and the gradient of its output;
the numbers are those of double precision. Matrices are written row by row as [inputs, outputs],
which is the transpose of PyTorch's. A pre-normalized transformer block closes the list: torch's own
`TransformerEncoderLayer`, its parts under the names that they have here.
"""

import json
import pathlib

import torch

TOKENS, WIDTH, BATCH = 6, 8, 3

BLOCK_NAMES = {
    "norm1": "res1.ln1", "self_attn": "res1.attn1", "norm2": "res2.ln1", "linear1": "res2.fc1",
    "linear2": "res2.fc2",
}


def attention(heads):
    module = torch.nn.MultiheadAttention(WIDTH, heads, batch_first=True)
    return module, lambda x: module(x, x, x, need_weights=False)[0], "attn1"


def normalization(epsilon):
    module = torch.nn.LayerNorm(WIDTH, eps=epsilon)
    return module, module, "ln1"


def groups(count, epsilon):
    module = torch.nn.GroupNorm(count, WIDTH, eps=epsilon)
    return module, lambda x: module(x.transpose(1, 2)).transpose(1, 2), "gn1"


def block(heads):
    module = torch.nn.TransformerEncoderLayer(
        WIDTH, heads, dim_feedforward=12, dropout=0.0, activation="gelu", batch_first=True,
        norm_first=True)
    return module, module, None


def name(prefix, parameter):
    if prefix:
        return f"{prefix}.{parameter}"
    part, rest = parameter.split(".", 1)
    return f"{BLOCK_NAMES[part]}.{rest}"


CASES = [
    ("layer_norm", {"epsilon": 1e-5}, lambda: normalization(1e-5)),
    ("layer_norm", {"epsilon": 0.1}, lambda: normalization(0.1)),
    ("group_norm", {"groups": 2, "epsilon": 1e-5}, lambda: groups(2, 1e-5)),
    ("group_norm", {"groups": 8, "epsilon": 0.1}, lambda: groups(8, 0.1)),
    ("attention", {"heads": 1}, lambda: attention(1)),
    ("attention", {"heads": 4}, lambda: attention(4)),
    ("block", {"heads": 2}, lambda: block(2)),
]


def flat(tensor):
    tensor = tensor.detach()
    return (tensor.T if tensor.ndim == 2 else tensor).flatten().tolist()


def run(kind, options, make):
    torch.manual_seed(7)
    module, call, prefix = make()
    for parameter in module.parameters():
        parameter.data = torch.randn(parameter.shape)
    x = torch.randn(BATCH, TOKENS, WIDTH)
    dy = torch.randn(BATCH, TOKENS, WIDTH)
    module.double()
    exact = x.double().requires_grad_()
    y = call(exact)
    y.backward(dy.double())
    weights = {name(prefix, n): p for n, p in module.named_parameters()}
    return dict(
        kind=kind, options=options, input=flat3(x), output_gradient=flat3(dy), output=flat3(y),
        input_gradient=flat3(exact.grad),
        weights=[dict(name=n, values=flat(p)) for n, p in weights.items()],
        gradients=[dict(name=n, values=flat(p.grad)) for n, p in weights.items()])


def flat3(tensor):
    return tensor.detach().flatten().tolist()


def short(value):
    """As many digits as tell one float from the next."""
    if isinstance(value, float):
        return float(f"{value:.9g}")
    if isinstance(value, dict):
        return {k: short(v) for k, v in value.items()}
    return [short(v) for v in value] if isinstance(value, list) else value


def main():
    cases = [run(*case) for case in CASES]
    head = json.dumps(dict(
        made_by="Scripts/golden/layers.py", torch=torch.__version__, batch=BATCH, tokens=TOKENS,
        width=WIDTH))[:-1]
    lines = ",\n".join(json.dumps(short(case)) for case in cases)
    path = pathlib.Path(__file__).parents[2] / "Tests/NNTests/Golden/layers.json"
    path.write_text(f'{head},\n"cases": [\n{lines}\n]}}\n')


if __name__ == "__main__":
    main()
