// When a piece of sound is to be heard so that it goes with the picture on the screen: as much later than now as it was later than that picture. Pieces that follow each other are put end to end,
// since a step of a few milliseconds is heard as a click; only where that is off by more than ears forgive does the sound step to its place.

/** Sound that is early or late by so much is heard as belonging to the picture (ITU-R BT.1359: 45 ms early, 125 ms late). */
const IN_STEP_S = 0.04;
/** No speaker takes what is to be heard at once. */
const LEAST_LEAD_S = 0.01;

export type SoundStep =
  /** `fromS`: so much of the piece is past already and is left out. */
  | { readonly do: "play"; readonly atS: number; readonly fromS: number }
  | { readonly do: "drop" };

/** `soundMs`, `pictureMs`: wall times of the piece and of the picture that shows now. `endS`: where the piece before ends, on the speaker's clock; null: there was none. */
export function placeSound(soundMs: number, durationS: number, pictureMs: number, nowS: number, endS: number | null): SoundStep {
  const wantedS = nowS + (soundMs - pictureMs) / 1_000;
  const atS = endS !== null && endS > nowS && Math.abs(endS - wantedS) <= IN_STEP_S ? endS : wantedS;
  const fromS = Math.max(0, nowS + LEAST_LEAD_S - atS);
  if (fromS >= durationS) return { do: "drop" };
  return { do: "play", atS: atS + fromS, fromS };
}
