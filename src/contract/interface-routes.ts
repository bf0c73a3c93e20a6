// Routes of outside systems and of the people who look after them: part of the table of routes.ts, with the same meaning.
import { z } from "zod";
import * as ways from "./contact-ways.ts";
import { EidoObject } from "./eido.ts";
import * as interfaces from "./interfaces.ts";
import * as sharings from "./sharings.ts";
import * as trackers from "./trackers.ts";
import * as warnings from "./warnings.ts";
import * as webhooks from "./webhooks.ts";
import { Done, byId, route } from "./route.ts";

export const INTERFACE_ROUTES = {
  listMachineAccounts: route({ method: "GET", path: "/machine-accounts", permission: "interface.write", summary: "Outside systems with a key, revoked ones too; never the keys", answer: z.object({ accounts: z.array(interfaces.MachineAccount) }) }),
  createMachineAccount: route({ method: "POST", path: "/machine-accounts", permission: "interface.write", summary: "Make a key for one outside system and one interface; the answer is the only place that ever shows it", body: interfaces.NewMachineAccount, answer: interfaces.MachineAccountMade }),
  listTrackers: route({ method: "GET", path: "/trackers", permission: "interface.write", summary: "Registered trackers with what was last heard of them, and devices that speak without being registered", answer: trackers.Trackers }),
  createTracker: route({ method: "POST", path: "/trackers", permission: "interface.write", summary: "Say which unit a device speaks for; one unit has one tracker", body: trackers.NewTracker, answer: trackers.Tracker }),
  removeTracker: route({ method: "DELETE", path: "/trackers/{id}", permission: "interface.write", summary: "The device speaks for no unit any more", params: byId, answer: Done }),
  reportOsmAnd: route({ method: "GET", path: "/avl/osmand", permission: "tracker.report", summary: "One position, as OsmAnd and the Traccar client send it in the address; the answer says what was thought of it", query: trackers.OsmAndReport, answer: trackers.FixTaken }),
  reportOsmAndByPost: route({ method: "POST", path: "/avl/osmand", permission: "tracker.report", summary: "The same by POST: parameters in the address or in a form, or a newer Traccar client's JSON", query: trackers.OsmAndReport, body: trackers.OsmAndReport.nullish(), isForm: true, answer: trackers.FixTaken }),
  reportCall: route({ method: "POST", path: "/telephony/calls", permission: "switch.report", summary: "What a telephone switch tells of one call: it rings, was answered elsewhere, was transferred, the caller hung up. The answer says what became of it", body: ways.CallReport, answer: ways.ReportTaken }),
  reportMessage: route({ method: "POST", path: "/messages", permission: "message.report", summary: "A text message, or what an app sent: becomes a contact", body: ways.MessageReport, answer: ways.ReportTaken }),
  reportAlarm: route({ method: "POST", path: "/alarms", permission: "alarm.report", summary: "An alarm of a panel, a panic button or a camera: becomes a contact, with the site, door and cameras of its registered point", body: ways.AlarmReport, answer: ways.ReportTaken }),
  listAlarmPoints: route({ method: "GET", path: "/alarm-points", permission: "interface.write", summary: "Registered detectors, buttons and doors", answer: z.object({ points: z.array(ways.AlarmPoint) }) }),
  createAlarmPoint: route({ method: "POST", path: "/alarm-points", permission: "interface.write", summary: "Register a detector, button or door by the code that its panel sends", body: ways.NewAlarmPoint, answer: ways.AlarmPoint }),
  changeAlarmPoint: route({ method: "PATCH", path: "/alarm-points/{id}", permission: "interface.write", summary: "Put other particulars in its place", params: byId, body: ways.NewAlarmPoint, answer: ways.AlarmPoint }),
  removeAlarmPoint: route({ method: "DELETE", path: "/alarm-points/{id}", permission: "interface.write", summary: "Forget an alarm point; its alarms are still taken", params: byId, answer: Done }),
  listWebhooks: route({ method: "GET", path: "/webhooks", permission: "interface.write", summary: "Where deliveries go, how many wait and how many were given up", answer: z.object({ webhooks: z.array(webhooks.Webhook) }) }),
  createWebhook: route({ method: "POST", path: "/webhooks", permission: "interface.write", summary: "Tell an outside system of incidents or public warnings from now on; the secret that signs deliveries is told once", body: webhooks.NewWebhook, answer: webhooks.WebhookMade }),
  changeWebhook: route({ method: "PATCH", path: "/webhooks/{id}", permission: "interface.write", summary: "Stop delivering, or go on", params: byId, body: z.object({ enabled: z.boolean() }), answer: webhooks.Webhook }),
  removeWebhook: route({ method: "DELETE", path: "/webhooks/{id}", permission: "interface.write", summary: "Remove a webhook with what still waits for it", params: byId, answer: Done }),
  listDeliveries: route({ method: "GET", path: "/webhook-deliveries", permission: "interface.write", summary: "Deliveries by state, newest first: dead letters unless told otherwise", query: webhooks.DeliveryQuery, answer: z.object({ deliveries: z.array(webhooks.Delivery) }) }),
  resendDeliveries: route({ method: "POST", path: "/webhook-deliveries/resend", permission: "interface.write", summary: "Send dead letters again", body: z.object({ ids: z.array(z.int().positive()).min(1).max(500) }), answer: z.object({ sent: z.int() }) }),
  listIncidentEvents: route({ method: "GET", path: "/incident-events", permission: "event.read", summary: "What happened to incidents, in the log's order, after a sequence: ask again with `next`", query: webhooks.EventQuery, answer: webhooks.EventPage }),
  listWarnings: route({ method: "GET", path: "/warnings", permission: "warning.write", summary: "Warnings to the public, drafts too, newest first", answer: z.object({ warnings: z.array(warnings.Warning) }) }),
  draftWarning: route({ method: "POST", path: "/warnings", permission: "warning.write", summary: "Draft a warning to the public, an update of one or its withdrawal; somebody else sends it", body: warnings.NewWarning, answer: warnings.Warning }),
  changeWarning: route({ method: "PATCH", path: "/warnings/{id}", permission: "warning.write", summary: "Word a draft anew; whoever does is its drafter from then on", params: byId, body: warnings.ChangeWarning, answer: warnings.Warning }),
  approveWarning: route({ method: "POST", path: "/warnings/{id}/approval", permission: "warning.write", summary: "Send what another person drafted, in the wording that was read", params: byId, body: warnings.ApproveWarning, answer: warnings.Warning }),
  discardWarning: route({ method: "POST", path: "/warnings/{id}/discard", permission: "warning.write", summary: "A draft that is not to be sent", params: byId, answer: warnings.Warning }),
  listPublicWarnings: route({ method: "GET", path: "/public/warnings", permission: "open", summary: "Warnings to the public: those of the last seven days and all in force. The same as Atom: /public/warnings.atom, each as CAP 1.2: /public/warnings/ID.xml", answer: warnings.PublicWarnings }),
  reportCap: route({ method: "POST", path: "/cap", permission: "alarm.report", summary: "A CAP 1.2 document of another agency, as XML or in JSON: becomes a contact", body: warnings.CapReport, isXml: true, answer: warnings.CapTaken }),
  getIncidentEido: route({ method: "GET", path: "/incidents/{id}/eido", permission: ["operate.read", "incident.exchange"], summary: "One incident as an EIDO (NENA-STA-021.1); to a neighbouring centre while it is shared with it, and each time written down", params: byId, answer: EidoObject }),
  listSharingAgencies: route({ method: "GET", path: "/sharing-agencies", permission: "incident.share", summary: "Agencies that an incident can be shared with: neighbouring centres with a key, webhooks of the form eido", answer: z.object({ agencies: z.array(sharings.Agency) }) }),
  listSharings: route({ method: "GET", path: "/incidents/{id}/sharings", permission: "operate.read", summary: "Who outside may read, or could read, this incident: for what, until when, how often it was read", params: byId, answer: z.object({ sharings: z.array(sharings.Sharing) }) }),
  createSharing: route({ method: "POST", path: "/incidents/{id}/sharings", permission: "incident.share", summary: "Let an agency read this incident, with callers' words and numbers, for a purpose and so many hours", params: byId, body: sharings.NewSharing, answer: sharings.Sharing }),
  endSharing: route({ method: "POST", path: "/sharings/{id}/end", permission: "incident.share", summary: "From now on the agency reads nothing of it any more", params: byId, answer: sharings.Sharing }),
  reportEido: route({ method: "POST", path: "/eido", permission: "incident.exchange", summary: "An incident of a neighbouring centre as an EIDO: becomes a contact with its words, never by itself an incident", body: EidoObject, answer: ways.ReportTaken }),
  revokeMachineAccount: route({ method: "POST", path: "/machine-accounts/{id}/revocation", permission: "interface.write", summary: "The key opens nothing from now on; it cannot be taken back", params: byId, answer: interfaces.MachineAccount }),
} as const;
