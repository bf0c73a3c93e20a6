// How people lead up to a place when they speak: "en la esquina de", "frente al", "a media cuadra de", "near the". What says a corner is understood; what says where beside the place it was is not, and
// is told as that, with how far from the place it may be: the place is found and never called the spot itself. A stretch of a street ("mercedes entre paraguay y río negro") is read here, too.

export interface SpokenLead {
  /** What comes after it. */
  readonly place: string;
  /** The words that no map answers, as typed; null where they only said that a corner follows. */
  readonly beside: string | null;
  /** So far from the place the spot may be. */
  readonly withinM: number;
}

const OF = String.raw`(?:\s+(?:de\s+l[ao]s?|del|de|a\s+l[ao]s?|al|a|con|of\s+the|of|from\s+the|from|to\s+the|to|the))?`;
const CORNER = new RegExp(String.raw`^(?:(?:en|at|on|sobre)\s+)?(?:(?:la|una|the|a)\s+)?(?:esquina|esq\.?|corner|cruce|intersecci[oó]n|intersection|crossing|junction)${OF}\s+(?=\S)`, "iu");
const COUNT = String.raw`(?:media|una|dos|tres|cuatro|cinco|half\s+an?|an?|one|two|three|four|five|\d{1,2})`;
const BESIDE: readonly (readonly [words: RegExp, withinM: number])[] = [
  [new RegExp(String.raw`^(?:(?:m[aá]s\s+o\s+menos|como|about)\s+)?(?:a\s+)?(?:unas?\s+|unos\s+)?${COUNT}\s+(?:cuadras?|blocks?|metros|mts?\.?|metres|meters|m)(?:\s+(?:antes|despu[eé]s|before|after|away))?${OF}\s+(?=\S)`, "iu"), 250],
  [new RegExp(String.raw`^(?:cerca|cerquita|por\s+(?:ah[ií]\s+por|la\s+zona)|a\s+la\s+vuelta|near|close|around|round\s+the\s+corner)${OF}\s+(?=\S)`, "iu"), 250],
  [new RegExp(String.raw`^(?:justo\s+|right\s+|just\s+)?(?:(?:en\s*)?frente|al\s+lado|al\s+costado|a\s+un\s+costado|detr[aá]s|atr[aá]s|delante|adelante|pegado|junto|al\s+fondo|contra|in\s+front|opposite|next|beside|behind|across|outside|by|afuera|fuera)${OF}\s+(?=\S)`, "iu"), 80],
  [/^(?:entre|between)\s+(?=\S)/iu, 80],
];

/** What the query begins with before its place, or null. */
export function readSpokenLead(query: string): SpokenLead | null {
  const text = query.trim();
  const beside = BESIDE.find(([words]) => words.test(text));
  const words = beside === undefined ? "" : beside[0].exec(text)![0];
  const rest = text.slice(words.length);
  const corner = CORNER.exec(rest)?.[0] ?? "";
  if (words === "" && corner === "") return null;
  return { place: rest.slice(corner.length).trim(), beside: words === "" ? null : words.trim(), withinM: beside?.[1] ?? 0 };
}

const BETWEEN = /^(.*\S)\s+(?:entre|between|e\/)\s*(\S.*)$/iu;
const AND = /\s+(?:y|e|and|und|et|con)\s+|\s*[/&+]\s*/giu;
export interface Stretch {
  readonly street: string;
  readonly from: string;
  readonly to: string;
}
/** A street between two others, once for each word that may be the "and". */
export function readStretches(query: string): Stretch[] {
  const [, street, ends] = BETWEEN.exec(query.trim()) ?? [];
  if (street === undefined || ends === undefined) return [];
  return [...ends.matchAll(AND)].map((and) => ({ street, from: ends.slice(0, and.index).trim(), to: ends.slice(and.index + and[0].length).trim() })).filter(({ from, to }) => from !== "" && to !== "");
}

const MOST_LEFT_OUT = 4;
/** A longer text is a story and no place: it is not tried again and again at each key. */
const MOST_WORDS = 9;
/** The query without its first or its last words, fewest first: what is left over is told. */
export function leaveOutWords(query: string): { readonly name: string; readonly left: string }[] {
  const words = query.trim().split(/\s+/u);
  if (words.length > MOST_WORDS) return [];
  const shorter: { name: string; left: string }[] = [];
  for (let n = 1; n <= Math.min(MOST_LEFT_OUT, words.length - 1); n++) {
    shorter.push({ name: words.slice(n).join(" "), left: words.slice(0, n).join(" ") }, { name: words.slice(0, -n).join(" "), left: words.slice(-n).join(" ") });
  }
  return shorter;
}
