// Reading the page's data, and what it makes of untrained filters, axes and words.

import assert from "node:assert/strict";
import { test } from "node:test";
import { deflateRawSync } from "node:zlib";

import { iterationShare, iterationTicks, labelledPlaces, linear, ticks } from "../../../src/explorer/page/charts.js";
import { mosaic } from "../../../src/explorer/page/canvas.js";
import { diverging, isDark } from "../../../src/explorer/page/colours.js";
import { decimals, grouped, iterationsText, percentText, softerText } from "../../../src/explorer/page/format.js";
import { moved } from "../../../src/explorer/page/grid.js";
import { lineOfPixels, middleSquare, planesOf } from "../../../src/explorer/page/own.js";
import { nearest, readStudy } from "../../../src/explorer/page/study.js";
import { distributionOf, normal, percentile, shareBelow, uniform, untrainedNetwork } from "../../../src/explorer/page/untrained.js";

/** Words as four planes of bytes, the lowest first. */
function planes(words) {
  return [0, 8, 16, 24].flatMap((shift) => words.map((word) => (word >>> shift) & 255));
}

/** 0, -1, 1, -2, .. as 0, 1, 2, 3, .. */
function folded(value) {
  return ((value << 1) ^ (value >> 31)) >>> 0;
}

test("filters of all iterations come out as they were packed", async () => {
  // The layer of the first session has a step of its own.
  const step = 2 ** -10;
  const pageStep = 2 ** -7;
  const last = [[0.3, -0.7, 0.01], [1.5, 2.5, -3.25]].map((values) => Float32Array.from(values));
  const before = [[[5, -400, 3], [300, -717, -2]], []]; // multiples at iterations 0 and 1 of the first session
  const ends = [...last[0]].map((value) => Math.floor(value / step + 0.5));
  const differences = [...ends.map((end, at) => end - before[0][1][at]), ...before[0][1].map((later, at) => later - before[0][0][at])];
  const bits = [...new Int32Array(Float32Array.from(last.flatMap((values) => [...values])).buffer)];
  const bytes = Buffer.from([...planes(bits), ...planes(differences.map(folded))]);
  const layers = [{ filters: 1, channels: 2, kernel: 1 }];
  const header = {
    step: pageStep,
    pictures: [{ name: "dots", width: 1, height: 1, pixels: Buffer.from([1, 2, 3]).toString("base64") }],
    sessions: [
      { name: "a", iterations: [0, 1, 9], layers, exponents: [-3], scale: 1 },
      { name: "b", iterations: [4], layers, exponents: [0], scale: 1 },
    ],
  };
  const study = await readStudy(header, deflateRawSync(bytes).toString("base64"));
  const numbers = study.sessions.map(({ networks }) => networks.map(({ banks: [bank] }) => [...bank.weights, ...bank.bias]));
  const multiples = (values) => values.map((value) => value * step);
  assert.deepEqual(numbers[0], [multiples(before[0][0]), multiples(before[0][1]), [...last[0]]]);
  assert.deepEqual(numbers[1], [[...last[1]]]);
  assert.deepEqual([...study.pictures[0].pixels], [1, 2, 3]);
});

test("the nearest kept iteration is so on a log scale", () => {
  const kept = [0, 1, 10, 100, 1000];
  assert.deepEqual([0, 2, 4, 40, 1e6].map((iteration) => kept[nearest(kept, iteration)]), [0, 1, 10, 100, 1000]);
});

test("untrained weights have the deviation of their truncated distribution", () => {
  const random = uniform(7);
  const draws = Array.from({ length: 20000 }, () => normal(random, true));
  const deviation = Math.sqrt(draws.reduce((sum, draw) => sum + draw * draw, 0) / draws.length);
  assert.ok(draws.every((draw) => Math.abs(draw) < 2));
  // sqrt(1 - 4 phi(2) / (2 Phi(2) - 1)) = 0.8796; five standard errors are 0.022.
  assert.ok(Math.abs(deviation - 0.8796) < 0.022, String(deviation));
  const layers = [{ filters: 2, channels: 3, kernel: 5 }];
  const origin = { layers, deviations: [0.05], truncated: true, bias: 0.05, scale: 1 };
  const [one, again, other] = [1, 1, 2].map((seed) => untrainedNetwork(origin, seed).banks[0]);
  assert.deepEqual(one, again);
  assert.notDeepEqual(one.weights, other.weights);
  assert.ok(one.weights.length === 150 && one.weights.every((weight) => Math.abs(weight) < 0.1));
});

test("percentiles interpolate, and a histogram gives the share below a value", () => {
  assert.equal(percentile([0, 10, 20, 30], 50), 15);
  const scores = Array.from({ length: 1001 }, (_, at) => at / 1000);
  const distribution = distributionOf(scores, 10);
  assert.ok(Math.abs(distribution.threshold - 0.05) < 1e-12);
  assert.equal(distribution.counts.reduce((sum, count) => sum + count), 1001);
  assert.deepEqual([-1, 2].map((value) => shareBelow(distribution, value)), [0, 1]);
  assert.ok(Math.abs(shareBelow(distribution, 0.25) - 0.25) < 0.002);
});

test("axes have round numbers, and iteration 0 has a place before 1", () => {
  assert.deepEqual(ticks(0.12, 0.58, 4), { values: [0.2, 0.4], places: 1 });
  assert.equal(ticks(2.31, 2.49, 4).places, 2);
  assert.equal(linear(0, 10, 100, 0)(2.5), 75);
  assert.deepEqual(iterationTicks(50000), [0, 1, 10, 100, 1000, 10000]);
  const shares = [0, 1, 10, 100].map((iterations) => iterationShare(iterations, 100));
  assert.ok(shares[0] === 0 && shares[1] > 0.05 && shares[3] === 1);
  assert.ok(Math.abs(shares[2] - (shares[1] + shares[3]) / 2) < 1e-12);
});

test("numbers and words are as people read them", () => {
  assert.deepEqual([7, 1000, 1234567].map(grouped), ["7", "1,000", "1,234,567"]);
  assert.deepEqual([decimals(-1.25, 1), decimals(-0.001, 2)], ["−1.3", "0.00"]);
  assert.deepEqual([0, 1, 2000].map(iterationsText), ["before training", "1 iteration", "2,000 iterations"]);
  assert.deepEqual([0, 0.001, 0.384, 0.999, 1].map(percentText), ["0 %", "under 1 %", "38 %", "over 99 %", "100 %"]);
  assert.deepEqual([90, 103, 100].map((value) => softerText(value, 100)), ["10.0 % softer than", "3.0 % less soft than", "as soft as"]);
});

test("zero is white, negative blue and positive red", () => {
  assert.deepEqual(diverging(0, 1), [255, 255, 255]);
  assert.deepEqual(diverging(-1, 1), [0x05, 0x30, 0x61]);
  assert.deepEqual(diverging(9, 1), [0x67, 0x00, 0x1f]);
  assert.deepEqual(diverging(5, 0), [255, 255, 255]);
  assert.ok(isDark([0x67, 0, 0x1f]) && !isDark([255, 255, 255]));
});

test("arrow keys move in the grid and stop at its edges", () => {
  const key = (name, place) => moved(name, place, 16, 6);
  assert.deepEqual([key("ArrowRight", 0), key("ArrowDown", 0), key("ArrowUp", 7), key("ArrowLeft", 0)], [1, 6, 1, 0]);
  assert.deepEqual([key("ArrowDown", 12), key("End", 3), key("Home", 3), key("x", 3)], [12, 15, 0, 3]);
  assert.deepEqual([3, 16, 1].map((count) => mosaic(count)), [{ columns: 2, rows: 2 }, { columns: 4, rows: 4 }, { columns: 1, rows: 1 }]);
});

test("pictures are cut to their middle square and split into planes", () => {
  assert.deepEqual(middleSquare(100, 60), { left: 20, top: 0, side: 60 });
  assert.deepEqual([...planesOf(Uint8ClampedArray.of(1, 2, 3, 255, 4, 5, 6, 255))], [1, 4, 2, 5, 3, 6]);
  assert.deepEqual(lineOfPixels([0, 0], [2, 1]), [[0, 0], [1, 1], [2, 1]]);
  assert.deepEqual(lineOfPixels([3, 3], [3, 3]), [[3, 3], [3, 3]]);
});

test("under the slider are as many labels as have room, the ends among them", () => {
  assert.deepEqual(labelledPlaces([8, 8, 8, 20], 200), [0, 1, 2, 3]);
  assert.deepEqual(labelledPlaces([8], 200), [0]);
  assert.deepEqual(labelledPlaces([40, 40], 10), [0, 1]);
  for (const [count, wide, room] of [[200, 30, 900], [200, 62, 900], [17, 48, 500], [3, 40, 100], [1000, 48, 300]]) {
    const places = labelledPlaces(Array(count).fill(wide), room);
    assert.ok(places[0] === 0 && places[places.length - 1] === count - 1);
    assert.ok(places.length * wide <= room, `${count}: ${places}`);
    // No more than every second of those that could stand side by side is missing.
    assert.ok(places.length >= Math.min(count, Math.floor(room / (2 * (wide + 6)))), `${count}: ${places}`);
    const lefts = places.map((place) =>
      place === 0 ? 0 : place === count - 1 ? room - wide : (room * place) / (count - 1) - wide / 2,
    );
    assert.ok(lefts.every((left, at) => at === 0 || left >= lefts[at - 1] + wide), `${count}: ${lefts}`);
  }
});
