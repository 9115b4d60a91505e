#!/usr/bin/env python3
"""Checkpoints of a small network as PyTorch and numpy save them, and the scores of its kernels, for the tests of weight
files.

    python3 -m pip install torch safetensors numpy
    python3 tests/golden/checkpoints.py            writes tests/golden/checkpoints/

The network is trained for 60 iterations on images that are drawn here, and saved every six. Maps are PyTorch's conv2d in
float64 with padding="same", scores numpy's: nothing of the crate is used. The kernels of the last layer have an even side.
"""
import json
import pathlib
import platform

import numpy as np
import safetensors.torch
import torch
from numpy.lib.stride_tricks import sliding_window_view
from torch import nn

from hash_noise import luma, picture

# Made with: Python 3.11.7, torch 2.15.0, safetensors 0.8.0, numpy 2.4.6

FOLDER = pathlib.Path(__file__).parent / "checkpoints"
SCALE = float(np.float32(1.0 / 255.0))
EVERY, CHECKPOINTS = 6, 10


class Network(nn.Module):
    """Three convolutions at the places 0, 2 and 10, so that their names are not in the order of the alphabet."""

    def __init__(self):
        super().__init__()
        idle = [nn.Identity() for _ in range(5)]
        self.features = nn.Sequential(
            nn.Conv2d(3, 4, 5, padding="same"), nn.ReLU(),
            nn.Conv2d(4, 6, 3, padding="same"), nn.ReLU(), nn.MaxPool2d(2), *idle,
            nn.Conv2d(6, 5, 4, padding="same"), nn.ReLU(), nn.AdaptiveAvgPool2d(2),
        )
        self.head = nn.Linear(20, 3)

    def forward(self, images):
        return self.head(self.features(images).flatten(1))


def images(count, generator):
    """Stripes along rows, stripes along columns, and checks, in random colours with noise: (count, 3, 16, 16)."""
    kinds = torch.randint(3, (count,), generator=generator)
    row, column = torch.meshgrid(torch.arange(16.0), torch.arange(16.0), indexing="ij")
    patterns = torch.stack([torch.sin(row), torch.sin(column), torch.sin(row) * torch.sin(column)])
    colours = torch.rand(count, 3, 1, 1, generator=generator)
    noise = 0.2 * torch.randn(count, 3, 16, 16, generator=generator)
    return 0.5 + 0.5 * colours * patterns[kinds][:, None] + noise, kinds


def score(maps):
    """The softness score of each map (n, h, w)."""
    low, high = maps.min((1, 2), keepdims=True), maps.max((1, 2), keepdims=True)
    windows = sliding_window_view((maps - low) / (high - low), (3, 3), (1, 2))
    return windows.std((3, 4)).mean((1, 2))


def scores(state, image):
    """By layer: the scores with the first slice of each kernel on the grey image, and with the sum over its slices."""
    grey = torch.from_numpy(luma(image) * SCALE)[None, None]
    found = {}
    for name in [name for name in state if state[name].ndim == 4]:
        weights = state[name].double()
        conv = lambda kernels: nn.functional.conv2d(grey, kernels, padding="same")[0].numpy()
        # The sum over slices is the filter on an image whose channels are all grey.
        channels = grey.expand(1, weights.shape[1], *grey.shape[2:])
        summed = nn.functional.conv2d(channels, weights, padding="same")[0].numpy()
        found[name] = {"kernel-slice": score(conv(weights[:, :1])).tolist(), "kernel-slice-sum": score(summed).tolist()}
    return found


def main():
    FOLDER.mkdir(exist_ok=True)
    torch.manual_seed(7)
    torch.set_num_threads(1)
    generator = torch.Generator().manual_seed(8)
    network = Network()
    optimiser = torch.optim.Adam(network.parameters(), lr=3e-3)
    image = picture(24, 20, 5)
    expected = []
    for number in range(1, CHECKPOINTS + 1):
        for _ in range(EVERY):
            batch, kinds = images(32, generator)
            optimiser.zero_grad()
            loss = nn.functional.cross_entropy(network(batch), kinds)
            loss.backward()
            optimiser.step()
        state = {name: value.detach().clone() for name, value in network.state_dict().items()}
        safetensors.torch.save_file(state, FOLDER / f"epoch-{number:02}.safetensors")
        expected.append({"iterations": number * EVERY, "loss": loss.item(), "scores": scores(state, image)})
    arrays = {name: value.numpy() for name, value in state.items()}
    np.savez(FOLDER / "last.npz", **arrays)
    np.savez_compressed(FOLDER / "last_deflated.npz", **arrays)
    hwio = {name.replace("weight", "kernel"): a.transpose(2, 3, 1, 0) if a.ndim == 4 else a for name, a in arrays.items()}
    np.savez(FOLDER / "last_hwio.npz", **hwio)
    half = {name: value.half() for name, value in state.items()}
    safetensors.torch.save_file(half, FOLDER / "last_f16.safetensors")
    safetensors.torch.save_file({name: value.bfloat16() for name, value in state.items()}, FOLDER / "last_bf16.safetensors")
    np.savez(FOLDER / "last_f16.npz", **{name: value.numpy() for name, value in half.items()})
    torch.save(state, FOLDER / "last.pt")
    torch.save(state, FOLDER / "last_old.pt", _use_new_zipfile_serialization=False)
    np.save(FOLDER / "list.npy", np.array([arrays["features.0.weight"], arrays["features.2.weight"]], dtype=object), allow_pickle=True)
    made = {"python": platform.python_version(), "torch": torch.__version__, "numpy": np.__version__}
    rounded = {
        kind: {name: [float(np.float32(v)) if v == v else v for v in convert(state[name]).flatten()[:8].tolist()] for name in state}
        for kind, convert in (("f16", lambda t: t.half().float()), ("bf16", lambda t: t.bfloat16().float()))
    }
    values = {name: value.flatten()[:8].tolist() for name, value in state.items()}
    text = json.dumps({"made": made, "values": values, "rounded": rounded, "checkpoints": expected})
    (FOLDER / "expected.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
