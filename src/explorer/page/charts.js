// Two charts in SVG: layer scores along training, and the place of filters among untrained ones.

import { grouped, decimals } from "./format.js";

/** Round numbers in low..high, about `wanted` of them. */
export function ticks(low, high, wanted) {
  const rough = (high - low) / wanted || 1;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough);
  const values = [];
  for (let value = Math.ceil(low / step) * step; value <= high + step * 1e-9; value += step) values.push(value);
  return { values, places: Math.max(0, -Math.floor(Math.log10(step) + 1e-9)) };
}

/** A straight scale from low..high to from..to. */
export function linear(low, high, from, to) {
  return (value) => from + ((value - low) / (high - low || 1)) * (to - from);
}

/** The share 0..1 of an axis for iterations: 0 at its beginning, then 1 to `most` on a log scale. */
export function iterationShare(iterations, most) {
  const zero = 0.07;
  if (iterations <= 0) return 0;
  return most <= 1 ? 1 : zero + (1 - zero) * (Math.log10(iterations) / Math.log10(most));
}

/** The powers of ten that label the axis of iterations. */
export function iterationTicks(most) {
  const values = [0];
  for (let value = 1; value <= most; value *= 10) values.push(value);
  return values;
}

/**
 * Which of some labels have room on a line of `room` pixels over which they are evenly spread: as many as do not touch, every one or
 * every so many, and the last. `widths` are theirs; the first begins with the line, the last ends with it, others are centred.
 */
export function labelledPlaces(widths, room) {
  const between = 6;
  const last = widths.length - 1;
  const left = (place) => {
    if (place === 0) return 0;
    return place === last ? room - widths[last] : (room * place) / last - widths[place] / 2;
  };
  const apart = (place, next) => left(place) + widths[place] + between <= left(next);
  for (let every = 1; every < last; every += 1) {
    const places = [];
    for (let place = 0; place < last; place += every) places.push(place);
    while (places.length > 1 && !apart(places[places.length - 1], last)) places.pop();
    if (places.every((place, at) => apart(place, places[at + 1] ?? last))) return [...places, last];
  }
  return last > 0 ? [0, last] : [0];
}

/** An SVG element with attributes, and children or a text. */
function element(name, attributes, content = []) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...[content].flat());
  return made;
}

function text(x, y, anchor, words, kind = "label") {
  return element("text", { x, y, "text-anchor": anchor, class: kind }, words);
}

const WIDE = 460;
const FONT_DROP = 4;

/**
 * Layer scores along training. `lines` are { name, points: [[iterations, score]], kind: "other", "this" or "beside", at: the
 * place of its moving dot or undefined }; `band` is the range of untrained networks { low, median, high } or null.
 * `choose(line)` is called with the line that is clicked.
 */
export function drawCurves(svg, { lines, band, most, label }, choose) {
  const frame = { left: 50, right: WIDE - 14, top: 14, bottom: 214 };
  svg.setAttribute("viewBox", `0 0 ${WIDE} 256`);
  svg.setAttribute("aria-label", label);
  const scores = lines.flatMap(({ points }) => points.map(([, score]) => score));
  if (band) scores.push(band.low, band.high);
  const room = (Math.max(...scores) - Math.min(...scores)) * 0.06 || 0.01;
  const [low, high] = [Math.min(...scores) - room, Math.max(...scores) + room];
  const x = (iterations) => frame.left + 8 + (frame.right - frame.left - 8) * iterationShare(iterations, most);
  const y = linear(low, high, frame.bottom, frame.top);
  const parts = [];
  if (band) {
    const top = y(band.high);
    const place = { x: frame.left, y: top, width: frame.right - frame.left, height: y(band.low) - top };
    parts.push(element("rect", { ...place, class: "band" }));
    const ends = { x1: frame.left, x2: frame.right, y1: y(band.median), y2: y(band.median) };
    parts.push(element("line", { ...ends, class: "median" }));
  }
  const scale = ticks(low, high, 6);
  for (const value of scale.values) {
    parts.push(element("line", { x1: frame.left, x2: frame.right, y1: y(value), y2: y(value), class: "rule" }));
    parts.push(text(frame.left - 7, y(value) + FONT_DROP, "end", decimals(value, scale.places)));
  }
  for (const value of iterationTicks(most)) {
    parts.push(element("line", { x1: x(value), x2: x(value), y1: frame.bottom, y2: frame.bottom + 4, class: "axis" }));
    parts.push(text(x(value), frame.bottom + 18, "middle", grouped(value)));
  }
  parts.push(element("line", { x1: frame.left, x2: frame.right, y1: frame.bottom, y2: frame.bottom, class: "axis" }));
  parts.push(text((frame.left + frame.right) / 2, 252, "middle", "iterations (log scale; 0 is before training)"));
  const order = ["other", "beside", "this"];
  for (const line of [...lines].sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind))) {
    parts.push(curve(line, x, y, choose));
  }
  svg.replaceChildren(...parts);
}

/** One session's line with its end, its moving dot, and a wide invisible line to click on. */
function curve({ name, points, kind, at }, x, y, choose) {
  const path = points.map(([iterations, score]) => `${x(iterations).toFixed(1)},${y(score).toFixed(1)}`).join(" ");
  const parts = [element("title", {}, `session ${name}`)];
  if (points.length > 1) parts.push(element("polyline", { points: path, class: "line" }));
  const end = points[points.length - 1];
  if (end) parts.push(element("circle", { cx: x(end[0]), cy: y(end[1]), r: 3, class: "end" }));
  parts.push(element("polyline", { points: path, class: "reach" }));
  if (at !== undefined && points[at]) {
    parts.push(element("circle", { cx: x(points[at][0]), cy: y(points[at][1]), r: 6.5, class: "now" }));
  }
  const group = element("g", { class: `curve ${kind}` }, parts);
  group.addEventListener("click", () => choose(name));
  return group;
}

/**
 * The scores of a layer's filters as dots under the histogram of untrained filters { threshold, low, width, counts }.
 * `picked` is the filter that stands out; `choose(filter)` is called with a dot that is clicked.
 */
export function drawDistribution(svg, { scores, untrained, picked, label }, choose) {
  const frame = { left: 12, right: WIDE - 12, top: 20, base: 92 };
  svg.setAttribute("viewBox", `0 0 ${WIDE} 158`);
  svg.setAttribute("aria-label", label);
  const ends = [untrained.low, untrained.low + untrained.width * untrained.counts.length];
  const low = Math.min(ends[0], ...scores);
  const high = Math.max(ends[1], ...scores);
  const room = (high - low) * 0.03 || 0.01;
  const x = linear(low - room, high + room, frame.left, frame.right);
  const y = linear(0, Math.max(...untrained.counts), frame.base, frame.top);
  const steps = [`M${x(ends[0])},${frame.base}`];
  untrained.counts.forEach((count, bin) => {
    const left = untrained.low + bin * untrained.width;
    steps.push(`L${x(left).toFixed(1)},${y(count).toFixed(1)} L${x(left + untrained.width).toFixed(1)},${y(count).toFixed(1)}`);
  });
  steps.push(`L${x(ends[1])},${frame.base}Z`);
  const parts = [element("path", { d: steps.join(" "), class: "histogram" })];
  const edge = x(untrained.threshold);
  parts.push(element("line", { x1: edge, x2: edge, y1: frame.top - 6, y2: frame.base + 26, class: "threshold" }));
  const [side, off] = edge > WIDE * 0.4 ? ["end", -5] : ["start", 5];
  parts.push(text(edge + off, 14, side, `soft below ${decimals(untrained.threshold, 4)}`, "label soft"));
  parts.push(element("line", { x1: frame.left, x2: frame.right, y1: frame.base, y2: frame.base, class: "axis" }));
  const scale = ticks(low, high, 7);
  for (const value of scale.values) parts.push(text(x(value), 136, "middle", decimals(value, scale.places)));
  parts.push(text(WIDE / 2, 154, "middle", "softness score (lower is softer)"));
  const dots = scores.map((score, filter) => {
    const soft = score < untrained.threshold ? " soft" : "";
    const kind = `dot${soft}${filter === picked ? " picked" : ""}`;
    const place = { cx: x(score), cy: frame.base + 14, r: filter === picked ? 7 : 4.5, class: kind };
    const dot = element("circle", place, element("title", {}, `filter ${filter}: ${decimals(score, 4)}`));
    dot.addEventListener("click", () => choose(filter));
    return dot;
  });
  // The one that stands out lies on top.
  if (dots[picked]) dots.push(dots.splice(picked, 1)[0]);
  svg.replaceChildren(...parts, ...dots);
}
