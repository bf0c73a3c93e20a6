// One word for each code of the contract. `satisfies` makes a code without a word a compile error.
import type { z } from "zod";
import type { Role } from "../../../src/contract/access.ts";
import type { CAMERA_KINDS, CAMERA_PROBLEMS, CAMERA_STATES, NIGHT_VIEWS, PURPOSES, RECORDING_MODES } from "../../../src/contract/cameras.ts";
import type { PLACE_KINDS } from "../../../src/contract/city.ts";
import type * as d from "../../../src/contract/dispatch.ts";
import type { GAP_CAUSES } from "../../../src/contract/media.ts";

type Words<K extends string> = Readonly<Record<K, string>>;
type Verdict = z.infer<typeof d.Incident>["verdicts"][number]["verdict"];

export const en = {
  roles: {
    "call-taker": "Call taker", dispatcher: "Dispatcher", supervisor: "Supervisor", "video-operator": "Video operator", officer: "Officer", guard: "Guard", planner: "Planner",
    engineer: "Engineer", administrator: "Administrator", inspector: "Inspector",
  } satisfies Words<Role>,
  incidentTypes: {
    theft: "Theft", robbery: "Robbery", intruder: "Intruder", fight: "Fight", "fire-smoke": "Fire, smoke seen", "fire-building": "Fire in a building",
    "traffic-collision": "Collision", "traffic-injury": "Collision with injured", "traffic-obstruction": "Road blocked", medical: "Medical",
    "school-alarm": "School alarm", "officer-emergency": "Officer emergency", "noise-nuisance": "Noise, nuisance", "person-missing": "Missing person", other: "Other",
  } satisfies Words<d.IncidentType>,
  /** Classes of calls as the Chinese lines count them. */
  incidentCategories: { criminal: "crime", "public-order": "public order", fire: "fire", traffic: "traffic", medical: "medical", assistance: "assistance" } satisfies Words<(typeof d.INCIDENT_TYPES)[d.IncidentType]["category"]>,
  determinants: { routine: "Routine", minor: "Minor", moderate: "Moderate", serious: "Serious", critical: "Critical" } satisfies Words<d.Determinant>,
  incidentStatuses: { active: "Active", cancelled: "Cancelled", closed: "Closed", reopened: "Reopened" } satisfies Words<(typeof d.INCIDENT_STATUSES)[number]>,
  dispositions: {
    resolved: "Resolved", "report-taken": "Report taken", arrest: "Arrest", transported: "Taken to hospital", "handed-over": "Handed over",
    unfounded: "Unfounded", "not-found": "Nothing found", duplicate: "Duplicate", "no-need": "No need any more",
  } satisfies Words<(typeof d.DISPOSITIONS)[number]>,
  contactSources: {
    telephone: "Telephone", text: "Text message", app: "App", alarm: "Alarm", "panic-button": "Panic button", "camera-event": "Camera event", officer: "Officer",
  } satisfies Words<(typeof d.CONTACT_SOURCES)[number]>,
  contactStates: { ringing: "Ringing", abandoned: "Abandoned", claimed: "Taken", ended: "Ended" } satisfies Words<(typeof d.CONTACT_STATES)[number]>,
  contactDispositions: {
    incident: "Incident made", attached: "Attached", "no-emergency": "No emergency", silent: "Silent call", "wrong-number": "Wrong number", prank: "Prank",
    "information-given": "Information given", "called-back-no-need": "Called back, no need", "called-back-no-answer": "Called back, no answer", "answered-elsewhere": "Answered elsewhere", transferred: "Transferred",
  } satisfies Words<(typeof d.CONTACT_DISPOSITIONS)[number]>,
  unitKinds: {
    patrol: "Patrol", "platform-crew": "Platform crew", "fire-engine": "Fire engine", ambulance: "Ambulance", "campus-police": "Campus police",
  } satisfies Words<(typeof d.UNIT_KINDS)[number]>,
  /** The usual skills of crews; a city may register others, which are shown as they were written. */
  skills: { foot: "on foot", car: "car", motorbike: "motorbike", "first-aid": "first aid", fire: "fire", rescue: "rescue", medical: "medical", school: "school" },
  availabilities: { available: "Available", "conditionally-available": "Urgent calls only", "not-available": "Not available" } satisfies Words<(typeof d.AVAILABILITIES)[number]>,
  assignmentStates: {
    proposed: "Proposed", assigned: "Assigned", sent: "Sent", delivered: "Delivered", acknowledged: "Acknowledged", "en-route": "En route", staged: "Staged",
    "on-scene": "On scene", transporting: "Transporting", cleared: "Cleared", declined: "Declined", recalled: "Recalled", "pre-empted": "Pre-empted", lost: "Lost",
  } satisfies Words<d.AssignmentState>,
  verdicts: { seen: "Seen", "not-seen": "Not seen", "cannot-tell": "Unsure" } satisfies Words<Verdict>,
  placeKinds: {
    address: "Address", street: "Street", crossing: "Crossing", school: "School", police: "Police", hospital: "Hospital", "fire-station": "Fire station",
    platform: "Platform", camera: "Camera", landmark: "Landmark", coordinates: "Coordinates",
  } satisfies Words<(typeof PLACE_KINDS)[number]>,
  // Machine accounts, by the name that records give them (src/api/gate/principal.ts).
  services: { "telephone switch": "Telephone switch", "vehicle tracking": "Vehicle tracking", recorder: "Recorder", "command line": "Command line" },
  cameraKinds: { fixed: "Fixed", ptz: "PTZ", dome: "Dome", "multi-sensor": "Multi-sensor" } satisfies Words<(typeof CAMERA_KINDS)[number]>,
  nightViews: { unknown: "Not known", none: "Sees nothing", "low-light": "Sees what lamps light", infrared: "Sees by its own infrared" } satisfies Words<(typeof NIGHT_VIEWS)[number]>,
  cameraStates: { connected: "Connected", connecting: "Connecting", failing: "Failing", idle: "Idle", "no-address": "No address" } satisfies Words<(typeof CAMERA_STATES)[number]>,
  cameraProblems: {
    "bad-address": "The address is not right.", unresolved: "The host name is not known.", refused: "Nothing listens at that address.",
    timeout: "The camera does not answer.", "credentials-missing": "It asks for a user name and a password, and none was given.", unauthorized: "User name or password is wrong.", "not-found": "The camera has no stream of that name.",
    "not-rtsp": "What answers there does not speak RTSP.", "no-video": "There is no video in the stream.", "unsupported-codec": "The stream is neither H.264 nor H.265.",
    malformed: "The camera sends what cannot be read.", closed: "The camera closed the connection.", untrusted: "The camera's certificate is not trusted.",
  } satisfies Words<(typeof CAMERA_PROBLEMS)[number]>,
  recordingModes: { continuous: "Always", scheduled: "In its hours", "on-event": "On an event", "on-demand": "While watched" } satisfies Words<(typeof RECORDING_MODES)[number]>,
  purposes: {
    incident: "Incident", call: "Call", report: "Report without a call", patrol: "Video patrol", traffic: "Traffic", "event-safety": "Safety of an event", "camera-maintenance": "Camera maintenance",
    investigation: "Investigation", training: "Training",
  } satisfies Words<(typeof PURPOSES)[number]>,
  gapCauses: {
    "recorder-stopped": "Recorder stopped", "recorder-crashed": "Recorder crashed", "camera-unreachable": "Camera unreachable", "camera-refused": "Camera refused",
    "camera-closed": "Camera closed the connection", "no-data": "No data came", "bad-data": "Unreadable data", "disk-slow": "Disk too slow", "disk-failed": "Disk failed",
    "not-wanted": "Not recorded on purpose", "not-scheduled": "Outside its hours", "no-event": "No event", "not-yet-added": "Before its recording began", deleted: "Deleted after its time", "deleted-early": "Deleted early: disk full", "disk-full": "Disk full", damaged: "Recording damaged", "index-lost": "Not known: the index was damaged",
    reconfigured: "Camera settings changed", "clock-changed": "Clock corrected", "not-yet-told": "Not yet told by the recorder",
  } satisfies Words<(typeof GAP_CAUSES)[number]>,
} as const;
