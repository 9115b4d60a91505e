"""Images, the maps that filters make of them under the four readings, and the score of a map."""
import struct
import zlib

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

READINGS = ["forward-pass", "kernel-slice-sum", "each-kernel", "kernel-slice"]
BORDERS = ["same", "valid"]
INPUT_SCALE = float(np.float32(1) / np.float32(255))


# ---- Images

def png(path):
    """A PNG of 8-bit RGB pixels that is not interlaced, as (3, h, w)."""
    data = path.read_bytes()
    assert data[:8] == b"\x89PNG\r\n\x1a\n", path
    place, packed = 8, b""
    while place < len(data):
        length, kind = struct.unpack(">I4s", data[place:place + 8])
        content = data[place + 8:place + 8 + length]
        if kind == b"IHDR":
            width, height, depth, colour, _, _, interlaced = struct.unpack(">IIBBBBB", content)
            assert (depth, colour, interlaced) == (8, 2, 0), path
        if kind == b"IDAT":
            packed += content
        place += 12 + length
    raw, step = zlib.decompress(packed), 3 * width
    above, lines = [0] * step, []
    for line in range(height):
        kind, values = raw[line * (step + 1)], list(raw[line * (step + 1) + 1:(line + 1) * (step + 1)])
        for at in range(step):
            left, up, corner = (values[at - 3] if at > 2 else 0), above[at], (above[at - 3] if at > 2 else 0)
            guess = left + up - corner
            paeth = min((left, up, corner), key=lambda value: abs(guess - value))
            values[at] = (values[at] + [0, left, up, (left + up) // 2, paeth][kind]) & 255
        lines.append(values)
        above = values
    return np.array(lines, float).reshape(height, width, 3).transpose(2, 0, 1)


def static(seed):
    """Static, by its recipe: ChaCha with 8 rounds; the key is "softness static ", the seed in 8 little-endian bytes, and 8 zeros. Each pixel takes
    64 bits, low word first, and is white if the highest bit is 1."""
    key = struct.unpack("<8I", b"softness static " + struct.pack("<Q", seed) + bytes(8))
    counters = np.arange(128, dtype=np.uint32)
    words = [np.full(128, word, np.uint32) for word in [*struct.unpack("<4I", b"expand 32-byte k"), *key, 0, 0, 0, 0]]
    words[12] = counters
    state = [word.copy() for word in words]

    def quarter(a, b, c, d):
        for p, q, r, turn in [(a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)]:
            state[p] = state[p] + state[q]
            mixed = state[r] ^ state[p]
            state[r] = (mixed << np.uint32(turn)) | (mixed >> np.uint32(32 - turn))

    for _ in range(4):
        for column in range(4):
            quarter(column, 4 + column, 8 + column, 12 + column)
        for row in range(4):
            quarter(row, 4 + (row + 1) % 4, 8 + (row + 2) % 4, 12 + (row + 3) % 4)
    stream = np.stack([a + b for a, b in zip(state, words)], axis=1).reshape(-1)
    grey = np.where(stream[1::2] >> np.uint32(31) == 1, 255.0, 0.0).reshape(32, 32)
    return np.stack([grey] * 3)


def luma(image):
    red, green, blue = image
    grey = 0.299 * red + 0.587 * green + 0.114 * blue
    return np.where((red == green) & (green == blue), red, grey)


# ---- Maps and their scores

def windows(maps, kernel, border):
    """Every window of (in, h, w), as (h', w', in, k, k)."""
    if border == "same":
        edge = (kernel - 1) // 2
        maps = np.pad(maps, ((0, 0), (edge, kernel - 1 - edge), (edge, kernel - 1 - edge)))
    return sliding_window_view(maps, (kernel, kernel), axis=(1, 2)).transpose(1, 2, 0, 3, 4)


def correlate(maps, weights, border):
    """Cross-correlation of (in, h, w) with (out, in, k, k): (out, h', w')."""
    patches = windows(maps, weights.shape[-1], border)
    height, width = patches.shape[:2]
    result = patches.reshape(height * width, -1) @ weights.reshape(len(weights), -1).T
    return result.T.reshape(len(weights), height, width)


def scores(maps):
    """The softness score of each of (n, h, w): the mean standard deviation of the 3 x 3 windows after scaling to 0..1."""
    low, high = maps.min(axis=(1, 2)), maps.max(axis=(1, 2))
    largest = np.abs(maps).max(axis=(1, 2))
    constant = high - low <= 1e-12 * largest
    scaled = (maps - low[:, None, None]) / np.where(constant, 1, high - low)[:, None, None]
    means = np.empty(len(maps))
    # Some maps at a time, so that they stay in the cache.
    for first in range(0, len(maps), 48):
        part = scaled[first:first + 48]
        height, width = part.shape[1] - 2, part.shape[2] - 2
        places = [part[:, row:row + height, column:column + width] for row in range(3) for column in range(3)]
        mean = sum(places) / 9
        deviations = np.sqrt(sum((place - mean) ** 2 for place in places) / 9)
        means[first:first + 48] = deviations.mean(axis=(1, 2))
    return np.where(constant, 0, means)


def filter_scores(banks, image, reading, border):
    """The score of each filter of each layer."""
    if reading == "forward-pass":
        maps, found = image * INPUT_SCALE, []
        for weights, bias in banks:
            responses = correlate(maps, weights, border) + bias[:, None, None]
            found.append(scores(responses))
            even = responses[:, :responses.shape[1] // 2 * 2, :responses.shape[2] // 2 * 2]
            pooled = np.maximum(even, 0)
            maps = pooled.reshape(len(pooled), even.shape[1] // 2, 2, even.shape[2] // 2, 2).max(axis=(2, 4))
        return found
    grey, found = luma(image)[None] * INPUT_SCALE, []
    for weights, _ in banks:
        if reading == "kernel-slice-sum":
            kernels = weights.sum(axis=1, keepdims=True)
        elif reading == "kernel-slice":
            kernels = weights[:, :1]
        else:
            kernels = weights.reshape(-1, 1, *weights.shape[2:])
        scored = scores(correlate(grey, kernels, border))
        found.append(scored.reshape(len(weights), -1).mean(axis=1))
    return found


def banks_of(archive, name):
    """The weights and biases of both layers of one network in an archive."""
    return [tuple(archive[f"{name}/layer{layer}/{part}"].astype(float) for part in ("weights", "bias")) for layer in (1, 2)]
