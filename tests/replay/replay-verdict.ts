// What a replayed log must have come to at the centre, by what the centre itself says of its contacts and incidents: no call lost, each ended with an outcome, each category as often as it was sent. What the feeder
// believes of a call is not asked.

export interface CentreCounts {
  readonly incidents: number;
  /** Incidents that are closed with a disposition. */
  readonly closed: number;
  /** Contacts, each once, that have become an incident of these. */
  readonly answered: number;
  readonly open: number;
  readonly ringing: number;
  readonly categories: Readonly<Record<string, number>>;
}
export interface SentCounts {
  readonly rows: number;
  readonly calls: number;
  readonly faults: number;
  readonly leftOut: number;
  readonly categories: Readonly<Record<string, number>>;
  /** Of the whole file, as another program counted it; absent where only part of it was sent. */
  readonly known?: { readonly calls: number; readonly categories: Readonly<Record<string, number>> };
}

const same = (what: string, found: number, wanted: number): string[] => (found === wanted ? [] : [`${what}: ${found}, not ${wanted}`]);
function sameCounts(what: string, found: Readonly<Record<string, number>>, wanted: Readonly<Record<string, number>>): string[] {
  return [...new Set([...Object.keys(found), ...Object.keys(wanted)])].sort().flatMap((key) => same(`${what} ${key}`, found[key] ?? 0, wanted[key] ?? 0));
}

/** What is wrong; nothing where all is right. A replay of nothing is never right. */
export function judgeReplay(sent: SentCounts, found: CentreCounts): string[] {
  return [
    ...(sent.calls > 0 ? [] : ["no call was sent"]),
    ...same("calls, left out and not read", sent.calls + sent.leftOut + sent.faults, sent.rows),
    ...(sent.known === undefined ? [] : [...same("calls of the whole log", sent.calls, sent.known.calls), ...sameCounts("sent of category", sent.categories, sent.known.categories)]),
    ...same("incidents", found.incidents, sent.calls), ...same("closed with a disposition", found.closed, sent.calls), ...same("calls that became an incident", found.answered, sent.calls),
    ...same("left open", found.open, 0), ...same("still ringing", found.ringing, 0),
    ...sameCounts("found of category", found.categories, sent.categories),
  ];
}
