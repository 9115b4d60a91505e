#!/bin/bash
# A server and workers must be there: hq server start & ; hq worker start on every machine. Then: bash hyperqueue.sh [0-39 | 3,7-9]
# What is missing: bash hyperqueue.sh "$(softness status store --plan pinned.toml --shares 40 | sed -n 's/^array: //p')"
set -euo pipefail
SHARES=${SHARES:-40}
mkdir -p logs
exec hq submit --array "${1:-0-$((SHARES - 1))}" --cpus 1 --max-fails "$SHARES" --name softness \
    --stdout 'logs/%{JOB_ID}-%{TASK_ID}.log' --stderr 'logs/%{JOB_ID}-%{TASK_ID}.log' -- \
    "${SOFTNESS:-softness}" train --plan "${PLAN:-pinned.toml}" --dataset "${DATA:-auto}" --shares "$SHARES" --out "${STORE:-store}"
