"""Images and tables with scipy's scores and fits of them, for the tests of the command line.

    python3 command_line.py        # writes command_line/*.png, *.csv and expected.json next to this script

Scores: luma, min-max to 0..1, scipy's generic_filter with numpy's std over 3 x 3, mean over the complete windows.
Fits: scipy's linregress on the linearised columns.
"""
import json
import pathlib
import sys

import numpy as np
import PIL
import scipy
from PIL import Image
from scipy.ndimage import generic_filter
from scipy.stats import linregress

HERE = pathlib.Path(__file__).resolve().parent / "command_line"


def score(values):
    low, high = values.min(), values.max()
    if high == low:
        return 0.0
    deviations = generic_filter((values - low) / (high - low), np.std, size=3)
    return float(deviations[1:-1, 1:-1].mean())


def luma(rgb):
    return rgb[..., 0] * 0.299 + rgb[..., 1] * 0.587 + rgb[..., 2] * 0.114


def pictures(random):
    y, x = np.mgrid[0:17, 0:23]
    colour = np.stack([(x * 11) % 256, (y * 15) % 256, (x * y) % 256], axis=-1).astype(np.uint8)
    grey = random.integers(0, 256, (20, 9), dtype=np.uint8)
    deep = random.integers(0, 65536, (8, 12), dtype=np.uint16)
    flat = np.full((5, 5), 77, dtype=np.uint8)
    bright = np.zeros((3, 3), dtype=np.uint8)
    bright[1, 1] = 255
    for name, pixels in [("colour", colour), ("grey", grey), ("deep", deep), ("flat", flat), ("bright", bright)]:
        path = HERE / f"{name}.png"
        Image.fromarray(pixels).save(path)
        values = luma(pixels.astype(float)) if pixels.ndim == 3 else pixels.astype(float)
        height, width = values.shape
        yield {"file": path.name, "score": score(values), "width": width, "height": height,
               "constant": bool(values.min() == values.max())}


def tables(random):
    rows = []
    for group in ["a", "b, with a comma"]:
        x = np.array([1, 1, 1, 2000, 2000, 2000, 10000, 10000, 30000, 30000, 50000], dtype=float)
        y = 4 * x ** 0.03 * np.exp(0.02 * random.standard_normal(len(x)))
        rows += [(group, *point) for point in zip(x, y)]
    lines = ["group,iterations,score"]
    lines += [f'"{group}",{x!r},{y!r}' for group, x, y in [(g, float(x), float(y)) for g, x, y in rows]]
    (HERE / "table.csv").write_text("\n".join(lines) + "\n")
    for group in ["a", "b, with a comma"]:
        x = np.array([row[1] for row in rows if row[0] == group])
        y = np.array([row[2] for row in rows if row[0] == group])
        for form, (sx, sy) in {"linear": (x, y), "exponential": (x, np.log(y)), "power": (np.log(x), np.log(y))}.items():
            line = linregress(sx, sy)
            yield {"group": {"group": group}, "form": form, "n": len(x), "slope": line.slope, "intercept": line.intercept,
                   "slope_std_err": line.stderr, "r": line.rvalue, "r_squared": line.rvalue ** 2,
                   "t": line.slope / line.stderr, "p_value": line.pvalue,
                   "residuals": list(sy - line.intercept - line.slope * sx)}


def main():
    HERE.mkdir(exist_ok=True)
    random = np.random.default_rng(20190101)
    expected = {
        "versions": {"python": sys.version.split()[0], "numpy": np.__version__, "scipy": scipy.__version__,
                     "pillow": PIL.__version__},
        "scores": list(pictures(random)),
        "fits": list(tables(random)),
    }
    (HERE / "expected.json").write_text(json.dumps(expected, indent=1) + "\n")


if __name__ == "__main__":
    main()
