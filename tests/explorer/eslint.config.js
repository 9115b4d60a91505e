import js from "@eslint/js";

/** What a browser gives the page. */
const browser = [
  "Blob", "DecompressionStream", "Option", "Response", "atob", "clearTimeout", "createImageBitmap", "document",
  "performance", "setTimeout", "window", "DataTransfer", "Event", "File", "getComputedStyle",
];
/** What Node.js gives the tests. */
const node = ["Buffer", "URL", "console", "process"];

const named = (names) => Object.fromEntries(names.map((name) => [name, "readonly"]));

const rules = {
  ...js.configs.recommended.rules,
  curly: ["error", "multi-line"],
  eqeqeq: "error",
  "no-shadow": "error",
  "no-unused-vars": "error",
  "no-use-before-define": ["error", { functions: false, variables: false }],
  "no-var": "error",
  "prefer-const": "error",
};

export default [
  { files: ["src/explorer/page/*.js"], languageOptions: { globals: named(browser) }, rules },
  {
    files: ["src/labelling/page.js"],
    languageOptions: { globals: named([...browser, "URL", "addEventListener"]), sourceType: "script" },
    rules,
  },
  { files: ["tests/explorer/**/*.js"], languageOptions: { globals: named([...browser, ...node]) }, rules },
];
