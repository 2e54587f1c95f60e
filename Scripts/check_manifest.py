#!/usr/bin/env python3
"""A run is done again by its manifest, with each input changed in turn.

Usage: Scripts/check_manifest.py PROGRAM

As it is, elsewhere and with another number of threads the training must come to the same bits and exit
with 0. With any other input it must say which one differs, by its name; where the result differs too, it
exits with 1. The sums in the manifest are checked against Python's own. Takes about half a minute.
"""

import gzip
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile

DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "Data")
STEM = "emnist-tiny-{}-{}-ubyte.gz"
failures = 0


def run(program, words, **environment):
    return subprocess.run(
        [program, *words], capture_output=True, text=True, env={**os.environ, **environment})


def check(what, holds, found=""):
    global failures
    failures += not holds
    print(f"{'ok  ' if holds else 'FAIL'} {what}" + ("" if holds else f": {found}"))


def edited(folder, part, kind, change):
    """A copy of the shipped data with one file changed, which is what the manifest must name."""
    place = os.path.join(folder, f"{part}-{kind.split('-')[0]}")
    shutil.copytree(DATA, place)
    path = os.path.join(place, STEM.format(part, kind))
    content = bytearray(gzip.open(path).read())
    change(content)
    with open(path, "wb") as file:
        file.write(gzip.compress(bytes(content), mtime=0))
    return place


def one_pixel(content):
    content[16 + 784 * 3 + 400] ^= 8


def two_labels(content):
    body = content[8:]
    other = next(i for i, label in enumerate(body) if label != body[0])
    content[8], content[8 + other] = content[8 + other], content[8]


def sums(manifest):
    """Files and parts by their own bytes."""
    for file in manifest["data"]["files"]:
        digest = hashlib.sha256(open(file["path"], "rb").read()).hexdigest()
        check(f"SHA-256 of {file['role']}", digest == file["sha256"], digest)
    pixels = gzip.open(os.path.join(DATA, STEM.format("test", "images-idx3"))).read()[16:]
    labels = gzip.open(os.path.join(DATA, STEM.format("test", "labels-idx1"))).read()[8:]
    upright = b"".join(
        bytes(pixels[784 * n + 28 * x + y] for y in range(28) for x in range(28))
        for n in range(len(labels)))
    first = min(labels_of_files(manifest))
    words = b"".join(int(label - first).to_bytes(2, "little") for label in labels)
    check("SHA-256 of the test part's images and labels",
          hashlib.sha256(upright + words).hexdigest() == manifest["parts"]["test"]["sha256"])


def labels_of_files(manifest):
    return gzip.open(os.path.join(DATA, STEM.format("train", "labels-idx1"))).read()[8:]


def main(program):
    with tempfile.TemporaryDirectory() as folder:
        first = os.path.join(folder, "first")
        train = ["train", "--data", DATA, "--model", "mlp", "--hidden", "16", "--epochs", "2",
                 "--batch-size", "64", "--threads", "1"]
        done = run(program, [*train, "--out", first, "--quiet"])
        check("the run", done.returncode == 0, done.stderr)
        path = os.path.join(first, "manifest.json")
        manifest = json.load(open(path))
        sums(manifest)
        check("the test part was read once", manifest["test_reads"] == 1)

        number = 0

        def again(what, words, inputs, code, exact=False, **environment):
            nonlocal number
            number += 1
            place = os.path.join(folder, f"again-{number}")
            result = run(program, ["train", "--from-manifest", path, "--out", place, "--json",
                                   "--quiet", *words], **environment)
            if not result.stdout:
                return check(what, False, result.stderr)
            repeats = json.loads(result.stdout)["repeats"]
            names = [difference["name"] for difference in repeats["inputs"]]
            holds = result.returncode == code and (
                names == inputs if exact else set(inputs) <= set(names))
            check(f"{what}: {', '.join(names) or 'nothing'} differs, exit {result.returncode}",
                  holds, f"wanted {inputs}, exit {code}")

        again("as it was", [], [], 0, exact=True)
        copy = os.path.join(folder, "copy")
        shutil.copytree(DATA, copy)
        again("the data elsewhere", ["--data", copy], [], 0, exact=True)
        again("two threads", ["--threads", "2"], ["threads"], 0, exact=True)
        again("AVX2", [], ["simd", "EMNIST_SIMD"], 0, EMNIST_SIMD="avx2")
        for option, value, name in [
            ("--lr", "0.01", "lr"), ("--seed", "7", "seed"), ("--batch-size", "32", "batch_size"),
            ("--hidden", "8", "hidden"), ("--optimizer", "sgd", "optimizer"),
            ("--epochs", "3", "epochs"), ("--val-split", "0.2", "val_split"),
            ("--limit", "500", "limit"), ("--augment", "light", "augment"),
            ("--limit-test", "50", "limit_test"),
        ]:
            again(f"{option} {value}", [option, value], [name], 1)
        for part, kind, change, names in [
            ("train", "images-idx3", one_pixel, ["file of train-images"]),
            ("train", "labels-idx1", two_labels, ["file of train-labels"]),
            ("test", "images-idx3", one_pixel, ["file of test-images", "test images"]),
            ("test", "labels-idx1", two_labels, ["file of test-labels", "test images"]),
        ]:
            place = edited(folder, part, kind, change)
            words = ["--data", place]
            number += 1
            result = run(program, ["train", "--from-manifest", path, "--out",
                                   os.path.join(folder, f"again-{number}"), "--json", "--quiet",
                                   *words])
            repeats = json.loads(result.stdout)["repeats"]
            found = [difference["name"] for difference in repeats["inputs"]]
            holds = set(names) <= set(found) and result.returncode == (0 if repeats["same"] else 1)
            check(f"another {part} {kind}: {', '.join(found)}, exit {result.returncode}", holds)
    print("all hold" if not failures else f"{failures} do not hold")
    return failures != 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(os.path.abspath(sys.argv[1])))
