#!/usr/bin/env python3
"""Golden values, by scipy: feature maps and scores of CIFAR-10's test images. No pixels are stored. The first
1,000 images of the test batch are identical in all known copies.

    python3 -m pip install numpy scipy
    python3 tests/golden/real_pictures.py FOLDER > tests/golden/real_pictures.json

FOLDER contains test_batch.bin of the binary version.
"""
import json
import pathlib
import sys

import numpy as np
import scipy
from scipy.ndimage import generic_filter
from scipy.signal import correlate2d

from hash_noise import luma, noise

SCALE = float(np.float32(1.0 / 255.0))
FILTERS, KERNEL = (4, 3), 5


def score(values):
    unit = (values - values.min()) / (values.max() - values.min())
    return float(generic_filter(unit, np.std, size=3)[1:-1, 1:-1].mean())


def layer(maps, weights, bias):
    correlate = lambda a, b: correlate2d(a, b, mode="same", boundary="fill", fillvalue=0)
    return np.array([sum(map(correlate, maps, f)) + b for f, b in zip(weights, bias)])


def described(data, record):
    pixels = data[record * 3073 + 1 : (record + 1) * 3073].reshape(3, 32, 32).astype(float)
    draw = lambda shape, salt: noise(int(np.prod(shape)), salt).astype(np.float32).astype(float).reshape(shape)
    first = layer(pixels * SCALE, draw((FILTERS[0], 3, KERNEL, KERNEL), 11), draw((FILTERS[0],), 21))
    pooled = np.maximum(first, 0.0).reshape(FILTERS[0], 16, 2, 16, 2).max(axis=(2, 4))
    second = layer(pooled, draw((FILTERS[1], FILTERS[0], KERNEL, KERNEL), 12), draw((FILTERS[1],), 22))
    return {
        "record": record,
        "luma": score(luma(pixels)),
        "layers": [[score(values) for values in maps] for maps in (first, second)],
        "norms": [[float(np.linalg.norm(values)) for values in maps] for maps in (first, second)],
    }


data = np.frombuffer((pathlib.Path(sys.argv[1]) / "test_batch.bin").read_bytes(), dtype=np.uint8)
json.dump({
    "versions": {"python": sys.version.split()[0], "numpy": np.__version__, "scipy": scipy.__version__},
    "pictures": [described(data, record) for record in (0, 1, 75, 400, 999)],
}, sys.stdout, indent=1)
