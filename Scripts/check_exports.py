#!/usr/bin/env python3
"""Checks what `emnist export` writes with the programs that it is written for.

    python3 -m venv venv && venv/bin/pip install numpy torch safetensors onnx onnxruntime \\
        ai-edge-litert tflite-micro coremltools huggingface_hub
    apt-get install gcc-arm-none-eabi libnewlib-arm-none-eabi qemu-system-arm gcc-avr avr-libc simavr
    swift build -c release
    venv/bin/python Scripts/check_exports.py --emnist .build/release/emnist

Every preset, and some networks that are none (--list names all), is trained for an epoch on a few of
the synthetic images that ship (--preset names one, --runs a directory of runs whose names are these),
written in every format (--format names one) and run by the format's own reader on images of the test
part:

  - safetensors: PyTorch, by Scripts/load_in_torch.py,
  - onnx: onnx's checker in full, ONNX Runtime, for both types of input and for swapped images, in
    batches of 1 and more; labels, temperature, threshold and score in the metadata,
  - tflite: LiteRT (ai-edge-litert) and TensorFlow Lite Micro (tflite-micro), whose arena is within
    10 % of the RAM that export names,
  - c: gcc and, if it is there, clang with -std=c99 -Wall -Wextra -pedantic -Werror, and what they
    made called on each image,
  - tflite and c with --quantize int8: LiteRT and Micro give at least 99.5 % of the answers of the
    program's own whole numbers and logits at most 4 steps from them, what gcc made of C the same
    numbers bit for bit,
  - cortex-m: C in floats and whole numbers by arm-none-eabi-gcc on a Cortex-M4 of QEMU,
  - atmega328: mlp-16 (mlp-512 --hidden 16) in whole numbers by avr-gcc on an ATmega328 of simavr,
    weights in program memory, bit for bit what this machine computes,
  - coreml: coremltools parses it; its layers, computed by PyTorch,
  - hub: huggingface_hub parses the card's front matter,
  - npz: NumPy, the weights bit for bit those of safetensors.

A float format agrees if no logit differs by more than 1e-4 times the largest one, or 1. Readers that
are not installed are named. Ends with 1 if anything differs.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from exports.arrays import check_hub, check_npz, check_safetensors
from exports.c import check_c, check_c_int8
from exports.case import VARIANTS, Case, Difference, Missing, presets, train
from exports.coreml import check_coreml
from exports.microcontrollers import check_atmega328, check_cortex_m
from exports.onnx_runtime import check_onnx
from exports.tflite import check_tflite, check_tflite_int8

FORMATS = {
    "safetensors": check_safetensors,
    "onnx": check_onnx,
    "tflite": check_tflite,
    "tflite-int8": check_tflite_int8,
    "c": check_c,
    "c-int8": check_c_int8,
    "cortex-m": check_cortex_m,
    "atmega328": check_atmega328,
    "coreml": check_coreml,
    "hub": check_hub,
    "npz": check_npz,
}


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--emnist", required=True, type=Path, help="the built program")
    parser.add_argument("--preset", action="append", help="only this network; may be repeated")
    parser.add_argument("--format", action="append", choices=FORMATS, help="only this one")
    parser.add_argument("--runs", type=Path, help="take runs from there instead of training")
    parser.add_argument("--list", action="store_true", help="name the networks, and end")
    arguments = parser.parse_args()
    program = arguments.emnist.resolve()
    names = arguments.preset or presets(program) + list(VARIANTS)
    if arguments.list:
        print("\n".join(names))
        return
    failures = 0
    with tempfile.TemporaryDirectory() as folder:
        for name in names:
            place = Path(folder) / name
            run = arguments.runs / name if arguments.runs else train(program, name, place)
            case = Case(program, name, run, place)
            for format in arguments.format or FORMATS:
                failures += check(case, format)
    sys.exit(1 if failures else 0)


def check(case, format):
    """0 if all is well; prints what was seen."""
    try:
        for story in FORMATS[format](case):
            print(f"{case.name:12} {format:12} {story}", flush=True)
        return 0
    except (ModuleNotFoundError, Missing) as error:
        missing = error.name if isinstance(error, ModuleNotFoundError) else error
        print(f"{case.name:12} {format:12} SKIPPED: {missing} is not installed", flush=True)
        return 0
    except Difference as difference:
        print(f"{case.name:12} {format:12} FAILED: {difference}", file=sys.stderr, flush=True)
        return 1


if __name__ == "__main__":
    main()
