// The grid of a layer's filters: each with its weights, its map and its score. One filter is picked; arrow keys, pointing
// and touching pick another.

import { drawKernels, drawMaps } from "./canvas.js";
import { scoreText } from "./format.js";

/** Where an arrow key leads from `place` among `count` cells in rows of `columns`. */
export function moved(key, place, count, columns) {
  const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns };
  if (key === "Home") return 0;
  if (key === "End") return count - 1;
  const next = place + (steps[key] ?? 0);
  return next >= 0 && next < count ? next : place;
}

function make(name, className, text = "") {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.textContent = text;
  return made;
}

/** One cell, with the parts that change. */
function cell(filter) {
  const button = make("button", "cell");
  button.type = "button";
  button.setAttribute("role", "radio");
  const head = make("span", "cell-head");
  const tile = make("canvas", "pixels tile");
  head.append(make("span", "number", String(filter)), tile);
  const map = make("canvas", "pixels map");
  const score = make("span", "cell-score");
  button.append(head, map, score);
  return { button, tile, map, score };
}

/** A pane with the filters of one session. `pick(filter)` and `preview(filter or null)` are called. */
export function createPane(pick, preview) {
  const section = make("section", "pane");
  const heading = make("h2");
  const words = make("p", "hint");
  const grid = make("div", "grid");
  grid.setAttribute("role", "radiogroup");
  section.append(heading, words, grid);
  let cells = [];

  function columns() {
    const top = cells[0].button.offsetTop;
    const next = cells.findIndex(({ button }) => button.offsetTop > top);
    return next < 0 ? cells.length : next;
  }

  function build(count) {
    cells = Array.from({ length: count }, (_, filter) => cell(filter));
    cells.forEach(({ button }, filter) => {
      button.addEventListener("click", () => pick(filter));
      button.addEventListener("focus", () => pick(filter));
      button.addEventListener("pointerenter", (event) => event.pointerType === "mouse" && preview(filter));
      button.addEventListener("keydown", (event) => {
        const next = moved(event.key, filter, count, columns());
        if (!/^(Arrow|Home|End)/.test(event.key)) return;
        event.preventDefault();
        cells[next].button.focus();
      });
    });
    grid.replaceChildren(...cells.map(({ button }) => button));
  }
  grid.addEventListener("pointerleave", () => preview(null));

  /** Marks the picked filter, and the one pointed at. */
  function mark(picked, shown) {
    cells.forEach(({ button }, filter) => {
      button.setAttribute("aria-checked", String(filter === picked));
      button.tabIndex = filter === picked ? 0 : -1;
      button.classList.toggle("shown", filter === shown);
    });
  }

  /** Shows a layer: { title, words, kernels, kernel, limit, maps, each, scores, threshold }. */
  function show(layer) {
    const { kernels, kernel, limit, maps, each, scores, threshold } = layer;
    heading.textContent = layer.title;
    words.textContent = layer.words;
    grid.setAttribute("aria-label", `Filters: ${layer.title}`);
    if (cells.length !== scores.length) build(scores.length);
    grid.classList.toggle("few", scores.length <= 16);
    const area = kernel * kernel;
    cells.forEach(({ button, tile, map, score }, filter) => {
      const soft = scores[filter] < threshold;
      drawKernels(tile, kernels.subarray(filter * area, (filter + 1) * area), kernel, limit);
      drawMaps(map, maps, filter * each, each);
      score.textContent = scoreText(scores[filter]);
      button.classList.toggle("soft", soft);
      button.setAttribute("aria-label", `Filter ${filter}, score ${scoreText(scores[filter])}${soft ? ", soft" : ""}`);
    });
  }
  return { section, show, mark };
}
