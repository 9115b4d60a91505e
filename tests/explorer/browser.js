// Works in the explorer's page as a person would, in Chromium, and holds its scores against the library's.
//
// node browser.js SHIPPED.html SHIPPED.json KEPT.html KEPT.json [SCREENSHOTS]
// The pages are of the shipped sessions, and of a session that kept its filters on the way; the JSON is that of
// examples/explorer_scores.rs. run.sh makes all four.

import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const [shippedPage, shippedScores, keptPage, keptScores, screenshots] = process.argv.slice(2);

/** The bound that the page promises: sums of 64-bit floats in another order are far below it. */
const AGAINST_LIBRARY = 1e-6;
/** Filters before the last iteration are rounded to multiples of at most 2^-11, mostly 2^-16. */
const ROUNDED_FILTERS = 1e-3;
/** The same pixels by another way. */
const SAME_PIXELS = 1e-12;

const data = (name) => new URL(`../../data/${name}`, import.meta.url);
const axe = readFileSync(new URL("node_modules/axe-core/axe.min.js", import.meta.url), "utf8");

let failures = 0;
function check(what, well, detail = "") {
  console.log(`explorer, ${what}: ${well ? "ok" : "WRONG"} ${detail}`);
  failures += well ? 0 : 1;
}

const browser = await chromium.launch({
  executablePath: process.env.SOFTNESS_CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox"],
});

/** Opens a page; whatever goes wrong in it, or is asked of a network, is counted. */
async function open(path, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  const wrong = [];
  page.on("pageerror", (error) => wrong.push(error.message));
  page.on("console", (message) => message.type() === "error" && wrong.push(message.text()));
  page.on("request", (request) => /^(file|data|blob):/.test(request.url()) || wrong.push(request.url()));
  await page.goto(pathToFileURL(path).href);
  await page.waitForSelector("#main:not([hidden])");
  return { page, wrong };
}

async function shot(page, name) {
  if (!screenshots) return;
  mkdirSync(screenshots, { recursive: true });
  await page.screenshot({ path: join(screenshots, `${name}.png`), fullPage: true });
}

/** The largest differences from the library's scores: at the last iterations, before them, and of the curves. */
async function differences(page, path) {
  return page.evaluate((rows) => {
    const { study, model } = window.explorer;
    const largest = { last: 0, before: 0, curve: 0, rows: rows.length };
    for (const { session: name, iterations, layer, reading, border, picture: pictured, scores } of rows) {
      const session = study.sessions.find((one) => one.name === name);
      const picture = study.pictures.find((one) => one.name === pictured);
      const place = session.iterations.indexOf(iterations);
      const found = model.layer(session, place, layer, reading, border, picture).scores;
      const kind = place === session.iterations.length - 1 ? "last" : "before";
      scores.forEach((score, filter) => {
        const difference = Math.abs(score - found[filter]);
        largest[kind] = Math.max(largest[kind], Number.isNaN(difference) ? Infinity : difference);
      });
      const [, sum] = model.curve(session, layer, reading, border, picture)[place];
      largest.curve = Math.max(largest.curve, Math.abs(sum - scores.reduce((total, score) => total + score, 0)));
    }
    return largest;
  }, JSON.parse(readFileSync(path, "utf8")));
}

const heading = (page) => page.textContent("#filter-heading");
const when = (page) => page.textContent("#when");
const yours = "input[name=picture][value='your image']";

async function againstLibrary() {
  for (const [path, numbers, what] of [[shippedPage, shippedScores, "shipped"], [keptPage, keptScores, "kept"]]) {
    const { page, wrong } = await open(path);
    const { last, before, curve, rows } = await differences(page, numbers);
    const detail = `${rows} layers: ${last.toExponential(1)} at the end, ${before.toExponential(1)} before, ${curve.toExponential(1)} of the curves`;
    check(`scores of the ${what} sessions are the library's`, rows > 0 && last < AGAINST_LIBRARY && before < ROUNDED_FILTERS && curve < AGAINST_LIBRARY, detail);
    check(`nothing goes wrong and nothing is loaded (${what})`, wrong.length === 0, wrong.join("; "));
    await page.context().close();
  }
}

async function time() {
  const { page, wrong } = await open(keptPage);
  const end = await when(page);
  await page.focus("#time");
  await page.keyboard.press("ArrowLeft");
  const before = await when(page);
  check("an arrow key moves the slider", before !== end && before === (await page.getAttribute("#time", "aria-valuetext")), `${end}, then ${before}`);
  await page.keyboard.press("Home");
  check("the slider begins before training", (await when(page)) === "before training", await when(page));
  await shot(page, "before-training");
  const stops = Number(await page.getAttribute("#time", "max"));
  await page.evaluate((stop) => {
    const slider = document.getElementById("time");
    slider.value = stop;
    slider.dispatchEvent(new Event("input"));
  }, stops);
  await page.keyboard.press("Space");
  check("space plays from the beginning", (await when(page)) === "before training" && (await page.getAttribute("#play", "aria-label")) === "Stop");
  await page.waitForFunction(() => window.explorer.state.place >= 2);
  await page.click("#play");
  const stopped = await when(page);
  await page.waitForTimeout(1200);
  check("a click stops it", (await when(page)) === stopped && (await page.getAttribute("#play", "aria-label")) === "Play the training", stopped);
  await page.waitForFunction(() => /layer score .*, \d+ of \d+ filters soft/.test(document.getElementById("live").textContent));
  check("the score is spoken once it rests", true, await page.textContent("#live"));
  check("nothing goes wrong while it plays", wrong.length === 0, wrong.join("; "));
  await page.context().close();
}

async function filters() {
  const { page, wrong } = await open(shippedPage);
  await page.focus(".cell[aria-checked=true]");
  await page.keyboard.press("ArrowRight");
  check("an arrow key picks the next filter", (await heading(page)) === "Filter 1 of layer 1", await heading(page));
  await page.keyboard.press("ArrowDown");
  const below = await page.evaluate(() => window.explorer.state.filter);
  const same = await page.evaluate((at) => {
    const cells = [...document.querySelectorAll(".pane:not([hidden]) .cell")];
    return Math.abs(cells[at].offsetLeft - cells[1].offsetLeft) < 1;
  }, below);
  check("arrow down picks the filter below", below > 1 && same, String(below));
  await page.keyboard.press("End");
  check("End picks the last", (await heading(page)) === "Filter 15 of layer 1");
  await page.hover(".cell >> nth=5");
  check("pointing shows a filter", (await heading(page)) === "Filter 5 of layer 1");
  await page.hover("h1");
  check("and goes back to the picked one", (await heading(page)) === "Filter 15 of layer 1");
  await page.click("label:has(input[name=layer][value='2'])");
  check("layer 2 has its filters", (await page.locator(".pane:not([hidden]) .cell").count()) === 36);
  await page.focus("input[name=reading]:checked");
  for (const reading of ["kernel-slice-sum", "each-kernel", "kernel-slice"]) {
    await page.keyboard.press("ArrowRight");
    const chosen = await page.evaluate(() => [window.explorer.state.reading, document.activeElement.value]);
    check(`the reading ${reading} by the keyboard`, chosen.every((name) => name === reading), chosen.join(", "));
    await shot(page, `layer-2-${reading}`);
  }
  await page.click("label:has(input[name=border][value='valid'])");
  const size = await page.textContent("[data-part='map-words']");
  check("without a border the maps are smaller", size.includes("28 × 28"), size);
  await page.selectOption("#session", { label: await page.textContent("#session option >> nth=3") });
  check("another session", (await page.textContent(".pane h2")).startsWith("Session 2000-1"), await page.textContent(".pane h2"));
  await page.selectOption("#beside", { index: 2 });
  check("two sessions beside each other", (await page.locator(".pane:not([hidden])").count()) === 2);
  await shot(page, "beside");
  await page.locator(".curve.other .end").last().click({ force: true });
  check("a line of the chart chooses its session", !(await page.textContent(".pane h2")).startsWith("Session 2000-1"), await page.textContent(".pane h2"));
  await page.locator("[data-part=kernels]").click({ position: { x: 100, y: 20 } });
  const [kernel, table] = [await page.inputValue("[data-part=kernel]"), await page.locator("[data-part=numbers] td").count()];
  check("a click chooses a kernel, whose weights are there", kernel !== "0" && table === 25, `kernel ${kernel}, ${table} numbers`);
  check("nothing goes wrong among the filters", wrong.length === 0, wrong.join("; "));
  await page.context().close();
}

/** Drops a file on the page. */
async function drop(page, name, type, bytes) {
  const transfer = await page.evaluateHandle(
    ({ file, kind, base64 }) => {
      const content = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      const made = new DataTransfer();
      made.items.add(new File([content], file, { type: kind }));
      return made;
    },
    { file: name, kind: type, base64: bytes.toString("base64") },
  );
  await page.dispatchEvent("body", "drop", { dataTransfer: transfer });
}

/** The largest difference of the scores of one's own image from those of one of the page's. */
function fromPicture(page, name) {
  return page.evaluate((pictured) => {
    const { study, model, state } = window.explorer;
    const other = study.pictures.find((one) => one.name === pictured);
    const [own, wanted] = [state.picture, other].map((picture) =>
      [1, 2].flatMap((layer) => [...model.layer(state.session, state.place, layer, "forward-pass", "same", picture).scores]),
    );
    return Math.max(...own.map((score, at) => Math.abs(score - wanted[at])));
  }, name);
}

async function ownPictures() {
  const { page, wrong } = await open(shippedPage);
  await drop(page, "bird.png", "image/png", readFileSync(data("bird.png")));
  await page.waitForSelector("#own:not([hidden])");
  const dropped = await fromPicture(page, "CIFAR-10's bird");
  check("a dropped bird scores as the bird", dropped < SAME_PIXELS, dropped.toExponential(1));
  await page.waitForFunction(() => document.querySelectorAll("#curves .band").length === 1);
  const [own, library] = await page.evaluate(() => {
    const { study, model, state } = window.explorer;
    return [state.picture, study.pictures[0]].map(
      (picture) => model.untrained(state.session, 1, "forward-pass", "same", picture).threshold,
    );
  });
  // The 5th percentile of 320 scores against that of 1,600.
  check("its threshold is near the library's", Math.abs(own / library - 1) < 0.08, `${own} and ${library}`);
  await shot(page, "own");
  await page.setInputFiles("#file", data("static.png").pathname);
  await page.waitForFunction(() => window.explorer.state.picture.version >= 2);
  const chosen = await fromPicture(page, "static");
  check("a chosen static scores as the static", chosen < SAME_PIXELS, chosen.toExponential(1));
  await drop(page, "notes.txt", "text/plain", Buffer.from("no image"));
  await page.waitForSelector("#problem:not([hidden])");
  const problem = await page.textContent("#problem");
  check("what is no image is refused with its name", problem.startsWith("notes.txt cannot be read as an image"), problem);

  await page.click("#clear");
  const box = await page.locator("#pad").boundingBox();
  await page.mouse.move(box.x + 40, box.y + 40);
  await page.mouse.down();
  await page.mouse.move(box.x + 180, box.y + 120, { steps: 5 });
  await page.mouse.up();
  const inked = () => page.evaluate(() => window.explorer.state.picture.pixels.filter((byte) => byte === 0).length / 3);
  const drawn = await inked();
  check("a stroke of the pen is drawn", drawn > 20, `${drawn} pixels`);
  await page.focus("#pad");
  for (let step = 0; step < 6; step += 1) await page.keyboard.press("ArrowDown");
  check("the arrow keys draw as well", (await inked()) > drawn, `${await inked()} pixels`);
  await shot(page, "drawn");
  await page.click("label:has(input[name=picture][value=\"CIFAR-10's bird\"])");
  check("and back to the bird", (await page.isHidden("#own")) && !(await page.isChecked(yours)));
  check("nothing goes wrong with one's own images", wrong.length === 0, wrong.join("; "));
  await page.context().close();
}

/** What axe finds. */
async function audit(page) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run());
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 80)).slice(0, 3).join(" ")}`);
}

async function looks() {
  for (const [colorScheme, width] of [["light", 1280], ["dark", 1280], ["light", 390], ["dark", 390]]) {
    const viewport = { width, height: width < 500 ? 844 : 900 };
    const { page } = await open(keptPage, { colorScheme, viewport, hasTouch: width < 500 });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    check(`${colorScheme}, ${width} pixels: nothing is cut off`, wide <= width, `${wide} pixels`);
    const found = await audit(page);
    check(`${colorScheme}, ${width} pixels: axe finds nothing`, found.length === 0, found.join("; "));
    await shot(page, `${colorScheme}-${width}`);
    const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const system = await background();
    await page.click("#theme");
    const other = await background();
    await page.click("#theme");
    check(`${colorScheme}, ${width} pixels: the switch`, system !== other && (await background()) === system, `${system}, ${other}`);
    if (width < 500) {
      await page.tap(".cell >> nth=2");
      check("a touch picks a filter", (await page.textContent("#jump")).startsWith("Filter 2:"), await page.textContent("#jump"));
      await page.click("label:has(input[name=picture][value='your image'])");
      const found390 = await audit(page);
      check("one's own image at 390 pixels: axe finds nothing", found390.length === 0, found390.join("; "));
    }
    await page.context().close();
  }
}

/** In a frame without an origin of its own, as in a notebook. */
async function frame() {
  const page = await browser.newPage({ viewport: { width: 1000, height: 950 } });
  await page.setContent('<iframe sandbox="allow-scripts" style="width:100%;height:900px"></iframe>');
  await page.$eval("iframe", (element, html) => element.setAttribute("srcdoc", html), readFileSync(keptPage, "utf8"));
  const inside = page.frameLocator("iframe");
  await inside.locator("#main:not([hidden])").waitFor();
  await inside.locator("#theme").click();
  await inside.locator("#play").click();
  check("it works in a notebook's frame", (await inside.locator("#when").textContent()) === "before training");
  await shot(page, "frame");
  await page.close();
}

for (const part of [againstLibrary, time, filters, ownPictures, looks, frame]) {
  try {
    await part();
  } catch (error) {
    check(part.name, false, error.message);
  }
}
await browser.close();
console.log(failures === 0 ? "explorer: all is well" : `explorer: ${failures} wrong`);
process.exit(failures === 0 ? 0 : 1);
