// The Common Alerting Protocol, version 1.2 (OASIS, 2010): an alert with one info block for each language, each with its areas. Read is what people need to judge and
// place a warning; resources, event codes and parameters are passed over. What is written has every required element in the schema's order.
//
//   alert   identifier sender sent status msgType [source] scope [restriction addresses] code* [note] [references] [incidents] info*
//   info    [language] category+ event responseType* urgency severity certainty [audience] [effective onset expires senderName headline description instruction web contact] area*
//   area    areaDesc polygon* circle* geocode*          polygon "lat,lon lat,lon ..." closed; circle "lat,lon radius-in-km"
import { findChild, formatXmlText, listChildren, parseXml, type XmlElement, type XmlFault } from "../xml/xml.ts";

export const CAP_NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2";
export const CAP_STATUSES = ["Actual", "Exercise", "System", "Test", "Draft"] as const;
export const CAP_TYPES = ["Alert", "Update", "Cancel", "Ack", "Error"] as const;
export const CAP_SCOPES = ["Public", "Restricted", "Private"] as const;
export const CAP_CATEGORIES = ["Geo", "Met", "Safety", "Security", "Rescue", "Fire", "Health", "Env", "Transport", "Infra", "CBRNE", "Other"] as const;
export const CAP_URGENCIES = ["Immediate", "Expected", "Future", "Past", "Unknown"] as const;
export const CAP_SEVERITIES = ["Extreme", "Severe", "Moderate", "Minor", "Unknown"] as const;
export const CAP_CERTAINTIES = ["Observed", "Likely", "Possible", "Unlikely", "Unknown"] as const;

interface LonLat {
  readonly lon: number;
  readonly lat: number;
}
export interface CapArea {
  readonly description: string;
  /** Each closed: the last point is the first. */
  readonly polygons: readonly (readonly LonLat[])[];
  readonly circles: readonly { readonly point: LonLat; readonly radiusM: number }[];
}
export interface CapInfo {
  readonly language: string;
  readonly categories: readonly (typeof CAP_CATEGORIES)[number][];
  readonly event: string;
  readonly urgency: (typeof CAP_URGENCIES)[number];
  readonly severity: (typeof CAP_SEVERITIES)[number];
  readonly certainty: (typeof CAP_CERTAINTIES)[number];
  readonly expiresAt: number | null;
  readonly senderName: string | null;
  readonly headline: string | null;
  readonly description: string | null;
  readonly instruction: string | null;
  readonly web: string | null;
  readonly areas: readonly CapArea[];
}
export interface CapReference {
  readonly sender: string;
  readonly identifier: string;
  readonly sentAt: number;
}
export interface CapAlert {
  readonly identifier: string;
  readonly sender: string;
  readonly sentAt: number;
  readonly status: (typeof CAP_STATUSES)[number];
  readonly type: (typeof CAP_TYPES)[number];
  readonly scope: (typeof CAP_SCOPES)[number];
  readonly note: string | null;
  readonly references: readonly CapReference[];
  readonly infos: readonly CapInfo[];
}
export type CapParsed = { readonly ok: true; readonly alert: CapAlert } | { readonly ok: false; readonly field: string; readonly value: string; readonly expected: "xml" | "cap" | "time" | "word" | "present" | "polygon" | "circle" | "bounded"; readonly fault: XmlFault | null };

const MOST_INFOS = 20;
const MOST_AREAS = 200;
const MOST_POINTS = 5_000;
const MOST_TEXT = 20_000;

class Wrong extends Error {
  readonly field: string;
  readonly value: string;
  readonly expected: Exclude<CapParsed, { ok: true }>["expected"];
  constructor(field: string, value: string, expected: Exclude<CapParsed, { ok: true }>["expected"]) {
    super(field);
    this.field = field;
    this.value = value.slice(0, 100);
    this.expected = expected;
  }
}

/** Never throws; the first fault is told. */
export function parseCap(text: string): CapParsed {
  const parsed = parseXml(text);
  if (!parsed.ok) return { ok: false, field: `offset ${parsed.offset}`, value: "", expected: "xml", fault: parsed.fault };
  try {
    return { ok: true, alert: readAlert(parsed.root) };
  } catch (error) {
    if (error instanceof Wrong) return { ok: false, field: error.field, value: error.value, expected: error.expected, fault: null };
    throw error;
  }
}

const textOf = (element: XmlElement, name: string): string | null => {
  const found = findChild(element, name)?.text.trim();
  if (found !== undefined && found.length > MOST_TEXT) throw new Wrong(name, `${found.length} characters`, "bounded");
  return found === undefined || found === "" ? null : found;
};
const neededText = (element: XmlElement, name: string): string => {
  const found = textOf(element, name);
  if (found === null) throw new Wrong(name, "", "present");
  return found;
};
function oneOf<const T extends readonly string[]>(element: XmlElement, name: string, words: T): T[number] {
  const found = neededText(element, name);
  const word = words.find((one) => one === found);
  if (word === undefined) throw new Wrong(name, found, "word");
  return word;
}
/** Neither spaces nor commas nor < nor & (3.2.1): references are lists of them. */
function identifierOf(element: XmlElement, name: string): string {
  const found = neededText(element, name);
  if (/[\s,<&]/.test(found) || found.length > 200) throw new Wrong(name, found, "word");
  return found;
}
function parseTime(field: string, text: string): number {
  const at = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,6})?(?:[+-]\d{2}:\d{2}|Z)$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at)) throw new Wrong(field, text, "time");
  return at;
}

function readAlert(root: XmlElement): CapAlert {
  if (root.name !== "alert" || root.namespace !== CAP_NAMESPACE) throw new Wrong("alert", `${root.namespace} ${root.name}`, "cap");
  const infos = listChildren(root, "info");
  if (infos.length > MOST_INFOS) throw new Wrong("info", String(infos.length), "bounded");
  return {
    identifier: identifierOf(root, "identifier"), sender: identifierOf(root, "sender"), sentAt: parseTime("sent", neededText(root, "sent")), status: oneOf(root, "status", CAP_STATUSES), type: oneOf(root, "msgType", CAP_TYPES),
    scope: oneOf(root, "scope", CAP_SCOPES), note: textOf(root, "note"),
    references: (textOf(root, "references")?.split(/\s+/) ?? []).slice(0, 100).map((one) => {
      const [sender, identifier, sent] = one.split(",");
      if (sender === undefined || identifier === undefined || sent === undefined) throw new Wrong("references", one, "word");
      return { sender, identifier, sentAt: parseTime("references", sent) };
    }),
    infos: infos.map(readInfo),
  };
}

function readInfo(info: XmlElement): CapInfo {
  const areas = listChildren(info, "area");
  if (areas.length > MOST_AREAS) throw new Wrong("area", String(areas.length), "bounded");
  const categories = listChildren(info, "category").map(({ text }) => {
    const word = CAP_CATEGORIES.find((one) => one === text.trim());
    if (word === undefined) throw new Wrong("category", text, "word");
    return word;
  });
  if (categories.length === 0) throw new Wrong("category", "", "present");
  const expires = textOf(info, "expires");
  return {
    language: textOf(info, "language") ?? "en-US", categories, event: neededText(info, "event"), urgency: oneOf(info, "urgency", CAP_URGENCIES), severity: oneOf(info, "severity", CAP_SEVERITIES),
    certainty: oneOf(info, "certainty", CAP_CERTAINTIES), expiresAt: expires === null ? null : parseTime("expires", expires), senderName: textOf(info, "senderName"), headline: textOf(info, "headline"),
    description: textOf(info, "description"), instruction: textOf(info, "instruction"), web: textOf(info, "web"), areas: areas.map(readArea),
  };
}

function parsePoint(text: string, field: string, expected: "polygon" | "circle"): LonLat {
  const match = /^([+-]?\d{1,2}(?:\.\d{1,12})?),([+-]?\d{1,3}(?:\.\d{1,12})?)$/.exec(text);
  const [lat, lon] = [Number(match?.[1]), Number(match?.[2])];
  if (match === null || Math.abs(lat) > 90 || Math.abs(lon) > 180) throw new Wrong(field, text, expected);
  return { lon, lat };
}

function readArea(area: XmlElement): CapArea {
  const polygons = listChildren(area, "polygon").map(({ text }) => {
    const points = text.trim().split(/\s+/);
    if (points.length > MOST_POINTS) throw new Wrong("polygon", `${points.length} points`, "bounded");
    if (points.length < 4 || points[0] !== points.at(-1)) throw new Wrong("polygon", text.trim(), "polygon");
    return points.map((point) => parsePoint(point, "polygon", "polygon"));
  });
  const circles = listChildren(area, "circle").map(({ text }) => {
    const [point = "", radius = "", ...more] = text.trim().split(/\s+/);
    if (more.length > 0 || !/^\d{1,5}(?:\.\d{1,6})?$/.test(radius)) throw new Wrong("circle", text.trim(), "circle");
    return { point: parsePoint(point, "circle", "circle"), radiusM: Number(radius) * 1_000 };
  });
  return { description: neededText(area, "areaDesc"), polygons, circles };
}

/** CAP writes no fractions of a second and no Z (3.3.2). */
export const formatCapTime = (at: number): string => `${new Date(Math.floor(at / 1_000) * 1_000).toISOString().slice(0, 19)}-00:00`;

export function formatCap(alert: CapAlert): string {
  const lines: string[] = ['<?xml version="1.0" encoding="UTF-8"?>', `<alert xmlns="${CAP_NAMESPACE}">`];
  const put = (depth: number, name: string, value: string | null): void => {
    if (value !== null && value !== "") lines.push(`${"  ".repeat(depth)}<${name}>${formatXmlText(value)}</${name}>`);
  };
  const point = ({ lon, lat }: LonLat): string => `${lat.toFixed(6)},${lon.toFixed(6)}`;
  put(1, "identifier", alert.identifier);
  put(1, "sender", alert.sender);
  put(1, "sent", formatCapTime(alert.sentAt));
  put(1, "status", alert.status);
  put(1, "msgType", alert.type);
  put(1, "scope", alert.scope);
  put(1, "note", alert.note);
  put(1, "references", alert.references.map((one) => `${one.sender},${one.identifier},${formatCapTime(one.sentAt)}`).join(" "));
  for (const info of alert.infos) {
    lines.push("  <info>");
    put(2, "language", info.language);
    for (const category of info.categories) put(2, "category", category);
    put(2, "event", info.event);
    put(2, "urgency", info.urgency);
    put(2, "severity", info.severity);
    put(2, "certainty", info.certainty);
    put(2, "expires", info.expiresAt === null ? null : formatCapTime(info.expiresAt));
    put(2, "senderName", info.senderName);
    put(2, "headline", info.headline);
    put(2, "description", info.description);
    put(2, "instruction", info.instruction);
    put(2, "web", info.web);
    for (const area of info.areas) {
      lines.push("    <area>");
      put(3, "areaDesc", area.description);
      for (const polygon of area.polygons) put(3, "polygon", polygon.map(point).join(" "));
      for (const circle of area.circles) put(3, "circle", `${point(circle.point)} ${(circle.radiusM / 1_000).toFixed(3)}`);
      lines.push("    </area>");
    }
    lines.push("  </info>");
  }
  return `${lines.join("\n")}\n</alert>\n`;
}
