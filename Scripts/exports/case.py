"""A run whose exports are checked, and how far they may be from what the program itself says."""

import gzip
import json
import subprocess
from pathlib import Path

import numpy as np

SCRIPTS = Path(__file__).resolve().parent.parent
COUNT = 200

# Beside the presets: what none of them has, and the network of the smallest board.
VARIANTS = {
    "lenet5-group": ["--model", "lenet5", "--norm", "group", "--norm-groups", "2"],
    # Trained well, since it takes two operators in whole numbers: where nothing is learned all is a tie.
    "cnn-2-silu": ["--model", "cnn-2", "--activation", "silu", "--epochs", "3"],
    "mlp-16": ["--model", "mlp-512", "--hidden", "16"],
}


class Difference(Exception):
    """Something that is not as it should be."""


class Missing(Exception):
    """A program that a check needs is not installed."""


class Case:
    """A run with the images of its test part and what the program says of them."""

    def __init__(self, program, name, run, folder):
        self.program, self.name, self.run, self.folder = program, name, run, folder
        folder.mkdir(exist_ok=True)
        arrays = np.load(self.export("npz", "reference.npz", "--what", "logits"))
        self.logits, self.labels = arrays["logits"][:COUNT], arrays["labels"][:COUNT]
        self.images = images()[arrays["indices"][:COUNT]]
        self.result = {}

    @property
    def is_over_tokens(self):
        return self.name == "vit"

    def export(self, format, name, *options):
        path = self.folder / name
        command = [
            self.program, "export", self.run, "--format", format, "-o", path, "--json", *options
        ]  # fmt: skip
        done = subprocess.run([*map(str, command)], capture_output=True, text=True, check=False)
        if done.returncode:
            raise Difference(done.stderr.strip() or f"exit code {done.returncode}")
        self.result = json.loads(done.stdout)
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
            if any(words in str(difference) for words in ("is not written with", "has no form")):
                return f"refused: {difference}"
            raise
        raise Difference("is written, though it should be refused")

    def compare(self, what, logits):
        """A line that says how far logits of the first images are from the program's."""
        wanted = self.logits[: len(logits)]
        largest = max(1, float(np.abs(self.logits).max()))
        difference = float(np.abs(logits - wanted).max())
        same = float((logits.argmax(1) == wanted.argmax(1)).mean())
        story = (
            f"{what}: {same:.2%} same answers of {len(logits)}, logits differ by {difference:.1e} "
            f"of {largest:.1f}"
        )
        if not difference <= 1e-4 * largest:
            raise Difference(story)
        return story


def presets(program):
    listed = subprocess.run([program, "models", "--json"], capture_output=True, text=True, check=True)
    return [model["name"] for model in json.loads(listed.stdout)["models"]]


# A deep network that has hardly learned gives its classes logits so close that a step of whole numbers
# decides between them.
LONGER = {"densenet": ["--limit", "3000", "--epochs", "6"]}


def train(program, name, run, *options):
    """A short run: of the options, or of what is checked under that name."""
    options = options or VARIANTS.get(name, ["--model", name])
    if "--epochs" not in options:
        options = [*options, *LONGER.get(name, ["--limit", "600", "--epochs", "1"])]
    data = SCRIPTS.parent / "Data"
    command = [
        program, "train", *options, "--data", data, "--out", run, "--quiet", "--force",
    ]  # fmt: skip
    subprocess.run([*map(str, command)], check=True, capture_output=True)
    return run


def images():
    """The test images that ship, upright."""
    path = SCRIPTS.parent / "Data" / "emnist-tiny-test-images-idx3-ubyte.gz"
    stored = np.frombuffer(gzip.decompress(path.read_bytes()), np.uint8, offset=16)
    return stored.reshape(-1, 28, 28).transpose(0, 2, 1)


def softmax(logits):
    powers = np.exp(logits - logits.max(1, keepdims=True))
    return powers / powers.sum(1, keepdims=True)
