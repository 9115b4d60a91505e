// Untrained filters: what a score is compared with. For the page's pictures the library's distributions are there; for
// a picture of one's own, filters are drawn here, from the distribution that training starts from.

import { filterScores, layerMaps, sum } from "./readings.js";

/** Uniform random numbers from 0 to below 1, the same for the same seed (mulberry32). */
export function uniform(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** Standard normal numbers (Box and Muller), drawn again beyond two if `truncated`. */
export function normal(random, truncated) {
  for (;;) {
    const value = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    if (!truncated || Math.abs(value) < 2) return value;
  }
}

/** The banks of one untrained network, as `origin` describes them: { layers, deviations, truncated, bias, scale }. */
export function untrainedNetwork(origin, seed) {
  const random = uniform(seed);
  const banks = origin.layers.map(({ filters, channels, kernel }, layer) => {
    const deviation = origin.deviations[layer];
    const draw = () => deviation * normal(random, origin.truncated);
    const weights = Float32Array.from({ length: filters * channels * kernel * kernel }, draw);
    return { filters, channels, kernel, weights, bias: new Float32Array(filters).fill(origin.bias) };
  });
  return { banks, scale: origin.scale };
}

/** The value that `percent` of the sorted values are below, between the two closest ranks. */
export function percentile(sorted, percent) {
  const place = (percent / 100) * (sorted.length - 1);
  const below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (sorted[above] - sorted[below]) * (place - below);
}

/** Scores of untrained filters as a histogram, with the threshold below which a filter is soft. */
export function distributionOf(scores, bins) {
  const sorted = Float64Array.from(scores).sort();
  const low = sorted[0];
  const width = (sorted[sorted.length - 1] - low) / bins || Number.MIN_VALUE;
  const counts = new Array(bins).fill(0);
  for (const score of sorted) counts[Math.min(bins - 1, Math.floor((score - low) / width))] += 1;
  return { threshold: percentile(sorted, 5), low, width, counts };
}

/** The share of a histogram below a value, 0..1. */
export function shareBelow({ low, width, counts }, value) {
  const total = sum(counts);
  const place = (value - low) / width;
  let below = 0;
  counts.forEach((count, bin) => {
    below += count * Math.min(1, Math.max(0, place - bin));
  });
  return below / total;
}

/** The scores of the filters of some untrained networks on a picture, one network at a time. */
export function* untrainedScores(origin, networks, picture, reading, border) {
  for (let seed = 1; seed <= networks; seed += 1) {
    const network = untrainedNetwork(origin, seed);
    yield filterScores(layerMaps(network, network.banks.length, picture, reading, border));
  }
}
