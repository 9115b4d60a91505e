#!/usr/bin/env python3
"""Golden values for static: the SHA-256 of the (3, 32, 32) bytes for some seeds.

    python3 tests/golden/static.py

Plain Python, with only the standard library: ChaCha with 8 rounds after D. J. Bernstein, *ChaCha, a
variant of Salsa20* (2008), with a 64-bit counter and a 64-bit stream number of 0. The key consists of the
16 bytes "softness static ", the seed in 8 little-endian bytes, and 8 zeros. Each pixel takes 64 bits, low
word first; the pixel is white if the highest bit is 1.
"""
import hashlib
import struct
import sys

MASK = 0xFFFFFFFF


def quarter(s, a, b, c, d):
    for (p, q, r, turn) in [(a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)]:
        s[p] = (s[p] + s[q]) & MASK
        s[r] ^= s[p]
        s[r] = ((s[r] << turn) | (s[r] >> (32 - turn))) & MASK


def block(key, counter, rounds=8):
    start = [*struct.unpack("<4I", b"expand 32-byte k"), *struct.unpack("<8I", key), counter, 0, 0, 0]
    s = list(start)
    for _ in range(rounds // 2):
        for column in range(4):
            quarter(s, column, 4 + column, 8 + column, 12 + column)
        for row in range(4):
            quarter(s, row, 4 + (row + 1) % 4, 8 + (row + 2) % 4, 12 + (row + 3) % 4)
    return [(a + b) & MASK for a, b in zip(s, start)]


def field(seed):
    """The grey bytes of static, row by row."""
    key = b"softness static " + struct.pack("<Q", seed) + bytes(8)
    words = [word for counter in range(128) for word in block(key, counter)]
    grey = bytes(255 if high >> 31 else 0 for high in words[1::2])
    assert len(grey) == 1024
    return grey


# The published first bytes for a key and stream of zeros with 8 rounds.
assert struct.pack("<2I", *block(bytes(32), 0)[:2]).hex() == "3e00ef2f895f40d6"
if __name__ == "__main__":
    print(f"Python {sys.version.split()[0]}", file=sys.stderr)
    for seed in [0, 1, 2**64 - 1]:
        print(seed, hashlib.sha256(field(seed) * 3).hexdigest())
