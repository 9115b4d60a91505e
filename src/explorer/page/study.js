// What the page carries: sessions with their filters, pictures, and what the library computed of them.
//
// The filters are one block of bytes, deflated and in base64. First come the filters of each session's last iteration as
// 32-bit floats, then those that were kept on the way: whole multiples of `step` times the power of two that the layer's
// exponent says, each as its difference from the next later one. Values are split into their four bytes, and all lowest bytes come first, which makes them small.

/** The bytes of a base64 text. */
export function bytesOf(base64) {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at += 1) bytes[at] = text.charCodeAt(at);
  return bytes;
}

/** The bytes that were deflated. */
async function inflated(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** `count` 32-bit words from four planes of bytes that begin at `start`, lowest bytes first. */
function words(bytes, start, count) {
  const out = new Int32Array(count);
  for (let at = 0; at < count; at += 1) {
    out[at] =
      bytes[start + at] |
      (bytes[start + count + at] << 8) |
      (bytes[start + 2 * count + at] << 16) |
      (bytes[start + 3 * count + at] << 24);
  }
  return out;
}

/** How many numbers the filters and biases of a session are. */
function lengthOf(session) {
  return session.layers.reduce(
    (total, { filters, channels, kernel }) => total + filters * channels * kernel * kernel + filters,
    0,
  );
}

/** The banks of a session's layers, from their numbers one after the other. */
function banksOf(session, numbers) {
  let at = 0;
  const take = (count) => numbers.subarray(at, (at += count));
  return session.layers.map(({ filters, channels, kernel }) => {
    const weights = take(filters * channels * kernel * kernel);
    return { filters, channels, kernel, weights, bias: take(filters) };
  });
}

/** The step of each number of a session. */
function stepsOf(session, step) {
  const steps = new Float64Array(lengthOf(session));
  let at = 0;
  session.layers.forEach((layer, index) => {
    const length = lengthOf({ layers: [layer] });
    steps.fill(step * 2 ** session.exponents[index], at, (at += length));
  });
  return steps;
}

/** The numbers of every kept iteration of a session, in ascending order, from the last one and the differences. */
function unrolled(last, differences, steps) {
  const length = last.length;
  const kept = [last];
  let multiples = Int32Array.from(last, (value, at) => Math.floor(value / steps[at] + 0.5));
  for (let from = 0; from < differences.length; from += length) {
    const later = multiples;
    multiples = later.map((value, at) => {
      const folded = differences[from + at];
      return value - ((folded >>> 1) ^ -(folded & 1));
    });
    kept.unshift(Float32Array.from(multiples, (value, at) => value * steps[at]));
  }
  return kept;
}

/**
 * The study of the page: `header` is its JSON, `filters` the base64 text. Each session gets `networks`, one for every one
 * of its `iterations`, and each picture its bytes.
 */
export async function readStudy(header, filters) {
  const bytes = await inflated(bytesOf(filters));
  const ends = header.sessions.map(lengthOf);
  const total = ends.reduce((all, length) => all + length, 0);
  const last = new Float32Array(words(bytes, 0, total).buffer);
  const differences = words(bytes, 4 * total, bytes.length / 4 - total);
  let place = 0;
  let from = 0;
  const sessions = header.sessions.map((session, index) => {
    const length = ends[index];
    const count = (session.iterations.length - 1) * length;
    const own = last.subarray(place, place + length);
    const kept = unrolled(own, differences.subarray(from, from + count), stepsOf(session, header.step));
    place += length;
    from += count;
    const networks = kept.map((numbers) => ({ banks: banksOf(session, numbers), scale: session.scale }));
    return { ...session, index, networks };
  });
  const pictures = header.pictures.map((picture) => ({ ...picture, pixels: bytesOf(picture.pixels) }));
  return { ...header, sessions, pictures };
}

/** The place of the kept iteration that is nearest to `iteration`, on a log scale. */
export function nearest(iterations, iteration) {
  const distance = (kept) => Math.abs(Math.log1p(kept) - Math.log1p(iteration));
  let best = 0;
  iterations.forEach((kept, place) => {
    if (distance(kept) < distance(iterations[best])) best = place;
  });
  return best;
}
