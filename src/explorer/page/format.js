// Numbers and names as people read them.

/** A whole number with commas between thousands. */
export function grouped(value) {
  return Math.round(value).toString().replace(/\B(?=(\d{3})+$)/g, ",");
}

/** A fixed number of decimals, with a true minus sign. */
export function decimals(value, places) {
  const text = Math.abs(value).toFixed(places);
  return value < 0 && Number(text) !== 0 ? `−${text}` : text;
}

/** A softness score. */
export function scoreText(value) {
  return decimals(value, 4);
}

/** A share as a percentage: "38 %"; "under 1 %" and "over 99 %" at the ends. */
export function percentText(share) {
  const percent = 100 * share;
  if (percent > 0 && percent < 1) return "under 1 %";
  if (percent < 100 && percent > 99) return "over 99 %";
  return `${Math.round(percent)} %`;
}

/** How much `value` differs from `reference`, in percent with its direction. Lower scores are softer. */
export function softerText(value, reference) {
  const change = 100 * (value / reference - 1);
  if (Math.abs(change) < 0.05) return "as soft as";
  return `${decimals(Math.abs(change), 1)} % ${change < 0 ? "softer" : "less soft"} than`;
}

/** "1 iteration", "2,000 iterations", "before training". */
export function iterationsText(iterations) {
  if (iterations === 0) return "before training";
  return `${grouped(iterations)} iteration${iterations === 1 ? "" : "s"}`;
}

/** The words for a count of things: "1 filter", "16 filters". */
export function counted(count, thing) {
  return `${grouped(count)} ${thing}${count === 1 ? "" : "s"}`;
}
