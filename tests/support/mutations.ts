// Bent copies of real texts and packets, the same for the same seed: bytes changed, dropped, doubled, moved, swapped for their like, and one input's head on another's tail. What
// breaks a parser is mostly nearly right, which chance bytes are not.
import type { Random } from "../../src/base/random.ts";

/** Values at which lengths, counts and signs turn over. */
const EDGES = [0, 1, 0x7f, 0x80, 0xfe, 0xff, 0x0d, 0x0a, 0x20, 0x24, 0x2d, 0x3a, 0x3d];

export function mutate(random: Random, seeds: readonly Uint8Array[]): Uint8Array {
  let bytes: Uint8Array = random.pick(seeds).slice();
  for (let times = 1 + random.integer(4); times > 0; times--) bytes = mutateOnce(random, bytes, seeds);
  return bytes;
}

function mutateOnce(random: Random, bytes: Uint8Array, seeds: readonly Uint8Array[]): Uint8Array {
  const at = random.integer(bytes.length + 1);
  const size = 1 + random.integer(Math.min(64, Math.max(1, bytes.length)));
  const join = (...parts: Uint8Array[]): Uint8Array => Uint8Array.from(Buffer.concat(parts));
  switch (random.integer(8)) {
    case 0: {
      const out = bytes.slice();
      if (out.length > 0) out[at % out.length] = random.pick(EDGES);
      return out;
    }
    case 1: {
      const out = bytes.slice();
      if (out.length > 0) out[at % out.length]! ^= 1 << random.integer(8);
      return out;
    }
    case 2:
      return bytes.slice(0, at);
    case 3:
      return join(bytes.subarray(0, at), bytes.subarray(at + size));
    case 4:
      return join(bytes.subarray(0, at), bytes.subarray(at, at + size), bytes.subarray(at));
    case 5:
      return join(bytes.subarray(0, at), Uint8Array.from({ length: size }, () => random.integer(256)), bytes.subarray(at));
    case 6: {
      const other = random.pick(seeds);
      return join(bytes.subarray(0, at), other.subarray(random.integer(other.length + 1)));
    }
    default:
      return swapNumber(random, bytes);
  }
}

/** A number of the text becomes another that somebody may have forgotten. */
function swapNumber(random: Random, bytes: Uint8Array): Uint8Array {
  const text = Buffer.from(bytes).toString("latin1");
  const numbers = [...text.matchAll(/\d+/g)];
  if (numbers.length === 0) return bytes;
  const number = random.pick(numbers);
  const other = random.pick(["0", "-1", "65536", "2147483648", "4294967296", "99999999999999999999", "", "1e9", "0x10"]);
  return Uint8Array.from(Buffer.from(text.slice(0, number.index) + other + text.slice(number.index + number[0].length), "latin1"));
}
