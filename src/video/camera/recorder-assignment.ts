// Which recorder a new camera goes to: the one that has least to do ([RDR1] in ../SPEC.md). What a recorder has to do is the bit rate of its cameras, since bytes are what recording costs; a camera
// that has not told any counts as the middle of those that have. One that is away gets none while another is there.

export interface RecorderLoad {
  readonly recorderId: number;
  /** Linked to the centre just now. */
  readonly isThere: boolean;
  /** Registered with an address. */
  readonly cameras: number;
  /** Of those of them that told one. */
  readonly toldCameras: number;
  readonly toldBitsPerSecond: number;
}

/** Where no camera has told its bit rate yet. */
export const USUAL_BITS_PER_SECOND = 4_000_000;

/** Beside `wanted`, in which a recorder is named or null stands for the one with least to do; each camera counts for those that follow. `loads`: at least one. */
export function assignRecorders(wanted: readonly (number | null)[], loads: readonly RecorderLoad[]): number[] {
  const told = loads.reduce((sum, { toldCameras }) => sum + toldCameras, 0);
  const usual = told === 0 ? USUAL_BITS_PER_SECOND : Math.max(1, loads.reduce((sum, { toldBitsPerSecond }) => sum + toldBitsPerSecond, 0) / told);
  const work = new Map(loads.map(({ recorderId, cameras, toldCameras, toldBitsPerSecond }) => [recorderId, toldBitsPerSecond + (cameras - toldCameras) * usual]));
  const there = loads.filter(({ isThere }) => isThere);
  const open = (there.length > 0 ? there : loads).map(({ recorderId }) => recorderId).sort((a, b) => a - b);
  return wanted.map((named) => {
    const recorderId = named ?? open.reduce((best, id) => (work.get(id)! < work.get(best)! ? id : best));
    work.set(recorderId, (work.get(recorderId) ?? 0) + usual);
    return recorderId;
  });
}
