// The colours of weights and maps, those of the library's figures (src/figures/palette.rs).

/** The two halves of ColorBrewer's RdBu, from zero to the largest magnitude. */
const REDS = [0xffffff, 0xfddbc7, 0xf4a582, 0xd6604d, 0xb2182b, 0x67001f];
const BLUES = [0xffffff, 0xd1e5f0, 0x92c5de, 0x4393c3, 0x2166ac, 0x053061];

function channels(code) {
  return [(code >> 16) & 255, (code >> 8) & 255, code & 255];
}

/** The colour [r, g, b] of a value from -limit (dark blue) over 0 (white) to limit (dark red). */
export function diverging(value, limit) {
  const stops = value < 0 ? BLUES : REDS;
  const last = stops.length - 1;
  const place = limit > 0 ? Math.min(1, Math.abs(value) / limit) * last : 0;
  const below = Math.min(last - 1, Math.floor(place));
  const [from, to] = [channels(stops[below]), channels(stops[below + 1])];
  return from.map((start, at) => Math.round(start + (to[at] - start) * (place - below)));
}

/** The same as CSS. */
export function divergingCss(value, limit) {
  return `rgb(${diverging(value, limit).join(" ")})`;
}

/** The light that a colour gives off, 0..1, as WCAG defines it. */
function luminance(colour) {
  const [red, green, blue] = colour.map((byte) => {
    const share = byte / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Whether white text on this colour has more contrast than black text. */
export function isDark(colour) {
  return 1.05 / (luminance(colour) + 0.05) > (luminance(colour) + 0.05) / 0.05;
}
