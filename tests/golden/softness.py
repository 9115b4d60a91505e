#!/usr/bin/env python3
"""Golden values for the softness scores, by scipy's generic_filter, and for percentiles, by numpy.

    python3 -m pip install numpy scipy
    python3 tests/golden/softness.py > tests/golden/softness.json

Random maps are not stored: the tests and this script both draw them (hash_noise.py). Images are stored:
bytes with a 1/f spectrum, a disc and an edge, as in photographs.
"""
import json
import sys

import numpy as np
import scipy
from scipy.ndimage import generic_filter

from hash_noise import noise


def mean_deviation(values):
    """The mean of the population standard deviations of the 3 x 3 windows that lie completely inside."""
    return float(generic_filter(values, np.std, size=3)[1:-1, 1:-1].mean())


def scores(values):
    from_least = values - values.min()  # standard deviations do not change when a constant is added
    unit = from_least / from_least.max()
    return {
        "min-max": mean_deviation(unit),
        "raw": mean_deviation(from_least),
        "divide-by-255": mean_deviation(from_least / 255.0),
        "eight-bit": mean_deviation(np.floor(255.0 * unit + 0.5) / 255.0),
    }


def drawn_map(height, width, salt, scale, offset):
    values = (noise(height * width, salt) * scale + offset).reshape(height, width)
    return {"height": height, "width": width, "salt": salt, "scale": scale, "offset": offset, "scores": scores(values)}


def drawn_picture(seed):
    random = np.random.default_rng(seed)
    frequency = np.hypot(*np.meshgrid(np.fft.fftfreq(32), np.fft.fftfreq(32)))
    frequency[0, 0] = 1.0
    ground = np.fft.ifft2(np.exp(2j * np.pi * random.random((32, 32))) / frequency).real
    y, x = np.mgrid[0:32, 0:32]
    ground = 128 + 40 * ground / ground.std() + np.where((y - 14) ** 2 + (x - 18) ** 2 < 60, 70, 0)
    ground[:, : 4 + seed] *= 0.5
    pixels = np.clip(np.rint(ground), 0, 255).astype(int)
    return {"pixels": pixels.tolist(), "scores": scores(pixels.astype(float))}


def percentiles(count, salt):
    values = noise(count, salt)
    percents = [0, 5, 12.5, 50, 90, 99.9, 100]
    return {"count": count, "salt": salt, "percents": percents, "values": np.percentile(values, percents).tolist()}


sizes = [(3, 3), (3, 9), (8, 3), (4, 5), (10, 10), (16, 16), (17, 23), (28, 28), (32, 32), (64, 48)]
json.dump({
    "versions": {"python": sys.version.split()[0], "numpy": np.__version__, "scipy": scipy.__version__},
    "maps": [drawn_map(*size, salt, 2.5, -0.25) for salt, size in enumerate(sizes)]
    + [drawn_map(32, 32, 100, 1e-3, 1e8), drawn_map(32, 32, 101, 1000.0, -1e12), drawn_map(9, 9, 102, 1e-6, 1.0)]
    + [drawn_map(9, 9, 103, 1e100, 0.0), drawn_map(9, 9, 104, 1e-100, 0.0), drawn_map(32, 32, 105, 65536.0, 0.0)],
    "pictures": [drawn_picture(seed) for seed in range(4)],
    "percentiles": [percentiles(count, 7) for count in (1, 2, 3, 10, 21, 100, 1601, 3600)],
}, sys.stdout, indent=1)
