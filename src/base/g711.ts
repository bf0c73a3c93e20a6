// G.711 (ITU-T G.711, tables 1 and 2): the 16 bits that an octet stands for, by either law, and the octet that is nearest to 16 bits. Here, where recorder, package and page all reach it.

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

const encoders = new Map<G711Law, Uint8Array>();

/** The octet that stands for the value nearest to a sample of 16 bits. */
export function encodeG711(law: G711Law, sample: number): number {
  let octets = encoders.get(law);
  if (octets === undefined) encoders.set(law, (octets = tabulate(law)));
  return octets[sample + 32_768]!;
}

/** One octet for each of the 65,536 samples, from the decoder: so the two cannot disagree. */
function tabulate(law: G711Law): Uint8Array {
  const values = Array.from({ length: 256 }, (_, octet) => ({ octet, value: decodeG711(law, octet) })).sort((a, b) => a.value - b.value);
  const out = new Uint8Array(65_536);
  let nearest = 0;
  for (let sample = -32_768; sample < 32_768; sample++) {
    while (nearest < 255 && Math.abs(values[nearest + 1]!.value - sample) <= Math.abs(values[nearest]!.value - sample)) nearest++; // mu-law has two octets for 0
    out[sample + 32_768] = values[nearest]!.octet;
  }
  return out;
}
