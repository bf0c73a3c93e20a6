// The command line's grammar: a short verb, then what it acts on. Parsing says what would happen, what is still missing, or what is wrong, so
// that the preview and the completions come from the same place as the deed. Each verb has an English word, a letter and Chinese words.
import { DISPOSITIONS } from "../../../src/contract/dispatch.ts";

export const VERBS = {
  find: ["find", "f", "查找", "找"],
  go: ["go", "g", "转到", "去"],
  send: ["send", "s", "派", "派出"],
  next: ["next", "待派"],
  note: ["note", "n", "备注", "记"],
  close: ["close", "c", "结案"],
  cancel: ["cancel", "取消"],
  recall: ["recall", "召回"],
  take: ["take", "t", "接听", "接"],
  again: ["again", "恢复"],
  free: ["free", "空闲"],
  off: ["off", "停用"],
  board: ["board", "b", "数据"],
  roads: ["roads", "封路"],
  watch: ["watch", "w", "负责"],
  merge: ["merge", "合并"],
  apart: ["apart", "撤销合并"],
  link: ["link", "关联"],
  unlink: ["unlink", "取消关联"],
  major: ["major", "重大"],
  endmajor: ["endmajor", "结束重大"],
  join: ["join", "归入"],
  leave: ["leave", "移出"],
  room: ["room", "专室"],
  preempt: ["preempt", "抽调"],
  lost: ["lost", "失联"],
  ack: ["ack", "确认"],
  route: ["route", "出发"],
  staged: ["staged", "待命"],
  scene: ["scene", "到场"],
  transport: ["transport", "转送"],
  clear: ["clear", "完成"],
  safe: ["safe", "解除"],
  well: ["well", "heard", "平安"],
  nounit: ["nounit", "无需派"],
  reopen: ["reopen", "重开"],
  attach: ["attach", "并入来电"],
  cover: ["cover", "补位"],
  handover: ["handover", "交班"],
  reach: ["reach", "可达"],
} as const;
export type Verb = keyof typeof VERBS;
/** What a unit says over the radio, entered for it. */
export const STEPS = { ack: "acknowledged", route: "en-route", staged: "staged", scene: "on-scene", transport: "transporting", clear: "cleared" } as const;
type Step = keyof typeof STEPS;
const isStep = (verb: Verb): verb is Step => Object.hasOwn(STEPS, verb);
/** Words of places as well (Clear Lake, Route 9, Cover Street): with anything but a unit after them a place is looked for. */
const ALSO_PLACES: ReadonlySet<Verb> = new Set<Verb>(["clear", "cover", "route", "safe", "scene", "staged", "transport", "well"]);
const VERB_NAMES = Object.keys(VERBS) as readonly Verb[];

export interface LineContext {
  /** Call signs of all units. */
  readonly units: readonly { readonly id: number; readonly callSign: string; readonly free: boolean }[];
  readonly incidents: readonly { readonly id: number; readonly number: number; readonly open: boolean }[];
  readonly selected: { readonly id: number; readonly number: number; readonly open: boolean } | null;
  /** The call that this person ended last without an incident. */
  readonly endedCall: { readonly id: number; readonly caller: string; readonly how: string } | null;
  /** The call in hand. */
  readonly callInHand: number | null;
  readonly platforms: readonly { readonly id: number; readonly code: string; readonly name: string }[];
  /** To whom one may hand over. */
  readonly people: readonly { readonly id: number; readonly name: string }[];
}
type Disposition = (typeof DISPOSITIONS)[number];
export type Line =
  | { readonly kind: "find"; readonly query: string }
  /** incidentId null: this page does not know it; it may have ended. */
  | { readonly kind: "go"; readonly incidentId: number | null; readonly number: number }
  | { readonly kind: "step"; readonly step: Step; readonly unitId: number; readonly callSign: string }
  | { readonly kind: "safe" | "well"; readonly unitId: number; readonly callSign: string; readonly words: string }
  | { readonly kind: "nounit" | "reopen"; readonly words: string; readonly incidentId: number; readonly number: number }
  | { readonly kind: "attach"; readonly contactId: number; readonly incidentId: number; readonly number: number }
  | { readonly kind: "cover"; readonly unitId: number; readonly callSign: string; readonly platformId: number; readonly platform: string; readonly incidentId: number; readonly number: number }
  | { readonly kind: "send"; readonly unitIds: readonly number[]; readonly callSigns: readonly string[]; readonly incidentId: number; readonly number: number }
  | { readonly kind: "next"; readonly unitIds: readonly number[]; readonly callSigns: readonly string[]; readonly incidentId: number; readonly number: number }
  | { readonly kind: "note"; readonly words: string; readonly incidentId: number; readonly number: number }
  | { readonly kind: "close"; readonly disposition: Disposition; readonly words: string; readonly incidentId: number; readonly number: number }
  | { readonly kind: "cancel"; readonly words: string; readonly incidentId: number; readonly number: number }
  | { readonly kind: "recall"; readonly unitId: number; readonly callSign: string; readonly words: string }
  | { readonly kind: "availability"; readonly unitId: number; readonly callSign: string; readonly available: boolean }
  | { readonly kind: "watch"; readonly incidentId: number; readonly number: number }
  | { readonly kind: "merge" | "link" | "unlink" | "join"; readonly incidentId: number; readonly number: number; readonly otherId: number; readonly otherNumber: number; readonly words: string }
  | { readonly kind: "apart" | "leave" | "major" | "endmajor"; readonly incidentId: number; readonly number: number; readonly words: string }
  | { readonly kind: "room"; readonly incidentId: number; readonly number: number }
  | { readonly kind: "preempt"; readonly unitId: number; readonly callSign: string; readonly incidentId: number; readonly number: number; readonly words: string }
  | { readonly kind: "lost"; readonly unitId: number; readonly callSign: string; readonly words: string }
  | { readonly kind: "reach"; readonly unitId: number; readonly callSign: string }
  | { readonly kind: "handover"; readonly userId: number; readonly name: string; readonly words: string }
  | { readonly kind: "again"; readonly contactId: number; readonly caller: string; readonly how: string; readonly words: string }
  | { readonly kind: "take" }
  | { readonly kind: "board" | "roads" };
export type LineFault = "no-ended-call" | "no-incident-selected" | "no-such-incident" | "no-such-unit" | "no-such-disposition" | "no-such-person" | "no-call-in-hand" | "no-such-platform" | "incident-open" | "incident-ended";
export type LineNeed = "verb" | "place" | "number" | "unit" | "words" | "disposition" | "person" | "platform";
export type Parsed =
  | { readonly state: "empty" }
  | { readonly state: "ready"; readonly line: Line }
  | { readonly state: "needs"; readonly verb: Verb | null; readonly what: LineNeed }
  | { readonly state: "fault"; readonly fault: LineFault; readonly value: string };

const ready = (line: Line): Parsed => ({ state: "ready", line });
const needs = (verb: Verb | null, what: LineNeed): Parsed => ({ state: "needs", verb, what });
const fault = (code: LineFault, value = ""): Parsed => ({ state: "fault", fault: code, value });
const findVerb = (word: string): Verb | undefined => VERB_NAMES.find((verb) => (VERBS[verb] as readonly string[]).includes(word.toLowerCase()));
const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

function split(text: string): { readonly head: string; readonly tail: string } {
  const trimmed = text.trim();
  const space = trimmed.search(/\s/);
  return space < 0 ? { head: trimmed, tail: "" } : { head: trimmed.slice(0, space), tail: trimmed.slice(space).trim() };
}

export function parseLine(text: string, context: LineContext): Parsed {
  const { head, tail } = split(text);
  if (head === "") return { state: "empty" };
  if (/^#?\d+$/.test(head) && tail === "") return go(head, context);
  const verb = findVerb(head);
  if (verb === undefined) return ready({ kind: "find", query: text.trim() }); // what is no verb is a place
  const { selected } = context;
  const [after = ""] = tail.split(/\s/);
  if (ALSO_PLACES.has(verb) && after !== "" && !context.units.some((u) => same(u.callSign, after))) return ready({ kind: "find", query: text.trim() });
  if (isStep(verb)) return unitVerb(verb, tail, context);
  switch (verb) {
    case "take":
      return ready({ kind: "take" });
    case "again":
      if (context.endedCall === null) return fault("no-ended-call");
      return tail === "" ? needs(verb, "words") : ready({ kind: "again", contactId: context.endedCall.id, caller: context.endedCall.caller, how: context.endedCall.how, words: tail });
    case "board":
    case "roads":
      return ready({ kind: verb });
    case "find":
      return tail === "" ? needs(verb, "place") : ready({ kind: "find", query: tail });
    case "go":
      return tail === "" ? needs(verb, "number") : go(tail, context);
    case "send":
    case "next":
      return send(verb, tail, context);
    case "recall":
    case "lost":
    case "safe":
    case "well":
    case "free":
    case "off":
    case "reach":
      return unitVerb(verb, tail, context);
    case "watch":
      return selected === null ? fault("no-incident-selected") : ready({ kind: "watch", incidentId: selected.id, number: selected.number });
    case "apart":
    case "leave":
      return selected === null ? fault("no-incident-selected") : ready({ kind: verb, words: tail, incidentId: selected.id, number: selected.number });
    case "merge":
    case "link":
    case "unlink":
    case "join":
      return tie(verb, tail, context);
    case "room": {
      const { head: number } = split(tail);
      if (number === "") return selected === null ? needs(verb, "number") : ready({ kind: "room", incidentId: selected.id, number: selected.number });
      const found = findIncident(number, context);
      return found === undefined ? fault("no-such-incident", number) : ready({ kind: "room", incidentId: found.id, number: found.number });
    }
    case "preempt": {
      if (selected === null) return fault("no-incident-selected");
      const { head: name, tail: words } = split(tail);
      if (name === "") return needs(verb, "unit");
      const unit = context.units.find((u) => same(u.callSign, name));
      if (unit === undefined) return fault("no-such-unit", name);
      return words === "" ? needs(verb, "words") : ready({ kind: "preempt", unitId: unit.id, callSign: unit.callSign, incidentId: selected.id, number: selected.number, words });
    }
    case "handover":
      return handOver(tail, context);
    case "attach": {
      if (context.callInHand === null) return fault("no-call-in-hand");
      const { head: number } = split(tail);
      if (number === "") return needs(verb, "number");
      const found = findIncident(number, context);
      return found === undefined ? fault("no-such-incident", number) : ready({ kind: "attach", contactId: context.callInHand, incidentId: found.id, number: found.number });
    }
    case "cover": {
      if (selected === null) return fault("no-incident-selected");
      const { head: name, tail: post } = split(tail);
      if (name === "") return needs(verb, "unit");
      const unit = context.units.find((u) => same(u.callSign, name));
      if (unit === undefined) return fault("no-such-unit", name);
      if (post === "") return needs(verb, "platform");
      const platform = context.platforms.find((p) => same(p.code, post) || same(p.name, post));
      return platform === undefined ? fault("no-such-platform", post) : ready({ kind: "cover", unitId: unit.id, callSign: unit.callSign, platformId: platform.id, platform: platform.code, incidentId: selected.id, number: selected.number });
    }
    case "reopen":
      if (selected === null) return fault("no-incident-selected");
      if (selected.open) return fault("incident-open", String(selected.number));
      return tail === "" ? needs(verb, "words") : ready({ kind: verb, words: tail, incidentId: selected.id, number: selected.number });
    case "nounit":
      if (selected === null) return fault("no-incident-selected");
      if (!selected.open) return fault("incident-ended", String(selected.number));
      return tail === "" ? needs(verb, "words") : ready({ kind: verb, words: tail, incidentId: selected.id, number: selected.number });
    case "major":
    case "endmajor":
    case "note":
    case "cancel":
      if (selected === null) return fault("no-incident-selected");
      return tail === "" ? needs(verb, "words") : ready({ kind: verb, words: tail, incidentId: selected.id, number: selected.number });
    case "close": {
      if (selected === null) return fault("no-incident-selected");
      const { head: code, tail: words } = split(tail);
      if (code === "") return needs(verb, "disposition");
      const disposition = DISPOSITIONS.find((d) => same(d, code));
      return disposition === undefined ? fault("no-such-disposition", code) : ready({ kind: "close", disposition, words, incidentId: selected.id, number: selected.number });
    }
  }
}

const findIncident = (text: string, { incidents }: LineContext): LineContext["incidents"][number] | undefined => incidents.find((i) => i.number === Number(text.replace(/^#?T?/i, "")));

/** `merge 1042 same smoke`: the selected incident and another one. */
function tie(kind: "merge" | "link" | "unlink" | "join", tail: string, context: LineContext): Parsed {
  const { selected } = context;
  if (selected === null) return fault("no-incident-selected");
  const { head: number, tail: words } = split(tail);
  if (number === "") return needs(kind, "number");
  const other = findIncident(number, context);
  return other === undefined ? fault("no-such-incident", number) : ready({ kind, incidentId: selected.id, number: selected.number, otherId: other.id, otherNumber: other.number, words });
}

/** `handover Ana Silva shift is over`: the longest name that the line begins with. */
function handOver(tail: string, { people }: LineContext): Parsed {
  if (tail === "") return needs("handover", "person");
  const lower = tail.toLowerCase();
  const found = people.filter(({ name }) => lower === name.toLowerCase() || lower.startsWith(`${name.toLowerCase()} `)).sort((a, b) => b.name.length - a.name.length)[0];
  return found === undefined ? fault("no-such-person", tail) : ready({ kind: "handover", userId: found.id, name: found.name, words: tail.slice(found.name.length).trim() });
}

function go(text: string, { incidents }: LineContext): Parsed {
  const number = Number(text.replace(/^#?T?/i, ""));
  if (!Number.isInteger(number) || number < 1) return fault("no-such-incident", text);
  return ready({ kind: "go", incidentId: incidents.find((i) => i.number === number)?.id ?? null, number });
}

/** `send E12 P07`, or `send E12 P07 to 1042`; `next`: after the job that it is on. */
function send(kind: "send" | "next", tail: string, context: LineContext): Parsed {
  const [unitText = "", to] = tail.split(/\s+(?:to|到|->)\s*/i);
  const target = to === undefined ? context.selected : (context.incidents.find((i) => i.number === Number(to.replace(/^#?T?/i, ""))) ?? null);
  if (target === null) return to === undefined ? fault("no-incident-selected") : fault("no-such-incident", to);
  const names = unitText.split(/[\s,，、]+/).filter((name) => name !== "");
  if (names.length === 0) return needs(kind, "unit");
  const units: LineContext["units"][number][] = [];
  for (const name of names) {
    const unit = context.units.find((u) => same(u.callSign, name));
    if (unit === undefined) return fault("no-such-unit", name);
    if (!units.includes(unit)) units.push(unit);
  }
  return ready({ kind, unitIds: units.map((u) => u.id), callSigns: units.map((u) => u.callSign), incidentId: target.id, number: target.number });
}

function unitVerb(verb: "recall" | "lost" | "safe" | "well" | "free" | "off" | "reach" | Step, tail: string, { units }: LineContext): Parsed {
  const { head: name, tail: words } = split(tail);
  if (name === "") return needs(verb, "unit");
  const unit = units.find((u) => same(u.callSign, name));
  if (unit === undefined) return fault("no-such-unit", name);
  if (isStep(verb)) return ready({ kind: "step", step: verb, unitId: unit.id, callSign: unit.callSign });
  if (verb === "reach") return ready({ kind: verb, unitId: unit.id, callSign: unit.callSign });
  if (verb === "well") return ready({ kind: verb, unitId: unit.id, callSign: unit.callSign, words });
  if (verb === "free" || verb === "off") return ready({ kind: "availability", unitId: unit.id, callSign: unit.callSign, available: verb === "free" });
  return words === "" ? needs(verb, "words") : ready({ kind: verb, unitId: unit.id, callSign: unit.callSign, words });
}

export interface Completion {
  /** The whole line with the completion in it. */
  readonly line: string;
  readonly label: string;
}
const MOST = 8;
/** What the last word could become; places are completed by the server. `language` chooses which verb's word is offered. */
export function completeLine(text: string, context: LineContext, language: "en" | "zh"): readonly Completion[] {
  const lead = text.trimStart();
  const lastStart = Math.max(lead.lastIndexOf(" "), lead.lastIndexOf(",")) + 1;
  const last = lead.slice(lastStart).toLowerCase();
  const before = lead.slice(0, lastStart);
  const offer = (labels: readonly string[]): Completion[] =>
    labels.filter((label) => label.toLowerCase().startsWith(last) && label.toLowerCase() !== last).slice(0, MOST).map((label) => ({ line: `${before}${label} `, label }));
  if (before.trim() === "") return last === "" ? [] : offer(VERB_NAMES.map((verb) => (language === "zh" ? VERBS[verb][VERBS[verb].length - 1]! : VERBS[verb][0])).concat(VERB_NAMES.map((v) => VERBS[v][0])).filter(unique));
  const verb = findVerb(split(lead).head);
  const words = before.trim().split(/\s+/).length;
  if (verb === "handover") return words === 1 ? offer(context.people.map(({ name }) => name)) : [];
  if (verb === "cover" && words === 2) return offer(context.platforms.map((p) => p.code));
  if (verb !== undefined && words === 1 && (isStep(verb) || verb === "safe" || verb === "well" || verb === "cover")) return offer([...context.units].sort((a, b) => (Number(a.free) - Number(b.free)) * (verb === "cover" ? -1 : 1)).map((u) => u.callSign));
  if (verb === "attach" && words === 1) return offer(context.incidents.filter((i) => i.open).map((i) => String(i.number)));
  if (verb === "preempt" && words === 1) return offer(context.units.filter((u) => !u.free).map((u) => u.callSign));
  if ((verb === "merge" || verb === "link" || verb === "unlink" || verb === "join" || verb === "room") && words === 1) return offer(context.incidents.filter((i) => i.open && (verb === "room" || i.id !== context.selected?.id)).map((i) => String(i.number)));
  if (verb === "go") return offer(context.incidents.filter((i) => i.open).map((i) => String(i.number)));
  if (verb === "close" && words === 1) return offer(DISPOSITIONS);
  if (verb === "send" || verb === "next") return offer([...context.units].sort((a, b) => (Number(b.free) - Number(a.free)) * (verb === "send" ? 1 : -1)).map((u) => u.callSign));
  if ((verb === "recall" || verb === "lost" || verb === "free" || verb === "off" || verb === "reach") && words === 1) return offer(context.units.map((u) => u.callSign));
  return [];
}
const unique = (value: string, i: number, all: readonly string[]): boolean => all.indexOf(value) === i;
