// Where the time of a start goes, in parts that follow each other from the birth of the process: told in one line of the log when the centre listens, for whoever asks why it was away so long. Beside the time is what each
// part used of a processor, which a busy machine does not make longer.

/** The line. */
export const LISTENS = "centre listens";

export interface StartPart {
  readonly ms: number;
  readonly cpuMs: number;
}
export interface StartParts {
  /** Ends a part: what was since the one before, or since the process began. */
  mark(part: string): void;
  list(): Readonly<Record<string, StartPart>>;
}

/** `sinceStartMs`: of the process. */
export function createStartParts(sinceStartMs: () => number = () => performance.now(), usedMs: () => number = () => process.cpuUsage().user / 1_000 + process.cpuUsage().system / 1_000): StartParts {
  const parts: Record<string, StartPart> = {};
  let [at, used] = [0, 0];
  return {
    mark: (part) => {
      const [now, usedNow] = [sinceStartMs(), usedMs()];
      parts[part] = { ms: Math.round(now - at), cpuMs: Math.round(usedNow - used) };
      [at, used] = [now, usedNow];
    },
    list: () => parts,
  };
}
