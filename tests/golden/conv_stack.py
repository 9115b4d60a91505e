"""Golden arrays for the convolution stack, from PyTorch in double precision.

Run in this folder: python conv_stack.py
Writes each case to conv_stack_<case>.npy as a flat f32 array: the stack's output, then the gradients of
weights 1, bias 1, weights 2, bias 2. The loss is the sum of the output times a fixed random array. The
inputs are not stored: the tests and this script draw them from the same generator, below.
"""
import numpy as np
import torch
import torch.nn.functional as F

# Made with: Python 3.11.7, numpy 2.4.6, torch 2.15.0 (CPU)
CASES = {  # filters, kernels, batch, steps
    "one_by_one_one_filter_one_picture": ((1, 1), (1, 1), 1, 0),
    "three_by_three": ((3, 2), (3, 3), 2, 0),
    "seven_by_seven": ((2, 5), (7, 7), 2, 0),
    "unequal_kernels": ((5, 3), (5, 3), 3, 0),
    "largest_kernels": ((2, 2), (31, 31), 1, 0),
    "paper": ((16, 36), (5, 5), 2, 0),
    # Values are multiples of 1/4, so all sums are exact and many pooling windows contain equal values.
    "ties": ((4, 4), (3, 3), 2, 4),
}


class Draw:
    """Knuth's MMIX linear congruential generator; the upper 24 bits, scaled to the wanted range."""

    def __init__(self):
        self.state = 1

    def array(self, shape, low, high, steps):
        values = []
        for _ in range(int(np.prod(shape))):
            self.state = (self.state * 6364136223846793005 + 1442695040888963407) % 2**64
            share = (self.state >> 40) / 2**24
            value = np.float32(low) + np.float32(high - low) * np.float32(share)
            values.append(np.round(value * steps) / steps if steps else value)
        return torch.tensor(np.array(values, np.float32).reshape(shape).astype(np.float64))


for name, (filters, kernels, batch, steps) in CASES.items():
    draw = Draw()
    images = draw.array((batch, 3, 32, 32), 0, 1, steps)
    w1 = draw.array((filters[0], 3, kernels[0], kernels[0]), -0.5, 0.5, steps)
    b1 = draw.array((filters[0],), -0.5, 0.5, steps)
    w2 = draw.array((filters[1], filters[0], kernels[1], kernels[1]), -0.5, 0.5, steps)
    b2 = draw.array((filters[1],), -0.5, 0.5, steps)
    grad_out = draw.array((batch, filters[1], 8, 8), -1, 1, steps)
    parameters = [w1, b1, w2, b2]
    for parameter in parameters:
        parameter.requires_grad_(True)
    x = F.max_pool2d(F.relu(F.conv2d(images, w1, b1, padding=kernels[0] // 2)), 2)
    x = F.max_pool2d(F.relu(F.conv2d(x, w2, b2, padding=kernels[1] // 2)), 2)
    (x * grad_out).sum().backward()
    flat = [x.detach().ravel()] + [parameter.grad.ravel() for parameter in parameters]
    np.save(f"conv_stack_{name}.npy", torch.cat(flat).numpy().astype(np.float32))
