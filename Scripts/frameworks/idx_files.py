"""MNIST's files as arrays."""

import gzip
from pathlib import Path

import numpy as np


def mnist(directory, part):
    """Images from 0 to 1, [N, 28, 28], and labels of `train` or `t10k`."""
    return (
        read(directory, f"{part}-images", 16).reshape(-1, 28, 28).astype(np.float32) / 255,
        read(directory, f"{part}-labels", 8).astype(np.int64),
    )


def read(directory, stem, header):
    path = next(p for p in sorted(Path(directory).iterdir()) if p.name.startswith(stem))
    data = path.read_bytes()
    if data[:2] == b"\x1f\x8b":
        data = gzip.decompress(data)
    return np.frombuffer(data, np.uint8, offset=header)
