// An audit entry as lines that a person reads: which field, what it was, what it is. Field names and codes get the user's words, ids of units their call
// signs; what this console does not know is shown as it was written down rather than left out, for a register must not hide.
import type { AuditEntry } from "../../../src/contract/access.ts";

export interface ChangeLine {
  readonly field: string;
  /** Null: nothing is said of what was before. */
  readonly from: string | null;
  readonly to: string;
}
/** The words of the user's language for what stands in entries. */
export interface ChangeWords {
  field(code: string): string;
  role(code: string): string;
  recording(code: string): string;
  cameraKind(code: string): string;
  purpose(code: string): string;
  mode(code: string): string;
  unit(id: number): string;
  number(n: number, digits?: number): string;
  list(items: readonly string[]): string;
  time(at: number): string;
  /** A time to keep something: days, or hours where it is less than one. */
  kept(days: number): string;
  readonly none: string;
  readonly yes: string;
  readonly no: string;
  readonly changed: string;
}

type Plain = Readonly<Record<string, unknown>>;
const isPlain = (value: unknown): value is Plain => typeof value === "object" && value !== null && !Array.isArray(value);
const isPair = (value: unknown): value is { from: unknown; to: unknown } => isPlain(value) && Object.keys(value).length === 2 && "from" in value && "to" in value;

/** Of no use to a person: the subject is named beside the entry, and the others number our own rows. */
const UNSAID: ReadonlySet<string> = new Set(["id", "recorderId", "revision", "health", "createdAt"]);
const MOST_CODES = 20;

function textOf(field: string, value: unknown, words: ChangeWords): string {
  if (value === null || value === undefined || value === "") return words.none;
  if (value === "changed") return words.changed;
  if (typeof value === "boolean") return value ? words.yes : words.no;
  if (field === "roles" && Array.isArray(value)) return words.list(value.map((role) => words.role(String(role))));
  if (field === "cameras" && Array.isArray(value)) {
    const codes = value.slice(0, MOST_CODES).map((one) => (Array.isArray(one) ? String(one[1]) : String(one)));
    return words.list(value.length > codes.length ? [...codes, `+ ${words.number(value.length - codes.length)}`] : codes);
  }
  if (typeof value === "number") {
    if (field === "unitId") return words.unit(value);
    if (field === "from" || field === "to" || field === "until" || field === "reviewAt") return words.time(value);
    if (field === "incidentId") return String(value);
    if (field === "retentionDays" || field === "leastDays") return words.kept(value);
    if (field.endsWith("Deg")) return `${words.number(value, 1)}°`;
    if (field.endsWith("M")) return `${words.number(value, 1)} m`;
    if (field === "lat" || field === "lon") return words.number(value, 6);
    return words.number(value, 3);
  }
  if (typeof value === "string") {
    if (field === "recording") return words.recording(value);
    if (field === "kind") return words.cameraKind(value);
    if (field === "mode") return words.mode(value);
    return value;
  }
  return JSON.stringify(value);
}

/** A pose and a place are many fields of which one is turned at a time: told one by one. */
function linesOf(field: string, value: unknown, words: ChangeWords): ChangeLine[] {
  if (isPair(value) && field !== "filter") {
    if (isPlain(value.from) && isPlain(value.to)) {
      const { from, to } = value as { from: Plain; to: Plain };
      return [...new Set([...Object.keys(from), ...Object.keys(to)])].filter((key) => JSON.stringify(from[key]) !== JSON.stringify(to[key])).flatMap((key) => linesOf(key, { from: from[key], to: to[key] }, words));
    }
    return [{ field: words.field(field), from: textOf(field, value.from, words), to: textOf(field, value.to, words) }];
  }
  if (field === "filter" && isPlain(value)) {
    return Object.entries(value).map(([key, part]) => ({ field: words.field(`filter.${key}`), from: null, to: key === "purpose" && typeof part === "string" ? words.purpose(part) : ID_FILTERS.has(key) ? String(part) : textOf(key, part, words) }));
  }
  if (isPlain(value)) return Object.entries(value).flatMap(([key, part]) => linesOf(key, part, words));
  return [{ field: words.field(field), from: null, to: textOf(field, value, words) }];
}
const ID_FILTERS: ReadonlySet<string> = new Set(["cameraId", "accountId", "incidentId", "actorId", "subjectId"]);

export const readChange = (entry: Pick<AuditEntry, "body">, words: ChangeWords): ChangeLine[] =>
  Object.entries(entry.body).filter(([field]) => !UNSAID.has(field)).flatMap(([field, value]) => linesOf(field, value, words));
