// Run cards: what goes to a type of incident, by how bad it is, where and when, as data with a version. The most specific row is taken: one for this grade before one for any, then one for this district, then one for these hours. A table is
// taken as a whole and only without a hole: for each type and grade there is a row at any place and hour. Each incident records the row and version it was given. The table of the program follows what is common to first-alarm cards: one engine and
// police to smoke, two engines and an ambulance to a building on fire, police and ambulance to an injury; who can give first aid to a life in danger, who can cut people free to a crash. A city edits its own table, not code.
import type { Determinant } from "../base/triage-grade.ts";
import { DETERMINANTS } from "../base/triage-grade.ts";
import type { WallMs } from "../base/time.ts";
import { isWithinHours, parseWeeklyHours, WEEK_MINUTES, type WeeklyHours } from "../base/weekly-hours.ts";
import { INCIDENT_TYPES, type IncidentType, type Want } from "./entities.ts";
import type { Plan } from "./events.ts";
import { skillKey, withoutSkills } from "./wants.ts";

/** null: any. `area` is a district by its name, `hours` as `parseWeeklyHours` reads them. */
export interface RunCardRow {
  readonly code: string;
  readonly type: IncidentType;
  readonly determinant: Determinant | null;
  readonly area: string | null;
  readonly hours: string | null;
  readonly wants: readonly Want[];
}
export interface RunCardTable {
  readonly version: number;
  readonly rows: readonly RunCardRow[];
}
/** Version 1 knew no grades, version 2 no skills. A city's own tables begin after it. */
export const BUILT_IN_VERSION = 3;

const police = (count: number): Want => ({ kinds: ["patrol", "platform-crew"], count });
const engines = (count: number): Want => ({ kinds: ["fire-engine"], count });
const ambulances = (count: number): Want => ({ kinds: ["ambulance"], count });
const firstAiders = (count: number): Want => ({ ...police(count), skills: ["first-aid"] });
const rescuers = (count: number): Want => ({ ...engines(count), skills: ["rescue"] });
const campusOrPolice: Want = { kinds: ["campus-police", "patrol", "platform-crew"], count: 1 };

const WANTS: Record<IncidentType, readonly Want[]> = {
  theft: [police(1)], robbery: [police(2)], intruder: [police(2)], fight: [police(2)], "fire-smoke": [engines(1), police(1)], "fire-building": [engines(2), ambulances(1), police(1)], "traffic-collision": [police(1)], "traffic-injury": [police(1), ambulances(1)],
  "traffic-obstruction": [police(1)], medical: [ambulances(1)], "school-alarm": [campusOrPolice, police(1)], "officer-emergency": [police(3)], "noise-nuisance": [police(1)], "person-missing": [police(1)], other: [police(1)],
};
/** Where a grade asks for something else. A worse one never asks for less. */
const WANTS_BY_GRADE: Partial<Record<IncidentType, Partial<Record<Determinant, readonly Want[]>>>> = {
  theft: { serious: [police(2)], critical: [police(2), ambulances(1)] },
  robbery: { critical: [police(3), ambulances(1)] },
  intruder: { minor: [police(1)], moderate: [police(1)], critical: [police(3)] },
  fight: { minor: [police(1)], critical: [police(3), ambulances(1)] },
  "fire-smoke": { minor: [engines(1)], moderate: [engines(1)], critical: [engines(2), ambulances(1), police(1)] },
  "fire-building": { minor: [engines(1), police(1)], moderate: [engines(1), police(1)], critical: [engines(3), ambulances(2), police(2)] },
  "traffic-collision": { serious: [police(1), ambulances(1)], critical: [police(2), ambulances(1), rescuers(1)] },
  "traffic-injury": { critical: [police(2), ambulances(2), rescuers(1)] },
  "traffic-obstruction": { critical: [police(1), engines(1)] },
  medical: { critical: [ambulances(1), firstAiders(1)] },
  "school-alarm": { critical: [campusOrPolice, police(3), ambulances(1)] },
  "person-missing": { serious: [police(2)], critical: [police(3)] },
};
const TYPES = Object.keys(INCIDENT_TYPES) as IncidentType[];
export const BUILT_IN_RUN_CARDS: RunCardTable = {
  version: BUILT_IN_VERSION,
  rows: TYPES.flatMap((type): RunCardRow[] => [
    { code: type, type, determinant: null, area: null, hours: null, wants: WANTS[type] },
    ...DETERMINANTS.flatMap((determinant) => {
      const wants = WANTS_BY_GRADE[type]?.[determinant];
      return wants === undefined ? [] : [{ code: `${type}/${determinant}`, type, determinant, area: null, hours: null, wants }];
    }),
  ]),
};
/** As they were in force; incidents name them. */
const BUILT_IN_TABLES: readonly RunCardTable[] = [{ version: 2, rows: BUILT_IN_RUN_CARDS.rows.map((row) => ({ ...row, wants: row.wants.map(withoutSkills) })) }, BUILT_IN_RUN_CARDS];
export const findBuiltIn = (version: number): RunCardTable | undefined => BUILT_IN_TABLES.find((table) => table.version === version);
/** The newest whose version is none of the city's own: those that were made before a built-in table got the same number stay what they were. */
export const findBuiltInBeside = (versions: readonly number[]): RunCardTable | undefined => BUILT_IN_TABLES.findLast(({ version }) => !versions.includes(version));

export interface RunCardQuestion {
  readonly type: IncidentType;
  readonly determinant: Determinant;
  readonly district: string | null;
  readonly now: WallMs;
}
/** A table made ready to choose from. */
export interface RunCardDeck {
  readonly table: RunCardTable;
  choose(question: RunCardQuestion): RunCardRow;
}

export const areaKey = (name: string): string => name.normalize("NFKC").trim().toLowerCase();

/** `timeZone`: IANA name of the city's clock. The table is one that `checkRunCards` found nothing wrong with; where it has no row all the same, the program's own is taken: somebody goes. */
export function createRunCardDeck(table: RunCardTable, timeZone: string): RunCardDeck {
  const byType = new Map<IncidentType, { readonly row: RunCardRow; readonly hours: WeeklyHours | null }[]>();
  for (const row of table.rows.toSorted((a, b) => specificity(b) - specificity(a))) {
    const hours = row.hours === null ? null : parseWeeklyHours(row.hours, "hours");
    if (hours !== null && !hours.ok) continue;
    const entry = { row, hours: hours === null ? null : hours.value };
    const rows = byType.get(row.type);
    if (rows === undefined) byType.set(row.type, [entry]);
    else rows.push(entry);
  }
  return {
    table,
    choose: ({ type, determinant, district, now }) => {
      const found = byType.get(type)?.find(({ row, hours }) =>
        (row.determinant === null || row.determinant === determinant) && (row.area === null || (district !== null && areaKey(row.area) === areaKey(district))) && (hours === null || isWithinHours(hours, now, timeZone)));
      return found?.row ?? { code: type, type, determinant: null, area: null, hours: null, wants: WANTS[type] };
    },
  };
}
const specificity = (row: RunCardRow): number => (row.determinant === null ? 0 : 4) + (row.area === null ? 0 : 2) + (row.hours === null ? 0 : 1);

/** [RUN6] The program cannot know which skills a city registers: its own table asks for those only that some unit has. A city's table asks for what it says. */
export function planOf(deck: RunCardDeck, question: RunCardQuestion, isRegistered: (skill: string) => boolean): Plan {
  const { code, wants } = deck.choose(question);
  return { runCard: { code, version: deck.table.version }, wants: deck.table === BUILT_IN_RUN_CARDS ? wants.map((want) => askOnlyFor(want, isRegistered)) : wants };
}
function askOnlyFor(want: Want, isRegistered: (skill: string) => boolean): Want {
  const skills = want.skills?.filter(isRegistered) ?? [];
  return skills.length === 0 ? withoutSkills(want) : { ...want, skills };
}

/** What is wrong with a table as a whole; `index`: the row, null where one is missing. */
export type RunCardFault =
  | { readonly kind: "code-twice" | "same-case"; readonly index: number; readonly other: number }
  | { readonly kind: "hole"; readonly index: null; readonly type: IncidentType; readonly determinant: Determinant; readonly fromMinute: number; readonly toMinute: number };

/** Every pair of rows that could both be meant, and every type and grade that some hour has no row for, at any place. Rows have been read: their hours are hours. */
export function checkRunCards(rows: readonly RunCardRow[]): RunCardFault[] {
  const faults: RunCardFault[] = [];
  const spansOf = (row: RunCardRow): WeeklyHours["spans"] => {
    if (row.hours === null) return [{ start: 0, end: WEEK_MINUTES }];
    const hours = parseWeeklyHours(row.hours, "hours");
    return hours.ok ? hours.value.spans : [];
  };
  const spans = rows.map(spansOf);
  const firstByCode = new Map<string, number>();
  const byCase = new Map<string, number[]>();
  rows.forEach((row, index) => {
    const other = firstByCode.get(row.code);
    if (other === undefined) firstByCode.set(row.code, index);
    else faults.push({ kind: "code-twice", index, other });
    const key = [row.type, row.determinant ?? "", row.area === null ? "" : areaKey(row.area), row.hours === null ? "" : "hours"].join("|");
    const before = byCase.get(key) ?? [];
    const twin = before.find((one) => spans[one]!.some((a) => spans[index]!.some((b) => a.start < b.end && b.start < a.end)));
    if (twin !== undefined) faults.push({ kind: "same-case", index, other: twin });
    byCase.set(key, [...before, index]);
  });
  for (const type of TYPES) {
    for (const determinant of DETERMINANTS) {
      const covering = rows.flatMap((row, index) => (row.type === type && row.area === null && (row.determinant === null || row.determinant === determinant) ? spans[index]! : [])).sort((a, b) => a.start - b.start);
      let minute = 0;
      for (const { start, end } of covering) {
        if (start > minute) break;
        minute = Math.max(minute, end);
      }
      const next = covering.find(({ start }) => start > minute)?.start ?? WEEK_MINUTES;
      if (minute < WEEK_MINUTES) faults.push({ kind: "hole", index: null, type, determinant, fromMinute: minute, toMinute: next });
    }
  }
  return faults;
}

export type RunCardChange = { readonly kind: "added" | "removed"; readonly row: RunCardRow } | { readonly kind: "changed"; readonly before: RunCardRow; readonly row: RunCardRow };
/** By the rows' codes, in the order of the new table; what went away comes last. Order says nothing, so it is no change. */
export function diffRunCards(before: readonly RunCardRow[], after: readonly RunCardRow[]): RunCardChange[] {
  const was = new Map(before.map((row) => [row.code, row]));
  const is = new Set(after.map((row) => row.code));
  const textOf = ({ code, type, determinant, area, hours, wants }: RunCardRow): string => JSON.stringify([code, type, determinant, area, hours, wants.map(({ kinds, count, skills = [] }) => [kinds, count, skills.map(skillKey)])]);
  return [
    ...after.flatMap((row): RunCardChange[] => {
      const old = was.get(row.code);
      return old === undefined ? [{ kind: "added", row }] : textOf(old) === textOf(row) ? [] : [{ kind: "changed", before: old, row }];
    }),
    ...before.filter((row) => !is.has(row.code)).map((row): RunCardChange => ({ kind: "removed", row })),
  ];
}
