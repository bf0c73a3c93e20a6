// Public warnings, both ways: what of another agency's CAP document a call taker is told, and how ours is written. Who may send what is decided here too: never who
// drafted it.
import type { Actor } from "../contract/basics.ts";
import type { Warning } from "../contract/warnings.ts";
import type { Point } from "../geo/point.ts";
import { distanceM } from "../geo/point.ts";
import { formatCap, type CapAlert, type CapInfo } from "../protocol/cap/cap.ts";

export type ApprovalRefusal = "not-a-draft" | "own-draft" | "warning-expired" | "already-replaced" | "moved-on";
/** Two people for each word to the public: null where `by`, who has read that revision, may send it. */
export function findApprovalRefusal(warning: Pick<Warning, "state" | "draftedBy" | "kind" | "content" | "revision">, follows: Pick<Warning, "replacedBy"> | null, by: Actor, revision: number, now: number): ApprovalRefusal | null {
  if (warning.state !== "draft") return "not-a-draft";
  if (warning.draftedBy.kind === by.kind && warning.draftedBy.id === by.id) return "own-draft";
  if (warning.revision !== revision) return "moved-on";
  if (follows !== null && follows.replacedBy !== null) return "already-replaced";
  if (warning.kind !== "cancel" && warning.content.expiresAt <= now) return "warning-expired";
  return null;
}

/** Sent, not run out, not replaced, and no end of something. */
export const isInForce = (warning: Pick<Warning, "state" | "kind" | "replacedBy" | "content">, now: number): boolean =>
  warning.state === "sent" && warning.kind !== "cancel" && warning.replacedBy === null && warning.content.expiresAt > now;

export const identifierOf = (installation: string, id: number): string => `citywatch-${installation}-${id}`;

const TYPES = { alert: "Alert", update: "Update", cancel: "Cancel" } as const;
/** Of training nothing is told as if it had happened. */
export const statusOf = (sender: { readonly training?: boolean }): "Exercise" | "Actual" => (sender.training === true ? "Exercise" : "Actual");
/** `follows`: all that it updates or withdraws, the newest first. Of a sent warning. */
export function writeCap(warning: Warning, follows: readonly Warning[], sender: { readonly installation: string; readonly id: string; readonly name: string; readonly training?: boolean }): string {
  const { content } = warning;
  const { circle, polygon } = content.area;
  const alert: CapAlert = {
    identifier: identifierOf(sender.installation, warning.id), sender: sender.id, sentAt: warning.approvedAt!, status: statusOf(sender), type: TYPES[warning.kind], scope: "Public", note: null,
    references: follows.map((one) => ({ sender: sender.id, identifier: identifierOf(sender.installation, one.id), sentAt: one.approvedAt! })),
    infos: [{
      language: content.language, categories: [content.category], event: content.event, urgency: warning.kind === "cancel" ? "Past" : content.urgency, severity: content.severity, certainty: content.certainty,
      expiresAt: content.expiresAt, senderName: sender.name, headline: content.headline, description: content.description, instruction: content.instruction === "" ? null : content.instruction, web: null,
      areas: [{ description: content.area.description, polygons: polygon === null ? [] : [[...polygon, polygon[0]!]], circles: circle === null ? [] : [circle] }],
    }],
  };
  return formatCap(alert);
}

export interface ReadWarning {
  readonly ownId: string;
  readonly words: string;
  readonly point: Point | null;
  readonly uncertaintyM: number | null;
  readonly priorityHint: number;
  readonly sentAt: number;
  readonly sender: string;
}
const MOST_WORDS = 2_000;

/** What a call taker is told. `languages` first to last: the block that is shown. Null: nothing that asks for attention, with why. */
export function readWarning(alert: CapAlert, languages: readonly string[]): ReadWarning | "not-actual" | "not-a-warning" {
  if (alert.status !== "Actual") return "not-actual";
  if (alert.type === "Ack" || alert.type === "Error") return "not-a-warning";
  const info = languages.map((language) => alert.infos.find((one) => one.language.toLowerCase().startsWith(language))).find((one) => one !== undefined) ?? alert.infos[0] ?? null;
  const ended = alert.type === "Cancel" ? "Withdrawn: " : alert.type === "Update" ? "Update: " : "";
  const parts = info === null ? [alert.note] : [info.headline ?? info.event, info.description, info.instruction, info.areas.map(({ description }) => description).join("; "), alert.note];
  const place = info === null ? null : placeOf(info);
  const said = parts.flatMap((part) => (part === null || part === "" ? [] : [/[.!?。]$/.test(part) ? part : `${part}.`]));
  return {
    ownId: alert.identifier, words: `${ended}${said.join(" ")}`.slice(0, MOST_WORDS), point: place?.point ?? null, uncertaintyM: place?.radiusM ?? null,
    priorityHint: alert.type === "Cancel" || info === null ? 4 : hintOf(info), sentAt: alert.sentAt, sender: info?.senderName ?? alert.sender,
  };
}

function hintOf({ severity, urgency }: CapInfo): number {
  if (severity === "Extreme") return urgency === "Immediate" || urgency === "Expected" ? 1 : 2;
  if (severity === "Severe") return urgency === "Immediate" ? 1 : 2;
  return severity === "Moderate" ? 3 : 4;
}

/** The circle about all areas' corners and circles: a place with its uncertainty, as a contact has one. */
function placeOf(info: CapInfo): { point: Point; radiusM: number } | null {
  const circles = [...info.areas.flatMap((area) => area.circles), ...info.areas.flatMap((area) => area.polygons.flat()).map((point) => ({ point, radiusM: 0 }))];
  if (circles.length === 0) return null;
  const mean = (of: (point: Point) => number): number => circles.reduce((sum, circle) => sum + of(circle.point), 0) / circles.length;
  const point = { lon: mean(({ lon }) => lon), lat: mean(({ lat }) => lat) };
  return { point, radiusM: Math.round(Math.max(...circles.map((circle) => distanceM(point, circle.point) + circle.radiusM))) };
}
