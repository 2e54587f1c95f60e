"""The C program on this machine: what gcc and clang make of it, called on each image."""

import ctypes
import shutil
import subprocess

import numpy as np

from .case import Difference

STRICT = "-std=c99 -Wall -Wextra -pedantic -Werror".split()


def check_c(case):
    if case.is_over_tokens:
        yield case.refused("c")
        return
    source = case.export("c", "model.c")
    for compiler in filter(shutil.which, ("gcc", "clang")):
        yield case.compare(compiler, logits(case, load(case, compiler, source)))


def check_c_int8(case):
    if case.is_over_tokens or "group" in case.name:
        yield case.refused("c", "--quantize", "int8")
        return
    own = case.quantized()
    found = logits(case, load(case, "gcc", case.export("c", "q.c", "--quantize", "int8")))
    if not np.array_equal(found, own):
        raise Difference(f"gcc: {(found != own).sum()} logits are not the program's")
    yield "gcc: the program's own numbers, bit for bit"


def load(case, compiler, source):
    """The compiled program as a library."""
    library = case.folder / f"{source.stem}-{compiler}.so"
    command = [compiler, *STRICT, "-O2", "-fPIC", "-shared", source, "-o", library, "-lm"]
    done = subprocess.run(command, capture_output=True, check=False)
    if done.returncode:
        raise Difference(f"{compiler}: {done.stderr.decode()}")
    return ctypes.CDLL(str(library))


def logits(case, network):
    """The logits of every image, their classes checked by the way."""
    found = np.zeros_like(case.logits)
    for number, image in enumerate(case.images):
        pixels = np.ascontiguousarray(image).ctypes.data_as(ctypes.c_void_p)
        network.emnist_logits(pixels, found[number].ctypes.data_as(ctypes.c_void_p))
        if network.emnist_classify(pixels) != found[number].argmax():
            raise Difference("emnist_classify gives another class than the logits")
        if network.emnist_accepts(pixels) not in (0, 1):
            raise Difference("emnist_accepts gives neither 0 nor 1")
    return found


def accepted(case, network):
    """What of the images the program takes for characters."""
    return [
        network.emnist_accepts(np.ascontiguousarray(image).ctypes.data_as(ctypes.c_void_p))
        for image in case.images
    ]
