"""The random numbers that the Rust tests and these scripts share, so that inputs need not be stored."""
import numpy as np


def noise(count, salt):
    """`count` numbers in -0.5..0.5, exact in float32: the top 16 bits of a multiplicative hash."""
    index = np.arange(count, dtype=np.uint64)
    mixed = (index * np.uint64(2654435761) + np.uint64(salt) * np.uint64(40503)) % np.uint64(2**32)
    mixed = (mixed ^ (mixed >> np.uint64(15))) * np.uint64(2246822519) % np.uint64(2**32)
    return (mixed >> np.uint64(16)).astype(np.float64) / 65536.0 - 0.5


def picture(height, width, salt):
    """An image of random bytes, (3, height, width)."""
    return np.floor((noise(3 * height * width, salt) + 0.5) * 256.0).reshape(3, height, width)


LUMA = (0.299, 0.587, 0.114)


def luma(pixels):
    return LUMA[0] * pixels[0] + LUMA[1] * pixels[1] + LUMA[2] * pixels[2]
