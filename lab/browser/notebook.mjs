// A notebook on a browser page, operated by clicking.

/** Milliseconds within which a kernel must be ready or a cell done: generous, since nothing is timed here. */
const PATIENCE = 900_000;

/** Kinds of output, as JupyterLab names them on the page. */
export const STDOUT = "application/vnd.jupyter.stdout";
export const STDERR = "application/vnd.jupyter.stderr";
export const PNG = "image/png";
export const HTML = "text/html";

export class Notebook {
  /** Opens a notebook on a JupyterLab server and waits for its kernel and for this number of cells. */
  static async open(page, { url, token }, name, cells) {
    const workspace = name.replace(/\W/g, "-");
    await page.goto(`${url}/lab/workspaces/${workspace}/tree/${encodeURIComponent(name)}?token=${token}`);
    const notebook = new Notebook(page);
    await notebook.idle();
    await notebook.panel.locator(".jp-Cell").nth(cells - 1).waitFor({ state: "attached", timeout: PATIENCE });
    return notebook;
  }

  constructor(page) {
    this.page = page;
    this.panel = page.locator(".jp-NotebookPanel:visible");
  }

  /** Waits until the status bar shows that the kernel has started and is idle. */
  async idle() {
    const status = this.page.locator("#jp-main-statusbar", { hasText: "Rust (softness) | Idle" });
    await status.waitFor({ timeout: PATIENCE });
  }

  /** The code cell with this number, counted from 0. */
  cell(number) {
    return new Cell(this, this.panel.locator(".jp-CodeCell").nth(number));
  }

  /** Chooses an entry of the menu bar, such as "Kernel", "Interrupt Kernel". */
  async menu(title, entry) {
    await this.page.locator(".lm-MenuBar-item", { hasText: new RegExp(`^${title}$`) }).click();
    await this.page.locator(".lm-Menu-item", { hasText: new RegExp(`^${entry}`) }).click();
  }
}

export class Cell {
  constructor(notebook, element) {
    this.notebook = notebook;
    this.element = element;
  }

  /** Clicks into the cell, then on the run button of the toolbar. */
  async start() {
    this.before = await this.prompt();
    await this.element.locator(".cm-content").first().click({ position: { x: 5, y: 5 } });
    await this.notebook.panel.locator('[data-command="notebook:run-cell-and-select-next"]').first().click();
  }

  /** Waits until the cell is done. */
  async done() {
    for (;;) {
      const prompt = await this.prompt();
      if (prompt !== this.before && /^\[\d+\]:$/.test(prompt)) break;
      await this.notebook.page.waitForTimeout(100);
    }
    await this.notebook.idle();
  }

  /** Runs the cell to its end. */
  async run() {
    await this.start();
    await this.done();
  }

  /** "[3]:", "[*]:" or "[ ]:". */
  async prompt() {
    return (await this.element.locator(".jp-InputPrompt").first().innerText()).trim();
  }

  /** The outputs of one kind. */
  outputs(kind) {
    return this.element.locator(`.jp-OutputArea-output[data-mime-type="${kind}"]`);
  }

  /** The text of all outputs of one kind. */
  async text(kind) {
    return (await this.outputs(kind).allInnerTexts()).join("\n");
  }

  /** Waits until an output of one kind shows a text. */
  async shows(kind, pattern) {
    await this.outputs(kind).filter({ hasText: pattern }).first().waitFor({ timeout: PATIENCE });
  }

  /** Width, height and natural width of the displayed images, in pixels. */
  pictures() {
    return this.element.locator(".jp-OutputArea-output img, .jp-OutputArea-output svg").evaluateAll((all) =>
      all.map((picture) => {
        const { width, height } = picture.getBoundingClientRect();
        return { width, height, natural: picture.naturalWidth ?? width };
      }),
    );
  }

  /** Takes a screenshot of the cell. */
  async screenshot(path) {
    await this.element.scrollIntoViewIfNeeded();
    await this.element.screenshot({ path });
  }
}
