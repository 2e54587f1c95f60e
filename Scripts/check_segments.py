#!/usr/bin/env python3
"""Composes pages of real characters and compares what 'predict --segment' finds with what was put there.

    Scripts/check_segments.py PROGRAM RUN [--data ../shared/data] [--pages 20] [--keep FOLDER]

A page has two lines of characters of EMNIST's ByClass test part, i and j among them, of several sizes
and at several distances; lines run aslant, characters lean, and a tenth of them is broken by a gap. The
same seed makes the same pages. Counted are boxes that overlap a character's own (intersection over
union) by at least a half, in the order of reading; 95 % are asked for. Needs numpy.
"""
import argparse, gzip, json, struct, subprocess, sys, tempfile, zlib
from pathlib import Path

import numpy as np


def idx(path):
    data = gzip.open(path).read()
    shape = struct.unpack(f">{data[3]}I", data[4:4 + 4 * data[3]])
    return np.frombuffer(data, np.uint8, offset=4 + 4 * data[3]).reshape(shape)


def png(path, gray):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    rows = b"".join(b"\0" + row.tobytes() for row in gray)
    head = struct.pack(">IIBBBBB", gray.shape[1], gray.shape[0], 8, 0, 0, 0, 0)
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows))
                     + chunk(b"IEND", b""))


def warped(image, scale, lean):
    """The image enlarged and leaning, by bilinear interpolation."""
    side = int(28 * scale)
    y, x = np.mgrid[:side, :side * 3 // 2]
    v, u = y / scale - 0.5, (x - side / 4 + lean * (y - side / 2)) / scale - 0.5
    padded = np.pad(image.astype(float), 2)
    v, u = np.clip(v + 2, 0, 30.99), np.clip(u + 2, 0, 30.99)
    i, j = v.astype(int), u.astype(int)
    a, b = v - i, u - j
    return ((1 - a) * (1 - b) * padded[i, j] + (1 - a) * b * padded[i, j + 1]
            + a * (1 - b) * padded[i + 1, j] + a * b * padded[i + 1, j + 1])


def box(ink):
    ys, xs = np.where(ink > 96)
    return xs.min(), ys.min(), xs.max() + 1, ys.max() + 1


def broken(ink, generator):
    """The ink with a gap across its middle, where that leaves two parts."""
    left, top, right, bottom = box(ink)
    gap = max(2, int(0.05 * max(right - left, bottom - top)))
    row = int(top + (bottom - top) * generator.uniform(0.35, 0.65))
    ink = ink.copy()
    ink[row:row + gap] = 0
    return ink


def compose(images, labels, generator):
    """A page, and the boxes of its characters in the order of reading."""
    page, boxes = np.zeros((460, 1100)), []
    ij = np.flatnonzero((labels == 44) | (labels == 45))
    for line in range(2):
        slant, scale = generator.uniform(-0.04, 0.04), generator.uniform(2.2, 3.2)
        lean, x = generator.uniform(-0.15, 0.25), 20.0
        while True:
            number = generator.choice(ij) if generator.random() < 0.15 else generator.integers(len(images))
            ink = warped(images[number], scale * generator.uniform(0.85, 1.1), lean)
            if generator.random() < 0.1: ink = broken(ink, generator)
            left, top, right, bottom = box(ink)
            if x + right - left > 1080: break
            ink = ink[top:bottom, left:right]
            y = int(40 + 210 * line + 100 - (bottom - top) / 2 + slant * (x - 550) + generator.uniform(-6, 6))
            part = page[y:y + bottom - top, int(x):int(x) + right - left]
            np.maximum(part, ink, out=part)
            boxes.append((int(x), y, int(x) + right - left, y + bottom - top))
            x += right - left + generator.uniform(0.25, 0.7) * 24 * scale
    paper = 225 + 15 * np.linspace(-1, 1, page.shape[1]) + generator.normal(0, 3, page.shape)
    return np.clip(paper - page * 0.7, 0, 255).astype(np.uint8), boxes


def overlap(a, b):
    wide, high = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    if wide <= 0 or high <= 0: return 0.0
    both = wide * high
    return both / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - both)


def in_order(found, boxes):
    """The most boxes that are found in their order: a longest common subsequence."""
    best = np.zeros((len(found) + 1, len(boxes) + 1), int)
    for i, a in enumerate(found):
        for j, b in enumerate(boxes):
            best[i + 1, j + 1] = best[i, j] + 1 if overlap(a, b) >= 0.5 else max(best[i, j + 1], best[i + 1, j])
    return best[-1, -1]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("run")
    parser.add_argument("--data", default=Path(__file__).resolve().parents[1] / "../shared/data", type=Path)
    parser.add_argument("--pages", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--keep", type=Path, help="leave pages and what was found there")
    options = parser.parse_args()
    images = idx(options.data / "emnist-byclass/emnist-byclass-test-images-idx3-ubyte.gz").transpose(0, 2, 1)[:20000]
    labels = idx(options.data / "emnist-byclass/emnist-byclass-test-labels-idx1-ubyte.gz")[:20000]
    right = total = surplus = 0
    with tempfile.TemporaryDirectory() as name:
        folder = options.keep or Path(name)
        folder.mkdir(exist_ok=True)
        for page in range(options.pages):
            picture, boxes = compose(images, labels, np.random.default_rng([options.seed, page]))
            file = folder / f"page-{page:02}.png"
            png(file, picture)
            done = subprocess.run(
                [options.program, "predict", "--run", options.run, "--segment", "--json", file, "-o",
                 folder / f"found-{page:02}.png"], capture_output=True, text=True)
            if done.returncode: sys.exit(done.stderr)
            found = [[(b := p["box"])["x"], b["y"], b["x"] + b["width"], b["y"] + b["height"]]
                     for p in json.loads(done.stdout)["predictions"]]
            hits = in_order(found, boxes)
            right, total, surplus = right + hits, total + len(boxes), surplus + len(found) - hits
            print(f"page {page}: {hits} of {len(boxes)} in order, {len(found)} found")
    print(f"{right} of {total} characters found in order ({100 * right / total:.1f} %), {surplus} boxes too many")
    sys.exit(1 if right < 0.95 * total else 0)


if __name__ == "__main__":
    main()
