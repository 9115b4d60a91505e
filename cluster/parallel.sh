#!/bin/bash
# GNU parallel, on this machine or on those in a file: bash parallel.sh --sshloginfile nodes --workdir .
# Run it again for what is missing: shares that are done end after a look at the store.
set -euo pipefail
SHARES=${SHARES:-40}
seq 0 $((SHARES - 1)) | parallel "$@" --line-buffer --halt never \
    "${SOFTNESS:-softness}" train --plan "${PLAN:-pinned.toml}" --dataset "${DATA:-auto}" --shares "$SHARES" --share {} --out "${STORE:-store}"
