#!/usr/bin/env python3
"""Golden values for the measures of maps (by numpy, scipy and scikit-image) and of filters (by numpy).

    python3 -m pip install numpy scipy scikit-image
    python3 tests/golden/measures.py > tests/golden/measures.json

Random maps and filters are not stored: the tests and this script both draw them (hash_noise.py). Some maps are smoothed
by box sums, so that not all lengths and slopes are those of noise.
"""
import json
import sys

import numpy as np
import scipy
import skimage
from scipy.ndimage import correlate, uniform_filter
from scipy.signal.windows import hann
from skimage.measure import blur_effect

from hash_noise import noise


def unit(values):
    return (values - values.min()) / (values.max() - values.min())


def total_variation(m):
    return np.concatenate([np.abs(np.diff(m, axis=0)).ravel(), np.abs(np.diff(m, axis=1)).ravel()]).mean()


def laplacian_energy(m):
    kernel = np.array([[0, 1, 0], [1, -4, 1], [0, 1, 0]], float)
    return (correlate(m, kernel)[1:-1, 1:-1] ** 2).mean()


def spectrum(m):
    window = np.outer(hann(m.shape[0], sym=False), hann(m.shape[1], sym=False))
    power = np.abs(np.fft.fft2((m - m.mean()) * window)) ** 2
    radius = np.hypot(np.fft.fftfreq(m.shape[0])[:, None], np.fft.fftfreq(m.shape[1])[None, :])
    return power, radius


def high_frequency_share(m):
    power, radius = spectrum(m)
    return power[radius > 0.25].sum() / power[radius > 0].sum()


def spectral_slope(m):
    power, radius = spectrum(m)
    # A radius halfway between two rings belongs to the outer one, whatever the rounding error.
    ring = np.floor(radius * min(m.shape) + 0.5 + 1e-9).astype(int)
    k = np.arange(1, min(m.shape) // 2 + 1)
    means = np.array([power[ring == i].mean() for i in k])
    return np.polyfit(np.log(k), np.log(means), 1)[0]


def autocorrelation_length(m):
    z = m - m.mean()
    variance = (z**2).mean()
    most = min(m.shape) // 2
    r = [1.0]
    for d in range(1, most + 1):
        r.append(((z[d:] * z[:-d]).mean() + (z[:, d:] * z[:, :-d]).mean()) / 2 / variance)
    below = [d for d, value in enumerate(r) if value <= np.exp(-1)]
    if not below:
        return float(most)
    d = below[0]
    return d - 1 + (r[d - 1] - np.exp(-1)) / (r[d - 1] - r[d])


def blur(m):
    half = min(m.shape) // 2
    return blur_effect(m, h_size=int(np.clip(half - (half + 1) % 2, 3, 11)))


def drawn_map(height, width, salt, box):
    values = noise(height * width, salt).reshape(height, width)
    if box > 1:
        # Sums over windows of a larger map of noise.
        larger = noise((height + box - 1) * (width + box - 1), salt).reshape(height + box - 1, width + box - 1)
        values = np.lib.stride_tricks.sliding_window_view(larger, (box, box)).sum(axis=(2, 3))
    m = unit(values)
    return {"height": height, "width": width, "salt": salt, "box": box, "values": {
        "total-variation": total_variation(m),
        "laplacian-energy": laplacian_energy(m),
        "high-frequency-share": high_frequency_share(m),
        "spectral-slope": spectral_slope(m),
        "autocorrelation-length": autocorrelation_length(m),
        "blur-effect": blur(m),
    }}


def drawn_filter(channels, k, salt, box):
    """Noise in float32; for box > 1 smoothed along both axes of each slice, with zeros outside."""
    w = noise(channels * k * k, salt).reshape(channels, k, k).astype(np.float32)
    if box > 1:
        padded = np.pad(w, ((0, 0), (box // 2, box // 2), (box // 2, box // 2)))
        w = np.lib.stride_tricks.sliding_window_view(padded, (box, box), axis=(1, 2)).astype(np.float64)
        w = w.sum(axis=(3, 4)).astype(np.float32)
    start = noise(channels * k * k, salt + 1000).reshape(channels, k, k)
    w = w.astype(np.float64)
    z = w - w.mean()
    pairs = [(z[:, 1:, :], z[:, :-1, :]), (z[:, :, 1:], z[:, :, :-1])]
    a = np.concatenate([one.ravel() for one, _ in pairs])
    b = np.concatenate([other.ravel() for _, other in pairs])
    strong = np.where(np.abs(w) > np.percentile(np.abs(w), 75), np.sign(w), 0)
    around = np.pad(strong, ((0, 0), (1, 1), (1, 1)))
    neighbours = [around[:, :-2, 1:-1], around[:, 2:, 1:-1], around[:, 1:-1, :-2], around[:, 1:-1, 2:]]
    together = np.any([(side == strong) for side in neighbours], axis=0) & (strong != 0)
    s = np.linalg.svd(w.reshape(channels, k * k), compute_uv=False)
    p = s / s.sum()
    return {"channels": channels, "kernel": k, "salt": salt, "box": box, "values": {
        "roughness": ((a - b) ** 2).mean() / (2 * z.var()),
        "morans-i": (a * b).mean() / z.var(),
        "strong-neighbours": together.sum() / (strong != 0).sum(),
        "singular-entropy": -(p * np.log(p)).sum() / np.log(min(w.shape[0], k * k)),
        "distance-travelled": np.linalg.norm(w - start) / np.linalg.norm(start),
    }}


sizes = [(32, 32), (16, 16), (28, 28), (10, 10), (17, 23), (64, 48), (8, 9)]
json.dump({
    "versions": {"python": sys.version.split()[0], "numpy": np.__version__, "scipy": scipy.__version__,
                 "scikit-image": skimage.__version__},
    "maps": [drawn_map(*size, salt, box) for salt, size in enumerate(sizes) for box in (1, 3, 5)],
    "filters": [drawn_filter(channels, k, salt, box) for salt, (channels, k) in
                enumerate([(3, 5), (16, 5), (3, 3), (32, 5), (64, 7), (2, 11)]) for box in (1, 3)],
}, sys.stdout, indent=1)
