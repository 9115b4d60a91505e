#!/usr/bin/env python3
"""Golden values for data sets from folders: images resized to 32 x 32 by Pillow.

    python3 -m pip install numpy pillow
    python3 tests/golden/resize.py tests/golden/resize.npy

The array is (size, filter, row, column, channel), in bytes. Sizes: 75 x 50 and 13 x 20 (width x
height). Filters: nearest, bilinear, bicubic (a = -0.5, Catmull-Rom), Lanczos. Channels are resized in
floating point (mode F), clipped to 0..255 and rounded once, at the end.
"""
import sys

import numpy as np
import PIL
from PIL import Image

print(f"numpy {np.__version__}, Pillow {PIL.__version__}", file=sys.stderr)

FILTERS = [Image.Resampling.NEAREST, Image.Resampling.BILINEAR, Image.Resampling.BICUBIC, Image.Resampling.LANCZOS]


def channel(width, height, number, resample):
    y, x = np.mgrid[:height, :width]
    values = ((x * 37 + y * 61 + number * 89) % 256).astype(np.float32)
    return np.asarray(Image.fromarray(values).resize((32, 32), resample))


golden = [[np.stack([channel(width, height, number, resample) for number in range(3)], axis=-1)
           for resample in FILTERS] for width, height in [(75, 50), (13, 20)]]
np.save(sys.argv[1], np.rint(np.clip(golden, 0, 255)).astype(np.uint8))
