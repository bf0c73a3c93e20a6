// Every HTTP route of the centre, as data: the API registers from it, OpenAPI is made from it, the console's client is typed by it, and a test
// walks it role by role. A handler that is not in this table does not exist. `permission: "open"` is for what a logged-out page needs.
import { z } from "zod";
import * as access from "./access.ts";
import { Fault, Id, Problem, WallTime } from "./basics.ts";
import * as cameraEvents from "./camera-events.ts";
import * as cameras from "./cameras.ts";
import { COMMAND_ROUTE_PERMISSIONS } from "./command-permissions.ts";
import * as city from "./city.ts";
import * as figures from "./figures.ts";
import * as holds from "./holds.ts";
import * as inspect from "./inspect.ts";
import * as evidence from "./evidence.ts";
import * as dispatch from "./dispatch.ts";
import * as live from "./live.ts";
import * as recorders from "./recorders.ts";
import * as runCards from "./run-cards.ts";
import * as walls from "./walls.ts";
import { DUTY_ROUTES } from "./duty-routes.ts";
import { INTERFACE_ROUTES } from "./interface-routes.ts";
import { Done, byId, route } from "./route.ts";

export { MAX_STREAM_BYTES, type Route } from "./route.ts";

export const ROUTES = {
  welcome: route({ method: "GET", path: "/welcome", permission: "open", summary: "What the log-in page shows", answer: access.Welcome }),
  createFirstAccount: route({ method: "POST", path: "/first-account", permission: "open", summary: "Make the first account with the one-time token", body: access.FirstAccount, answer: access.SessionView }),
  logIn: route({ method: "POST", path: "/session", permission: "open", summary: "Log in; sets the session cookie", body: access.LogIn, answer: access.SessionView }),
  getSession: route({ method: "GET", path: "/session", permission: "logged-in", summary: "Who is logged in", answer: access.SessionView }),
  logOut: route({ method: "DELETE", path: "/session", permission: "logged-in", summary: "Log out", answer: Done }),

  changeOwnPassword: route({ method: "POST", path: "/session/password", permission: "logged-in", summary: "Change one's own password; ends one's other sessions", body: access.ChangeOwnPassword, answer: Done }),

  listAccounts: route({ method: "GET", path: "/accounts", permission: "account.write", summary: "All accounts", answer: z.object({ accounts: z.array(access.Account) }) }),
  createAccount: route({ method: "POST", path: "/accounts", permission: "account.write", summary: "Make an account", body: access.NewAccount, answer: access.Account }),
  changeAccount: route({ method: "PATCH", path: "/accounts/{id}", permission: "account.write", summary: "Change an account", params: byId, body: access.ChangeAccount, answer: access.Account }),

  listAccountSessions: route({ method: "GET", path: "/accounts/{id}/sessions", permission: "account.write", summary: "Where an account is logged in just now", params: byId, answer: z.object({ sessions: z.array(access.AccountSession) }) }),
  endAccountSessions: route({ method: "POST", path: "/accounts/{id}/sessions/end", permission: "account.write", summary: "Log an account out everywhere, but for the session that asks", params: byId, answer: z.object({ ended: z.int() }) }),
  listUnits: route({ method: "GET", path: "/units", permission: ["operate.read", "account.write", "audit.read"], summary: "What units there are, by call sign, without where they are or what they do", answer: z.object({ units: z.array(dispatch.Unit.pick({ id: true, callSign: true, kind: true })) }) }),

  registerUnits: route({ method: "POST", path: "/units", permission: "unit.register", summary: "Enter units, or change them by call sign; the same again changes nothing, nor does what is absent. Those that would wait far outside the city are told, the rest goes in", body: z.object({ units: z.array(dispatch.NewUnit).min(1).max(2_000) }), answer: dispatch.UnitsRegistered }),
  listTriageCards: route({ method: "GET", path: "/triage-cards", permission: ["operate.read", "run-card.write"], summary: "Question cards with their words, every version that was in use, and which type is asked by which", answer: runCards.TriageCards }),
  getWaits: route({ method: "GET", path: "/waits", permission: ["operate.read", "account.write"], summary: "How long calls, incidents and the words of units may wait, by priority, until it is told and until it goes up", answer: dispatch.Waits }),
  getRunCards: route({ method: "GET", path: "/run-cards", permission: ["operate.read", "run-card.write"], summary: "The run cards in force, the versions before, and the table that waits for its second look", answer: runCards.RunCards }),
  getRunCardVersion: route({ method: "GET", path: "/run-cards/{id}", permission: ["operate.read", "run-card.write"], summary: "The run cards of one version, by its number, and what has changed from it to those in force", params: byId, answer: runCards.RunCardTable }),
  exportRunCards: route({ method: "POST", path: "/run-cards/export", permission: ["operate.read", "run-card.write"], summary: "The run cards of a version as a file that can be proposed again: CSV or JSON", body: runCards.ExportRunCards, answer: runCards.ExportedRunCards }),
  checkRunCards: route({ method: "POST", path: "/run-cards/check", permission: "run-card.write", summary: "Read a table and say what is wrong, line by line and as a whole, and what it would change; nothing is kept", body: runCards.CheckRunCards, answer: runCards.CheckedRunCards }),
  proposeRunCards: route({ method: "POST", path: "/run-cards/proposals", permission: "run-card.write", summary: "Propose a whole table of run cards; one waits at a time. It is in force once somebody else approves it", body: runCards.ProposeRunCards, answer: runCards.RunCardProposal }),
  approveRunCards: route({ method: "POST", path: "/run-cards/proposals/{id}/approval", permission: "run-card.write", summary: "Put in force what another person proposed; one's own only where nobody else has the right", params: byId, answer: runCards.RunCardTable }),
  discardRunCards: route({ method: "POST", path: "/run-cards/proposals/{id}/discard", permission: "run-card.write", summary: "A proposed table that is not to come into force", params: byId, answer: Done }),

  getCity: route({ method: "GET", path: "/city", permission: "logged-in", summary: "The city, its extent and its map", answer: city.City }),
  searchPlaces: route({ method: "GET", path: "/places", permission: "map.read", summary: "Complete a typed place", query: city.PlaceQuery, answer: city.Places }),
  findNearRoad: route({ method: "GET", path: "/roads/near", permission: "road.close", summary: "The road nearest to a point, from junction to junction, for closing it", query: dispatch.RoadNear, answer: dispatch.NearRoad }),
  registerPlatforms: route({ method: "POST", path: "/platforms", permission: "unit.register", summary: "Enter platforms where units stand, or change them by code. Those far outside the city are told, the rest goes in", body: z.object({ platforms: z.array(city.NewPlatform).min(1).max(500) }), answer: z.object({ platforms: z.array(city.Platform), rejected: z.array(Fault.extend({ platform: z.string() })) }) }),
  listPlatforms: route({ method: "GET", path: "/platforms", permission: ["map.read", "duty.write"], summary: "Patrol platforms", answer: z.object({ platforms: z.array(city.Platform) }) }),
  listCampuses: route({ method: "GET", path: "/campuses", permission: "operate.read", summary: "Campuses with the guards on duty", answer: z.object({ campuses: z.array(city.Campus) }) }),

  listCameras: route({ method: "GET", path: "/cameras", permission: "camera.read", summary: "The camera register, in pages", query: cameras.CameraQuery, answer: cameras.CameraPage }),
  getCamera: route({ method: "GET", path: "/cameras/{id}", permission: "camera.read", summary: "One camera", params: byId, answer: cameras.Camera }),
  createCamera: route({ method: "POST", path: "/cameras", permission: "camera.write", summary: "Add a camera", body: cameras.NewCamera, answer: cameras.Camera }),
  changeCamera: route({ method: "PATCH", path: "/cameras/{id}", permission: "camera.write", summary: "Change a camera; another host or port drops the stored password", params: byId, body: cameras.ChangeCamera, answer: cameras.CameraChanged }),
  removeCamera: route({ method: "DELETE", path: "/cameras/{id}", permission: "camera.write", summary: "Remove a camera; its recordings stay until their time", params: byId, answer: Done }),
  listRemovedCameras: route({ method: "GET", path: "/cameras-removed", permission: ["camera.view", "camera.write"], summary: "Cameras that left the register: their past may still be looked at, and they may be taken back", query: cameras.RemovedCameraQuery, answer: cameras.RemovedCameraPage }),
  returnCamera: route({ method: "POST", path: "/cameras/{id}/return", permission: "camera.write", summary: "Take a removed camera back into the register, as the same camera; its user name and password are gone", params: byId, answer: cameras.Camera }),
  moveCamera: route({ method: "POST", path: "/cameras/{id}/recorder", permission: "camera.write", summary: "Have a camera recorded by another recorder from now on, with the reason; what was recorded stays where it is and is looked at as before", params: byId, body: cameras.MoveCamera, answer: cameras.Camera }),
  importCameras: route({ method: "POST", path: "/cameras/import", permission: "camera.write", summary: "Add cameras from CSV, or check the list; bad rows are told, the rest go in", query: cameras.CameraImportQuery, body: z.object({ csv: z.string().max(50_000_000) }), stream: "text/csv", answer: cameras.CameraImportResult }),
  probeCamera: route({ method: "POST", path: "/cameras/probe", permission: "camera.write", summary: "Try to join an address and say what is there", body: cameras.CameraProbe, answer: cameras.CameraProbeResult }),
  noteRecordingEvent: route({ method: "POST", path: "/cameras/{id}/recording-event", permission: "camera.trigger", summary: "Something happened that a camera which records on events should keep: from its pre-roll before now to its post-roll after", params: byId, body: cameras.NewRecordingEvent, answer: cameras.RecordingEventNoted }),
  noteCameraTurn: route({ method: "POST", path: "/cameras/{id}/turn", permission: "camera.trigger", summary: "Where a camera that turns looks just now: what it sees is told by that until the next, or until the centre starts anew", params: byId, body: cameras.CameraTurn, answer: Done }),
  seeingCameras: route({ method: "GET", path: "/cameras-seeing", permission: "camera.read", summary: "Which cameras see a point, and why", query: cameras.SeeingQuery, answer: cameras.SeeingAnswer }),
  listCameraEvents: route({ method: "GET", path: "/camera-events", permission: "camera.read", summary: "What is or was wrong with cameras and recorders, newest first", query: cameraEvents.CameraEventQuery, answer: cameraEvents.CameraEventPage }),
  acknowledgeCameraEvent: route({ method: "POST", path: "/camera-events/{id}/acknowledgement", permission: ["camera.write", "camera.view"], summary: "Say that one knows of a problem, and what is done; once", params: byId, body: cameraEvents.AcknowledgeCameraEvent, answer: cameraEvents.CameraEvent }),
  openViews: route({ method: "POST", path: "/views", permission: ["camera.view", "job.view"], summary: "Open cameras with a reason; recorded before the first byte. An officer or guard: those that see the own job, live", body: cameras.OpenViews, answer: cameras.OpenViewsResult }),
  renewView: route({ method: "POST", path: "/views/{id}/renewal", permission: ["camera.view", "job.view"], summary: "A fresh token for one's own look that goes on; the record stays the same", params: byId, answer: cameras.View }),
  endView: route({ method: "POST", path: "/views/{id}/end", permission: ["camera.view", "job.view"], summary: "One's own look is over: its recorder shows nothing more of it, and tells when that was", params: byId, answer: Done }),
  listSavedWalls: route({ method: "GET", path: "/saved-walls", permission: "camera.view", summary: "Layouts of the wall and camera tours: one's own and the shared ones", answer: walls.SavedWalls }),
  createWallLayout: route({ method: "POST", path: "/wall-layouts", permission: "camera.view", summary: "Keep a layout of the wall by name", body: walls.NewWallLayout, answer: walls.WallLayout }),
  changeWallLayout: route({ method: "PATCH", path: "/wall-layouts/{id}", permission: "camera.view", summary: "Put another layout in its place: one's own, or a shared one whose owner is disabled", params: byId, body: walls.NewWallLayout, answer: walls.WallLayout }),
  removeWallLayout: route({ method: "DELETE", path: "/wall-layouts/{id}", permission: "camera.view", summary: "Remove a layout that is in no tour", params: byId, answer: Done }),
  createCameraTour: route({ method: "POST", path: "/camera-tours", permission: "camera.view", summary: "Keep a tour over layouts and cameras", body: walls.NewCameraTour, answer: walls.CameraTour }),
  changeCameraTour: route({ method: "PATCH", path: "/camera-tours/{id}", permission: "camera.view", summary: "Put another tour in its place: one's own, or a shared one whose owner is disabled", params: byId, body: walls.NewCameraTour, answer: walls.CameraTour }),
  removeCameraTour: route({ method: "DELETE", path: "/camera-tours/{id}", permission: "camera.view", summary: "Remove a tour", params: byId, answer: Done }),
  listHolds: route({ method: "GET", path: "/holds", permission: "hold.read", summary: "Evidence holds, newest first or what is due first", query: holds.HoldQuery, answer: holds.HoldPage }),
  getHold: route({ method: "GET", path: "/holds/{id}", permission: "hold.read", summary: "One evidence hold with its history", params: byId, answer: holds.Hold }),
  createHold: route({ method: "POST", path: "/holds", permission: "hold.write", summary: "Keep what cameras recorded in a range from being deleted, until it is released", body: holds.NewHold, answer: holds.Hold }),
  reviewHold: route({ method: "POST", path: "/holds/{id}/review", permission: "hold.write", summary: "Looked at again, and still needed: the next date of review", params: byId, body: holds.ReviewHold, answer: holds.Hold }),
  releaseHold: route({ method: "POST", path: "/holds/{id}/release", permission: "hold.release", summary: "Held no longer: from now on its cameras' retention applies", params: byId, body: holds.ReleaseHold, answer: holds.Hold }),
  createExports: route({ method: "POST", path: "/exports", permission: "evidence.export", summary: "Ask for what cameras recorded as evidence packages, one for each recorder; recorded before any of it can leave", body: evidence.AskExport, answer: z.object({ exports: z.array(evidence.AskedExport), refused: cameras.OpenViewsResult.shape.refused }) }),
  listExports: route({ method: "GET", path: "/exports", permission: ["evidence.export", "access-record.read"], summary: "Evidence packages, newest first: all to inspectors, one's own to others", query: evidence.ExportsQuery, answer: evidence.ExportsPage }),
  getExport: route({ method: "GET", path: "/exports/{id}", permission: ["evidence.export", "access-record.read"], summary: "How far an export is, and what came of it", params: byId, answer: evidence.EvidenceExport }),
  cancelExport: route({ method: "POST", path: "/exports/{id}/cancel", permission: "evidence.export", summary: "Stop one's own export", params: byId, answer: Done }),
  getEvidenceKey: route({ method: "GET", path: "/evidence-key", permission: ["evidence.export", "access-record.read", "system.read"], summary: "The public key that signs evidence packages, to be published", answer: evidence.EvidenceKey }),
  listAccessRecords: route({ method: "GET", path: "/access-records", permission: "access-record.read", summary: "Who watched what and why, newest first; the reading is recorded", query: inspect.AccessQuery, answer: inspect.AccessPage }),
  summariseAccessRecords: route({ method: "GET", path: "/access-records/summary", permission: "access-record.read", summary: "How many looks, by hour or day, purpose, person and camera", query: inspect.AccessFilter, answer: inspect.AccessSummary }),
  exportAccessRecords: route({ method: "POST", path: "/access-records/export", permission: "access-record.read", summary: "The looks that a filter lets through as CSV; each export is recorded", body: inspect.AccessFilter, answer: inspect.Export }),

  listAuditEntries: route({ method: "GET", path: "/audit-entries", permission: "audit.read", summary: "Who changed accounts and cameras, and who read these registers, newest first; the reading is recorded", query: inspect.AuditQuery, answer: z.object({ entries: z.array(access.AuditEntry) }) }),
  exportAuditEntries: route({ method: "POST", path: "/audit-entries/export", permission: "audit.read", summary: "The changes that a filter lets through as CSV; each export is recorded", body: inspect.AuditFilter, answer: inspect.Export }),

  sendCommand: route({ method: "POST", path: "/commands", permission: COMMAND_ROUTE_PERMISSIONS, summary: "One command to dispatch; each type has its own permission", body: dispatch.CommandEnvelope, answer: dispatch.Outcome }),
  findCommandOutcome: route({ method: "GET", path: "/commands/{id}", permission: COMMAND_ROUTE_PERMISSIONS, summary: "What became of one's own command; null: there is none, or not yet", params: z.object({ id: z.uuid() }), answer: z.object({ outcome: dispatch.Outcome.nullable() }) }),
  listEndedContacts: route({ method: "GET", path: "/contacts/ended", permission: "contact.handle", summary: "Calls that were ended here without an incident and can still be taken up again (contact.reopen), the newest to arrive first", query: z.object({ before: z.coerce.number().int().positive().optional(), limit: z.coerce.number().int().min(1).max(200).default(50) }), answer: z.object({ contacts: z.array(dispatch.Contact) }) }),
  getCallDraft: route({ method: "GET", path: "/contacts/{id}/draft", permission: "contact.handle", summary: "What was typed for a call so far", params: byId, answer: dispatch.KeptDraft }),
  changeCallDraft: route({ method: "PATCH", path: "/contacts/{id}/draft", permission: "contact.handle", summary: "Keep what was typed for a call in hand; only the fields that are named change, and none that somebody else has typed since", params: byId, body: dispatch.DraftChange, answer: dispatch.ChangedDraft }),
  listWatchers: route({ method: "GET", path: "/watchers", permission: "incident.write", summary: "Who may watch over incidents: to whom what one watches over can be handed", answer: z.object({ people: z.array(z.object({ id: Id, name: z.string() })) }) }),
  getIncident: route({ method: "GET", path: "/incidents/{id}", permission: "operate.read", summary: "One incident with its timeline", params: byId, answer: z.object({ incident: dispatch.Incident, assignments: z.array(dispatch.Assignment), contacts: z.array(dispatch.Contact), timeline: z.array(dispatch.TimelineEntry) }) }),
  listIncidents: route({ method: "GET", path: "/incidents", permission: "operate.read", summary: "Incidents, newest first, all or the open or the ended ones; or the one of a number, ended or not", query: z.object({ status: z.enum(["open", "ended"]).optional(), number: z.coerce.number().int().positive().max(2_147_483_647).optional(), before: z.coerce.number().int().positive().optional(), limit: z.coerce.number().int().min(1).max(500).default(100) }), answer: z.object({ incidents: z.array(dispatch.Incident) }) }),
  listIncidentFlags: route({ method: "GET", path: "/incident-flags", permission: "operate.read", summary: "Incidents that began within a range, ended or not, for a time bar: the newest 9 days of it; where more began than 500 pieces of it can show, the gravest of each", query: dispatch.IncidentFlagQuery, answer: z.object({ flags: z.array(dispatch.IncidentFlag) }) }),
  recommend: route({ method: "GET", path: "/incidents/{id}/recommendation", permission: "assignment.write", summary: "Which units to send, by road, with reasons", params: byId, answer: dispatch.Recommendation }),
  listNotProposed: route({ method: "GET", path: "/incidents/{id}/recommendation/not-proposed", permission: "assignment.write", summary: "Which units are not proposed, by id, each with why; of all, of one reason, or of those that are named", params: byId, query: dispatch.NotProposedQuery, answer: dispatch.NotProposedPage }),
  replayDecision: route({ method: "GET", path: "/assignments/{id}/recommendation", permission: ["assignment.write", "audit.read"], summary: "The recommendation that a unit was chosen from, worked out again from what was stored with the decision", params: byId, answer: dispatch.DecisionReplay }),
  listPreemptible: route({ method: "GET", path: "/incidents/{id}/preemptible", permission: "assignment.write", summary: "Units that could be taken from jobs of lower priority, with reasons; none while nothing is short", params: byId, answer: z.object({ offers: z.array(dispatch.PreemptionOffer) }) }),
  proposeCover: route({ method: "GET", path: "/incidents/{id}/cover", permission: "assignment.write", summary: "What sending these units leaves uncovered, and who could stand in", params: byId, query: dispatch.CoverQuery, answer: dispatch.CoverProposal }),
  listDuplicates: route({ method: "GET", path: "/contacts/{id}/duplicates", permission: "contact.handle", summary: "Incidents that this call may be about, by place, time, type and caller", params: byId, query: dispatch.DuplicateQuery, answer: z.object({ candidates: z.array(dispatch.DuplicateCandidate) }) }),
  findReach: route({ method: "GET", path: "/units/{id}/reach", permission: "assignment.write", summary: "What a unit reaches by road within some minutes, from where it was last, at the hour that it is and round the closures", params: byId, query: dispatch.ReachQuery, answer: dispatch.Reach }),
  getBoard: route({ method: "GET", path: "/board", permission: "figures.read", summary: "Today's figures", answer: dispatch.Board }),
  getFigures: route({ method: "GET", path: "/figures", permission: "figures.read", summary: "How long each step took, by the arrival of the calls: percentiles with what they stand on, by priority, against thresholds", query: figures.FigureFilter, answer: figures.Figures }),
  listDoubtfulSpans: route({ method: "GET", path: "/figures/doubtful", permission: "figures.read", summary: "Values that cannot be, or look wrong, newest first", query: figures.DoubtfulQuery, answer: figures.DoubtfulPage }),
  exportFigures: route({ method: "POST", path: "/figures/export", permission: "figures.read", summary: "The rows that the figures are made of, as CSV", body: figures.FigureFilter, answer: figures.ExportedFigures }),

  getReplayTarget: route({ method: "GET", path: "/replay", permission: "replay.feed", summary: "Where a replay goes: the city, its extent and its clock", answer: z.object({ name: z.string(), timeZone: z.string(), bounds: city.City.shape.bounds, training: z.boolean() }) }),
  reportPositions: route({ method: "POST", path: "/positions", permission: "position.report", summary: "Positions of units, in batches", body: live.PositionReport, answer: z.object({ taken: z.int(), refused: z.array(z.object({ index: z.int(), field: z.string(), value: z.string(), expected: z.string() })) }) }),
  getField: route({ method: "GET", path: "/field", permission: "unit.self", summary: "My unit, my job, my next step", answer: live.FieldView }),
  getFieldWay: route({ method: "GET", path: "/field/way", permission: "unit.self", summary: "The way by road to my job", answer: live.FieldWay }),
  listFieldCameras: route({ method: "GET", path: "/field/cameras", permission: "job.view", summary: "Cameras that see the place of my job", answer: live.FieldCameras }),
  reportOwnPosition: route({ method: "POST", path: "/field/position", permission: "unit.self", summary: "Where my unit is", body: live.OwnPosition, answer: Done }),
  /** For machine accounts that act for many units: everything that units must do now. `led`: units that a person leads, whose place may be told and nothing else. */
  listFieldWork: route({ method: "GET", path: "/field/work", permission: "position.report", summary: "Live assignments of all units, for fleet gateways", answer: z.object({ at: WallTime, units: z.array(dispatch.Unit), assignments: z.array(dispatch.Assignment), incidents: z.array(dispatch.Incident), closures: z.array(dispatch.Closure), led: z.array(z.object({ unit: dispatch.Unit, assignment: dispatch.Assignment.nullable() })) }) }),

  listRecorders: route({ method: "GET", path: "/recorders", permission: "system.read", summary: "The recorders, their disks and when these will be full", answer: z.object({ recorders: z.array(recorders.Recorder) }) }),
  getSystem: route({ method: "GET", path: "/system", permission: "system.read", summary: "Health of the parts", answer: z.object({ version: z.string(), startedAt: WallTime, status: live.ServerStatus, database: z.object({ reachable: z.boolean(), version: z.string(), sizeBytes: z.number() }), accessRecords: z.int() }) }),
  ...DUTY_ROUTES,
  ...INTERFACE_ROUTES,
} as const;
export type Routes = typeof ROUTES;
export type RouteName = keyof Routes;
export { Id, Problem };
