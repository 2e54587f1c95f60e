"""Weights for PyTorch and NumPy, and the folder for a model hub."""

import numpy as np

from .case import COUNT, Difference


def check_safetensors(case):
    import torch
    from load_in_torch import load

    network = load(case.export("safetensors", "model.safetensors"))
    with torch.no_grad():
        logits = network(torch.from_numpy(case.images.copy())).numpy()
    yield case.compare("PyTorch", logits)


def check_npz(case):
    from safetensors.numpy import load_file

    arrays = dict(np.load(case.export("npz", "model.npz")))
    tensors = load_file(case.export("safetensors", "model.safetensors"))
    if arrays.keys() != tensors.keys() or any(
        not np.array_equal(arrays[name], tensors[name]) for name in tensors
    ):
        raise Difference("the arrays are not the tensors of the safetensors file")
    features = np.load(case.export("npz", "features.npz", "--what", "features"))["features"][:COUNT]
    last = [name for name in arrays if name.startswith("fc")][-1].rsplit(".", 1)[0]
    logits = features @ arrays[f"{last}.weight"].T + arrays[f"{last}.bias"]
    yield case.compare("NumPy, features through the last layer", logits)


def check_hub(case):
    from huggingface_hub import ModelCard

    card = ModelCard.load(case.export("hub", "hub") / "README.md")
    data = card.data.to_dict()
    results = card.data.eval_results or []
    if data["datasets"] != ["tiny"] or not any(r.metric_type == "accuracy" for r in results):
        raise Difference(f"the card's front matter lacks something: {data}")
    yield f"huggingface_hub: {len(results)} results, {len(card.text)} characters"
