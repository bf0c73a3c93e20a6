// What callers say. The mix leads with what residents worry about (theft, fire, traffic), and holds the calls that are no emergency: of the
// 8.8 million calls of Chongqing's 110 line in 2018, 5 million were valid. Callers go on to say things that the question cards ask for, in no order and not all of them, so that whoever trains has answers to find.
// All of it is invented.
import type { Random } from "../../base/random.ts";

export type CallKind =
  | "theft" | "robbery" | "intruder" | "fight" | "smoke" | "fire" | "collision" | "injury" | "obstruction" | "medical" | "noise" | "missing"
  | "silent" | "hang-up" | "wrong-number" | "question" | "prank";

/** Weights out of 100. */
const MIX: Readonly<Record<CallKind, number>> = {
  theft: 18, robbery: 4, intruder: 2, fight: 5, smoke: 6, fire: 3, collision: 12, injury: 5, obstruction: 5, medical: 7, noise: 5, missing: 2,
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
  intruder: ["Hay alguien adentro de mi casa, {place}.", "Somebody is trying my back door, {place}.", "Escucho pasos abajo y vivo sola, {place}."],
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

/** What else a caller may say, and which question of which card that answers (contract: listTriageCards). */
export const SAID: Readonly<Partial<Record<CallKind, { readonly card: string; readonly facts: readonly (readonly [question: string, answer: string, words: string])[] }>>> = {
  theft: { card: "theft", facts: [["now", "there", "Todavía está ahí, lo estoy viendo."], ["now", "just", "Salió corriendo hace un minuto."], ["now", "gone", "Fue hace como dos horas."], ["force", "force", "He pushed me to the ground."], ["force", "none", "No, no me tocaron."], ["hurt", "yes", "Me lastimaron la mano."], ["hurt", "no", "Nobody is hurt."]] },
  robbery: { card: "violence", facts: [["weapon", "gun", "Tiene un revólver."], ["weapon", "blade", "He has a knife."], ["now", "now", "Está pasando ahora."], ["now", "over", "They are gone."], ["hurt", "badly", "Hay uno sangrando mucho."], ["hurt", "nobody", "Nadie lastimado."], ["many", "two", "Son dos."]] },
  intruder: { card: "intruder", facts: [["where", "inside", "Está adentro, y están mis hijos."], ["where", "outside", "Quiere entrar."], ["where", "gone", "I think he ran away."], ["safe", "hiding", "Me encerré en el baño."], ["safe", "yes", "I am at the neighbour's."], ["weapon", "no", "No le vi ningún arma."], ["hurt", "no", "Nadie lastimado."]] },
  fight: { card: "violence", facts: [["now", "now", "Se están pegando ahora."], ["now", "over", "Ya se fueron."], ["weapon", "other", "Uno tiene un palo."], ["weapon", "none", "No hay armas."], ["many", "crowd", "There must be ten of them."], ["hurt", "lightly", "One has a bloody nose."], ["weak", "yes", "Hay un niño en el medio."]] },
  smoke: { card: "fire", facts: [["seen", "thin-smoke", "Es poco humo."], ["seen", "thick-smoke", "Thick black smoke."], ["people", "out", "Ya salieron todos."], ["people", "maybe", "There may be somebody in there."], ["burns", "rubbish", "Es un contenedor."], ["spread", "alone", "No tiene nada cerca."], ["hurt", "nobody", "Nobody is hurt."]] },
  fire: { card: "fire", facts: [["people", "trapped", "Hay una señora en la ventana, no puede bajar."], ["people", "out", "Everybody is out."], ["seen", "flames", "Se ven las llamas."], ["spread", "spreading", "Ya pasa a la casa de al lado."], ["burns", "dangerous", "There are gas bottles."], ["burns", "home", "Es una casa."], ["hurt", "badly", "Hay uno quemado."]] },
  collision: { card: "traffic", facts: [["hurt", "nobody", "No hay heridos."], ["hurt", "lightly", "Le duele el cuello."], ["road", "blocked", "Both lanes are blocked."], ["road", "free", "Ya los corrieron."], ["danger", "fuel", "Pierde nafta."], ["danger", "none", "No fire, nothing."], ["trapped", "no", "Salieron todos del auto."], ["who", "bus", "El ómnibus va lleno."]] },
  injury: { card: "traffic", facts: [["hurt", "not-moving", "No se mueve."], ["hurt", "badly", "Sangra mucho."], ["trapped", "yes", "No puede salir del auto."], ["who", "on-foot", "She was crossing on foot."], ["road", "fast", "Pasan los autos a mil."], ["danger", "none", "No hay fuego."]] },
  obstruction: { card: "road", facts: [["live", "cables", "Arrastró unos cables."], ["live", "none", "No cables."], ["danger", "fast", "A car nearly hit it."], ["danger", "none", "Se ve bien de lejos."]] },
  medical: { card: "medical", facts: [["awake", "no", "No se despierta."], ["awake", "yes", "She is awake."], ["breathing", "hard", "Respira con dificultad."], ["breathing", "normal", "Breathing is all right."], ["bleeding", "none", "No sangra."], ["pain", "yes", "Le empezó un dolor en el pecho hace media hora."], ["who", "old", "Tiene ochenta y tres."]] },
  missing: { card: "missing", facts: [["since", "minutes", "Hace veinte minutos."], ["since", "hours", "Since this morning."], ["taken", "no", "No, se soltó de la mano."], ["danger", "near", "La rambla está a una cuadra."], ["danger", "medicine", "Toma remedios para el corazón."]] },
};
const MOST_SAID = 3;

/** Some of it, each question once. */
function sayMore(kind: CallKind, random: Random): string {
  const facts = [...(SAID[kind]?.facts ?? [])];
  const said: string[] = [];
  for (let left = random.integer(MOST_SAID + 1); left > 0 && facts.length > 0; left--) {
    const [question, , words] = random.pick(facts);
    said.push(words);
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
  const first = kind === "silent" || kind === "hang-up" ? null : random.pick(WORDS[kind]).replace("{place}", place);
  const words = first === null ? null : [first, sayMore(kind, random)].filter((part) => part !== "").join(" ");
  return { kind, words, ...callerOf(random), patienceMs: kind === "hang-up" ? 3_000 + random.next() * 6_000 : 45_000 + random.next() * 75_000 };
}

/** The number and the talk of any caller. */
export function callerOf(random: Random): { readonly number: string; readonly talkMs: number } {
  return { number: `09${random.integer(10)} ${String(random.integer(1_000)).padStart(3, "0")} ${String(random.integer(1_000)).padStart(3, "0")}`, talkMs: 40_000 + random.next() * 80_000 };
}
