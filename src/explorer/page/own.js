// A picture of one's own: dropped, chosen, or drawn.

/** The side of the study's pictures, in pixels. */
export const SIDE = 32;

/** The red, green and blue planes of a canvas's bytes, four for each pixel. */
export function planesOf(rgba) {
  const size = rgba.length / 4;
  const pixels = new Uint8Array(3 * size);
  for (let at = 0; at < size; at += 1) {
    for (let channel = 0; channel < 3; channel += 1) pixels[channel * size + at] = rgba[4 * at + channel];
  }
  return pixels;
}

/** The square in the middle of a picture. */
export function middleSquare(width, height) {
  const side = Math.min(width, height);
  return { left: Math.floor((width - side) / 2), top: Math.floor((height - side) / 2), side };
}

/** A canvas of the study's size, white. */
export function whiteCanvas() {
  const canvas = document.createElement("canvas");
  canvas.width = SIDE;
  canvas.height = SIDE;
  clearCanvas(canvas);
  return canvas;
}

/** Makes a canvas white. */
export function clearCanvas(canvas) {
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.fillStyle = "#fff";
  context.fillRect(0, 0, canvas.width, canvas.height);
}

/** The picture on a canvas. */
export function pictureOf(canvas, name) {
  const { width, height } = canvas;
  const { data } = canvas.getContext("2d", { willReadFrequently: true }).getImageData(0, 0, width, height);
  return { name, width, height, pixels: planesOf(data) };
}

/** Draws a picture file's middle square on a canvas. A picture of the study's size keeps its pixels. */
export async function drawFile(canvas, file) {
  const bitmap = await createImageBitmap(file, { colorSpaceConversion: "none" });
  const { left, top, side } = middleSquare(bitmap.width, bitmap.height);
  clearCanvas(canvas);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.imageSmoothingEnabled = side !== SIDE;
  context.imageSmoothingQuality = "high";
  context.drawImage(bitmap, left, top, side, side, 0, 0, canvas.width, canvas.height);
  bitmap.close();
}

/** The pixels on the straight way between two of them, both included. */
export function lineOfPixels([fromX, fromY], [toX, toY]) {
  const steps = Math.max(Math.abs(toX - fromX), Math.abs(toY - fromY), 1);
  return Array.from({ length: steps + 1 }, (_, step) => [
    Math.round(fromX + ((toX - fromX) * step) / steps),
    Math.round(fromY + ((toY - fromY) * step) / steps),
  ]);
}

/**
 * Lets people draw on a canvas, by pointer, or by the arrow keys with the pen down (Enter lifts it). `pen` gives the colour
 * and the width in pixels, `changed` is called after each stroke.
 */
export function drawable(canvas, pen, changed) {
  const context = canvas.getContext("2d", { willReadFrequently: true });
  let last = null;
  const stamp = ([x, y]) => {
    const { colour, width } = pen();
    context.fillStyle = colour;
    const offset = Math.floor((width - 1) / 2);
    context.fillRect(x - offset, y - offset, width, width);
  };
  const pixelAt = (event) => {
    const box = canvas.getBoundingClientRect();
    const share = [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
    return [Math.floor(share[0] * canvas.width), Math.floor(share[1] * canvas.height)];
  };
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    last = pixelAt(event);
    stamp(last);
    changed();
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!last) return;
    const next = pixelAt(event);
    lineOfPixels(last, next).forEach(stamp);
    last = next;
    changed();
  });
  for (const kind of ["pointerup", "pointercancel"]) {
    canvas.addEventListener(kind, () => {
      last = null;
    });
  }
  const cursor = [SIDE / 2, SIDE / 2];
  let penIsDown = true;
  const moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  canvas.addEventListener("keydown", (event) => {
    if (event.key === "Enter") penIsDown = !penIsDown;
    const move = moves[event.key];
    if (!move) return;
    event.preventDefault();
    move.forEach((step, axis) => {
      cursor[axis] = Math.min(SIDE - 1, Math.max(0, cursor[axis] + step));
    });
    if (penIsDown) stamp(cursor);
    changed();
  });
}
