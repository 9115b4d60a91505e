#!/usr/bin/env python3
"""Golden values for the network, by PyTorch: losses, logits and gradients of the whole network in
float64, the losses of a hundred steps of Adam and of gradient descent in float32, and the fans and the
standard deviations of initial weights.

    python3 -m pip install numpy torch
    python3 tests/golden/network.py > tests/golden/network.json

Weights, images and dropout masks are not stored: the tests and this script both make them from the same
integer hash. Each gradient is stored as its L2 norm and 40 entries spread over the array.
"""
import json
import sys

import numpy as np
import torch
import torch.nn.functional as F

SAMPLES = 40


def noise(count, salt):
    """`count` numbers in -0.5..0.5, exact in float32: the top 16 bits of a multiplicative hash."""
    index = np.arange(count, dtype=np.uint64)
    mixed = (index * np.uint64(2654435761) + np.uint64(salt) * np.uint64(40503)) % np.uint64(2**32)
    mixed = (mixed ^ (mixed >> np.uint64(15))) * np.uint64(2246822519) % np.uint64(2**32)
    return (mixed >> np.uint64(16)).astype(np.float64) / 65536.0 - 0.5


def parameters(case, dtype):
    f1, f2 = case["filters"]
    k1, k2 = case["kernels"]
    shapes = [(f1, 3, k1, k1), (f1,), (f2, f1, k2, k2), (f2,), (f2 * 64, case["dense"]), (case["dense"],),
              (case["dense"], case["classes"]), (case["classes"],)]
    arrays = []
    for salt, shape in enumerate(shapes):
        scale = case["spread"] if len(shape) > 1 else 0.1
        values = noise(int(np.prod(shape)), salt + 1).reshape(shape) * scale
        arrays.append(torch.tensor(values.astype(np.float32), dtype=dtype, requires_grad=True))
    return arrays


def images(count, dtype):
    """Noise images in which a darker band, one of ten, marks the label."""
    values = noise(count * 3 * 32 * 32, 99).reshape(count, 3, 32, 32) * 0.5 + 0.5
    labels = np.arange(count) % 10
    for image, label in enumerate(labels):
        values[image, label % 3, 3 * label : 3 * label + 4, :] *= 0.25
    return torch.tensor(values.astype(np.float32), dtype=dtype), labels


def logits(weights, pixels, case, mask):
    w1, b1, w2, b2, d1, e1, d2, e2 = weights
    x = F.max_pool2d(F.relu(F.conv2d(pixels, w1, b1, padding="same")), 2)
    x = F.max_pool2d(F.relu(F.conv2d(x, w2, b2, padding="same")), 2)
    x = F.relu(x.flatten(1) @ d1 + e1)
    if mask is not None:
        x = x * mask
    return x @ d2 + e2


def gradients(case):
    weights = parameters(case, torch.float64)
    pixels, labels = images(case["batch"], torch.float64)
    labels = torch.tensor(labels % case["classes"])
    mask = None
    if case["dropout"]:
        drawn = noise(case["batch"] * case["dense"], 7).reshape(case["batch"], case["dense"])
        mask = torch.tensor(np.where(drawn < case["dropout"] - 0.5, 0.0, 1.0 / (1.0 - case["dropout"])))
    out = logits(weights, pixels, case, mask)
    loss = F.cross_entropy(out, labels)
    loss.backward()
    arrays = []
    for weight in weights:
        flat = weight.grad.flatten().numpy()
        entries = np.unique(np.linspace(0, flat.size - 1, SAMPLES).astype(int))
        arrays.append({"norm": float(np.linalg.norm(flat)), "index": entries.tolist(), "value": flat[entries].tolist()})
    return {**case, "loss": loss.item(), "logits": out.detach().flatten().tolist(), "gradients": arrays}


def run(case, steps, optimiser):
    weights = parameters(case, torch.float32)
    pixels, labels = images(200, torch.float32)
    labels = torch.tensor(labels)
    optimiser = optimiser(weights, lr=case["learning_rate"])
    losses = []
    for step in range(steps):
        chosen = [(step * case["batch"] + k) % 200 for k in range(case["batch"])]
        optimiser.zero_grad()
        loss = F.cross_entropy(logits(weights, pixels[chosen], case, None), labels[chosen])
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    return {**case, "losses": losses}


def initialisation(case):
    """For each weight array: PyTorch's fans, and the standard deviations it draws initial weights with."""
    arrays = []
    for array in parameters(case, torch.float32)[::2]:
        # PyTorch's dense weights are (out, in), those here (in, out).
        weight = array.detach() if array.dim() == 4 else array.detach().T
        fan_in, fan_out = torch.nn.init._calculate_fan_in_and_fan_out(weight)
        drawn = {"fans": [fan_in, fan_out]}
        for name, draw in {
            "he": lambda w: torch.nn.init.kaiming_normal_(w, nonlinearity="relu"),
            "glorot": torch.nn.init.xavier_normal_,
        }.items():
            # The same standard normal draws times the standard deviation: their ratio is the standard deviation.
            torch.manual_seed(1)
            ours = draw(torch.empty(weight.shape, dtype=torch.float64))
            torch.manual_seed(1)
            standard = torch.empty(weight.shape, dtype=torch.float64).normal_(0, 1)
            drawn[name] = (ours.norm() / standard.norm()).item()
        arrays.append(drawn)
    return {"name": case["name"], "arrays": arrays}


def main():
    torch.set_num_threads(1)
    paper = dict(filters=[16, 36], kernels=[5, 5], dense=128, classes=10, dropout=0.0, spread=0.17)
    cases = [
        dict(paper, name="paper", batch=4),
        dict(paper, name="hvass02", batch=6),
        dict(paper, name="deep_mnist", filters=[32, 64], dense=1024, dropout=0.5, spread=0.34, batch=2),
        dict(paper, name="one filter, 1x1 kernels, batch of 1", filters=[1, 1], kernels=[1, 1], dense=3, spread=1.0, batch=1),
        dict(paper, name="7x7 and 3x3 kernels", filters=[5, 3], kernels=[7, 3], dense=17, classes=4, spread=0.5, batch=3),
        dict(paper, name="many narrow filters", filters=[33, 7], kernels=[3, 9], dense=20, spread=0.2, batch=5),
    ]
    json.dump({
        "versions": {"python": sys.version.split()[0], "numpy": np.__version__, "torch": torch.__version__},
        "gradients": [gradients(case) for case in cases],
        "run": run(dict(paper, name="a hundred steps", batch=50, learning_rate=1e-4), 100, torch.optim.Adam),
        "descent": run(dict(paper, name="a hundred steps of descent", batch=50, learning_rate=0.02), 100, torch.optim.SGD),
        "initialisation": [initialisation(case) for case in cases],
    }, sys.stdout, indent=1)


if __name__ == "__main__":
    main()
