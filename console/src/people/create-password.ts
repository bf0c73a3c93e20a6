// A first password to hand over: five groups of four from letters and digits that nobody mistakes on paper (no 0 O 1 l i), 98 bits of chance.
const LETTERS = "abcdefghjkmnpqrstuvwxyz23456789";
const GROUPS = 5;
const GROUP = 4;

export function createPassword(fill: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array = (b) => crypto.getRandomValues(b)): string {
  let letters = "";
  while (letters.length < GROUPS * GROUP)
    // A byte above the last whole multiple would favour the first letters: it is thrown away.
    for (const byte of fill(new Uint8Array(32))) if (byte < 256 - (256 % LETTERS.length) && letters.length < GROUPS * GROUP) letters += LETTERS[byte % LETTERS.length];
  return Array.from({ length: GROUPS }, (_, i) => letters.slice(i * GROUP, (i + 1) * GROUP)).join("-");
}
