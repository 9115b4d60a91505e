#!/bin/sh
# Counts the instructions of one training step of the paper's network on ten images and compares the count with
# benches/instructions.txt. Uses AVX2, because valgrind supports no AVX-512. Exits with 1 if the count has
# grown by a fifth: if a kernel loses its vector instructions, nothing else reports it, and it costs more
# than that. The count does not depend on the clock or on the load. Needs valgrind, Python and a machine
# with AVX2; takes a quarter of a minute of processor time in addition to the build: under valgrind each image takes a fifth of a second.
#
#   benches/instructions.sh          compare
#   benches/instructions.sh --set    write the current count
set -eu
cd "$(dirname "$0")/.."
cargo build --locked --release --quiet --bin softness
program="${CARGO_TARGET_DIR:-target}/release/softness"

# A data set in CIFAR-10's format with ten random images per file, always the same.
data=$(mktemp -d)
trap 'rm -rf "$data"' EXIT
python3 - "$data" <<'PYTHON'
import pathlib
import sys

state = 1  # Knuth's MMIX generator


def byte():
    global state
    state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
    return state >> 56


for name in [f"data_batch_{number}" for number in range(1, 6)] + ["test_batch"]:
    records = [bytes([label] + [byte() for _ in range(3072)]) for label in range(10)]
    (pathlib.Path(sys.argv[1]) / f"{name}.bin").write_bytes(b"".join(records))
PYTHON

count() { # instructions of the whole program for this number of steps
    SOFTNESS_INSTRUCTIONS=avx2 valgrind --tool=callgrind --callgrind-out-file=/dev/null \
        "$program" train --dataset "$data" --iterations "$1" --batch 10 --evaluate-every 0 2>&1 |
        awk '/Collected/ { print $4 }'
}

one=$(count 1)
two=$(count 2)
if [ "${one:-0}" -le 0 ] || [ "${two:-0}" -le "${one:-0}" ]; then
    echo "error: valgrind counted nothing (one step: \"$one\", two steps: \"$two\")" >&2
    exit 1
fi
step=$((two - one))
if [ "${1:-}" = --set ]; then
    echo "$step" > benches/instructions.txt
fi
known=$(cat benches/instructions.txt)
echo "$step instructions per step, $known committed: $((step * 100 / known)) %"
if [ "$((step * 5))" -gt "$((known * 6))" ]; then
    echo "error: a step takes a fifth more instructions than benches/instructions.txt says; find the \
kernel that lost its vector instructions (cargo bench --bench step), or commit the new count (--set)" >&2
    exit 1
fi
if [ "$((step * 6))" -lt "$((known * 5))" ]; then
    echo "note: the count has fallen by a sixth; commit the new count (benches/instructions.sh --set)" >&2
fi
