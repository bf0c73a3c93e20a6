import type { CAMERA_EVENT_KINDS } from "../../../src/contract/camera-events.ts";
import type { CAMERA_PROBLEMS, PICTURE_STATES } from "../../../src/contract/cameras.ts";
import { plural } from "../words/catalogue.ts";

export const en = {
  now: "Problems now",
  count: (open: string, fresh: number) => (fresh === 0 ? open : `${open}, ${plural("en", fresh, { one: "1 not acknowledged", other: "# not acknowledged" })}`),
  none: "No camera and no recorder has a problem.",
  noneMatches: "No problem matches what is typed.",
  history: "Its problems",
  noHistory: "None so far.",
  health: "Health",
  sinceOpened: "since this was opened",
  columns: { problem: "Problem", camera: "Camera", since: "Since", lasted: "Lasted", what: "What was found", acknowledged: "Acknowledged" },
  recorder: (id: number, cameras: string) => `Recorder ${id}, ${cameras} cameras`,
  lasts: (span: string) => `${span}, lasts`,
  acknowledge: "Acknowledge",
  acknowledging: (kind: string, name: string) => `${kind}: ${name}`,
  acknowledgeWhat: "Say that you know, and what is done about it. It is shown to everybody, with your name.",
  words: "What is done",
  wordsExample: "Technician is on the way",
  cancel: "Cancel",
  acknowledgedBy: (name: string, words: string) => `${name}: ${words}`,
  kinds: {
    offline: "Not reachable", "no-pictures": "No pictures", "key-interval": "Key frames", "bit-rate": "Bit rate fell", "frame-rate": "Too few pictures", clock: "Clock is wrong", loss: "Packets lost",
    reconnecting: "Keeps breaking off", frozen: "Picture frozen", black: "Picture black", blurred: "Blurred or covered", "sound-dropped": "Sound or metadata left out", "recorder-away": "Recorder away",
  } satisfies Readonly<Record<(typeof CAMERA_EVENT_KINDS)[number], string>>,
  /** Where a camera cannot be joined, and answers. */
  answered: {
    unauthorized: "Password refused", "credentials-missing": "Password missing", "not-found": "No such stream", "not-rtsp": "No RTSP there", untrusted: "Certificate not trusted", closed: "Hangs up",
  } satisfies Partial<Readonly<Record<(typeof CAMERA_PROBLEMS)[number], string>>>,
  found: {
    keyInterval: (value: string, expected: string) => `a key frame every ${value} s, expected ${expected} s`, bitRate: (value: string, expected: string) => `${value} of the usual ${expected} Mbit/s`,
    frameRate: (value: string, expected: string) => `${value} of the usual ${expected} pictures a second`, ahead: (span: string) => `${span} ahead of ours`, behind: (span: string) => `${span} behind ours`,
    loss: (percent: string) => `${percent} % of packets within a minute`, breaks: (n: number) => plural("en", n, { one: "broke off once within an hour", other: "broke off # times within an hour" }),
    still: (n: number) => plural("en", n, { one: "nothing new in the picture for 1 minute", other: "nothing new in the picture for # minutes" }), luma: (value: string) => `brightness ${value} of 255`,
    sharpness: (value: string, usual: string) => `sharpness ${value}, usually ${usual}`, stopped: "joined, but pictures stopped", connecting: "it has not answered yet", dropped: (sound: string, metadata: string) => `disk too slow: sound ${sound}, metadata ${metadata} in a minute`, away: "no link to the centre; its cameras may still be recorded",
  },
  figures: {
    rate: "Bit rate", frames: "Pictures a second", keyInterval: "Key frame every", set: (value: string) => `set: ${value} s`, clock: "Its clock", exact: "as ours", unknown: "not told by this camera", loss: "Packets lost, last minute", breaks: "Broke off",
    breaksOf: (hour: string, day: string) => `${hour} in the last hour, ${day} in the last day`, faults: "Faults of this session", dropped: "Left out, disk slow", droppedOf: (sound: string, metadata: string) => `sound ${sound}, metadata ${metadata} in the last minute`, noFaults: "none", picture: "Picture", looked: (ago: string) => `looked at ${ago}`,
    notYet: "not looked at yet", noFfmpeg: "Not looked at: there is no ffmpeg on the recorder. Frozen pictures are told by their sizes, after 30 minutes.",
  },
  pictures: { good: "good", black: "black", blurred: "blurred or covered", frozen: "frozen" } satisfies Readonly<Record<(typeof PICTURE_STATES)[number], string>>,
} as const;
