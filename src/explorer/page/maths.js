// Cross-correlation, ReLU, max-pooling and the softness score, in double precision as in the library
// (src/responses/correlate.rs, src/softness/score.rs).
//
// Planes are { count, height, width, data }: `count` maps of height x width values, one after the other, row by row.
// A bank of filters is { filters, channels, kernel, weights, bias }: weights (filters, channels, kernel, kernel).

/** Planes of zeros. */
export function emptyPlanes(count, height, width) {
  return { count, height, width, data: new Float64Array(count * height * width) };
}

/** The planes with a border of zeros: `before` rows and columns above and left, `after` below and right. */
function padded(planes, before, after) {
  const { count, height, width, data } = planes;
  const out = emptyPlanes(count, height + before + after, width + before + after);
  for (let plane = 0; plane < count; plane += 1) {
    for (let y = 0; y < height; y += 1) {
      const from = (plane * height + y) * width;
      const to = (plane * out.height + y + before) * out.width + before;
      out.data.set(data.subarray(from, from + width), to);
    }
  }
  return out;
}

/**
 * Every filter of the bank over its first `channels` channels of the input, or over the input's only one, plus its bias if
 * `withBias`. The border is "same" (zeros outside) or "valid" (whole windows only).
 */
export function correlate(input, bank, channels, border, withBias) {
  const { filters, kernel, weights, bias } = bank;
  const before = Math.floor((kernel - 1) / 2);
  const source = border === "same" ? padded(input, before, kernel - 1 - before) : input;
  const height = source.height - kernel + 1;
  const width = source.width - kernel + 1;
  const out = emptyPlanes(filters, height, width);
  for (let filter = 0; filter < filters; filter += 1) {
    const map = out.data.subarray(filter * height * width, (filter + 1) * height * width);
    if (withBias) map.fill(bias[filter]);
    for (let channel = 0; channel < channels; channel += 1) {
      const plane = source.count === 1 ? 0 : channel;
      for (let at = 0; at < kernel * kernel; at += 1) {
        const weight = weights[(filter * bank.channels + channel) * kernel * kernel + at];
        const corner = (plane * source.height + Math.floor(at / kernel)) * source.width + (at % kernel);
        addScaled(map, source.data, weight, corner, height, width, source.width);
      }
    }
  }
  return out;
}

/** Adds `weight` times the rectangle at `corner` of the source to the map. */
function addScaled(map, source, weight, corner, height, width, step) {
  let to = 0;
  for (let y = 0; y < height; y += 1) {
    const from = corner + y * step;
    for (let x = 0; x < width; x += 1) {
      map[to] += weight * source[from + x];
      to += 1;
    }
  }
}

/** ReLU, then the largest of every 2 x 2 block. An odd last row or column is dropped. */
export function reluAndPool(planes) {
  const { count, width, data } = planes;
  const out = emptyPlanes(count, Math.floor(planes.height / 2), Math.floor(width / 2));
  let to = 0;
  for (let plane = 0; plane < count; plane += 1) {
    for (let y = 0; y < out.height; y += 1) {
      for (let x = 0; x < out.width; x += 1) {
        const at = (plane * planes.height + 2 * y) * width + 2 * x;
        out.data[to] = Math.max(0, data[at], data[at + 1], data[at + width], data[at + width + 1]);
        to += 1;
      }
    }
  }
  return out;
}

/** A map whose range is at most this share of its largest magnitude is constant. */
const CONSTANT_RANGE = 1e-12;

/** The least and the largest value of a map, and whether it is constant. */
export function extent(map) {
  let low = Infinity;
  let high = -Infinity;
  for (const value of map) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  const magnitude = Math.max(Math.abs(low), Math.abs(high));
  return { low, high, constant: magnitude === 0 || (high - low) / magnitude <= CONSTANT_RANGE };
}

/**
 * The softness of one map of `width` columns: the mean of the population standard deviations of its 3 x 3 windows after it
 * is scaled to 0..1. Lower is softer; a constant map scores 0.
 */
export function softnessScore(map, width) {
  const { low, high, constant } = extent(map);
  if (constant) return 0;
  const height = map.length / width;
  const scaled = Float64Array.from(map, (value) => (value - low) / (high - low));
  let total = 0;
  for (let y = 0; y + 2 < height; y += 1) {
    let row = 0;
    for (let x = 0; x + 2 < width; x += 1) row += windowDeviation(scaled, y * width + x, width);
    total += row;
  }
  return total / ((height - 2) * (width - 2));
}

/** The population standard deviation of the nine values whose upper left one is at `at`. */
function windowDeviation(map, at, width) {
  const second = at + width;
  const third = second + width;
  const sum =
    map[at] + map[at + 1] + map[at + 2] +
    map[second] + map[second + 1] + map[second + 2] +
    map[third] + map[third + 1] + map[third + 2];
  const mean = sum / 9;
  let squares = 0;
  for (let row = at; row <= third; row += width) {
    for (let place = row; place < row + 3; place += 1) squares += (map[place] - mean) * (map[place] - mean);
  }
  return Math.sqrt(squares / 9);
}
