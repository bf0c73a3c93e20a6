// One line of an incident's history in words. Bodies come from the event log, where an older or newer server may have written other fields, so
// each is read with care and nothing is assumed to be there.
import type { Translation } from "../words/catalogue.ts";
import { wordFor } from "../words/catalogue.ts";
import type { en as domainEn } from "../words/domain.en.ts";
import { skillWord } from "../words/domain.ts";
import type { Format } from "../words/format.ts";
import type { en } from "./words.en.ts";

interface Entry {
  readonly at?: number;
  readonly event: string;
  readonly by?: { readonly name: string };
  readonly body: Readonly<Record<string, unknown>>;
}
export interface TimelineWords {
  readonly events: Translation<typeof en>["events"];
  readonly domain: Translation<typeof domainEn>;
  readonly format: Format;
  readonly nameOfUnit: (id: number) => string | undefined;
  readonly nameOfCamera: (id: number) => string | undefined;
  /** The words of a question and of an answer to it, in the version of the card that was read from. */
  readonly wordsOfAnswer: (card: { readonly code: string; readonly version: number }, question: string, answer: string) => { readonly question: string; readonly answer: string } | undefined;
}
const text = (value: unknown): string => (typeof value === "string" ? value : "");
const number = (value: unknown): number | null => (typeof value === "number" ? value : null);
const record = (value: unknown): Readonly<Record<string, unknown>> => (typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {});

export function timelineText({ event, body, by, at: told = 0 }: Entry, w: TimelineWords): string {
  const unitId = number(body["unitId"]) ?? 0;
  const unit = text(body["callSign"]) || w.nameOfUnit(unitId) || w.events.unit(unitId);
  const words = text(body["words"]);
  switch (event) {
    case "incident.created":
      return w.events[event]([wordFor(w.domain.incidentTypes, text(body["incidentType"])), `P${number(body["priority"]) ?? "?"}`, text(record(body["place"])["label"]), text(body["what"]), askedText(record(body["plan"]), w), endedText(body["earlierEndings"], w), number(body["splitFromId"]) === null ? "" : w.events.splitFrom(String(number(body["splitFromId"])))].filter((part) => part !== "").join(" · "));
    case "incident.updated":
      return [w.events[event](changes(body, w)), askedText(record(body["plan"]), w)].filter((part) => part !== "").join(" · ");
    case "incident.answered": {
      const card = record(body["card"]);
      const named = { code: text(card["code"]), version: number(card["version"]) ?? 0 };
      const [question, answer, was] = [text(body["question"]), text(body["answer"]), text(body["was"])];
      const say = (code: string): string => (code === "" ? "" : (w.wordsOfAnswer(named, question, code)?.answer ?? wordFor({}, code)));
      return w.events[event](w.wordsOfAnswer(named, question, answer === "" ? was : answer)?.question ?? wordFor({}, question), say(answer), say(was));
    }
    case "incident.regraded": {
      const plan = text(record(record(body["plan"])["runCard"])["code"]);
      const [from, to] = [wordFor(w.domain.determinants, text(body["from"])), wordFor(w.domain.determinants, text(body["determinant"]))];
      const priority = `P${number(body["priority"]) ?? "?"}`;
      return [body["cause"] === "place" ? w.events.replanned : w.events[event](from, to, priority), plan === "" ? "" : w.events.runCard(plan), askedText(record(body["plan"]), w)].filter((part) => part !== "").join(" · ");
    }
    case "incident.noted":
    case "incident.no-unit-needed":
    case "incident.cancelled":
    case "incident.reopened":
      return w.events[event](words);
    case "incident.verdict-given": {
      const cameraId = number(body["cameraId"]) ?? 0;
      return w.events[event](w.nameOfCamera(cameraId) ?? `${w.domain.placeKinds.camera} ${cameraId}`, wordFor(w.domain.verdicts, text(body["verdict"])));
    }
    case "incident.shortfall-overdue":
      return w.events[event](number(body["missing"]) ?? 0, skillsText(body["skills"], w));
    case "incident.closed":
      return [w.events[event](wordFor(w.domain.dispositions, text(body["disposition"]))), words].filter((part) => part !== "").join(". ");
    case "contact.attached":
      return [w.events[event], text(body["callerNumber"]), text(body["callerWords"]), typedText(record(body["typed"]), w), endedText(body["earlierEndings"], w)].filter((part) => part !== "").join(" · ");
    case "incident.watched":
      return w.events[event](by?.name ?? "");
    case "incident.watch-overdue":
      return w.events[event];
    case "incident.merged":
      return [w.events[event](String(number(body["intoNumber"]) ?? "?"), words), movedText(body, w)].filter((part) => part !== "").join(". ");
    case "incident.unmerged":
      return [w.events[event](String(number(body["intoNumber"]) ?? "?"), words), movedText(record(body["moved"]), w)].filter((part) => part !== "").join(". ");
    case "incident.absorbed":
      return [w.events[event](String(number(body["fromNumber"]) ?? "?"), [...broughtText(record(body["asks"]), w), text(record(body["place"])["label"]), text(body["what"]), text(body["who"])].filter((part) => part !== "").join(" · ")), words, movedText(record(body["moved"]), w)].filter((part) => part !== "").join(". ");
    case "incident.gave-back":
    case "incident.split-off":
      return [w.events[event](String(number(body["fromNumber"]) ?? "?"), words), movedText(record(body["moved"]), w)].filter((part) => part !== "").join(". ");
    case "incident.split":
      return [w.events[event](String(number(body["newNumber"]) ?? "?"), words), movedText(body, w)].filter((part) => part !== "").join(". ");
    case "incident.linked":
    case "incident.unlinked":
      return w.events[event](String(number(body["otherNumber"]) ?? "?"), words);
    case "incident.made-major":
    case "incident.major-ended":
      return w.events[event](words);
    case "incident.joined-major":
    case "incident.left-major":
      return w.events[event](String(number(body["majorNumber"]) ?? "?"), words);
    case "incident.part-joined":
    case "incident.part-left":
      return w.events[event](String(number(body["partNumber"]) ?? "?"));
    case "contact.detached":
      return [w.events[event], words].filter((part) => part !== "").join(" · ");
    case "assignment.pre-empted":
      return w.events[event](unit, String(number(body["forNumber"]) ?? "?"), `P${number(body["forPriority"]) ?? "?"}`, words);
    case "assignment.not-heard":
      return w.events[event](unit, w.format.span(Math.max(0, told - (number(body["since"]) ?? told))));
    case "assignment.heard-again":
      return w.events[event](unit);
    case "assignment.unanswered": {
      const { unanswered: lines, toldAgain, goneUp } = w.events;
      const stage = text(body["stage"]);
      const span = w.format.span(Math.max(0, told - (number(body["since"]) ?? told)));
      const line = stage in lines ? lines[stage as keyof typeof lines](unit, span) : unit;
      const times = number(body["times"]) ?? 1;
      return [line, times > 1 ? toldAgain(times) : "", body["goneUp"] === true ? goneUp : ""].filter((part) => part !== "").join(" · ");
    }
    case "assignment.confirmed":
      return entered(w.events[event](unit, words), body, w);
    case "assignment.lost":
      return w.events[event](unit, words);
    case "assignment.assigned": {
      const post = record(body["cover"])["label"];
      if (typeof post === "string") return w.events["assignment.cover"](unit, post);
      const seconds = number(record(body["proposal"])["roadSeconds"]);
      const line = body["stacked"] === true ? w.events["assignment.stacked"](unit) : w.events[event](unit);
      const lacks = skillsText(body["lacks"], w);
      return [line, seconds === null ? "" : w.events.byRoad(w.format.span(seconds * 1000)), lacks === "" ? "" : w.events.lacks(lacks)].filter((part) => part !== "").join(" · ");
    }
    case "assignment.activated":
    case "assignment.not-acknowledged":
      return w.events[event](unit);
    case "unit.emergency-raised": {
      const fix = record(body["fix"]);
      const at = number(fix["at"]);
      const from = { phone: w.events.fixPhone, "last-position": w.events.fixLast, post: w.events.fixPost }[text(fix["source"])];
      return from === undefined ? w.events[event](unit) : `${w.events[event](unit)} · ${from(at === null ? "" : w.format.age(Math.max(0, told - at)))}`;
    }
    case "assignment.advanced":
      return entered(w.events[event](unit, wordFor(w.domain.assignmentStates, text(body["to"]))), body, w);
    case "assignment.reported-late":
      return entered(w.events[event](unit, wordFor(w.domain.assignmentStates, text(body["report"])), wordFor(w.domain.assignmentStates, text(body["state"]))), body, w);
    case "assignment.declined":
      return entered(w.events[event](unit, words), body, w);
    case "unit.emergency-cleared":
      return w.events[event](unit, words);
    case "assignment.recalled":
      return w.events[event](unit, words || wordFor(w.events.recallCauses, text(body["cause"])));
    default:
      return [event, words].filter((part) => part !== "").join(" · ");
  }
}

/** What the unit has not said itself says so. */
const entered = (line: string, body: Readonly<Record<string, unknown>>, { events }: TimelineWords): string => (body["entered"] === true ? `${line} · ${events.entered}` : line);

/** How the call had ended before it was taken up again. */
const endedText = (endings: unknown, { events, domain }: TimelineWords): string =>
  (Array.isArray(endings) ? endings : []).map(record).map((one) => events.endedBefore(wordFor(domain.contactDispositions, text(one["disposition"])), text(record(one["by"])["name"]), text(record(one["reopenedBy"])["name"]), text(one["words"]))).join(" · ");

const typedText = (typed: Readonly<Record<string, unknown>>, { events, format }: TimelineWords): string =>
  format.list((["what", "where", "who"] as const).filter((field) => text(typed[field]) !== "").map((field) => events.change(events.fields[field === "where" ? "place" : field], text(typed[field]))));

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const skillsText = (skills: unknown, { domain, format }: TimelineWords): string =>
  format.list([...new Set(listOf(skills).filter((one) => typeof one === "string"))].map((skill) => skillWord(domain.skills, skill)));
/** Skills that the wants of a plan name. */
function askedText(plan: Readonly<Record<string, unknown>>, w: TimelineWords): string {
  const skills = skillsText(listOf(plan["wants"]).flatMap((want) => listOf(record(want)["skills"])), w);
  return skills === "" ? "" : w.events.asksFor(skills);
}

/** How many calls went with it, and which units that had a live job. */
function movedText(moved: Readonly<Record<string, unknown>>, { events, format }: TimelineWords): string {
  const calls = listOf(moved["contactIds"]).length;
  const units = listOf(moved["callSigns"]).filter((one) => typeof one === "string");
  const parts = [...(calls === 0 ? [] : [events.movedCalls(calls)]), ...units];
  return parts.length === 0 ? "" : events.moved(format.list(parts));
}

/** What the merged incident asked for; a log of before that was kept has none. */
function broughtText(asks: Readonly<Record<string, unknown>>, w: TimelineWords): string[] {
  return typeof asks["priority"] === "number" ? [wordFor(w.domain.incidentTypes, text(asks["incidentType"])), `P${asks["priority"]}`, askedText(asks, w)] : [];
}

function changes(body: Readonly<Record<string, unknown>>, { events, domain, format }: TimelineWords): string {
  const parts: string[] = [];
  if (typeof body["incidentType"] === "string") parts.push(events.change(events.fields.incidentType, wordFor(domain.incidentTypes, body["incidentType"])));
  if (typeof body["priority"] === "number") parts.push(events.change(events.fields.priority, `P${body["priority"]}`));
  if (typeof body["what"] === "string") parts.push(events.change(events.fields.what, body["what"]));
  if (typeof body["who"] === "string") parts.push(events.change(events.fields.who, body["who"]));
  if (body["place"] !== undefined) parts.push(events.change(events.fields.place, text(record(body["place"])["label"])));
  return format.list(parts);
}
