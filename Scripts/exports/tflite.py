"""TensorFlow Lite: LiteRT, and TensorFlow Lite Micro with the RAM that it takes."""

import os
import re
import sys
import tempfile

import numpy as np

from .case import Difference, softmax

# Of the RAM that `export` names, against what Micro itself counts.
ARENA_TOLERANCE = 0.1


def check_tflite(case):
    from ai_edge_litert.interpreter import Interpreter

    if case.is_over_tokens:
        yield case.refused("tflite")
        return
    path = case.export("tflite", "model.tflite")
    interpreter = Interpreter(str(path))
    interpreter.allocate_tensors()
    (source,) = interpreter.get_input_details()
    logits, probabilities = interpreter.get_output_details()
    found = np.zeros_like(case.logits)
    for number, image in enumerate(case.images):
        interpreter.set_tensor(source["index"], image.astype(np.float32).reshape(source["shape"]))
        interpreter.invoke()
        found[number] = interpreter.get_tensor(logits["index"])
    temperature = float(facts(path).get("emnist.temperature", 1))
    given = interpreter.get_tensor(probabilities["index"])
    if np.abs(given - softmax(found[-1:] / temperature)).max() > 1e-5:
        raise Difference("the probabilities are not those of the logits")
    yield case.compare("LiteRT", found)
    runs = micro(path, case.images[:20].astype(np.float32).reshape(-1, *source["shape"]))
    yield case.compare("TensorFlow Lite Micro", np.stack(next(runs)))
    yield arena(case, next(runs))


def check_tflite_int8(case):
    from ai_edge_litert.interpreter import Interpreter

    if case.is_over_tokens or "group" in case.name:
        yield case.refused("tflite", "--quantize", "int8")
        return
    path = case.export("tflite", "q.tflite", "--quantize", "int8")
    written = case.result
    interpreter = Interpreter(str(path))
    interpreter.allocate_tensors()
    (source,) = interpreter.get_input_details()
    (scale, zero) = interpreter.get_output_details()[0]["quantization"]
    own, found = case.quantized(), np.zeros_like(case.logits)
    pixels = (case.images.astype(np.int16) - 128).astype(np.int8).reshape(-1, *source["shape"])
    for number, image in enumerate(pixels):
        interpreter.set_tensor(source["index"], image)
        interpreter.invoke()
        output = interpreter.get_tensor(interpreter.get_output_details()[0]["index"])
        found[number] = (output.astype(np.float32) - zero) * scale
    yield near("LiteRT", found, own, scale)
    yield f"{(own.argmax(1) == case.logits.argmax(1)).mean():.2%} of the answers in floats"
    runs = micro(path, pixels)
    found = (np.stack(next(runs)).astype(np.float32) - zero) * scale
    yield near("TensorFlow Lite Micro", found, own, scale, ties=1)
    case.result = written
    yield arena(case, next(runs))


def near(what, found, own, scale, ties=0):
    """A line that compares an interpreter's whole numbers with the program's.

    An answer that is not more than `ties` steps below the program's largest logit is the same: in whole
    numbers the first two are often equal, and Micro rounds twice, so that it may be a step off.
    """
    steps = float(np.abs(found - own).max() / scale)
    is_same = found.argmax(1) == own.argmax(1)
    if ties:
        below = own.max(1) - own[np.arange(len(own)), found.argmax(1)]
        is_same |= below < (ties + 0.5) * scale
    same = float(is_same.mean())
    but = f", but for ties of {ties} step" if ties else ""
    story = f"{what}: {same:.2%} of the program's own answers{but}, at most {steps:.0f} steps apart"
    if same < 0.995 or steps > 4.5:
        raise Difference(story)
    return story


def facts(path):
    """The strings that the file keeps beside the network."""
    import json

    content = path.read_bytes()
    start = content.find(b'{"labels":')
    if start < 0:
        raise Difference("the file has no metadata")
    return json.JSONDecoder().raw_decode(content[start:].decode("utf-8", "replace"))[0]


def micro(path, inputs):
    """The logits that TensorFlow Lite Micro gives, and then the bytes of its arena."""
    from tflite_micro import runtime

    interpreter = runtime.Interpreter.from_file(str(path), arena_size=64 << 20)
    logits = []
    for image in inputs:
        interpreter.set_input(image, 0)
        interpreter.invoke()
        logits.append(interpreter.get_output(0)[0].copy())
    yield logits
    with tempfile.TemporaryFile() as file:
        # It prints from C++.
        sys.stderr.flush()
        kept = os.dup(2)
        os.dup2(file.fileno(), 2)
        try:
            interpreter.print_allocations()
        finally:
            os.dup2(kept, 2)
            os.close(kept)
        file.seek(0)
        text = file.read().decode()
    yield {
        name: int(bytes_) for name, bytes_ in re.findall(r"Arena allocation (\w+) (\d+) bytes", text)
    }


def arena(case, found):
    """A line that compares the RAM that `export` names with what Micro counts."""
    named, total = case.result["ram_bytes"], found["total"]
    story = f"arena: {named} bytes named, {total} counted by Micro ({named / total - 1:+.1%})"
    if not abs(named / total - 1) <= ARENA_TOLERANCE:
        raise Difference(story)
    return story
