#!/usr/bin/env python3
"""Checks what `emnist export` writes with the programs that it is written for.

    python3 -m venv venv && venv/bin/pip install numpy torch safetensors onnx onnxruntime \\
        ai-edge-litert tflite-micro coremltools huggingface_hub
    swift build -c release
    venv/bin/python Scripts/check_exports.py --emnist .build/release/emnist

Every preset is trained for an epoch on a few of the synthetic images that ship (--preset names one,
--runs a directory of runs whose names are presets), written in every format (--format names one) and
run by the format's own reader on images of the test part:

  - safetensors: PyTorch, by Scripts/load_in_torch.py,
  - onnx: onnx's checker in full, ONNX Runtime, for both types of input and for swapped images, in
    batches of 1 and more,
  - tflite: LiteRT (ai-edge-litert) and, where it is installed, TensorFlow Lite Micro (tflite-micro),
  - c: gcc and, if it is there, clang with -std=c99 -Wall -Wextra -pedantic -Werror, and what they
    made called on each image,
  - tflite and c with --quantize int8: LiteRT gives at least 99.5 % of the answers of the program's own
    whole numbers and logits at most 4 steps from them, what gcc made of C the same numbers bit for bit,
  - coreml: coremltools parses it; its layers, computed by PyTorch,
  - hub: huggingface_hub parses the card's front matter,
  - npz: NumPy, the weights bit for bit those of safetensors.

A float format agrees if no logit differs by more than 1e-4 times the largest one, or 1. Readers that
are not installed are named. Ends with 1 if anything differs.
"""

import argparse
import ctypes
import gzip
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
COUNT = 200


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--emnist", required=True, type=Path, help="the built program")
    parser.add_argument("--preset", action="append", help="only this one; may be repeated")
    parser.add_argument("--format", action="append", choices=FORMATS, help="only this one")
    parser.add_argument("--runs", type=Path, help="take runs from there instead of training")
    arguments = parser.parse_args()
    program = arguments.emnist.resolve()
    failures = 0
    with tempfile.TemporaryDirectory() as folder:
        for preset in arguments.preset or presets(program):
            folder_of_preset = Path(folder) / preset
            run = arguments.runs / preset if arguments.runs else train(program, preset, folder_of_preset)
            case = Case(program, preset, run, folder_of_preset)
            for name in arguments.format or FORMATS:
                failures += check(case, name)
    sys.exit(1 if failures else 0)


def check(case, name):
    """0 if all is well; prints what was seen."""
    try:
        for story in FORMATS[name](case):
            print(f"{case.preset:10} {name:12} {story}", flush=True)
        return 0
    except ModuleNotFoundError as error:
        print(f"{case.preset:10} {name:12} SKIPPED: {error.name} is not installed", flush=True)
        return 0
    except Difference as difference:
        print(f"{case.preset:10} {name:12} FAILED: {difference}", file=sys.stderr, flush=True)
        return 1


class Difference(Exception):
    pass


class Case:
    """A run with the images of its test part and what the program says of them."""

    def __init__(self, program, preset, run, folder):
        self.program, self.preset, self.run, self.folder = program, preset, run, folder
        folder.mkdir(exist_ok=True)
        arrays = np.load(self.export("npz", "reference.npz", "--what", "logits"))
        self.logits, self.labels = arrays["logits"][:COUNT], arrays["labels"][:COUNT]
        self.images = images()[arrays["indices"][:COUNT]]

    def export(self, format, name, *options):
        path = self.folder / name
        command = [self.program, "export", self.run, "--format", format, "-o", path, *options]
        done = subprocess.run([*map(str, command)], capture_output=True, text=True, check=False)
        if done.returncode:
            raise Difference(done.stderr.strip() or f"exit code {done.returncode}")
        return path

    def quantized(self):
        """The program's own logits in whole numbers."""
        path = self.export("npz", "quantized.npz", "--what", "logits", "--quantize", "int8")
        return np.load(path)["logits"][:COUNT]

    def refused(self, format, *options):
        """A line that says that the program refuses, and how."""
        try:
            self.export(format, "refused", *options)
        except Difference as difference:
            if "cannot" in str(difference) or "is not written with" in str(difference):
                return f"refused: {difference}"
            raise
        raise Difference("is written, though it should be refused")

    def compare(self, what, logits):
        """A line that says how far logits are from the program's."""
        largest = max(1, float(np.abs(self.logits).max()))
        difference = float(np.abs(logits - self.logits).max())
        same = float((logits.argmax(1) == self.logits.argmax(1)).mean())
        story = f"{what}: {same:.2%} same answers, logits differ by {difference:.1e} of {largest:.1f}"
        if not difference <= 1e-4 * largest:
            raise Difference(story)
        return story


def presets(program):
    listed = subprocess.run([program, "models", "--json"], capture_output=True, text=True, check=True)
    return [model["name"] for model in json.loads(listed.stdout)["models"]]


def train(program, preset, run):
    command = [
        program, "train", "--model", preset, "--data", HERE.parent / "Data", "--limit", "600",
        "--epochs", "1", "--out", run, "--quiet", "--force",
    ]  # fmt: skip
    subprocess.run([*map(str, command)], check=True, capture_output=True)
    return run


def images():
    """The test images that ship, upright."""
    path = HERE.parent / "Data" / "emnist-tiny-test-images-idx3-ubyte.gz"
    stored = np.frombuffer(gzip.decompress(path.read_bytes()), np.uint8, offset=16)
    return stored.reshape(-1, 28, 28).transpose(0, 2, 1)


def check_safetensors(case):
    import torch
    from load_in_torch import load

    network = load(case.export("safetensors", "model.safetensors"))
    with torch.no_grad():
        logits = network(torch.from_numpy(case.images.copy())).numpy()
    yield case.compare("PyTorch", logits)


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
        if np.abs(probabilities - softmax(logits)).max() > 1e-5:
            raise Difference(f"{name}: the probabilities are not those of the logits")
        single = session.run(["logits"], {"image": pixels[:1]})[0]
        if np.abs(single - logits[:1]).max() > 1e-4 * max(1, np.abs(logits).max()):
            raise Difference(f"{name}: a single image has other logits than one of many")
    labels = json.loads(session.get_modelmeta().custom_metadata_map["labels"])
    if len(labels) != case.logits.shape[1]:
        raise Difference("the metadata name other classes")


def softmax(logits):
    powers = np.exp(logits - logits.max(1, keepdims=True))
    return powers / powers.sum(1, keepdims=True)


def check_tflite(case):
    from ai_edge_litert.interpreter import Interpreter

    if case.preset == "vit":
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
    if np.abs(interpreter.get_tensor(probabilities["index"]) - softmax(found[-1:])).max() > 1e-5:
        raise Difference("the probabilities are not those of the logits")
    yield case.compare("LiteRT", found)
    try:
        from tflite_micro import runtime
    except ModuleNotFoundError:
        yield "TensorFlow Lite Micro: SKIPPED, tflite-micro is not installed"
        return
    micro = runtime.Interpreter.from_file(str(path), arena_size=64 << 20)
    for number, image in enumerate(case.images[:20]):
        micro.set_input(image.astype(np.float32).reshape(source["shape"]), 0)
        micro.invoke()
        found[number] = micro.get_output(0)
    yield case.compare("TensorFlow Lite Micro, 20 images", found)


def check_tflite_int8(case):
    from ai_edge_litert.interpreter import Interpreter

    if case.preset == "vit":
        yield case.refused("tflite", "--quantize", "int8")
        return
    interpreter = Interpreter(str(case.export("tflite", "q.tflite", "--quantize", "int8")))
    interpreter.allocate_tensors()
    (source,) = interpreter.get_input_details()
    (scale, zero) = interpreter.get_output_details()[0]["quantization"]
    own, found = case.quantized(), np.zeros_like(case.logits)
    for number, image in enumerate(case.images):
        pixels = (image.astype(np.int16) - 128).astype(np.int8)
        interpreter.set_tensor(source["index"], pixels.reshape(source["shape"]))
        interpreter.invoke()
        output = interpreter.get_tensor(interpreter.get_output_details()[0]["index"])
        found[number] = (output.astype(np.float32) - zero) * scale
    steps = float(np.abs(found - own).max() / scale)
    same = float((found.argmax(1) == own.argmax(1)).mean())
    story = f"LiteRT: {same:.2%} of the program's own answers, at most {steps:.0f} steps apart"
    if same < 0.995 or steps > 4.5:
        raise Difference(story)
    yield f"{story}; {(own.argmax(1) == case.logits.argmax(1)).mean():.2%} of those in floats"


def check_c_int8(case):
    if case.preset == "vit":
        yield case.refused("c", "--quantize", "int8")
        return
    own = case.quantized()
    found = run_c(case, "gcc", case.export("c", "q.c", "--quantize", "int8"))
    if not np.array_equal(found, own):
        raise Difference(f"gcc: {(found != own).sum()} logits are not the program's")
    yield "gcc: the program's own numbers, bit for bit"


def check_coreml(case):
    import coremltools
    import torch
    from torch.nn import functional as F

    if case.preset == "vit":
        yield case.refused("coreml")
        return
    spec = coremltools.utils.load_spec(str(case.export("coreml", "model.mlmodel")))
    network = spec.neuralNetworkClassifier
    scaler = network.preprocessing[0].scaler
    pixels = torch.from_numpy(case.images.astype(np.float32))[:, None]
    values = {"image": pixels * scaler.channelScale + scaler.grayBias}
    for layer in network.layers:
        x = [values[name] for name in layer.input]
        values[layer.output[0]] = coreml_layer(torch, F, layer, x)
    logits = values[network.layers[-1].input[0]].flatten(1).numpy()
    if network.labelProbabilityLayerName != network.layers[-1].output[0]:
        raise Difference("the probabilities are not those of the last layer")
    yield case.compare("coremltools and PyTorch", logits)


def coreml_layer(torch, F, layer, x):
    """What a layer of a Core ML network gives, as NeuralNetwork.proto defines it."""

    def numbers(weights, *shape):
        return torch.tensor(list(weights.floatValue)).reshape(shape)

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
        name = options.WhichOneof("NonlinearityType")
        values = getattr(options, name)
        return {
            "ReLU": lambda: F.relu(x[0]),
            "leakyReLU": lambda: F.leaky_relu(x[0], values.alpha),
            "tanh": lambda: torch.tanh(x[0]),
            "sigmoid": lambda: torch.sigmoid(x[0]),
            "ELU": lambda: F.elu(x[0], values.alpha),
            "linear": lambda: values.alpha * x[0] + values.beta,
        }[name]()
    return {
        "flatten": lambda: x[0].flatten(1),
        "add": lambda: x[0] + x[1],
        "multiply": lambda: x[0] * x[1],
        "concat": lambda: torch.cat(x, 1),
        "softmax": lambda: torch.softmax(x[0].flatten(1), 1),
    }[kind]()


def check_hub(case):
    from huggingface_hub import ModelCard

    card = ModelCard.load(case.export("hub", "hub") / "README.md")
    data = card.data.to_dict()
    results = card.data.eval_results or []
    if data["datasets"] != ["tiny"] or not any(r.metric_type == "accuracy" for r in results):
        raise Difference(f"the card's front matter lacks something: {data}")
    yield f"huggingface_hub: {len(results)} results, {len(card.text)} characters"


def run_c(case, compiler, source):
    """The logits that a compiled program gives."""
    library = case.folder / f"{source.stem}-{compiler}.so"
    flags = "-std=c99 -Wall -Wextra -pedantic -Werror -O2 -fPIC -shared".split()
    done = subprocess.run([compiler, *flags, source, "-o", library, "-lm"], capture_output=True)
    if done.returncode:
        raise Difference(f"{compiler}: {done.stderr.decode()}")
    network = ctypes.CDLL(str(library))
    logits = np.zeros_like(case.logits)
    for number, image in enumerate(case.images):
        pixels = np.ascontiguousarray(image).ctypes.data_as(ctypes.c_void_p)
        network.emnist_logits(pixels, logits[number].ctypes.data_as(ctypes.c_void_p))
        if network.emnist_classify(pixels) != logits[number].argmax():
            raise Difference(f"{compiler}: emnist_classify gives another class than the logits")
        if network.emnist_accepts(pixels) not in (0, 1):
            raise Difference(f"{compiler}: emnist_accepts gives neither 0 nor 1")
    return logits


def check_c(case):
    if case.preset == "vit":
        yield case.refused("c")
        return
    source = case.export("c", "model.c")
    for compiler in filter(shutil.which, ("gcc", "clang")):
        yield case.compare(compiler, run_c(case, compiler, source))


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


FORMATS = {
    "safetensors": check_safetensors,
    "onnx": check_onnx,
    "tflite": check_tflite,
    "tflite-int8": check_tflite_int8,
    "c": check_c,
    "c-int8": check_c_int8,
    "coreml": check_coreml,
    "hub": check_hub,
    "npz": check_npz,
}

if __name__ == "__main__":
    main()
