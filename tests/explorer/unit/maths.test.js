// The arithmetic of the page against the library's numbers (small.json, by examples/explorer_scores.rs) and against
// values computed by hand.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { correlate, extent, reluAndPool, softnessScore } from "../../../src/explorer/page/maths.js";
import { BORDERS, READINGS, filterScores, layerMaps, luma, summedKernels } from "../../../src/explorer/page/readings.js";

/** Sums of 64-bit floats in another order. */
const ROUNDING = 1e-12;

const small = JSON.parse(readFileSync(new URL("small.json", import.meta.url), "utf8"));

function near(found, wanted, tolerance, what) {
  assert.equal(found.length, wanted.length, what);
  wanted.forEach((value, at) => assert.ok(Math.abs(found[at] - value) <= tolerance, `${what}: ${found[at]} and ${value}`));
}

test("maps and scores are the library's, for every layer, reading and border", () => {
  assert.equal(small.scores.length, 2 * READINGS.length * BORDERS.length);
  const network = { banks: small.banks, scale: small.scale };
  for (const { layer, reading, border, scores, last_map: lastMap } of small.scores) {
    const found = layerMaps(network, layer, small, reading, border);
    const size = found.maps.height * found.maps.width;
    near(found.maps.data.subarray(-size), lastMap, ROUNDING, `map of ${layer} ${reading} ${border}`);
    near(filterScores(found), scores, ROUNDING, `scores of ${layer} ${reading} ${border}`);
  }
});

test("a kernel is not flipped, and outside the image there are zeros", () => {
  const input = { count: 1, height: 2, width: 3, data: Float64Array.of(1, 2, 3, 4, 5, 6) };
  const bank = { filters: 1, channels: 1, kernel: 3, weights: Float32Array.of(0, 0, 0, 0, 0, 1, 0, 0, 0), bias: [0.5] };
  // The kernel takes the value on the right.
  assert.deepEqual([...correlate(input, bank, 1, "same", true).data], [2.5, 3.5, 0.5, 5.5, 6.5, 0.5]);
  assert.deepEqual([...correlate(input, bank, 1, "same", false).data], [2, 3, 0, 5, 6, 0]);
});

test("an even kernel has its missing zeros below and on the right", () => {
  const input = { count: 1, height: 2, width: 2, data: Float64Array.of(1, 2, 3, 4) };
  const bank = { filters: 1, channels: 1, kernel: 2, weights: Float32Array.of(1, 1, 1, 1), bias: [0] };
  assert.deepEqual([...correlate(input, bank, 1, "same", false).data], [10, 6, 7, 4]);
  assert.deepEqual([...correlate(input, bank, 1, "valid", false).data], [10]);
});

test("pooling takes the largest of four, at least zero, and drops an odd row and column", () => {
  const planes = { count: 1, height: 3, width: 5, data: Float64Array.of(1, 2, -1, -2, 9, 3, 4, -3, -4, 9, 9, 9, 9, 9, 9) };
  assert.deepEqual(reluAndPool(planes), { count: 1, height: 1, width: 2, data: Float64Array.of(4, 0) });
});

test("one bright pixel in nine scores sqrt(8) / 9, whatever its scale", () => {
  for (const bright of [7, -0.001]) {
    const map = new Float64Array(9);
    map[4] = bright;
    assert.ok(Math.abs(softnessScore(map, 3) - Math.sqrt(8) / 9) < 1e-15);
  }
});

test("a constant map scores 0, and so does one that differs by rounding alone", () => {
  assert.equal(softnessScore(new Float64Array(12).fill(3), 4), 0);
  assert.equal(softnessScore(Float64Array.from({ length: 9 }, (_, at) => 1 + at * 1e-14), 3), 0);
  assert.equal(extent(new Float64Array(9)).constant, true);
  assert.equal(extent(Float64Array.of(0, 1e-300)).constant, false);
});

test("equal channels are their own luma", () => {
  for (let byte = 0; byte < 256; byte += 1) assert.equal(luma(byte, byte, byte), byte);
  assert.equal(luma(255, 0, 0), 0.299 * 255);
});

test("the sum of kernels is that of their weights, place by place", () => {
  const bank = { filters: 2, channels: 2, kernel: 1, weights: Float32Array.of(1, 2, 4, 8), bias: [0, 0] };
  assert.deepEqual([...summedKernels(bank).weights], [3, 12]);
});
