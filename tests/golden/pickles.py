#!/usr/bin/env python3
"""A batch of CIFAR-10's Python version as several programs write it.

    python3 -m pip install numpy
    python3 tests/golden/pickles.py tests/golden/pickles

Written with Python 3.11.7 and numpy 2.4.6. Every file has the same two images: byte p of image n is the highest byte of
(3072 n + p) * 2654435761 modulo 2**32, and the labels are 3 and 7. `python2` has the instructions of the authors' files,
which Python 2 wrote (`python -m pickletools` shows them); the others are written by this Python.
"""
import io
import pickle
import struct
import sys
from pathlib import Path

import numpy as np

out = Path(sys.argv[1])
out.mkdir(exist_ok=True)
print(f"Python {sys.version.split()[0]}, numpy {np.__version__}", file=sys.stderr)

data = ((np.arange(2 * 3072, dtype=np.uint64) * 2654435761 % 2**32) >> 24).astype(np.uint8).reshape(2, 3072)
labels = [3, 7]
names = [b"one.png", b"two.png"]


def python2():
    short = lambda text: b"U" + bytes([len(text)]) + text
    memo = iter(range(1, 256))
    put = lambda: b"q" + bytes([next(memo)])
    text = b"\x80\x02}" + put() + b"(" + short(b"batch_label") + put() + short(b"training batch 1 of 5") + put()
    text += short(b"labels") + put() + b"]" + put() + b"(" + b"".join(b"K" + bytes([label]) for label in labels) + b"e"
    text += short(b"data") + put() + b"cnumpy.core.multiarray\n_reconstruct\n" + put() + b"cnumpy\nndarray\n" + put()
    text += b"K\x00\x85" + put() + short(b"b") + b"\x87" + put() + b"R" + put()
    text += b"(K\x01K\x02M\x00\x0c\x86" + put() + b"cnumpy\ndtype\n" + put() + short(b"u1") + put()
    text += b"K\x00K\x01\x87" + put() + b"R" + put() + b"(K\x03" + short(b"|") + put() + b"NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00t" + put() + b"b"
    text += b"\x89T" + struct.pack("<i", data.size) + data.tobytes() + put() + b"t" + put() + b"b"
    text += short(b"filenames") + put() + b"]" + put() + b"(" + b"".join(short(name) + put() for name in names) + b"eu."
    back = pickle.loads(text, encoding="bytes")
    assert (back[b"data"] == data).all() and back[b"labels"] == labels and back[b"filenames"] == names
    return text


def save(name, content):
    (out / name).write_bytes(content)
    back = pickle.loads(content, encoding="bytes")
    back = {key if isinstance(key, str) else key.decode(): value for key, value in back.items()}
    assert (np.reshape(back["data"], (2, 3072)) == data).all() and list(back["labels"]) == labels, name


save("python2", python2())
whole = {b"batch_label": b"testing batch 1 of 1", b"labels": labels, b"data": data, b"filenames": names}
texts = {"data": data, "labels": labels, "filenames": ["one.png", "two.png"]}
for protocol in (1, 2, 3, 4, 5):
    save(f"protocol{protocol}-bytes", pickle.dumps(whole, protocol=protocol))
    save(f"protocol{protocol}-texts", pickle.dumps(texts, protocol=protocol))
# Labels as an array, or as a list of its numbers; pixels in four dimensions, or columns first; NumPy 1's module names.
save("array-labels", pickle.dumps({"data": data.reshape(2, 3, 32, 32), "labels": np.array(labels)}, protocol=4))
save("scalar-labels", pickle.dumps({"data": np.asfortranarray(data), "labels": list(np.array(labels, ">i4"))}, protocol=5))
save("columns-first", pickle.dumps({"data": np.asfortranarray(data), "labels": labels}, protocol=3))
old = pickle.dumps(texts, protocol=2).replace(b"numpy._core.", b"numpy.core.")
assert b"numpy.core.multiarray" in old
save("numpy1", old)
readonly = data.copy()
readonly.flags.writeable = False
save("readonly", pickle.dumps({"data": readonly, "labels": tuple(labels)}, protocol=5))
