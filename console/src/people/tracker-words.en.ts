import type { FixVerdict } from "../../../src/contract/trackers.ts";
import { plural } from "../words/catalogue.ts";

export const en = {
  title: "Trackers",
  what: "Devices that tell where a unit is, by OsmAnd's or Traccar's HTTP or as NMEA. Each speaks for one unit.",
  add: "Register a tracker",
  save: "Register",
  cancel: "Cancel",
  none: "No tracker is registered.",
  remove: "Remove",
  removeTitle: (device: string) => `Remove the tracker ${device}?`,
  removeWhat: (unit: string) => `It no longer tells where ${unit} is. It can be registered again.`,
  removed: (device: string) => `The tracker ${device} was removed.`,
  added: (device: string, unit: string) => `${device} speaks for ${unit} now.`,
  registered: "Registered",
  by: (time: string, name: string) => `${time}, by ${name}`,
  lastFix: "Last fix",
  counts: "Fixes since the start",
  ago: (age: string) => `${age} ago`,
  notHeard: "not heard since the start",
  columns: { unit: "Unit", device: "Device", verdict: "Last fix", heard: "Heard" },
  deviceHint: "As the device says it: its IMEI, the number in its app, or its network address.",
  deviceForm: "The device's name is 3 to 40 of A-Z a-z 0-9 . _ : -",
  unitMissing: "Choose the unit.",
  unknown: { title: "Heard, but not registered", heard: (ago: string, n: number) => plural("en", n, { one: `1 fix, ${ago}`, other: `# fixes, the last ${ago}` }) },
  faults: { title: "Sentences that could not be read", line: (reason: string, count: string) => `${reason}: ${count}`, last: (ago: string, from: string) => `last ${ago} from ${from}` },
  verdicts: {
    taken: "taken", stale: "taken, but late", repeated: "repeated", "not-valid": "no fix yet", ahead: "its clock is ahead", "too-old": "older than a day", "out-of-order": "out of order", "impossible-jump": "impossible jump", "outside-city": "far outside the city",
    "unit-speaks-itself": "the crew's phone speaks", "unit-off-duty": "the unit is off duty",
  } satisfies Readonly<Record<FixVerdict, string>>,
} as const;
