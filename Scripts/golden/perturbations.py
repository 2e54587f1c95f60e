#!/usr/bin/env python3
"""One picture of 9 x 7 pixels, made harder as 'emnist eval --perturb' does: Tests/DatasetsTests/Golden/perturbations.json.

    python3 Scripts/golden/perturbations.py

Made with scipy 1.17.1 (scipy.ndimage), in double precision, on pixels from 0 to 1. Outside is background.
"""

import json
import math
import pathlib

import numpy as np
from scipy import ndimage

H, W = 9, 7
picture = np.random.default_rng(3).integers(0, 256, (H, W)) * (np.random.default_rng(4).random((H, W)) < 0.6)
plane = picture / 255


def resampled(matrix):
    """`matrix` leads from (row, column) of the result to the source, about the middle."""
    middle = np.array([(H - 1) / 2, (W - 1) / 2])
    return ndimage.affine_transform(plane, matrix, middle - matrix @ middle, order=1, mode="grid-constant")


def turned(degrees):
    c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    # Clockwise where rows go down: a column of the result comes from c x + s y, a row from c y - s x.
    return resampled(np.array([[c, -s], [s, c]]))


def thickened(amount):
    grey = ndimage.grey_dilation if amount > 0 else ndimage.grey_erosion
    result, rest = plane, abs(amount)
    while rest > 0:
        extreme = grey(result, size=(3, 3), mode="constant", cval=0)
        result, rest = result + min(rest, 1) * (extreme - result), rest - 1
    return result


cases = [("shift", [s, 0], ndimage.shift(plane, (0, s), order=0)) for s in (1, 3)]
cases += [("shift", [-2, 1], ndimage.shift(plane, (1, -2), order=0))]
cases += [("rotate", [d], turned(d)) for d in (15, -40, 90, 180)]
cases += [("scale", [f], resampled(np.eye(2) / f)) for f in (1.2, 0.7)]
cases += [("thickness", [t], thickened(t)) for t in (0.4, -0.4, 1, -1, 1.5)]
cases += [("blur", [s], ndimage.gaussian_filter(plane, s, mode="constant")) for s in (0.4, 1, 2)]

out = pathlib.Path(__file__).resolve().parents[2] / "Tests/DatasetsTests/Golden/perturbations.json"
out.parent.mkdir(exist_ok=True)
out.write_text(json.dumps({
    "height": H, "width": W, "pixels": picture.flatten().tolist(),
    "cases": [{"kind": kind, "strengths": strengths, "values": [float(v) for v in values.flatten()]}
              for kind, strengths, values in cases]}) + "\n")
