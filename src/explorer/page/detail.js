// One filter at length: its map beside the image, its place among the others, and its weights.

import { drawKernels, drawMaps, drawPicture, mosaic } from "./canvas.js";
import { drawDistribution } from "./charts.js";
import { diverging, divergingCss, isDark } from "./colours.js";
import { counted, decimals, percentText, scoreText } from "./format.js";
import { shareBelow } from "./untrained.js";

const PARTS = `
  <h2 id="filter-heading"></h2>
  <p class="figure"><span class="large" data-part="score"></span> <span data-part="words"></span></p>
  <div class="pair">
    <figure><canvas class="pixels" data-part="picture"></canvas><figcaption data-part="picture-words"></figcaption></figure>
    <figure><canvas class="pixels" data-part="map"></canvas><figcaption data-part="map-words"></figcaption></figure>
  </div>
  <h3>Among the filters of the layer</h3>
  <svg data-part="place" role="img"></svg>
  <p class="key">Grey: untrained filters. Dots: the layer's filters, <span class="soft-word">soft ones in red</span>.</p>
  <h3>Weights</h3>
  <canvas class="pixels kernels" data-part="kernels"></canvas>
  <p class="scale" aria-hidden="true"><span data-part="least"></span><span class="bar"></span><span data-part="most"></span></p>
  <label class="field" data-part="chooser">Kernel <select data-part="kernel"></select></label>
  <div class="numbers"><table data-part="numbers"></table></div>
  <p class="hint" data-part="bias"></p>`;

/** The panel; `pick(filter)` is called when a dot of its chart is clicked. */
export function createDetail(section, pick) {
  section.innerHTML = PARTS;
  const part = (name) => section.querySelector(`[data-part="${name}"]`);
  const heading = section.querySelector("h2");
  const kernelChoice = part("kernel");
  let shown = null;
  kernelChoice.addEventListener("change", () => showNumbers());
  part("kernels").addEventListener("click", (event) => {
    const canvas = part("kernels");
    const { kernel, channels } = shown.bank;
    const box = canvas.getBoundingClientRect();
    const column = Math.floor((((event.clientX - box.left) / box.width) * canvas.width) / (kernel + 1));
    const row = Math.floor((((event.clientY - box.top) / box.height) * canvas.height) / (kernel + 1));
    const chosen = row * kernelColumns(channels) + column;
    if (chosen < channels) kernelChoice.value = String(chosen);
    showNumbers();
  });

  /** The weights of the chosen kernel, as a table on their colours. */
  function showNumbers() {
    const { bank, filter, limit } = shown;
    const { kernel, channels, weights } = bank;
    const area = kernel * kernel;
    const start = (filter * channels + Number(kernelChoice.value)) * area;
    const rows = Array.from({ length: kernel }, (_, y) => {
      const row = document.createElement("tr");
      for (let x = 0; x < kernel; x += 1) {
        const weight = weights[start + y * kernel + x];
        const value = document.createElement("td");
        value.textContent = decimals(weight, 3);
        value.style.background = divergingCss(weight, limit);
        value.style.color = isDark(diverging(weight, limit)) ? "#fff" : "#000";
        row.append(value);
      }
      return row;
    });
    part("numbers").replaceChildren(...rows);
    part("numbers").setAttribute("aria-label", `Weights of kernel ${kernelChoice.value} of filter ${filter}`);
  }

  /**
   * Shows a filter: { filter, layer, bank, limit, maps, each, scores, untrained, picture, names }; `names` are those of the
   * kernels.
   */
  function show(data) {
    const { filter, layer, bank, limit, maps, each, scores, untrained, picture, names } = data;
    shown = data;
    const soft = untrained !== null && scores[filter] < untrained.threshold;
    heading.textContent = `Filter ${filter} of layer ${layer}`;
    part("score").textContent = scoreText(scores[filter]);
    part("score").classList.toggle("soft-word", soft);
    part("words").textContent = untrained
      ? `${soft ? "soft; " : ""}softer than ${percentText(1 - shareBelow(untrained, scores[filter]))} of untrained filters`.replace("100 % of", "all")
      : "untrained filters are being drawn";
    drawPicture(part("picture"), picture);
    part("picture-words").textContent = picture.name;
    drawMaps(part("map"), maps, filter * each, each);
    part("map").setAttribute("role", "img");
    part("map").setAttribute("aria-label", `What filter ${filter} makes of ${picture.name}`);
    const size = `${maps.width} × ${maps.height}`;
    part("map-words").textContent = each > 1 ? `its ${each} maps, ${size}` : `its map, ${size}`;
    const label = `Histogram of untrained filters' scores with the ${counted(scores.length, "filter")} of the layer; filter ${filter} is at ${scoreText(scores[filter])}.`;
    if (untrained) drawDistribution(part("place"), { scores: [...scores], untrained, picked: filter, label }, pick);
    else part("place").replaceChildren();
    const area = bank.kernel * bank.kernel * bank.channels;
    const values = bank.weights.subarray(filter * area, (filter + 1) * area);
    drawKernels(part("kernels"), values, bank.kernel, limit, kernelColumns(bank.channels));
    part("kernels").setAttribute("role", "img");
    part("kernels").setAttribute("aria-label", `Its ${counted(bank.channels, "kernel")}, blue negative, red positive`);
    part("least").textContent = decimals(-limit, 2);
    part("most").textContent = `+${decimals(limit, 2)}`;
    if (kernelChoice.length !== bank.channels) {
      kernelChoice.replaceChildren(...names.map((name, at) => new Option(name, at)));
    }
    part("chooser").hidden = bank.channels === 1;
    part("bias").textContent = `Bias ${decimals(bank.bias[filter], 4)}. Colours have one scale for the whole layer and session.`;
    showNumbers();
  }
  return { show };
}

/** The kernels of a filter in a row: all of a few, else eight. */
function kernelColumns(channels) {
  return channels <= 4 ? channels : Math.max(8, mosaic(channels).columns);
}
