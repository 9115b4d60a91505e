// What the page shows, computed from a study and the choices made: nothing here touches the document.

import { distributionOf, percentile, untrainedScores } from "./untrained.js";
import { BORDERS, READINGS, filterScores, layerMaps, sum, summedKernels } from "./readings.js";

/** Untrained networks that are drawn for a picture of one's own. */
const NETWORKS = 20;
const BINS = 40;

/** A name for each combination of the choices that maps depend on. */
function keyOf(...choices) {
  return choices.join(" ");
}

/** Computes and remembers. `study` is what `readStudy` gives. */
export function createModel(study) {
  const layers = new Map();
  const own = new Map();
  const limits = new Map();

  /** The maps and scores of a layer: { maps, each, scores }. The last 48 are remembered. */
  function layer(session, place, number, reading, border, picture) {
    const key = keyOf(session.index, place, number, reading, border, picture.version ?? picture.name);
    if (!layers.has(key)) {
      const found = layerMaps(session.networks[place], number, picture, reading, border);
      layers.set(key, { ...found, scores: filterScores(found) });
      if (layers.size > 48) layers.delete(layers.keys().next().value);
    }
    return layers.get(key);
  }

  /** The place of a cell in the library's numbers, which are there for the page's pictures. */
  function cellOf(number, reading, border, picture) {
    const readings = READINGS.findIndex(({ name }) => name === reading);
    const borders = BORDERS.findIndex(({ name }) => name === border);
    const pictures = study.pictures.indexOf(picture);
    if (pictures < 0) return -1;
    return (((number - 1) * READINGS.length + readings) * BORDERS.length + borders) * study.pictures.length + pictures;
  }

  /** The layer scores [iterations, score] of a session, as far as they are known. */
  function curve(session, number, reading, border, picture) {
    if (number > session.layers.length || (reading === "forward-pass" && !session.forward)) return [];
    const cell = cellOf(number, reading, border, picture);
    return session.iterations
      .map((iterations, place) => {
        if (cell >= 0) return [iterations, session.sums[place][cell]];
        return [iterations, own.get(keyOf(session.index, place, number, reading, border, picture.version))];
      })
      .filter(([, score]) => score !== undefined && score !== null);
  }

  /**
   * Does the next piece of what a picture of one's own needs: the layer scores of the first session, the untrained
   * filters, then the other sessions. Returns whether there is more to do.
   */
  function* work(session, number, reading, border, picture) {
    const order = [session, ...study.sessions.filter((other) => other !== session)];
    for (const other of order) {
      if (number > other.layers.length || (reading === "forward-pass" && !other.forward)) continue;
      if (other === order[1] || order.length === 1) yield* drawUntrained(session, number, reading, border, picture);
      for (let place = other.iterations.length - 1; place >= 0; place -= 1) {
        const key = keyOf(other.index, place, number, reading, border, picture.version);
        if (own.has(key)) continue;
        own.set(key, sum(filterScores(layerMaps(other.networks[place], number, picture, reading, border))));
        yield;
      }
    }
    yield* drawUntrained(session, number, reading, border, picture);
  }

  function untrainedKey(session, number, reading, border, picture) {
    return keyOf("untrained", session.origins[number - 1], reading, border, picture.version);
  }

  function* drawUntrained(session, number, reading, border, picture) {
    const key = untrainedKey(session, number, reading, border, picture);
    if (own.has(key)) return;
    const origin = study.origins[session.origins[number - 1]];
    const scores = [];
    const sums = [];
    for (const network of untrainedScores(origin, NETWORKS, picture, reading, border)) {
      scores.push(...network);
      sums.push(sum(network));
      yield;
    }
    sums.sort((one, other) => one - other);
    const [low, median, high] = [2.5, 50, 97.5].map((percent) => percentile(sums, percent));
    own.set(key, { ...distributionOf(scores, BINS), band: origin.networks ? { low, median, high } : null });
  }

  /** The untrained filters' distribution, or null while it is not known. */
  function untrained(session, number, reading, border, picture) {
    const cell = cellOf(1, reading, border, picture);
    if (cell >= 0) return study.origins[session.origins[number - 1]].cells[cell];
    return own.get(untrainedKey(session, number, reading, border, picture)) ?? null;
  }

  /** One kernel for each filter: the first, or the mean of all. */
  function tiles(session, place, number, reading) {
    const bank = session.networks[place].banks[number - 1];
    const area = bank.kernel * bank.kernel;
    if (reading !== "kernel-slice") return summedKernels(bank).weights.map((total) => total / bank.channels);
    const first = new Float64Array(bank.filters * area);
    return first.map((_, at) => bank.weights[Math.floor(at / area) * bank.channels * area + (at % area)]);
  }

  /** The largest magnitude of the numbers that `of` gives for each kept iteration of a session. */
  function largest(key, session, of) {
    if (!limits.has(key)) {
      let limit = 0;
      session.networks.forEach((_, place) => {
        for (const value of of(place)) limit = Math.max(limit, Math.abs(value));
      });
      limits.set(key, limit || 1);
    }
    return limits.get(key);
  }

  /** The ends of the colour scales: of the tiles and of the weights. */
  function scales(session, number, reading) {
    const first = reading === "kernel-slice";
    return {
      tiles: largest(keyOf("tiles", session.index, number, first), session, (place) => tiles(session, place, number, reading)),
      weights: largest(keyOf("weights", session.index, number), session, (place) => session.networks[place].banks[number - 1].weights),
    };
  }

  /** Forgets what was computed for a picture of one's own. */
  function forget() {
    own.clear();
  }

  return { layer, curve, work, untrained, tiles, scales, forget };
}
