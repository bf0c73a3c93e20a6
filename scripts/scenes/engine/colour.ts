// Colours as [red, green, blue] 0..255 so that light can be worked on them; strings only at the canvas.

export type Colour = readonly [number, number, number];

export function hex(code: string): Colour {
  const n = Number.parseInt(code.slice(1), 16);
  return [n >> 16, (n >> 8) & 255, n & 255];
}

export const css = ([r, g, b]: Colour, alpha = 1): string => `rgba(${Math.round(r)},${Math.round(g)},${Math.round(b)},${alpha})`;

export const mix = (a: Colour, b: Colour, f: number): Colour => [a[0] + (b[0] - a[0]) * f, a[1] + (b[1] - a[1]) * f, a[2] + (b[2] - a[2]) * f];

/** Lit by `light`: 1 is the colour itself, below is shade, above tends to white. */
export function lit(colour: Colour, light: number): Colour {
  if (light <= 1) return [colour[0] * light, colour[1] * light, colour[2] * light];
  return mix(colour, [255, 252, 240], Math.min(1, light - 1));
}
