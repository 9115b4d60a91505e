#!/usr/bin/env python3
"""Golden values for the feature maps, by scipy's correlate2d.

    python3 -m pip install numpy scipy
    python3 tests/golden/responses.py > tests/golden/responses.json

Images, weights and biases are not stored: the tests and this script both draw them (hash_noise.py). Each
map is stored as some of its entries (including the corners), its L2 norm, and a sum weighted with noise,
which differs for any two arrangements of the same values.
"""
import json
import sys

import numpy as np
import scipy
from scipy.signal import correlate2d

from hash_noise import luma, noise, picture

SCALE = float(np.float32(1.0 / 255.0))


def banks(case):
    (f1, f2), (k1, k2) = case["filters"], case["kernels"]
    shapes = [(f1, 3, k1, k1), (f2, f1, k2, k2)]
    draw = lambda shape, salt: noise(int(np.prod(shape)), salt).astype(np.float32).astype(np.float64).reshape(shape)
    return [(draw(shape, 11 + layer), draw(shape[:1], 21 + layer)) for layer, shape in enumerate(shapes)]


def layer(maps, weights, bias, mode):
    return np.array([
        sum(correlate2d(channel, kernel, mode=mode, boundary="fill", fillvalue=0) for channel, kernel in zip(maps, filt)) + b
        for filt, b in zip(weights, bias)
    ])


def relu_and_pool(maps):
    maps = np.maximum(maps, 0.0)
    n, h, w = maps.shape
    return maps[:, : h // 2 * 2, : w // 2 * 2].reshape(n, h // 2, 2, w // 2, 2).max(axis=(2, 4))


def response(case, reading, border, number):
    pixels = picture(case["height"], case["width"], 31)
    stack = banks(case)
    if reading == "forward-pass":
        maps = pixels * SCALE
        for weights, bias in stack[: number - 1]:
            maps = relu_and_pool(layer(maps, weights, bias, border))
        return layer(maps, *stack[number - 1], border)
    weights, _ = stack[number - 1]
    slices = weights[:, :1] if reading == "kernel-slice" else weights
    grey = luma(pixels) * SCALE
    if reading == "each-kernel":
        return np.array([correlate2d(grey, kernel, mode=border, boundary="fill", fillvalue=0) for f in slices for kernel in f])
    return np.array([sum(correlate2d(grey, s, mode=border, boundary="fill", fillvalue=0) for s in f) for f in slices])


def stored(maps):
    rows = []
    for values in maps:
        h, w = values.shape
        spread = np.linspace(0, h * w - 1, min(16, h * w)).astype(int)
        index = np.unique(np.concatenate([spread, [0, w - 1, (h - 1) * w, h * w - 1]]))
        rows.append({
            "index": index.tolist(),
            "value": values.ravel()[index].tolist(),
            "norm": float(np.linalg.norm(values)),
            "weighted": float(values.ravel() @ noise(h * w, 41)),
        })
    return {"height": maps.shape[1], "width": maps.shape[2], "maps": rows}


def outcomes(case):
    valid_fits = {"forward-pass": case["valid"], "kernel-slice": [1, 2], "kernel-slice-sum": [1, 2], "each-kernel": [1, 2]}
    for reading, layers in valid_fits.items():
        for number in (1, 2):
            for border in ("same", "valid"):
                if border == "same" or (number in layers and min(case["height"], case["width"]) >= max(case["kernels"])):
                    yield {"reading": reading, "border": border, "layer": number, **stored(response(case, reading, border, number))}


cases = [
    dict(filters=[4, 3], kernels=[5, 5], height=32, width=32, valid=[1, 2]),
    dict(filters=[2, 3], kernels=[3, 7], height=17, width=23, valid=[1, 2]),
    dict(filters=[3, 2], kernels=[5, 3], height=13, width=11, valid=[1, 2]),
    dict(filters=[1, 1], kernels=[1, 1], height=5, width=4, valid=[1, 2]),
    dict(filters=[2, 2], kernels=[7, 5], height=5, width=6, valid=[]),
]
json.dump({
    "versions": {"python": sys.version.split()[0], "numpy": np.__version__, "scipy": scipy.__version__},
    "cases": [{**case, "responses": list(outcomes(case))} for case in cases],
}, sys.stdout, indent=None, separators=(",", ":"))
