#!/usr/bin/env python3
"""Filters as numpy.save writes them, for the tests of the .npy reader: the same 2 filters of 3 channels
and 3 x 3 weights, value = 1000 out + 100 in + 10 row + column, in every order and type that the reader
accepts, and some files that it rejects.

    python3 -m pip install numpy
    python3 tests/golden/npy_files.py              writes tests/golden/npy/
    python3 tests/golden/npy_files.py FILE..       prints the type, order, shape and values of files
"""
import json
import pathlib
import sys

import numpy as np

# Made with: Python 3.11.7, numpy 2.4.6


def show(paths):
    arrays = [np.load(path, allow_pickle=False) for path in paths]
    described = [{"dtype": a.dtype.str, "fortran": a.flags.fnc, "shape": a.shape, "values": a.ravel().tolist()} for a in arrays]
    json.dump(described, sys.stdout)


def main():
    folder = pathlib.Path(__file__).parent / "npy"
    folder.mkdir(exist_ok=True)
    out, channel, row, column = np.indices((2, 3, 3, 3))
    oihw = 1000.0 * out + 100.0 * channel + 10.0 * row + column
    hwio = oihw.transpose(2, 3, 1, 0)
    for name, array in (("oihw", oihw), ("hwio", hwio)):
        for kind in ("<f4", ">f4", "<f8", ">f8"):
            for order in ("C", "F"):
                file = f"{name}_{'little' if kind[0] == '<' else 'big'}_f{8 * int(kind[2])}_{order.lower()}.npy"
                np.save(folder / file, np.array(array, dtype=kind, order=order))
    np.save(folder / "bias.npy", np.array([0.5, -0.25], dtype="<f4"))
    np.save(folder / "three_axes.npy", oihw[0].astype("<f4"))
    np.save(folder / "integers.npy", oihw.astype("<i4"))
    np.save(folder / "half.npy", oihw.astype("<f2"))
    np.save(folder / "half_big.npy", oihw.astype(">f2"))
    # What numpy wrote under Python 2: an L after each length.
    whole = (folder / "oihw_little_f32_c.npy").read_bytes()
    long = whole.replace(b"(2, 3, 3, 3), }" + 4 * b" ", b"(2L, 3L, 3L, 3L), }")
    assert len(long) == len(whole) and long != whole
    (folder / "python_2.npy").write_bytes(long)
    np.save(folder / "objects.npy", np.array([oihw, oihw[0]], dtype=object), allow_pickle=True)
    np.save(folder / "dictionary.npy", {"conv1": [oihw, oihw[0, :, 0, 0]]}, allow_pickle=True)
    np.save(folder / "not_square.npy", np.zeros((2, 3, 3, 5), dtype="<f4"))
    np.save(folder / "empty.npy", np.zeros((0, 3, 3, 3), dtype="<f4"))
    np.save(folder / "infinite.npy", np.where(oihw == 1122, np.inf, oihw).astype("<f4"))


show(sys.argv[1:]) if len(sys.argv) > 1 else main()
