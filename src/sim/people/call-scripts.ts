// What callers say. The mix leads with what residents worry about (theft, fire, traffic), and holds the calls that are no emergency: of the
// 8.8 million calls of Chongqing's 110 line in 2018, 5 million were valid. Callers go on to say things that the question cards ask for, in no order and not all of them, so that whoever trains has answers to find.
import type { Random } from "../../base/random.ts";
import { FIRST_WORDS, SAID, type CallKind, type SpokenLanguage } from "./call-words.ts";

/** Weights out of 100. */
const MIX: Readonly<Record<CallKind, number>> = {
  theft: 18, robbery: 4, intruder: 2, fight: 5, smoke: 6, fire: 3, collision: 12, injury: 5, obstruction: 5, medical: 7, noise: 5, missing: 2,
  silent: 7, "hang-up": 5, "wrong-number": 4, question: 7, prank: 3,
};

/** Of callers who speak English and not the language of the city. */
const ENGLISH_SHARE = 0.2;
const MOST_SAID = 3;

/** Some of it, each question once. */
function sayMore(kind: CallKind, language: SpokenLanguage, random: Random): string {
  const facts = [...(SAID[kind]?.facts ?? [])];
  const said: string[] = [];
  for (let left = random.integer(MOST_SAID + 1); left > 0 && facts.length > 0; left--) {
    const [question, , words] = random.pick(facts);
    said.push(words[language]);
    facts.splice(0, facts.length, ...facts.filter((fact) => fact[0] !== question));
  }
  return said.join(" ");
}

export interface Call {
  readonly kind: CallKind;
  /** null: nobody speaks. */
  readonly words: string | null;
  readonly number: string;
  /** How long the caller lets it ring. */
  readonly patienceMs: number;
  /** How long the talk lasts once answered. */
  readonly talkMs: number;
}

export function pickCallKind(random: Random): CallKind {
  const kinds = Object.keys(MIX) as CallKind[];
  let left = random.next() * kinds.reduce((sum, kind) => sum + MIX[kind], 0);
  for (const kind of kinds) {
    left -= MIX[kind];
    if (left < 0) return kind;
  }
  return "theft";
}

export function writeCall(kind: CallKind, place: string, random: Random): Call {
  const language: SpokenLanguage = random.next() < ENGLISH_SHARE ? "en" : "es";
  const first = kind === "silent" || kind === "hang-up" ? null : random.pick(FIRST_WORDS[kind][language]).replace("{place}", place);
  const words = first === null ? null : [first, sayMore(kind, language, random)].filter((part) => part !== "").join(" ");
  return { kind, words, ...callerOf(random), patienceMs: kind === "hang-up" ? 3_000 + random.next() * 6_000 : 45_000 + random.next() * 75_000 };
}

/** The number and the talk of any caller. */
export function callerOf(random: Random): { readonly number: string; readonly talkMs: number } {
  return { number: `09${random.integer(10)} ${String(random.integer(1_000)).padStart(3, "0")} ${String(random.integer(1_000)).padStart(3, "0")}`, talkMs: 40_000 + random.next() * 80_000 };
}
