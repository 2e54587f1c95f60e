"""ONNX: its checker and ONNX Runtime."""

import json

import numpy as np

from .case import Difference, softmax


def check_onnx(case):
    import onnx
    import onnxruntime

    for options, pixels in [
        ((), case.images),
        (("--input", "float"), case.images.astype(np.float32)),
        (("--transpose",), case.images.transpose(0, 2, 1)),
    ]:
        path = case.export("onnx", "model.onnx", *options)
        model = onnx.load(path)
        onnx.checker.check_model(model, full_check=True)
        if model.SerializeToString() != path.read_bytes():
            raise Difference("onnx writes the model with other bytes")
        session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
        logits, probabilities = session.run(["logits", "probabilities"], {"image": pixels})
        name = " ".join(("ONNX Runtime", *options))
        yield case.compare(name, logits)
        facts = session.get_modelmeta().custom_metadata_map
        temperature = float(facts.get("emnist.temperature", 1))
        if np.abs(probabilities - softmax(logits / temperature)).max() > 1e-5:
            raise Difference(f"{name}: the probabilities are not those of the logits")
        single = session.run(["logits"], {"image": pixels[:1]})[0]
        if np.abs(single - logits[:1]).max() > 1e-4 * max(1, np.abs(logits).max()):
            raise Difference(f"{name}: a single image has other logits than one of many")
    yield f"metadata: {facts_in(facts, case.logits.shape[1])}"


def facts_in(facts, classes):
    """What a model's metadata say, checked for what a program that rejects needs."""
    if len(json.loads(facts["labels"])) != classes:
        raise Difference("the metadata name other classes")
    if "emnist.temperature" not in facts:
        return "labels; the run has no temperature"
    score = json.loads(facts["emnist.score"])
    count = len(score["evidence"])
    sizes = [len(score[name]) for name in ("means", "deviations", "weights")]
    if sizes != [count, count, 2 * count + 1] or not np.isfinite(float(facts["emnist.threshold"])):
        raise Difference(f"the score is not whole: {score}")
    return "labels, temperature, threshold and the score's coefficients"
