// What callers say. The mix leads with what residents worry about (theft, fire, traffic), and holds the calls that are no emergency: of the
// 8.8 million calls of Chongqing's 110 line in 2018, 5 million were valid. All of it is invented.
import type { Random } from "../../base/random.ts";

export type CallKind =
  | "theft" | "robbery" | "fight" | "smoke" | "fire" | "collision" | "injury" | "obstruction" | "medical" | "noise" | "missing"
  | "silent" | "hang-up" | "wrong-number" | "question" | "prank";

/** Weights out of 100. */
const MIX: Readonly<Record<CallKind, number>> = {
  theft: 20, robbery: 4, fight: 5, smoke: 6, fire: 3, collision: 12, injury: 5, obstruction: 5, medical: 7, noise: 5, missing: 2,
  silent: 7, "hang-up": 5, "wrong-number": 4, question: 7, prank: 3,
};

const WORDS: Readonly<Record<Exclude<CallKind, "silent" | "hang-up">, readonly string[]>> = {
  theft: [
    "Me robaron el celular recién, en {place}. Eran dos en una moto, uno con casco rojo.",
    "Me abrieron el auto en {place}, se llevaron la mochila.",
    "Someone just snatched my bag at {place}, he ran towards the corner.",
    "My bicycle is being stolen right now, {place}, a man with a bolt cutter.",
  ],
  robbery: ["Están asaltando el almacén de {place}, vi un arma.", "Two men with a knife took my wallet at {place}, I'm hiding in a doorway."],
  fight: ["Hay una pelea en {place}, como seis personas.", "Se están pegando en {place}, uno tiene un palo.", "There's a fight outside {place}, it's getting worse."],
  smoke: ["Sale humo de un contenedor en {place}.", "Hay olor a quemado y humo en el edificio de {place}.", "I can see smoke from a roof near {place}."],
  fire: ["Se prende fuego una casa en {place}, hay gente adentro.", "Flames from the second floor, {place}, please hurry."],
  collision: ["Chocaron dos autos en {place}, están discutiendo.", "Un ómnibus chocó a un auto en {place}.", "Two cars crashed at {place}, nobody hurt I think."],
  injury: ["Atropellaron a una señora en {place}, está en el piso.", "Se cayó un motociclista en {place}, sangra de la cabeza.", "A cyclist was hit at {place}, he isn't moving."],
  obstruction: ["Hay un árbol caído en {place}, no se puede pasar.", "A truck has broken down across both lanes at {place}."],
  medical: ["Mi padre no respira bien, {place}, apartamento 3.", "Una señora se desmayó en {place}.", "A man collapsed at {place}, chest pain."],
  noise: ["Los vecinos de {place} tienen la música a todo lo que da, son horas de dormir.", "Loud party at {place}, third night in a row."],
  missing: ["No encuentro a mi hijo, tiene siete años, estábamos en {place}.", "My grandmother left home an hour ago near {place}, she gets confused."],
  "wrong-number": ["¿Hola? ¿Con la farmacia?", "Perdón, me equivoqué de número.", "Is this the taxi company?"],
  question: ["¿Hasta qué hora abre la oficina de documentos?", "Quería saber si cortaron la luz en {place}.", "What's the number for the water company?"],
  prank: ["Jajaja... ¿hay pizza?", "(risas de niños)"],
};

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
  const words = kind === "silent" || kind === "hang-up" ? null : random.pick(WORDS[kind]).replace("{place}", place);
  return { kind, words, ...callerOf(random), patienceMs: kind === "hang-up" ? 3_000 + random.next() * 6_000 : 45_000 + random.next() * 75_000 };
}

/** The number and the talk of any caller. */
export function callerOf(random: Random): { readonly number: string; readonly talkMs: number } {
  return { number: `09${random.integer(10)} ${String(random.integer(1_000)).padStart(3, "0")} ${String(random.integer(1_000)).padStart(3, "0")}`, talkMs: 40_000 + random.next() * 80_000 };
}
