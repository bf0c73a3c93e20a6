// How many pictures a piece of a recording holds: the sample counts of its fragments' runs (moof, traf, trun; ISO/IEC 14496-12, 8.8.8). With the piece's
// length that is how long one picture lasts, which is what a step of one picture needs. Bytes from outside: wrong sizes end the count.

const code = (name: string): number => ((name.charCodeAt(0) << 24) | (name.charCodeAt(1) << 16) | (name.charCodeAt(2) << 8) | name.charCodeAt(3)) >>> 0;
const CONTAINERS: ReadonlySet<number> = new Set([code("moof"), code("traf")]);
const TRUN = code("trun");

export function countSamples(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const inside = (from: number, to: number, depth: number): number => {
    let count = 0;
    for (let at = from; at + 8 <= to; ) {
      const size = view.getUint32(at);
      const type = view.getUint32(at + 4);
      if (size < 8 || at + size > to) break; // a box of 64-bit size is no fragment of ours
      if (type === TRUN && size >= 16) count += view.getUint32(at + 12);
      else if (CONTAINERS.has(type) && depth < 2) count += inside(at + 8, at + size, depth + 1);
      at += size;
    }
    return count;
  };
  return inside(0, bytes.byteLength, 0);
}
