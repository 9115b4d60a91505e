// The page on which maps are labelled: it shows them some at a time, remembers which are soft, and saves the labels.
"use strict";

(() => {
  const PER_PAGE = 24;
  const data = JSON.parse(document.getElementById("data").textContent);
  const element = (id) => document.getElementById(id);
  const [grid, name, back, next, save] = ["maps", "name", "back", "next", "save"].map(element);
  const pages = Math.ceil(data.maps.length / PER_PAGE);

  const soft = new Set(); // places of the maps that are labelled soft
  const done = new Set(); // pages that were left by "Next"
  let page = 0;
  let isSaved = true;

  const first = () => page * PER_PAGE;
  const last = () => Math.min(first() + PER_PAGE, data.maps.length);
  const maps = (count) => (count === 1 ? "1 map" : `${count} maps`);

  /** The places of all maps that are labelled, soft or not. */
  const labelled = () => data.maps.map((_, place) => place).filter((place) => done.has(Math.floor(place / PER_PAGE)));

  const tell = () => {
    const places = labelled();
    const here = Array.from({ length: last() - first() }, (_, index) => soft.has(first() + index)).filter(Boolean).length;
    element("state").textContent =
      `Page ${page + 1} of ${pages}, ${here} marked soft. Labelled so far: ${places.length} of ${maps(data.maps.length)}.`;
    element("progress").max = data.maps.length;
    element("progress").value = places.length;
    back.disabled = page === 0;
    next.textContent = page + 1 < pages ? "Next" : "Finish";
    save.textContent = places.length > 0 ? `Save the labels of ${maps(places.length)}` : "Save";
    save.disabled = places.length === 0 || name.value.trim() === "";
    element("hint").textContent =
      places.length === 0 ? "A page is labelled when you go on from it." : save.disabled ? "Write your name to save." : "";
  };

  const toggle = (button, place) => {
    if (!soft.delete(place)) {
      soft.add(place);
    }
    isSaved = false;
    button.setAttribute("aria-pressed", soft.has(place));
    tell();
  };

  /** One stop for the tab key in the grid: the map that has the focus, or had it last. */
  const focus = (buttons, index) => {
    buttons.forEach((button, at) => {
      button.tabIndex = at === index ? 0 : -1;
    });
    buttons[index].focus();
  };

  const show = (isMoved) => {
    const buttons = [];
    for (let place = first(); place < last(); place += 1) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "map";
      button.tabIndex = place === first() ? 0 : -1;
      button.setAttribute("aria-label", `Map ${place - first() + 1} of ${last() - first()}`);
      button.setAttribute("aria-pressed", soft.has(place));
      const picture = document.createElement("img");
      picture.alt = "";
      picture.draggable = false;
      picture.src = `data:image/png;base64,${data.maps[place].png}`;
      button.append(picture);
      button.addEventListener("click", () => {
        buttons.forEach((other) => {
          other.tabIndex = other === button ? 0 : -1;
        });
        toggle(button, place);
      });
      buttons.push(button);
    }
    grid.replaceChildren(...buttons);
    tell();
    if (isMoved) {
      focus(buttons, 0);
    }
  };

  const go = (to) => {
    if (to > page) {
      done.add(page);
      isSaved = false;
    }
    if (to >= 0 && to < pages) {
      page = to;
      show(true);
    } else {
      tell();
    }
  };

  grid.addEventListener("keydown", (event) => {
    const buttons = [...grid.children];
    const at = buttons.indexOf(document.activeElement);
    const top = buttons[0].offsetTop;
    const columns = buttons.filter((button) => button.offsetTop === top).length;
    const moves = {
      ArrowLeft: at - 1,
      ArrowRight: at + 1,
      ArrowUp: at - columns,
      ArrowDown: at + columns,
      Home: 0,
      End: buttons.length - 1,
    };
    if (event.key in moves && at >= 0) {
      event.preventDefault();
      const to = moves[event.key];
      if (to >= 0 && to < buttons.length) {
        focus(buttons, to);
      }
    } else if (event.key === "PageDown" || event.key === "PageUp") {
      event.preventDefault();
      go(page + (event.key === "PageDown" ? 1 : -1));
    }
  });

  /** A cell of a CSV file, in quotes if it has to be. */
  const cell = (value) => {
    const text = String(value);
    return /[",\r\n]/.test(text) || text.trim() !== text ? `"${text.replaceAll('"', '""')}"` : text;
  };

  const csv = () => {
    const row = (place) => {
      const { session, filter } = data.maps[place];
      return [name.value.trim(), session, data.layer, data.image, filter, soft.has(place), place + 1, data.seed];
    };
    const rows = [["labeller", "session", "layer", "image", "filter", "soft", "place", "seed"], ...labelled().map(row)];
    return rows.map((cells) => `${cells.map(cell).join(",")}\n`).join("");
  };

  save.addEventListener("click", () => {
    const word = (text) => text.trim().replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "");
    const link = document.createElement("a");
    link.download = `labels-${word(name.value)}-layer-${data.layer}-${word(data.image)}.csv`;
    link.href = URL.createObjectURL(new Blob([csv()], { type: "text/csv" }));
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
    isSaved = true;
    const count = labelled().length;
    const rest = data.maps.length - count;
    element("saved").textContent =
      `${link.download} has the labels of ${maps(count)}${rest > 0 ? `; ${rest} are not labelled yet` : ""}. ` +
      "Read it with SoftLabels::read_csv.";
  });

  back.addEventListener("click", () => go(page - 1));
  next.addEventListener("click", () => go(page + 1));
  name.addEventListener("input", tell);
  addEventListener("beforeunload", (event) => {
    if (!isSaved) {
      event.preventDefault();
    }
  });

  document.querySelector("main").hidden = false;
  show(false);
})();
