// Tests JupyterLab in Chromium: runs the cells of two notebooks by clicking, then a failing cell, then training
// that is interrupted and resumed. Saves screenshots. `cargo lab --browser` runs this script and sets
// SOFTNESS_JUPYTER and SOFTNESS_CHROMIUM to the programs. The arguments are the notebooks' folder and the
// folder for the screenshots.

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { startJupyter } from "./jupyter.mjs";
import { HTML, Notebook, PNG, STDERR, STDOUT } from "./notebook.mjs";

const [notebooks, out] = process.argv.slice(2);
const state = mkdtempSync(join(tmpdir(), "softness-browser-"));
const root = join(state, "notebooks");
/** The least width and height of a figure, in pixels. */
const FIGURE = 100;

/** Long enough to be unfinished when it is interrupted, after ten seconds. */
const TRAINING = `let dataset = Dataset::synthetic(7)?;
let training = Training::paper().iterations(6_000).seed(5);
let session = train_session(&dataset, training)?;
session`;
const OWN_CELLS = ["use softness::prelude::*;", 'let data = Dataset::open("no/such/folder")?;', TRAINING, "session.filters(1)?.grid()?"];

let failures = 0;
function check(what, well, detail = "") {
  console.log(`browser, ${what}: ${well ? "ok" : `WRONG ${detail}`}`);
  failures += well ? 0 : 1;
}

/** Copies a notebook without its outputs. */
function copy(name) {
  const notebook = JSON.parse(readFileSync(join(notebooks, name), "utf8"));
  for (const cell of notebook.cells) {
    if (cell.cell_type === "code") Object.assign(cell, { outputs: [], execution_count: null });
  }
  writeFileSync(join(root, name), JSON.stringify(notebook));
  return notebook;
}

/** Writes a notebook with these cells and the metadata of another notebook. */
function write(name, { metadata }, sources) {
  const cells = sources.map((source, number) => ({
    cell_type: "code", id: `cell-${number}`, metadata: {}, source, outputs: [], execution_count: null,
  }));
  writeFileSync(join(root, name), JSON.stringify({ cells, metadata, nbformat: 4, nbformat_minor: 5 }));
}

/** Whether there are images, and all of them are drawn and large enough. */
function areDrawn(pictures) {
  return pictures.length > 0 && pictures.every(({ width, height, natural }) => width >= FIGURE && height >= FIGURE && natural > 0);
}

/** Runs every cell of a notebook by clicking. The page must show what the committed version shows. */
async function runAll(page, server, name) {
  const { cells } = JSON.parse(readFileSync(join(notebooks, name), "utf8"));
  const committed = cells.filter((cell) => cell.cell_type === "code");
  const notebook = await Notebook.open(page, server, name, cells.length);
  const short = name.slice(0, 2);
  for (const [number, { outputs, metadata }] of committed.entries()) {
    const cell = notebook.cell(number);
    await cell.run();
    const kinds = new Set(outputs.flatMap((output) => Object.keys(output.data ?? {})));
    const label = `${short}-cell-${String(number + 1).padStart(2, "0")}`;
    if (kinds.has(PNG)) {
      // A figure: of its kinds JupyterLab shows the HTML, an image of SVG.
      await cell.outputs(HTML).first().waitFor();
      await cell.element.locator("img").first().evaluate((image) => image.decode());
      const pictures = await cell.pictures();
      check(`${label} shows one sharp figure`, pictures.length === 1 && areDrawn(pictures), JSON.stringify(pictures));
    } else if (kinds.has(HTML)) {
      const rows = await cell.outputs(HTML).locator("table tr").count();
      check(`${label} shows a table with rows`, rows > 2, `${rows} rows`);
    } else if (outputs.some((output) => output.name === "stdout")) {
      const text = await cell.text(STDOUT);
      const missing = (metadata.expect ?? []).filter((expected) => !text.includes(expected));
      check(`${label} prints what is expected`, text.trim() !== "" && missing.length === 0, `without ${missing}`);
    }
    check(`${label} prints nothing on stderr`, (await cell.outputs(STDERR).count()) === 0, await cell.text(STDERR));
    await cell.screenshot(join(out, `${label}.png`));
  }
  await page.screenshot({ path: join(out, `${short}-page.png`) });
}

/** Runs a failing cell, then training that shows its progress, is interrupted through the menu, and resumes. */
async function failAndResume(page, server, name) {
  const notebook = await Notebook.open(page, server, name, OWN_CELLS.length);
  const [names, failing, training, after] = [0, 1, 2, 3].map((number) => notebook.cell(number));
  await names.run();

  await failing.run();
  const message = (await failing.element.locator(".jp-OutputArea-output").allInnerTexts()).join("\n").trim();
  const sentences = message.split("no/such/folder").length - 1;
  check("an error is one line that names the folder once", sentences === 1 && !message.includes("\n"), message);
  await failing.screenshot(join(out, "error.png"));

  await training.start();
  await training.shows(HTML, /iteration \d{3,} of 6000, about \d+ s left/);
  await training.screenshot(join(out, "training.png"));
  const [, reached] = (await training.text(HTML)).match(/iteration (\d+) of 6000/);
  await notebook.menu("Kernel", "Interrupt Kernel");
  await training.done();
  await training.screenshot(join(out, "interrupted.png"));
  const interrupted = await training.text(HTML);
  const stopped = Number(interrupted.match(/iteration (\d+) of 6000, .*interrupted/)?.[1]);
  check("an interrupted session says where it was saved", stopped >= Number(reached), `after ${reached}: ${interrupted}`);

  await training.start();
  await training.shows(HTML, /iteration \d+ of 6000, (?!.*interrupted)/);
  const going = await training.text(HTML);
  const from = Number(going.match(/iteration (\d+) of 6000/)?.[1]);
  check("the same cell resumes where it was saved", from >= stopped, `${from} after ${stopped}: ${going}`);
  await training.done();
  await training.screenshot(join(out, "resumed.png"));
  const resumed = await training.text(HTML);
  check("the resumed session finishes", resumed.includes("6000 iterations done"), resumed);
  check("training prints nothing on stderr", (await training.outputs(STDERR).count()) === 0, await training.text(STDERR));
  check("the session's card shows its curve", areDrawn(await training.pictures()), JSON.stringify(await training.pictures()));
  await after.run();
  check("the cells after it work", areDrawn(await after.pictures()), JSON.stringify(await after.pictures()));

  await training.run();
  check("running the cell again loads the session", (await training.text(HTML)).includes("in the store already"));
  await page.screenshot({ path: join(out, "resumed-page.png") });
}

async function main() {
  rmSync(out, { recursive: true, force: true });
  for (const folder of [root, out]) mkdirSync(folder, { recursive: true });
  const names = ["04-filters.ipynb", "06-models.ipynb"];
  const [any] = names.map(copy);
  write("training.ipynb", any, OWN_CELLS);
  process.env.SOFTNESS_STORE = join(state, "store");
  const server = await startJupyter({ program: process.env.SOFTNESS_JUPYTER, root, state });
  // Make no network requests, and leave nothing in the home folder.
  const browser = await chromium.launch({
    executablePath: process.env.SOFTNESS_CHROMIUM,
    args: [
      "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
      "--disable-component-update", "--disable-sync", ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
    ],
  });
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 1400 } });
    for (const name of names) await runAll(page, server, name);
    await failAndResume(page, server, "training.ipynb");
  } catch (error) {
    check("the test ran to its end", false, error.stack);
    for (const page of browser.contexts().flatMap((context) => context.pages())) {
      await page.screenshot({ path: join(out, "at-the-end.png") });
    }
  } finally {
    await browser.close();
    await server.stop();
    rmSync(state, { recursive: true, force: true });
  }
  console.log(`browser: screenshots are in ${out}`);
  process.exitCode = failures === 0 ? 0 : 1;
}

await main();
