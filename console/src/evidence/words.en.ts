import { plural } from "../words/catalogue.ts";

export const en = {
  exports: {
    title: "Export as evidence", button: "Export as evidence", intro: "The recorded bytes of these cameras leave as one package with a signed list of its files. That you take it, and why, is recorded for each camera.",
    cameras: "Cameras", none: "No camera is chosen.", range: "Range", length: (span: string) => `${span} long`, from: "From", to: "To", purpose: "Why", pickPurpose: "Choose a purpose", words: "In words", wordsExample: "e.g. the number of the case", incident: "Incident", pickIncident: "Choose an incident", byNumber: "Another, by its number …", byNumberWhat: "also one that has ended", number: "Number of the incident", numberFault: "Digits only, e.g. 1042.", noSuchNumber: (n: string) => `There is no incident ${n}.`, endedOn: (when: string) => `ended ${when}`,
    forIncident: (n: string) => `For incident ${n}`,
    purposeFault: "Choose why.", wordsFault: "Say why in some words.", incidentFault: "Choose the incident.", rangeFault: "The end must be after the beginning.", longFault: "At most 24 hours in one package.", futureFault: "The range has not begun yet.", mostFault: "At most 16 cameras in one package.",
    withSound: "With sound", withMetadata: "With the cameras' metadata", besideWhat: "Of cameras whose register has a purpose for it. Leave out what the case does not need.", metadataWhat: "Metadata describes persons and things.",
    start: "Export", cancel: "Cancel", close: "Close", refused: (camera: string) => `Not exported: ${camera}`,
    several: "Cameras of several recorders: one package of each.",
    goesOn: "The browser is writing the package to its downloads. You may close this; the list in Inspect tells how it ends.", stop: "Stop the export",
    package: (id: string) => `Package ${id}`, of: (done: string, all: string) => `${done} of ${all}`, sha: "SHA-256 of the package", copy: "Copy", copied: "Copied",
  },
  states: { waiting: "waiting for the download", running: "on its way", complete: "complete", failed: "failed", cancelled: "stopped", lapsed: "never finished" },
  faults: {
    "nothing-recorded": "Nothing was recorded in this range.", "recorder-away": "The recorder is not linked.", "browser-left": "The browser broke the download off.", "segment-gone": "A recording was deleted meanwhile. Export again; keep the range first.",
    "disk-failed": "The recorder's disk could not be read.", "not-signed": "The centre did not sign it. Export again.", "too-large": "Too many pieces for one package. Choose a shorter range.", "page-missing": "The recorder lacks a part of the program (the package's page).", "recorder-stopped": "The recorder was stopped.",
  },
  keep: {
    title: "Keep as evidence", button: "Keep", intro: "What these cameras recorded in this range will not be deleted until somebody releases it.", review: "Look at it again on", reviewHint: "After that day the hold is shown as overdue; it still holds.", save: "Keep", kept: (n: string) => `Kept. Hold ${n}.`, reviewFault: "Choose a day ahead, at most a year.",
  },
  list: {
    title: "Evidence", when: "Asked", who: "Who", cameras: "Cameras", range: "Range", why: "Why", state: "State", size: "Size", sha: "SHA-256", empty: "No evidence was exported yet.", older: "Show older",
    exports: "Packages that left", holds: "What is kept", noHolds: "Nothing is kept as evidence.", review: "Review", until: (day: string) => `review on ${day}`, overdue: (day: string) => `review due since ${day}`, released: "released", release: "Release", open: (n: number) => plural("en", n, { one: "1 held", other: "# held" }), overdueCount: (n: number) => plural("en", n, { one: "1 overdue for review", other: "# overdue for review" }), releasedCount: (n: number) => `${n} released`, back: "Previous", on: "Next", page: (from: number, to: number, all: number) => `${from} – ${to} of ${all}`,
    reviewed: "Still needed", byAnother: "Somebody else releases", ownHold: "You made this hold: somebody else has to release it", steps: "History", releaseWhy: "Why it is no longer needed", reviewWhy: "Why it is still needed", releaseTitle: (id: string) => `Release hold ${id}`, reviewTitle: (id: string) => `Hold ${id} is still needed`, waiting: (n: number) => plural("en", n, { one: "1 recorder has not confirmed it yet", other: "# recorders have not confirmed it yet" }),
    incident: (n: string) => `Incident ${n}`, count: (n: number) => plural("en", n, { one: "1 camera", other: "# cameras" }),
    key: "The key that signs packages", keyWhat: "Publish its fingerprint, so that whoever gets a package can compare. citywatch evidence-key shows it too.", copyKey: "Copy the key",
  },
  verify: {
    title: "Verify a package", what: "Drop a package here (the ZIP, or the unpacked folder's files). It is read on this machine only; nothing is sent.", choose: "Choose the ZIP", chooseFolder: "Choose the unpacked folder", known: "Fingerprint that you know", knownHint: "By another way than the package: from the city's publication. Empty: the signature then proves no sender.", knownFault: "64 digits of 0-9 and a-f.",
    reading: (done: string, all: string) => `Reading ${done} of ${all}`, notPackage: "This is not an evidence package.", again: "Verify another",
    broken: "Not as it was signed", unchecked: "Could not be looked at", remark: "To be known of the recording", madeBy: (who: string, when: string) => `Asked by ${who}, ${when}`, pictures: (n: number) => plural("en", n, { one: "1 picture", other: "# pictures" }), fingerprint: "Signed with the key", worker: "The check broke off.",
  },
  grades: {
    "whole-known-key": "Whole, and signed with the key that you know.",
    "whole-unknown-key": "Whole under the key that came with it. Who holds that key this check cannot say: compare the fingerprint with the city's publication.",
    unverifiable: "Nothing contradicts, but the signature could not be judged. This proves nothing.",
    altered: "Altered: this is not the package that was signed.",
  },
  findings: {
    "manifest-missing": "is missing; without it nothing can be verified", "manifest-broken": "is no manifest", "signature-missing": "is missing or cut", "signature-wrong": "was changed, or signed by another key", "signature-unchecked": "could not be checked by this browser",
    "key-bad": "names a key that proves nothing", "key-other": "was signed by another key than the one you know", "key-file-other": "is not the key of the manifest", "file-missing": "is missing", "file-extra": "was added: the manifest does not name it", "file-of-system": "was left there by an operating system and is no part of the package", "file-changed": "was changed", "file-length": "has another length",
    "file-unreadable": "could not be read", "not-playable": "is no whole MP4", "frames-differ": "holds another number of pictures than the manifest says", "time-differs": "shows another length of time than passed by the clock", "derived-changed": "was changed", "parts-wrong": "does not add up in the manifest",
    "gaps-wrong": "recorded time and gaps do not add up to the range", "source-mismatch": "came from a recording that had changed on the recorder's disk since it was written", "source-no-hash": "came from a recording without a hash of its own: it was still being written, or a crash came between", "source-missing": "was no longer on the recorder's disk", "source-left-out": "lacks a stretch that was recorded: the stored file could not be read, or is of another format", "clock-off": "the camera's own clock was off",
  },
  page: {
    title: (id: string, city: string) => `Evidence package ${id} · ${city}`, language: "中文", missing: "manifest.js could not be read. Unpack the whole package, then open this page from its folder.",
    asked: "Asked by", why: "Why", range: "Range", made: "Made", program: "Program", recorder: (id: string) => `recorder ${id}`, key: "Key", zone: (city: string, zone: string, offset: string) => `Times are by the clocks of ${city}: ${zone}, ${offset}.`, zoneNone: "Times are in UTC: the package names no time zone that this browser knows.", incident: (n: string) => `incident ${n}`,
    notChecked: "Not verified yet. A page that is opened from a disk may not read the files beside it: let it read the folder, or the ZIP.", signature: { good: "The manifest bears a valid signature of the key below. The files were not compared yet.", bad: "The signature under the manifest does not hold. Do not rely on what this page shows.", unknown: "This browser cannot check the signature." },
    trust: "This page came with the package. Whoever doubts the sender verifies with citywatch verify, or by the commands in README.txt, with a key from elsewhere.",
    sound: "Sound", soundWhat: "At 1× only, as the camera sent it", play: "Play", pause: "Pause", speed: "Speed", step: "One picture on", stepBack: "One picture back", now: "Moment", gap: "No recording", notOpened: "This browser cannot play it", recorded: "recorded", files: "Files", gaps: "Gaps", noGaps: "No gaps in the range.", within: "in the file: the picture before stands", file: "File", from: "From", to: "To", pictures: "Pictures", cause: "Cause", camera: "Camera", hash: "SHA-256", keys: "Space: play. Left, right: 5 s. Comma, full stop: one picture. J, L: a minute.",
  },
} as const;
