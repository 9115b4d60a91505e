#!/usr/bin/env python3
"""Time one optimiser step of a preset's network in TensorFlow, on one core, for docs/speed.md.

    python3 -m venv V && V/bin/pip install tensorflow
    V/bin/python benches/peer_step.py [--preset paper|hvass02|deep_mnist] [--iterations 300] [--cpu-time]

Prints one JSON line: the best and the median of five rounds, in ms, after fifteen steps to warm up.
With --cpu-time the time the process had a core for, where other programs want it as well.
Set ONEDNN_MAX_CPU_ISA=AVX2 to hold TensorFlow to AVX2.
"""
import argparse
import json
import os
import statistics
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

PRESETS = {
    "paper": dict(filters=(16, 36), dense=128, dropout=0.0, batch=50),
    "hvass02": dict(filters=(16, 36), dense=128, dropout=0.0, batch=64),
    "deep_mnist": dict(filters=(32, 64), dense=1024, dropout=0.5, batch=50),
}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--preset", choices=PRESETS, default="paper")
    parser.add_argument("--iterations", type=int, default=300)
    parser.add_argument("--cpu-time", action="store_true")
    options = parser.parse_args()
    preset = PRESETS[options.preset]
    clock = time.process_time if options.cpu_time else time.perf_counter

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
    images = tf.random.uniform((preset["batch"], 32, 32, 3))
    labels = tf.random.uniform((preset["batch"],), maxval=10, dtype=tf.int64)
    net(images)
    optimiser = tf.keras.optimizers.Adam(1e-4)
    optimiser.build(net.trainable_variables)

    @tf.function
    def graph_step():
        with tf.GradientTape() as tape:
            logits = net(images, training=True)
            loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels, logits))
        gradients = tape.gradient(loss, net.trainable_variables)
        optimiser.apply_gradients(zip(gradients, net.trainable_variables))
        return loss

    for _ in range(15):
        float(graph_step())
    rounds = []
    for _ in range(5):
        start = clock()
        for _ in range(options.iterations // 5):
            float(graph_step())
        rounds.append((clock() - start) * 1000 / (options.iterations // 5))
    times = {"best_ms": min(rounds), "median_ms": statistics.median(rounds)}
    print(json.dumps({"peer": f"tensorflow {tf.__version__}", "preset": options.preset, **times}))


if __name__ == "__main__":
    main()
