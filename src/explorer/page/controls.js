// The choices: groups of radio buttons, the lists of sessions, light and dark.

/** Fills a fieldset with radio buttons [{ value, words, title }]; `choose(value)` is called. */
export function radioGroup(fieldset, options, chosen, choose) {
  const labels = options.map(({ value, words, title }) => {
    const label = document.createElement("label");
    const input = document.createElement("input");
    input.type = "radio";
    input.name = fieldset.id;
    input.value = value;
    input.checked = value === chosen;
    input.addEventListener("change", () => choose(value));
    const text = document.createElement("span");
    text.textContent = words;
    if (title) label.title = title;
    label.append(input, text);
    return label;
  });
  const box = document.createElement("div");
  box.className = "choices";
  box.append(...labels);
  fieldset.replaceChildren(fieldset.querySelector("legend"), box);
}

/** Fills a list with options [{ value, words }]. */
export function fillSelect(select, options, chosen) {
  select.replaceChildren(...options.map(({ value, words }) => new Option(words, value, false, value === chosen)));
}

const THEMES = { light: "Light", dark: "Dark" };

/** Makes the button switch between light and dark. At first the page is as the reader's system says. */
export function themeSwitch(button) {
  const root = document.documentElement;
  const system = window.matchMedia("(prefers-color-scheme: dark)");
  const current = () => root.dataset.theme ?? (system.matches ? "dark" : "light");
  const say = () => {
    button.textContent = current() === "dark" ? `${THEMES.light} colours` : `${THEMES.dark} colours`;
  };
  button.addEventListener("click", () => {
    root.dataset.theme = current() === "dark" ? "light" : "dark";
    say();
  });
  system.addEventListener("change", say);
  say();
}
