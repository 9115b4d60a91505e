#!/usr/bin/env python3
"""Golden values, by numpy and scipy: the scores of the eleven shipped sessions if every kernel is applied to the grey
image by itself, and the R² of the power and the step model. No pixels are stored.

    python3 -m pip install numpy scipy
    python3 tests/golden/each_kernel.py FOLDER > tests/golden/each_kernel.json

FOLDER contains test_batch.bin of the binary version of CIFAR-10, whose record 75 is the bird.
"""
import json
import pathlib
import sys

import numpy as np
import scipy
from numpy.lib.stride_tricks import sliding_window_view
from scipy.signal import correlate2d

from hash_noise import luma
from static import field

SCALE = float(np.float32(1.0 / 255.0))
SESSIONS = pathlib.Path(__file__).parents[2] / "data/paper/sessions"
# Of these, the scores of all filters are stored; of the others, the layer scores.
WHOLE = ("1-1", "50000-1")


def score(values):
    unit = (values - values.min()) / (values.max() - values.min())
    return sliding_window_view(unit, (3, 3)).std(axis=(2, 3)).mean()


def filter_scores(grey, weights, border):
    correlate = lambda kernel: correlate2d(grey, kernel, mode=border, boundary="fill", fillvalue=0)
    return np.array([np.mean([score(correlate(kernel)) for kernel in f]) for f in weights])


def r_squared(columns, y):
    left = y - columns @ np.linalg.lstsq(columns, y, rcond=None)[0]
    return 1.0 - float(left @ left / ((y - y.mean()) @ (y - y.mean())))


record = np.frombuffer((pathlib.Path(sys.argv[1]) / "test_batch.bin").read_bytes(), dtype=np.uint8)[75 * 3073 + 1 : 76 * 3073]
grey_bytes = np.frombuffer(field(1), dtype=np.uint8).astype(float).reshape(32, 32)
pictures = {
    "bird": luma(record.reshape(3, 32, 32).astype(float)) * SCALE,
    "static": luma(np.array([grey_bytes] * 3)) * SCALE,
}
names = sorted((path.name for path in SESSIONS.iterdir()), key=lambda name: [int(part) for part in name.split("-")])
iterations = np.array([int(name.split("-")[0]) for name in names], dtype=float)
filters = {name: [np.load(SESSIONS / name / f"layer{layer}.npy").astype(float) for layer in (1, 2)] for name in names}
cells = []
for image, grey in pictures.items():
    for border in ("same", "valid"):
        for layer in (1, 2):
            scores = {name: filter_scores(grey, filters[name][layer - 1], border) for name in names}
            ln_y = np.log([scores[name].sum() for name in names])
            one = np.ones_like(iterations)
            cells.append({
                "image": image,
                "border": border,
                "layer": layer,
                "sums": {name: float(scores[name].sum()) for name in names},
                "filters": {name: scores[name].tolist() for name in WHOLE},
                "power": r_squared(np.column_stack([one, np.log(iterations)]), ln_y),
                "step": r_squared(np.column_stack([one, iterations > 1]), ln_y),
            })
json.dump({
    "versions": {"python": sys.version.split()[0], "numpy": np.__version__, "scipy": scipy.__version__},
    "cells": cells,
}, sys.stdout, indent=1)
