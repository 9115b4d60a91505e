#!/bin/sh
# Counts the instructions of one training step of the paper's network (AVX2, which valgrind knows) and
# compares them with benches/instructions.txt. Ends with 1 where they have grown by a fifth: losing
# vector instructions in one kernel is silent, and costs more than that. The count does not depend on
# the clock or on what else runs. Needs valgrind and a machine with AVX2.
#
#   benches/instructions.sh          compare
#   benches/instructions.sh --set    write the count of today
set -eu
cd "$(dirname "$0")/.."
cargo build --locked --release --quiet --example train_steps
program="${CARGO_TARGET_DIR:-target}/release/examples/train_steps"

count() { # instructions of the whole program with this many steps
    valgrind --tool=callgrind --callgrind-out-file=/dev/null "$program" "$1" avx2 2>&1 |
        awk '/Collected/ { print $4 }'
}

# A step takes callgrind some ten seconds of processor time, so there is one; what goes before it is taken away.
none=$(count 0)
one=$(count 1)
step=$((one - none))
if [ "${1:-}" = --set ]; then
    echo "$step" > benches/instructions.txt
fi
known=$(cat benches/instructions.txt)
echo "$step instructions a step, $known committed: $((step * 100 / known)) %"
if [ "$((step * 5))" -gt "$((known * 6))" ]; then
    echo "error: a step takes a fifth more instructions than benches/instructions.txt says; find the \
kernel that lost its vector instructions (cargo bench --bench step), or commit the new count (--set)" >&2
    exit 1
fi
if [ "$((step * 6))" -lt "$((known * 5))" ]; then
    echo "note: fewer by a sixth; commit the new count (benches/instructions.sh --set)" >&2
fi
