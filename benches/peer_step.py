#!/usr/bin/env python3
"""Time the optimiser step of a preset's network in TensorFlow or PyTorch, on one core.

    python3 -m venv V && V/bin/pip install tensorflow torch numpy
    V/bin/python benches/peer_step.py tensorflow|torch [--preset paper|hvass02|deep_mnist] [--iterations 300]
        [--after 15] [--cifar10 FOLDER]

Prints one JSON line: the best and the median time of a step over five rounds, in ms, after --after warm-up steps. The images are
random; with --cifar10 they are those of CIFAR-10's binary version, a new batch each step. Only the step is timed, not assembling
the batch. Set ONEDNN_MAX_CPU_ISA=AVX2 to restrict TensorFlow and PyTorch's convolutions to AVX2.
"""
import argparse
import json
import os
import pathlib
import statistics
import time

PRESETS = {
    "paper": dict(filters=(16, 36), dense=128, dropout=0.0, batch=50),
    "hvass02": dict(filters=(16, 36), dense=128, dropout=0.0, batch=64),
    "deep_mnist": dict(filters=(32, 64), dense=1024, dropout=0.5, batch=50),
}
LEARNING_RATE = 1e-4


def tensorflow_step(preset):
    """Returns the framework's name, a function that makes a batch from numpy arrays, and one that does a step on it."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    import tensorflow as tf

    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    tf.random.set_seed(0)
    layers = tf.keras.layers
    net = tf.keras.Sequential()
    for filters in preset["filters"]:
        net.add(layers.Conv2D(filters, 5, padding="same", activation="relu"))
        net.add(layers.MaxPool2D(2))
    net.add(layers.Flatten())
    net.add(layers.Dense(preset["dense"], activation="relu"))
    if preset["dropout"]:
        net.add(layers.Dropout(preset["dropout"]))
    net.add(layers.Dense(10))
    net(tf.zeros((preset["batch"], 32, 32, 3)))
    optimiser = tf.keras.optimizers.Adam(LEARNING_RATE)
    optimiser.build(net.trainable_variables)

    @tf.function
    def graph_step(images, labels):
        with tf.GradientTape() as tape:
            logits = net(images, training=True)
            loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels, logits))
        gradients = tape.gradient(loss, net.trainable_variables)
        optimiser.apply_gradients(zip(gradients, net.trainable_variables))
        return loss

    def batch(images, labels):
        return tf.constant(images.transpose(0, 2, 3, 1)), tf.constant(labels)

    return f"tensorflow {tf.__version__}", batch, lambda batch: float(graph_step(*batch))


def torch_step(preset):
    """The same for PyTorch."""
    import torch
    from torch import nn

    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    torch.manual_seed(0)
    modules, channels = [], 3
    for filters in preset["filters"]:
        modules += [nn.Conv2d(channels, filters, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2)]
        channels = filters
    modules += [nn.Flatten(), nn.Linear(8 * 8 * channels, preset["dense"]), nn.ReLU()]
    if preset["dropout"]:
        modules.append(nn.Dropout(preset["dropout"]))
    net = nn.Sequential(*modules, nn.Linear(preset["dense"], 10)).to(memory_format=torch.channels_last)
    optimiser = torch.optim.Adam(net.parameters(), LEARNING_RATE, fused=True)

    def batch(images, labels):
        return torch.from_numpy(images).to(memory_format=torch.channels_last), torch.from_numpy(labels)

    def step(batch):
        optimiser.zero_grad()
        nn.functional.cross_entropy(net(batch[0]), batch[1]).backward()
        optimiser.step()

    return f"torch {torch.__version__}", batch, step


def batches(size, folder):
    """Yields batches without end, as numpy arrays: images (size, 3, 32, 32) in 0..1, and labels."""
    import numpy as np

    random = np.random.default_rng(0)
    if folder is None:
        same = random.random((size, 3, 32, 32), dtype=np.float32), random.integers(0, 10, size)
        while True:
            yield same
    files = sorted(pathlib.Path(folder).glob("data_batch_*.bin"))
    records = np.concatenate([np.fromfile(file, np.uint8).reshape(-1, 3073) for file in files])
    while True:
        chosen = records[random.integers(0, len(records), size)]
        images = chosen[:, 1:].reshape(-1, 3, 32, 32).astype(np.float32) / 255
        yield images, chosen[:, 0].astype(np.int64)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("framework", choices=["tensorflow", "torch"])
    parser.add_argument("--preset", choices=PRESETS, default="paper")
    parser.add_argument("--iterations", type=int, default=300)
    parser.add_argument("--after", type=int, default=15)
    parser.add_argument("--cifar10", metavar="FOLDER")
    options = parser.parse_args()
    preset = PRESETS[options.preset]
    make = {"tensorflow": tensorflow_step, "torch": torch_step}[options.framework]
    name, batch, step = make(preset)
    source = batches(preset["batch"], options.cifar10)
    same = batch(*next(source))
    following = (lambda: batch(*next(source))) if options.cifar10 else (lambda: same)
    for _ in range(options.after):
        step(following())
    rounds = []
    for _ in range(5):
        seconds = 0.0
        for _ in range(options.iterations // 5):
            current = following()
            start = time.perf_counter()
            step(current)
            seconds += time.perf_counter() - start
        rounds.append(seconds * 1000 / (options.iterations // 5))
    times = {"best_ms": min(rounds), "median_ms": statistics.median(rounds)}
    print(json.dumps({"peer": name, "preset": options.preset, **times}))


if __name__ == "__main__":
    main()
