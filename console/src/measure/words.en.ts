import { plural } from "../words/catalogue.ts";

export const en = {
  title: "Figures", by: "By the arrival of the call. Every figure stands beside what it is made of.", clock: "Which calls", clocks: { centre: "Calls of this centre", log: "Replayed logs" },
  ranges: { today: "Today", week: "7 days", month: "30 days", all: "All" }, from: "From", to: "to",
  file: { button: "Export rows", done: (n: string) => `Exported: ${n} rows.`, behind: (n: string) => `The last ${n} events of the log were not in the figures yet.`, cut: (n: string) => `Only the newest ${n} rows are in the file. Narrow by days and export the rest apart.` },
  behind: (n: string) => `The figures are ${n} events of the log behind; they catch up by themselves.`,
  nothingYet: { centre: "No call has come in yet.", log: "No log has been replayed here." }, nothingIn: (first: string, last: string) => `No call in these days. There are calls from ${first} to ${last}.`,
  spansTitle: "Spans", span: "Span", missing: "Missing", excluded: "Excluded", missingOf: (n: string, of: string) => `${n} of ${of} lack a milestone`, none: "none", few: "too few to tell",
  key: { half: "half took up to here", nine: "nine in ten up to here", threshold: "a threshold" },
  spans: { answer: "Answer", process: "Process", handling: "Handling", acknowledge: "Acknowledge", turnout: "Turnout", travel: "Travel", response: "Response", "unit-response": "Unit's response", "on-scene": "On scene", commitment: "Commitment" },
  definitions: {
    answer: "The call comes in → somebody takes it", process: "Taken → the incident is made", handling: "Taken → the first unit is assigned", acknowledge: "Assigned → acknowledged, each unit", turnout: "Assigned → under way, each unit", travel: "Under way → there, each unit",
    response: "The call comes in → the first unit is there", "unit-response": "Assigned → there, each unit", "on-scene": "There → cleared, each unit", commitment: "Assigned → cleared, each unit",
  },
  values: (n: number) => plural("en", n, { one: "1 value", other: "# values" }), smallN: "Few: p90 is told from 10 values on, p95 from 20.", mostInBar: (n: string) => `most in a bar: ${n}`, over: (span: string) => `over ${span}`,
  thresholds: "Against thresholds", noThreshold: "No threshold is kept for this span.", within: (span: string) => `within ${span}`, wanted: (share: string) => `wanted ${share}`, notReached: "not reached", ofThese: (n: string) => `of ${n} that are known`,
  scopeOf: (of: string) => `only: ${of}`, where: { town: "only in town, where junctions are close by the map", outside: "only outside town, by the map" }, unplaced: (n: string) => `${n} beyond the map, not in it`,
  ifMissingFailed: (share: string) => `${share} if all missing ones failed`, edition: (edition: string) => `edition ${edition}`, entered: (day: string) => `entered ${day}`, sources: { "city police practice": "City police practice" },
  byPriority: "By priority", priority: "Priority", gradedFirst: "as graded first", gradedLast: "as graded last", notGraded: "none",
  notIn: (span: string) => `Not in these figures: ${span}`, allIn: "None of this span is left out.", leftOutHere: (reasons: string) => `not in it: ${reasons}`, abandoned: (n: number) => plural("en", n, { one: "1 hung up first", other: "# hung up first" }), missingMilestone: (milestone: string) => `missing: ${milestone}`, enteredByDesk: (n: string, of: string) => `${n} of ${of} with a step that a desk entered for the unit`, missingShare: (share: string) => `${share} of those that should be there are missing.`,
  milestones: { assigned: "assigned", sent: "sent", acknowledged: "acknowledged", "en-route": "under way", "on-scene": "there", cleared: "cleared", answered: "taken", created: "incident made" },
  exclusions: {
    "under-way": "not over yet", abandoned: "caller hung up first", elsewhere: "taken elsewhere", "no-call": "not made from a call", "nobody-needed": "nobody had to go", recalled: "called back", declined: "declined", "pre-empted": "sent elsewhere", lost: "lost", cancelled: "ended without need", waited: "only waited",
    "not-in-log": "the replayed log does not tell", negative: "below zero", "over-a-day": "over a day",
  },
  doubtful: "Looks wrong", nothingDoubtful: "Nothing looks wrong.", ofAllSpans: "Of all spans", onlyThis: "Of this span only", more: "Show up to 500", arrived: "Call came in", value: "Value", why: "Why", counts: "In figures", counted: "counted", leftOut: "left out", unit: "Unit", incident: "Incident id",
  doubts: { negative: "below zero", "over-a-day": "over a day", "over-half-a-day": "over half a day", "same-second": "within the same second", "after-closing": "later than the closing" },
} as const;
