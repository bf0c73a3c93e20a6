// The options of `camera add` and `camera change` that say how a camera is joined, when it is recorded and what is kept: the same words and fields for both. Only what is
// named goes to the centre, so that a change touches nothing else; `none` takes away what may be absent.
import { JOINING_DEFAULTS, MOST_PRE_ROLL_S, type ChangeCamera } from "../contract/cameras.ts";
import { ToldError } from "../base/told-error.ts";

type Kind = "text" | "text-or-none" | "number" | "number-or-none";
const FIELDS = {
  sub: ["subAddress", "text-or-none"], transport: ["transport", "text"], certificate: ["certificateSha256", "text-or-none"], "sound-purpose": ["soundPurpose", "text-or-none"], "metadata-purpose": ["metadataPurpose", "text-or-none"], recording: ["recording", "text"],
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
  --key-frames SECONDS   between key frames, as set in the camera, for its health
  --retention DAYS [${JOINING_DEFAULTS.retentionDays}]  --least DAYS  kept so long even where the disk is short of room  --most GIGABYTES`;

/** Faults of what can be seen here; the centre judges the rest. */
export function readParticulars(values: ParticularValues): Partial<ChangeCamera> {
  const read: Record<string, string | number | null> = {};
  for (const name of OPTIONS) {
    const text = values[name]?.trim();
    if (text === undefined) continue;
    const [field, kind] = FIELDS[name];
    const isNone = kind.endsWith("-or-none") && text.toLowerCase() === "none";
    if (!isNone && kind.startsWith("number") && !/^\d+(\.\d+)?$/.test(text)) throw new ToldError(`--${name}: ${JSON.stringify(text)}: expected a number${kind === "number" ? "" : " or none"}`);
    read[field] = isNone ? null : kind.startsWith("number") ? Number(text) : text;
  }
  return read as Partial<ChangeCamera>;
}
