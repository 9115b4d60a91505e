// The pad for a picture of one's own: a file that was dropped or chosen, or a drawing.

import { drawPicture } from "./canvas.js";
import { radioGroup } from "./controls.js";
import { clearCanvas, drawFile, drawable, pictureOf, whiteCanvas, SIDE } from "./own.js";

/**
 * Makes the pad work. It begins as a copy of the picture that `shown` gives. `take` gets the picture of the pad after each
 * change of it. Returns that picture, and what takes it as it is.
 */
export function createPad(byId, shown, take) {
  const picture = { name: "your image", version: 0 };
  const pad = byId("pad");
  pad.width = SIDE;
  pad.height = SIDE;
  clearCanvas(pad);
  let padIsNew = true;
  const pen = { colour: "#000000", width: 2 };

  /** Takes what is on the pad, which begins as a copy of the image that was shown. */
  function takePad() {
    if (padIsNew) drawPicture(pad, shown());
    padIsNew = false;
    byId("problem").hidden = true;
    take(Object.assign(picture, pictureOf(pad, picture.name), { version: picture.version + 1 }));
  }

  async function takeFile(file) {
    if (!file) return;
    const canvas = whiteCanvas();
    try {
      await drawFile(canvas, file);
    } catch {
      byId("problem").textContent = `${file.name} cannot be read as an image: take a PNG, JPEG, WebP or GIF file.`;
      byId("problem").hidden = false;
      return;
    }
    pad.getContext("2d").drawImage(canvas, 0, 0);
    padIsNew = false;
    takePad();
  }

  byId("file").addEventListener("change", (event) => takeFile(event.target.files[0]));
  byId("clear").addEventListener("click", () => {
    clearCanvas(pad);
    takePad();
  });
  const colours = { black: "#000000", white: "#ffffff", red: "#d00000", green: "#008000", blue: "#0040d0" };
  radioGroup(byId("pen"), Object.entries(colours).map(([words, value]) => ({ value, words })), pen.colour, (colour) => {
    pen.colour = colour;
  });
  radioGroup(byId("width"), [1, 2, 4].map((value) => ({ value, words: String(value) })), pen.width, (width) => {
    pen.width = width;
  });
  drawable(pad, () => pen, takePad);
  document.addEventListener("dragover", (event) => {
    event.preventDefault();
    document.body.classList.add("dragged");
  });
  document.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) document.body.classList.remove("dragged");
  });
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    document.body.classList.remove("dragged");
    takeFile(event.dataTransfer.files[0]);
  });
  return { picture, choose: takePad };
}
