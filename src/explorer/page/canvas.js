// Maps, kernels and pictures on canvases of one pixel per value; the style sheet enlarges them with sharp edges.

import { diverging } from "./colours.js";
import { extent } from "./maths.js";

/** The rows and columns of a mosaic of `count` tiles, as square as can be. */
export function mosaic(count) {
  const columns = Math.ceil(Math.sqrt(count));
  return { columns, rows: Math.ceil(count / columns) };
}

/**
 * Draws `count` tiles of height x width, one pixel apart if there are several. `colour` gives the [r, g, b] of a value by its
 * tile and place; what lies between tiles is transparent.
 */
function drawTiles(canvas, { count, height, width, columns }, colour) {
  const gap = count > 1 ? 1 : 0;
  const rows = Math.ceil(count / columns);
  canvas.width = columns * (width + gap) - gap;
  canvas.height = rows * (height + gap) - gap;
  const context = canvas.getContext("2d");
  const image = context.createImageData(canvas.width, canvas.height);
  for (let tile = 0; tile < count; tile += 1) {
    const left = (tile % columns) * (width + gap);
    const top = Math.floor(tile / columns) * (height + gap);
    for (let at = 0; at < height * width; at += 1) {
      const to = 4 * ((top + Math.floor(at / width)) * canvas.width + left + (at % width));
      const [red, green, blue] = colour(tile, at);
      image.data[to] = red;
      image.data[to + 1] = green;
      image.data[to + 2] = blue;
      image.data[to + 3] = 255;
    }
  }
  context.putImageData(image, 0, 0);
}

/** Maps first .. first + count of some planes, each from black (its least value) to white (its largest). */
export function drawMaps(canvas, planes, first, count) {
  const { height, width, data } = planes;
  const size = height * width;
  const scales = [];
  for (let tile = 0; tile < count; tile += 1) {
    scales.push(extent(data.subarray((first + tile) * size, (first + tile + 1) * size)));
  }
  const columns = mosaic(count).columns;
  drawTiles(canvas, { count, height, width, columns }, (tile, at) => {
    const { low, high, constant } = scales[tile];
    const value = data[(first + tile) * size + at];
    const grey = constant ? 128 : Math.round((255 * (value - low)) / (high - low));
    return [grey, grey, grey];
  });
}

/** Kernels, each k x k values one after the other, in blue and red. */
export function drawKernels(canvas, values, kernel, limit, columns) {
  const area = kernel * kernel;
  const count = values.length / area;
  const shape = { count, height: kernel, width: kernel, columns: columns ?? mosaic(count).columns };
  drawTiles(canvas, shape, (tile, at) => diverging(values[tile * area + at], limit));
}

/** A picture. */
export function drawPicture(canvas, { width, height, pixels }) {
  const size = width * height;
  drawTiles(canvas, { count: 1, height, width, columns: 1 }, (_, at) => [
    pixels[at],
    pixels[at + size],
    pixels[at + 2 * size],
  ]);
}
