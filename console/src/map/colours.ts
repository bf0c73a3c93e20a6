// The palette for what is drawn by WebGL: read from the page's own variables, so that design/tokens.css stays the only place with colours.
export type Rgb = readonly [number, number, number];
export interface MapColours {
  readonly danger: Rgb;
  readonly decide: Rgb;
  readonly moving: Rgb;
  readonly scene: Rgb;
  readonly free: Rgb;
  readonly off: Rgb;
  readonly onMean: Rgb;
  readonly ink: Rgb;
  readonly ground: Rgb;
  readonly quiet: Rgb;
}
/** "#1a2b3c", or "#fff" as a build shortens it, to its three bytes; what is no such colour becomes grey, never an error. */
export function parseHex(text: string): Rgb {
  const match = /^#([0-9a-f]{6}|[0-9a-f]{3})$/i.exec(text.trim());
  if (match === null) return [128, 128, 128];
  const digits = match[1]!;
  const n = Number.parseInt(digits.length === 3 ? [...digits].map((d) => d + d).join("") : digits, 16);
  return [n >> 16, (n >> 8) & 255, n & 255];
}
export function readColours(): MapColours {
  const style = getComputedStyle(document.documentElement);
  const read = (name: string): Rgb => parseHex(style.getPropertyValue(name));
  return {
    danger: read("--mean-danger"), decide: read("--mean-decide"), moving: read("--mean-moving"), scene: read("--mean-scene"), free: read("--mean-free"), off: read("--mean-off"),
    onMean: read("--on-mean"), ink: read("--text-1"), ground: read("--surface-0"), quiet: read("--text-3"),
  };
}
