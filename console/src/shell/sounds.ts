// Few and distinct sounds, made by the page itself: two rising tones ring, four rising ones are a panic button, three fast high ones priority 1, a falling pair again and again an officer's
// emergency, two long level tones say that nobody goes, a falling pair that a unit does not answer, three rising long ones that something has gone up to the supervisor, one low tone is "done".
// Mute never silences priority 1, an officer's emergency and a panic button.
import { usePreferences } from "./preferences.ts";

export type Sound = "ring" | "alarm" | "priority-1" | "emergency" | "nobody-goes" | "nobody-goes-1" | "no-answer" | "no-answer-1" | "gone-up" | "gone-up-1" | "done" | "refused";
type Score = readonly (readonly [start: number, length: number, hz: number, gain: number])[]; // in seconds
const NOBODY_GOES: Score = [[0, 0.34, 523, 0.2], [0.44, 0.34, 523, 0.2]];
const NO_ANSWER: Score = [[0, 0.2, 587, 0.2], [0.26, 0.3, 440, 0.2]];
const GONE_UP: Score = [[0, 0.2, 523, 0.2], [0.26, 0.2, 659, 0.2], [0.52, 0.32, 784, 0.2]];
const SCORES: Record<Sound, Score> = {
  ring: [[0, 0.14, 660, 0.16], [0.18, 0.2, 880, 0.16]],
  alarm: [[0, 0.12, 659, 0.24], [0.15, 0.12, 784, 0.24], [0.3, 0.12, 932, 0.24], [0.45, 0.24, 1109, 0.24]],
  "priority-1": [[0, 0.09, 1175, 0.22], [0.13, 0.09, 1175, 0.22], [0.26, 0.16, 1175, 0.22]],
  emergency: [[0, 0.22, 988, 0.28], [0.24, 0.22, 659, 0.28], [0.48, 0.22, 988, 0.28], [0.72, 0.3, 659, 0.28]],
  "nobody-goes": NOBODY_GOES,
  "nobody-goes-1": NOBODY_GOES,
  "no-answer": NO_ANSWER,
  "no-answer-1": NO_ANSWER,
  "gone-up": GONE_UP,
  "gone-up-1": GONE_UP,
  done: [[0, 0.08, 440, 0.09]],
  refused: [[0, 0.1, 220, 0.14], [0.12, 0.14, 185, 0.14]],
};
const NEVER_MUTED: ReadonlySet<Sound> = new Set<Sound>(["alarm", "priority-1", "emergency", "nobody-goes-1", "no-answer-1", "gone-up-1"]);
export const isNeverMuted = (sound: Sound): boolean => NEVER_MUTED.has(sound);

let context: AudioContext | null = null;
function play(sound: Sound, startS = 0): void {
  try {
    context ??= new AudioContext();
    if (context.state === "suspended") void context.resume(); // before the first click or key the browser keeps silent
    const t0 = context.currentTime + startS;
    for (const [at, length, hz, loud] of SCORES[sound]) {
      const tone = context.createOscillator();
      const gain = context.createGain();
      tone.frequency.value = hz;
      tone.type = "triangle";
      gain.gain.setValueAtTime(0, t0 + at);
      gain.gain.linearRampToValueAtTime(loud, t0 + at + 0.012);
      gain.gain.setValueAtTime(loud, t0 + at + length - 0.03);
      gain.gain.linearRampToValueAtTime(0, t0 + at + length);
      tone.connect(gain).connect(context.destination);
      tone.start(t0 + at);
      tone.stop(t0 + at + length + 0.02);
    }
  } catch {
    // no sound device: the screen tells everything that a sound tells
  }
}
export function playSound(sound: Sound): void {
  if (!usePreferences.getState().muted || isNeverMuted(sound)) play(sound);
}
/** All of them one after the other, muted or not: the test at the start of a shift. */
export function playTest(): void {
  play("ring", 0);
  play("alarm", 1);
  play("priority-1", 2.2);
  play("emergency", 3.2);
  play("nobody-goes", 4.7);
  play("no-answer", 6);
  play("gone-up", 7.1);
  play("done", 8.4);
}
