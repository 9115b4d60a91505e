// The page: choices in, pictures out. Everything that is shown follows from `state`.

import { drawCurves, labelledPlaces } from "./charts.js";
import { fillSelect, radioGroup, themeSwitch } from "./controls.js";
import { createDetail } from "./detail.js";
import { counted, decimals, grouped, iterationsText, scoreText, softerText } from "./format.js";
import { createPane } from "./grid.js";
import { createModel } from "./model.js";
import { createPad } from "./pad.js";
import { BORDERS, READINGS, sum } from "./readings.js";
import { nearest, readStudy } from "./study.js";

/** Milliseconds from one kept iteration to the next while it plays. */
const PACE = 750;
/** Milliseconds without a change before it is spoken. */
const QUIET = 500;
/** Milliseconds of computing before the page may draw again. */
const SLICE = 30;

const byId = (id) => document.getElementById(id);

/** Builds the page from a study. */
export function createExplorer(study) {
  const model = createModel(study);
  const state = {
    session: study.sessions[study.sessions.length - 1],
    beside: null,
    layer: 1,
    reading: READINGS[0].name,
    border: BORDERS[0].name,
    picture: study.pictures[0],
    place: 0,
    filter: 0,
    preview: null,
  };
  state.place = state.session.iterations.length - 1;
  if (!state.session.forward) state.reading = READINGS[1].name;

  const own = createPad(byId, () => state.picture, (picture) => {
    model.forget();
    change({ picture });
  });
  const detail = createDetail(byId("detail"), pick);
  const panes = [createPane(pick, preview), createPane(pick, preview)];
  byId("panes").append(...panes.map(({ section }) => section));
  let timer = null;
  let speech = null;
  let task = null;

  // What is chosen.

  function change(changes) {
    Object.assign(state, changes);
    const { session } = state;
    const iteration = changes.session ? changes.iteration : null;
    if (iteration !== null && iteration !== undefined) state.place = nearest(session.iterations, iteration);
    state.layer = Math.min(state.layer, session.layers.length);
    if (state.reading === "forward-pass" && !session.forward) state.reading = READINGS[1].name;
    if (state.beside && !fits(state.beside)) state.beside = null;
    state.filter = Math.min(state.filter, session.layers[state.layer - 1].filters - 1);
    state.preview = null;
    update();
  }

  /** Whether a session has what is chosen, and the same number of filters. */
  function fits(other) {
    const [mine, theirs] = [state.session, other].map(({ layers }) => layers[state.layer - 1]);
    return theirs && theirs.filters === mine.filters && (state.reading !== "forward-pass" || other.forward);
  }

  function pick(filter) {
    if (state.filter === filter && state.preview === null) return;
    state.filter = filter;
    state.preview = null;
    showFilter();
    speak();
  }

  function preview(filter) {
    if (state.preview === filter) return;
    state.preview = filter;
    showFilter();
  }

  // What is shown.

  function placeOf(session) {
    return session === state.session ? state.place : nearest(session.iterations, state.session.iterations[state.place]);
  }

  function layerOf(session) {
    return model.layer(session, placeOf(session), state.layer, state.reading, state.border, state.picture);
  }

  function untrained() {
    return model.untrained(state.session, state.layer, state.reading, state.border, state.picture);
  }

  /** The score below which a filter is soft. Until untrained filters are drawn, none is. */
  function threshold() {
    return untrained()?.threshold ?? -Infinity;
  }

  function update() {
    showControls();
    showTime();
    showPanes();
    showScore();
    showFilter();
    speak();
    startWork();
  }

  function showControls() {
    const { session } = state;
    const sessionWords = ({ name, iterations, accuracy }) =>
      `${name}: ${iterationsText(iterations[iterations.length - 1])}${accuracy ? `, test accuracy ${decimals(100 * accuracy, 1)} %` : ""}`;
    const sessions = study.sessions.map((each) => ({ value: String(each.index), words: sessionWords(each) }));
    fillSelect(byId("session"), sessions, String(session.index));
    const others = study.sessions.filter((other) => other !== session && fits(other));
    const besides = others.map((each) => ({ value: String(each.index), words: sessionWords(each) }));
    fillSelect(byId("beside"), [{ value: "", words: "no other session" }, ...besides], String(state.beside?.index ?? ""));
    byId("beside").parentElement.hidden = study.sessions.length < 2;
    const keepFocus = document.activeElement?.name;
    const layers = session.layers.map((_, at) => ({ value: at + 1, words: String(at + 1) }));
    radioGroup(byId("layer"), layers, state.layer, (layer) => change({ layer }));
    const readings = READINGS.filter(({ name }) => session.forward || name !== "forward-pass");
    radioGroup(
      byId("reading"),
      readings.map(({ name, words, explains }) => ({ value: name, words, title: explains })),
      state.reading,
      (reading) => change({ reading }),
    );
    radioGroup(
      byId("border"),
      BORDERS.map(({ name, words, explains }) => ({ value: name, words, title: explains })),
      state.border,
      (border) => change({ border }),
    );
    const pictures = [...study.pictures, own.picture].map((picture) => ({ value: picture.name, words: picture.name }));
    radioGroup(byId("picture"), pictures, state.picture.name, (name) => {
      const picture = study.pictures.find((one) => one.name === name);
      if (picture) change({ picture });
      else own.choose();
    });
    if (["layer", "reading", "border", "picture"].includes(keepFocus)) {
      document.querySelector(`input[name="${keepFocus}"]:checked`)?.focus();
    }
    const reading = READINGS.find(({ name }) => name === state.reading);
    const border = BORDERS.find(({ name }) => name === state.border);
    const { channels } = session.layers[state.layer - 1];
    const tile = channels === 1 ? "its kernel" : state.reading === "kernel-slice" ? "its first kernel" : "the mean of its kernels";
    const map = state.reading === "each-kernel" ? "its maps and their mean score" : "its map and its score";
    byId("explained").textContent =
      `${reading.explains} Border ${border.words}: ${border.explains}. Shown of each filter: its number, ${tile}, ${map}.`;
    byId("own").hidden = state.picture !== own.picture;
  }

  function showTime() {
    const { iterations } = state.session;
    const slider = byId("time");
    slider.max = iterations.length - 1;
    slider.value = state.place;
    slider.disabled = iterations.length < 2;
    showStops(iterations);
    byId("play").disabled = iterations.length < 2;
    const now = iterationsText(iterations[state.place]);
    slider.setAttribute("aria-valuetext", now);
    byId("when").textContent = now;
    byId("play").textContent = timer ? "❚❚" : "▶";
    byId("play").setAttribute("aria-label", timer ? "Stop" : "Play the training");
  }

  /** Writes iterations under the slider: as many as have room. */
  function showStops(iterations) {
    const last = Math.max(1, iterations.length - 1);
    const marks = iterations.map((iteration, at) => {
      const mark = document.createElement("span");
      mark.style.left = `${(100 * at) / last}%`;
      mark.textContent = grouped(iteration);
      return mark;
    });
    const stops = byId("stops");
    stops.replaceChildren(...marks);
    const shown = labelledPlaces(marks.map((mark) => mark.offsetWidth), stops.clientWidth);
    stops.replaceChildren(...shown.map((place) => marks[place]));
  }

  function showPanes() {
    const shown = [state.session, state.beside];
    panes.forEach((pane, at) => {
      const session = shown[at];
      pane.section.hidden = !session;
      if (!session) return;
      const place = placeOf(session);
      const layer = layerOf(session);
      const soft = layer.scores.filter((score) => score < threshold()).length;
      const { kernel } = session.layers[state.layer - 1];
      pane.show({
        title: `Session ${session.name}, ${iterationsText(session.iterations[place])}`,
        words: `${soft} of ${counted(layer.scores.length, "filter")} of layer ${state.layer} soft`,
        kernels: model.tiles(session, place, state.layer, state.reading),
        kernel,
        limit: model.scales(session, state.layer, state.reading).tiles,
        threshold: threshold(),
        ...layer,
      });
    });
    byId("panes").classList.toggle("two", Boolean(state.beside));
  }

  function showScore() {
    const { scores } = layerOf(state.session);
    const total = sum(scores);
    const band = untrained()?.band ?? null;
    byId("score").textContent = decimals(total, 3);
    const untrainedWords = band ? `; ${softerText(total, band.median)} untrained networks` : "";
    byId("score-words").textContent = `${scoreText(total / scores.length)} per filter${untrainedWords}`;
    const most = Math.max(...study.sessions.map(({ iterations }) => iterations[iterations.length - 1]));
    const lines = study.sessions.map((session) => {
      const kind = session === state.session ? "this" : session === state.beside ? "beside" : "other";
      const points = model.curve(session, state.layer, state.reading, state.border, state.picture);
      const now = session.iterations[placeOf(session)];
      const at = kind === "other" ? undefined : points.findIndex(([iterations]) => iterations === now);
      return { name: session.name, points, kind, at };
    });
    const label = `Layer score against iterations for ${counted(study.sessions.length, "session")}; session ${state.session.name} is at ${decimals(total, 3)}.`;
    drawCurves(byId("curves"), { lines: lines.filter(({ points }) => points.length > 0), band, most, label }, (name) => {
      const session = study.sessions.find((one) => one.name === name);
      if (session !== state.session) changeSession(session);
    });
    const others = study.sessions.length - 1;
    const key = [`Blue: session ${state.session.name}.`];
    if (state.beside) key.push(`Orange: session ${state.beside.name}.`);
    if (others > 0) key.push(`Grey: ${counted(others, "other session")}, to be clicked.`);
    if (band) key.push("Band: 95 % of untrained networks, and their median.");
    byId("curve-key").textContent = key.join(" ");
  }

  function showFilter() {
    const filter = state.preview ?? state.filter;
    const { session } = state;
    const bank = session.networks[state.place].banks[state.layer - 1];
    const layer = layerOf(session);
    const rgb = state.layer === 1 && bank.channels === 3;
    const names = Array.from({ length: bank.channels }, (_, at) => (rgb ? ["0 (red)", "1 (green)", "2 (blue)"][at] : String(at)));
    panes.forEach((pane) => pane.mark(state.filter, filter));
    detail.show({
      ...layer,
      filter,
      bank,
      names,
      layer: state.layer,
      limit: model.scales(session, state.layer, state.reading).weights,
      untrained: untrained(),
      picture: state.picture,
    });
    byId("jump").textContent = `Filter ${filter}: ${scoreText(layer.scores[filter])} – see it large`;
  }

  /** Tells screen readers what changed, once it rests. */
  function speak() {
    clearTimeout(speech);
    if (timer) return;
    speech = setTimeout(() => {
      const { scores } = layerOf(state.session);
      const soft = scores.filter((score) => score < threshold()).length;
      byId("live").textContent =
        `${iterationsText(state.session.iterations[state.place])}: layer score ${decimals(sum(scores), 3)}, ` +
        `${soft} of ${scores.length} filters soft. Filter ${state.filter}: ${scoreText(scores[state.filter])}.`;
    }, QUIET);
  }

  // Time.

  function changeSession(session) {
    stop();
    change({ session, beside: state.beside === session ? null : state.beside, iteration: state.session.iterations[state.place] });
  }

  function stop() {
    clearTimeout(timer);
    timer = null;
  }

  function go() {
    timer = setTimeout(() => {
      const last = state.session.iterations.length - 1;
      if (state.place + 1 >= last) stop();
      else go();
      change({ place: Math.min(last, state.place + 1) });
    }, PACE);
  }

  function toggle() {
    if (state.session.iterations.length < 2) return;
    if (timer) {
      stop();
      showTime();
      return speak();
    }
    const atEnd = state.place === state.session.iterations.length - 1;
    go();
    change({ place: atEnd ? 0 : state.place });
  }

  /** Computes what a picture of one's own needs, in pieces, so that the page stays quick. */
  function startWork() {
    clearTimeout(task);
    if (state.picture !== own.picture) return;
    const pieces = model.work(state.session, state.layer, state.reading, state.border, state.picture);
    const next = () => {
      const end = performance.now() + SLICE;
      let done = false;
      while (!done && performance.now() < end) done = pieces.next().done;
      if (!done) {
        task = setTimeout(next, 0);
        return showScore();
      }
      showPanes();
      showScore();
      showFilter();
      speak();
    };
    task = setTimeout(next, 0);
  }

  // What people do.

  byId("session").addEventListener("change", (event) => changeSession(study.sessions[event.target.value]));
  byId("beside").addEventListener("change", (event) => change({ beside: study.sessions[event.target.value] ?? null }));
  byId("time").addEventListener("input", (event) => {
    stop();
    change({ place: Number(event.target.value) });
  });
  window.addEventListener("resize", showTime);
  byId("play").addEventListener("click", toggle);
  byId("controls").addEventListener("submit", (event) => event.preventDefault());
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("select, textarea, input:not([type=range]), button:not(.cell), summary, a");
    if (event.key !== " " || typing || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    toggle();
  });
  themeSwitch(byId("theme"));
  byId("made").textContent = study.made;
  byId("main").hidden = false;
  update();
  return { state, change, model, study };
}

/** Reads the page's study and builds the page. */
export async function start() {
  const problem = byId("problem");
  try {
    const study = await readStudy(JSON.parse(byId("study").textContent), byId("filters").textContent);
    window.explorer = createExplorer(study);
  } catch (error) {
    problem.textContent =
      typeof DecompressionStream === "undefined"
        ? "This page needs a browser of 2023 or later."
        : `The page cannot be shown: ${error.message}`;
    problem.hidden = false;
  }
}
