// A JupyterLab server with a folder of notebooks, which runs during the test.

import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync, openSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";

/** Seconds within which the server must answer. */
const START = 120;
/** Milliseconds between two attempts to reach the server. */
const RETRY_AFTER = 200;

/** Starts `program lab` on the folder `root`; its settings and state are in `state`. */
export async function startJupyter({ program, root, state }) {
  const port = await freePort();
  const token = randomBytes(16).toString("hex");
  const settings = join(state, "settings", "@jupyterlab", "notebook-extension");
  mkdirSync(settings, { recursive: true });
  // Put every cell on the page, not only those in view.
  writeFileSync(join(settings, "tracker.jupyterlab-settings"), '{ "windowingMode": "none" }\n');
  const log = openSync(join(state, "jupyter.log"), "w");
  const server = spawn(
    program,
    [
      "lab", "--no-browser", `--port=${port}`, "--ServerApp.port_retries=0", `--IdentityProvider.token=${token}`,
      `--ServerApp.root_dir=${root}`, ...(process.getuid?.() === 0 ? ["--allow-root"] : []),
    ],
    {
      env: {
        ...process.env,
        JUPYTERLAB_SETTINGS_DIR: join(state, "settings"),
        JUPYTERLAB_WORKSPACES_DIR: join(state, "workspaces"),
        JUPYTER_RUNTIME_DIR: join(state, "runtime"),
      },
      stdio: ["ignore", log, log],
    },
  );
  const ended = new Promise((resolve) => server.once("exit", resolve));
  const url = `http://127.0.0.1:${port}`;
  const stop = async () => {
    server.kill("SIGTERM"); // It shuts its kernels down first.
    await ended;
  };
  for (let waited = 0; waited < START * 1000; waited += RETRY_AFTER) {
    if (server.exitCode !== null) break;
    const answer = await fetch(`${url}/api/status?token=${token}`).catch(() => null);
    if (answer?.ok) return { url, token, stop };
    await new Promise((resolve) => setTimeout(resolve, RETRY_AFTER));
  }
  await stop();
  throw new Error(`JupyterLab did not start; its output is in ${join(state, "jupyter.log")}`);
}

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}
