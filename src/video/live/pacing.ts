// How long pictures may wait so that several go out in one write ([LIV10]). A write to a socket costs the same for one picture as for three, and with a hundred
// viewers it is most of what they cost. Few viewers wait for nothing; many get their pictures in groups that a player's reserve of some 150 ms covers.

const STEPS = [
  { channels: 64, delayMs: 110 },
  { channels: 16, delayMs: 40 },
] as const;

/** `channels` are the live channels open on this recorder. */
export function chooseSendDelayMs(channels: number): number {
  return STEPS.find((step) => channels >= step.channels)?.delayMs ?? 0;
}
