// G.711 (ITU-T G.711, tables 1 and 2): the 16 bits that an octet stands for, by either law. Here, where recorder, package and page all reach it.

export type G711Law = "pcma" | "pcmu";

export function decodeG711(law: G711Law, octet: number): number {
  if (law === "pcmu") {
    const flipped = ~octet & 0xff;
    const magnitude = (((flipped & 0x0f) << 3) + 0x84) << ((flipped & 0x70) >> 4);
    return flipped & 0x80 ? 0x84 - magnitude : magnitude - 0x84;
  }
  const flipped = octet ^ 0x55;
  const segment = (flipped & 0x70) >> 4;
  const step = (flipped & 0x0f) << 4;
  const magnitude = segment === 0 ? step + 8 : (step + 0x108) << (segment - 1);
  return flipped & 0x80 ? magnitude : -magnitude;
}
