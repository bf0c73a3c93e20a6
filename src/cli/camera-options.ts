// The options of `camera add` and `camera change` that say how a camera is joined, when it is recorded and what is kept: the same words and fields for both. Only what is
// named goes to the centre, so that a change touches nothing else; `none` takes away what may be absent. What can be seen to be wrong is told here, all at once and by the options' names.
import { formatFault, type InputFault } from "../base/expectations.ts";
import type { Result } from "../base/result.ts";
import { ToldError } from "../base/told-error.ts";
import { faultsOfEntry, faultsOfParticulars, withoutRepeats } from "../contract/camera-particulars.ts";
import { ChangeCamera, JOINING_DEFAULTS, MOST_PRE_ROLL_S, NewCamera } from "../contract/cameras.ts";
import { faultsOf } from "../contract/faults.ts";
import type { NameField } from "./centre-client.ts";

type Kind = "text" | "text-or-none" | "number" | "number-or-none";
const FIELDS = {
  sub: ["subAddress", "text-or-none"], transport: ["transport", "text"], certificate: ["certificateSha256", "text-or-none"], "sound-purpose": ["soundPurpose", "text-or-none"], "metadata-purpose": ["metadataPurpose", "text-or-none"], recording: ["recording", "text"], night: ["nightView", "text"],
  schedule: ["schedule", "text-or-none"], "pre-roll": ["preRollS", "number"], "post-roll": ["postRollS", "number"], "key-frames": ["keyFrameIntervalS", "number-or-none"], retention: ["retentionDays", "number"],
  least: ["leastDays", "number-or-none"], most: ["mostGigabytes", "number-or-none"],
} as const satisfies Record<string, readonly [keyof ChangeCamera, Kind]>;
type Option = keyof typeof FIELDS;
const OPTIONS = Object.keys(FIELDS) as Option[];

export const PARTICULAR_OPTIONS = Object.fromEntries(OPTIONS.map((name) => [name, { type: "string" }])) as Record<Option, { type: "string" }>;
export type ParticularValues = { readonly [K in Option]?: string };

export const PARTICULARS_HELP = `  --sub ADDRESS          its second, small stream, at the same host and port
  --transport WAY        how its packets come: tcp, udp, or auto (UDP only where it refuses TCP) [${JOINING_DEFAULTS.transport}]
  --certificate SHA256   of an rtsps camera's own certificate, which alone is taken then; none: one of an authority
  --sound-purpose WORDS  why its sound is recorded too; none: it is not asked for
  --metadata-purpose WORDS  why its ONVIF metadata is kept too; none: it is not asked for
  --recording MODE       continuous, scheduled, on-event or on-demand [${JOINING_DEFAULTS.recording}]
  --schedule HOURS       of a scheduled one, by the city's clocks: "mon-fri 07:00-19:00; sat 09:00-13:00"
  --pre-roll SECONDS     kept before an event, at most ${MOST_PRE_ROLL_S} [${JOINING_DEFAULTS.preRollS}]   --post-roll SECONDS [${JOINING_DEFAULTS.postRollS}]
  --night VIEW           what it sees at night: infrared, low-light (what lamps light), none, unknown [unknown]
  --key-frames SECONDS   between key frames, as set in the camera, for its health
  --retention DAYS [${JOINING_DEFAULTS.retentionDays}]  --least DAYS  kept so long even where the disk is short of room  --most GIGABYTES`;

/** What was typed, as the contract names it; a number that is none stays text, so that its fault shows it. */
export function readParticulars(values: ParticularValues): Record<string, string | number | null> {
  const read: Record<string, string | number | null> = {};
  for (const name of OPTIONS) {
    const text = values[name]?.trim();
    if (text === undefined) continue;
    const [field, kind] = FIELDS[name];
    read[field] = kind.endsWith("-or-none") && text.toLowerCase() === "none" ? null : kind.startsWith("number") ? numberOr(text) : text;
  }
  return read;
}
/** A number where it is one. */
const numberOr = (text: string): number | string => (/^[+-]?\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : text);
export const readTyped = (text: string | undefined, otherwise?: number): number | string | undefined => (text === undefined ? otherwise : numberOr(text));

const OPTION_OF: Readonly<Record<string, string>> = {
  ...Object.fromEntries(["name", "purpose", "code", "place", "kind", "owner"].map((field) => [field, `--${field}`])), address: "the address", recorderId: "--recorder", userName: "--user", imageWidthPx: "--width",
  "pose.point.lat": "--lat", "pose.point.lon": "--lon", "pose.bearingDeg": "--bearing", "pose.mountHeightM": "--height", "pose.tiltDeg": "--tilt", "pose.horizontalFovDeg": "--hfov", "pose.verticalFovDeg": "--vfov", "pose.rangeM": "--range",
  ...Object.fromEntries(OPTIONS.map((name) => [FIELDS[name][0], `--${name}`])),
};
/** A field of the contract as the option by which it is typed. */
export const optionOf: NameField = (field) => OPTION_OF[field] ?? field;

const MAY_BE_NONE: ReadonlySet<string> = new Set(OPTIONS.filter((name) => FIELDS[name][1].endsWith("-or-none")).map((name) => FIELDS[name][0]));
const withNone = (fault: InputFault): InputFault => (MAY_BE_NONE.has(fault.field) && fault.code === "number" ? { ...fault, expected: `${fault.expected} or none` } : fault);

/** Throws a ToldError that names them all, a line each. */
export function refuseFaults(faults: readonly InputFault[]): void {
  if (faults.length > 0) throw new ToldError(`${faults.map((fault) => formatFault(withNone(fault), optionOf(fault.field))).join("\n")}\nWhat there is: citywatch camera --help`);
}

/** All that is wrong with a camera to add, before anything is asked of the centre or of a person. */
export function refuseEntry(entry: Readonly<Record<string, unknown>>, address: Result<unknown, InputFault>): void {
  const read = NewCamera.safeParse(entry);
  const faults = read.success ? faultsOfParticulars({ ...read.data, ...(address.ok ? {} : { address: null, subAddress: null, certificateSha256: null }) }) : faultsOfEntry(entry, read.error);
  refuseFaults(withoutRepeats([...(address.ok ? [] : [address.error]), ...faults]));
}
/** What each field of a change may not hold; the centre judges it with what is kept. */
export function readChange(body: Readonly<Record<string, unknown>>): ChangeCamera {
  const read = ChangeCamera.safeParse(body);
  if (!read.success) refuseFaults(withoutRepeats(faultsOf("body", body, read.error)));
  return body as ChangeCamera;
}
