// Works in the page for labelling maps as a person would, in Chromium, with the packages of tests/explorer:
//
//     npm ci --prefix tests/explorer
//     softness label --out label.html
//     node tests/labelling/browser.js label.html [SCREENSHOTS]

const { mkdirSync, readFileSync } = require("node:fs");
const { createRequire } = require("node:module");
const { join } = require("node:path");
const { pathToFileURL } = require("node:url");

const packages = createRequire(join(__dirname, "../explorer/package.json"));
const { chromium } = packages("playwright-core");
const axe = readFileSync(packages.resolve("axe-core/axe.min.js"), "utf8");
const [path, screenshots] = process.argv.slice(2);

let failures = 0;
function check(what, well, detail = "") {
  console.log(`labelling, ${what}: ${well ? "ok" : "WRONG"} ${detail}`);
  failures += well ? 0 : 1;
}

/** Labels two pages with mouse and keyboard, and saves. `root` is the page, or the frame that it is in. */
async function label(page, root, name) {
  const state = () => root.locator("#state").innerText();
  const pressed = () =>
    root.locator(".map").evaluateAll((maps) =>
      maps.flatMap((map, at) => (map.getAttribute("aria-pressed") === "true" ? [at] : [])));
  check("nothing can be saved at first", await root.locator("#save").isDisabled(), await state());
  await root.locator(".map").nth(0).click();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Space");
  await page.keyboard.press("End");
  await page.keyboard.press("Space");
  await page.keyboard.press("Space"); // and not
  await page.keyboard.press("Home");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Space");
  const first = await pressed();
  const columns = first[2];
  check("a click and the keyboard label maps", first.length === 3 && first[1] === 1 && columns > 1, JSON.stringify(first));
  await page.keyboard.press("PageDown");
  check("the next page has no labels yet", (await pressed()).length === 0, await state());
  await root.locator("#next").click();
  await root.locator("#back").click();
  await root.locator("#back").click();
  check("labels are kept", JSON.stringify(await pressed()) === JSON.stringify(first));
  const shown = await root.locator("body").innerText();
  check("no session is named", !/session|\d-\d/.test(shown.replace("SoftLabels", "")), shown.match(/session.{9}|\d-\d/)?.[0] ?? "");
  await root.locator("#name").fill(name);
  const [download] = await Promise.all([page.waitForEvent("download"), root.locator("#save").click()]);
  const rows = readFileSync(await download.path(), "utf8").trimEnd().split("\n");
  const soft = rows.flatMap((row, at) => (row.includes(",true,") ? [at - 1] : []));
  check("the labels of two pages are saved", rows.length === 49, `${download.suggestedFilename()}, ${rows.length} lines`);
  check("those that were clicked are soft", JSON.stringify(soft) === JSON.stringify(first), JSON.stringify(soft));
  check("no spreadsheet makes a date of a session", rows.slice(1).every((row) => row.includes(",session ")), rows[1]);
}

(async () => {
  const executablePath = process.env.SOFTNESS_CHROMIUM ?? "/usr/bin/chromium";
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  for (const [colorScheme, width] of [["light", 1280], ["dark", 390]]) {
    const context = await browser.newContext({ colorScheme, viewport: { width, height: 900 } });
    const page = await context.newPage();
    const wrong = [];
    page.on("pageerror", (error) => wrong.push(error.message));
    page.on("request", (request) => /^(file|data|blob):/.test(request.url()) || wrong.push(request.url()));
    await page.goto(pathToFileURL(path).href);
    await label(page, page, "Ann");
    await page.evaluate(axe);
    const found = await page.evaluate(() => window.axe.run());
    const problems = found.violations.map((problem) => `${problem.id}: ${problem.nodes[0].html}`);
    check("the page is accessible", problems.length === 0, problems.join("; "));
    check("no error and no network", wrong.length === 0, wrong.join("; "));
    const wide = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
    check("the page is no wider than the window", !wide, `${width} pixels`);
    if (screenshots) {
      mkdirSync(screenshots, { recursive: true });
      await page.screenshot({ path: join(screenshots, `label-${colorScheme}-${width}.png`), fullPage: true });
    }
    await context.close();
  }
  // In a frame, as a notebook shows it.
  const page = await browser.newPage();
  await page.setContent("<iframe sandbox='allow-scripts allow-downloads' style='width:100%;height:800px'></iframe>");
  await page.locator("iframe").evaluate((frame, html) => {
    frame.srcdoc = html;
  }, readFileSync(path, "utf8"));
  await label(page, page.frameLocator("iframe"), "Ben");
  await browser.close();
  process.exit(failures > 0 ? 1 : 0);
})();
