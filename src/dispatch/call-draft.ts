// The draft of a call as it is kept [CON10]: which fields of a change are laid over those that are there. A change says which version of each field its
// page had seen. Where somebody else has typed the field since, theirs stays; changes of one page that overtake each other count in the order in
// which they were typed. Rejected: the last to arrive wins, which put words that a lost link held back over those of whoever had the call meanwhile.

export interface DraftStamp {
  readonly version: number;
  readonly writer: string;
  readonly number: number;
}
export type Fields = Readonly<Record<string, unknown>>;
export type Stamps = Readonly<Record<string, DraftStamp | undefined>>;
export interface FieldChange {
  readonly fields: Fields;
  readonly bases: Readonly<Record<string, number | undefined>>;
  readonly writer: string;
  readonly number: number;
}
export interface LaidOver {
  readonly fields: Fields;
  readonly stamps: Stamps;
  readonly notTaken: readonly string[];
}

/** Fields that mean something together only: they are taken or left as one. */
const TOGETHER: readonly (readonly string[])[] = [["where", "place"]];

export function layOver(kept: { readonly fields: Fields; readonly stamps: Stamps }, { fields, bases, writer, number }: FieldChange): LaidOver {
  const isTaken = (field: string): boolean => {
    const stamp = kept.stamps[field];
    return stamp?.writer === writer ? number > stamp.number : (bases[field] ?? 0) >= (stamp?.version ?? 0);
  };
  const named = Object.keys(fields).filter((field) => fields[field] !== undefined);
  const refused = named.filter((field) => !isTaken(field));
  const notTaken = named.filter((field) => refused.includes(field) || TOGETHER.some((group) => group.includes(field) && group.some((other) => refused.includes(other))));
  const taken = named.filter((field) => !notTaken.includes(field));
  return {
    fields: { ...kept.fields, ...Object.fromEntries(taken.map((field) => [field, fields[field]])) },
    stamps: { ...kept.stamps, ...Object.fromEntries(taken.map((field) => [field, { version: (kept.stamps[field]?.version ?? 0) + 1, writer, number }])) },
    notTaken,
  };
}
