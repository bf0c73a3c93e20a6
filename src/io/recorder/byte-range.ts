// The Range header of RFC 9110 (section 14.1.2), as far as we serve it: one range of bytes. Several, or what is not understood, are as if they had not been
// asked for, as the RFC has it.

export function parseByteRange(header: string | undefined, totalBytes: number): { readonly start: number; readonly end: number } | "unsatisfiable" | undefined {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? "");
  if (match === null || (match[1] === "" && match[2] === "")) return undefined;
  if (match[1] === "") {
    const last = Math.min(Number(match[2]), totalBytes);
    return last === 0 ? "unsatisfiable" : { start: totalBytes - last, end: totalBytes };
  }
  const start = Number(match[1]);
  const end = match[2] === "" ? totalBytes : Math.min(totalBytes, Number(match[2]) + 1);
  if (match[2] !== "" && Number(match[2]) < start) return undefined;
  return start >= totalBytes ? "unsatisfiable" : { start, end };
}
