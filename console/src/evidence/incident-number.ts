// An incident's number as people type it: with a number sign, blanks, or the marks between thousands.
const LARGEST = 2_147_483_647;

export function parseIncidentNumber(text: string): number | undefined {
  const plain = text.replace(/[\s#.,'’]/g, "");
  if (!/^\d{1,10}$/.test(plain)) return undefined;
  const number = Number(plain);
  return number > 0 && number <= LARGEST ? number : undefined;
}
