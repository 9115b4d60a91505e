#!/usr/bin/env bash
# Lints and tests the JavaScript of the explorer and of the page for labelling, then works in both pages in Chromium:
# tests/explorer/run.sh [SCREENSHOTS]
#
# SOFTNESS and SOFTNESS_SCORES name programs that are built already: `softness` and the example `explorer_scores`.
set -euo pipefail
cd "$(dirname "$0")/../.."

skip() { echo "$1 is missing: the explorer is not tested in a browser"; exit 0; }
node --version >/dev/null 2>&1 || skip "Node.js"
npm --version >/dev/null 2>&1 || skip "npm"

screenshots=${1:-}
[ -z "$screenshots" ] || screenshots=$(realpath -m "$screenshots")
npm ci --prefix tests/explorer --no-audit --no-fund --silent
tests/explorer/node_modules/.bin/eslint --config tests/explorer/eslint.config.js src/explorer/page src/labelling tests/explorer
node --test tests/explorer/unit/*.test.js

chromium=${SOFTNESS_CHROMIUM:-$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)}
[ -n "$chromium" ] || skip "Chromium"

if [ -z "${SOFTNESS:-}" ] || [ -z "${SOFTNESS_SCORES:-}" ]; then
    cargo build --locked --release --package softness --bin softness --example explorer_scores
    target=$(cargo metadata --locked --no-deps --format-version 1 | node -p 'JSON.parse(require("fs").readFileSync(0)).target_directory')
    SOFTNESS=${SOFTNESS:-$target/release/softness}
    SOFTNESS_SCORES=${SOFTNESS_SCORES:-$target/release/examples/explorer_scores}
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$SOFTNESS" explore --out "$work/shipped.html"
"$SOFTNESS_SCORES" >"$work/shipped.json"
"$SOFTNESS" train --dataset synthetic --iterations 60 --snapshots --out "$work/kept" >/dev/null 2>&1
"$SOFTNESS" explore --out "$work/kept.html" "$work/kept"
"$SOFTNESS_SCORES" "$work/kept/sessions" >"$work/kept.json"
SOFTNESS_CHROMIUM=$chromium node tests/explorer/browser.js \
    "$work/shipped.html" "$work/shipped.json" "$work/kept.html" "$work/kept.json" "$screenshots"
"$SOFTNESS" label --out "$work/label.html"
SOFTNESS_CHROMIUM=$chromium node tests/labelling/browser.js "$work/label.html" "$screenshots"
