// The maps that the filters of a layer make of a picture, under each reading (src/responses).

import { correlate, emptyPlanes, reluAndPool, softnessScore } from "./maths.js";

/** How a filter is applied to a picture: the library's name, the words for people, and what is laid on what. */
export const READINGS = [
  {
    name: "forward-pass",
    words: "forward pass",
    explains: "Each filter on the maps of the layer before, as in the network.",
  },
  {
    name: "kernel-slice-sum",
    words: "summed kernels",
    explains: "The sum of a filter's kernels on the grey image.",
  },
  {
    name: "each-kernel",
    words: "each kernel",
    explains: "Every kernel of a filter by itself on the grey image; the score is the mean over its maps.",
  },
  {
    name: "kernel-slice",
    words: "first kernel",
    explains: "A filter's first kernel on the grey image.",
  },
];

/** What lies outside an image. */
export const BORDERS = [
  { name: "same", words: "same", explains: "zeros outside the image" },
  { name: "valid", words: "valid", explains: "windows inside the image only" },
];

/** Luma (ITU-R BT.601). For equal channels it is exactly their value. */
export function luma(red, green, blue) {
  return red === green && green === blue ? red : 0.299 * red + 0.587 * green + 0.114 * blue;
}

/**
 * What layer 1 sees of a picture { width, height, pixels }, whose pixels are planes of red, green and blue bytes: these
 * times `scale` in a forward pass, else the luma times `scale`.
 */
export function pictureInput(picture, scale, reading) {
  const { width, height, pixels } = picture;
  const size = width * height;
  if (reading === "forward-pass") {
    return { count: 3, height, width, data: Float64Array.from(pixels, (byte) => byte * scale) };
  }
  const grey = emptyPlanes(1, height, width);
  for (let at = 0; at < size; at += 1) {
    grey.data[at] = luma(pixels[at], pixels[at + size], pixels[at + 2 * size]) * scale;
  }
  return grey;
}

/** Every kernel of a bank as a filter of one channel. */
function separateKernels(bank) {
  return { ...bank, filters: bank.filters * bank.channels, channels: 1 };
}

/** A bank with the sum of each filter's kernels as its only kernel. */
export function summedKernels(bank) {
  const { filters, channels, kernel, weights } = bank;
  const area = kernel * kernel;
  const sums = new Float64Array(filters * area);
  for (let at = 0; at < weights.length; at += 1) {
    sums[Math.floor(at / (channels * area)) * area + (at % area)] += weights[at];
  }
  return { ...bank, channels: 1, weights: sums };
}

/**
 * The maps of layer `layer` (from 1), and how many of them each filter has. `network` is { banks, scale }; its first bank
 * is layer 1.
 */
export function layerMaps(network, layer, picture, reading, border) {
  const bank = network.banks[layer - 1];
  let input = pictureInput(picture, network.scale, reading);
  if (reading === "forward-pass") {
    for (const before of network.banks.slice(0, layer - 1)) {
      input = reluAndPool(correlate(input, before, before.channels, border, true));
    }
    return { maps: correlate(input, bank, bank.channels, border, true), each: 1 };
  }
  if (reading === "each-kernel") {
    return { maps: correlate(input, separateKernels(bank), 1, border, false), each: bank.channels };
  }
  const single = reading === "kernel-slice-sum" ? summedKernels(bank) : bank;
  return { maps: correlate(input, single, 1, border, false), each: 1 };
}

/** The score of each filter: that of its map, or the mean over its `each` maps. */
export function filterScores({ maps, each }) {
  const { count, height, width, data } = maps;
  const scores = new Float64Array(count / each);
  for (let map = 0; map < count; map += 1) {
    const values = data.subarray(map * height * width, (map + 1) * height * width);
    scores[Math.floor(map / each)] += softnessScore(values, width) / each;
  }
  return scores;
}

/** The sum of some numbers: of a layer's scores, the layer score. */
export function sum(values) {
  return values.reduce((total, value) => total + value, 0);
}
