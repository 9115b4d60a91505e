#!/usr/bin/env python3
"""Small picture files by encoders that this project did not write: libjpeg-turbo and libwebp, through Pillow.

    python3 -m pip install numpy pillow
    python3 tests/golden/pictures.py tests/golden/pictures

Written with numpy 2.4.6 and Pillow 13.0.0. The pixels are those of `pixels`, which the tests know.
"""
import sys
from pathlib import Path

import numpy as np
from PIL import Image

out = Path(sys.argv[1])
out.mkdir(exist_ok=True)


def pixels(width, height):
    """Waves with a little texture: every block has several coefficients."""
    y, x, channel = np.mgrid[:height, :width, :3]
    return (np.round(90 + 60 * np.sin(x / 5 + channel) * np.cos(y / 7)) + x * y * (channel + 3) % 23).astype(np.uint8)


picture = Image.fromarray(pixels(75, 52).copy())
picture.save(out / "baseline.jpg", quality=85, subsampling=0)
picture.save(out / "halved.jpg", quality=85, subsampling=2)
picture.save(out / "progressive.jpg", quality=85, subsampling=0, progressive=True)
picture.save(out / "progressive-halved.jpg", quality=85, subsampling=2, progressive=True)
picture.save(out / "restart.jpg", quality=85, subsampling=2, restart_marker_blocks=3)
picture.save(out / "progressive-restart.jpg", quality=85, progressive=True, restart_marker_rows=1)
picture.convert("L").save(out / "grey.jpg", quality=85)
picture.convert("L").save(out / "progressive-grey.jpg", quality=85, progressive=True)
picture.convert("CMYK").save(out / "four-inks.jpg", quality=85)
picture.save(out / "lossy.webp", quality=80)
picture.save(out / "lossless.webp", lossless=True)
picture.save(out / "plain.bmp")
