// Roles and permissions. A permission names one thing that can be done; a role is a set of them; an account has roles.
// The table is data so that the gate, the console and the documentation read the same thing. Denied unless listed.
import { z } from "zod";
import { EXPECTATIONS } from "../base/expectations.ts";
import { Actor, Id, WallTime, text } from "./basics.ts";

export const ROLES = [
  "call-taker", "dispatcher", "supervisor", "video-operator", "officer", "guard", "planner", "engineer", "administrator", "inspector",
] as const;
export const Role = z.enum(ROLES);
export type Role = z.infer<typeof Role>;

/** Machine accounts: their tokens are made by the system, and each may do one narrow thing. */
export const SERVICE_ROLES = ["service-telephony", "service-fleet", "service-recorder", "service-operator", "service-replay"] as const;
export const ServiceRole = z.enum(SERVICE_ROLES);
export type ServiceRole = z.infer<typeof ServiceRole>;

export const PERMISSIONS = [
  "operate.read", // the live state: contacts, incidents, units, assignments, positions
  "contact.receive", // hand in a contact from a switch
  "replay.feed", // feed the log of another centre into training
  "contact.handle", // claim, release, dispose
  "incident.write", // create, update, note, close
  "assignment.write", // propose, assign, recall
  "escalation.take", // what nobody took, answered or sent anybody to in time goes up to them
  "unit.write", // change any unit's availability
  "unit.register", // enter units and change who is in them
  "duty.write", // platforms, and who is on duty from when to when
  "road.close", // say which roads are not to be driven through
  "unit.self", // one's own unit: next status, availability, emergency
  "position.report", // report positions
  "map.read", // city, tiles, place search
  "camera.read", // the register of cameras, without pictures
  "camera.write", // add, change, remove cameras
  "camera.trigger", // tell a camera that records on events that something happened
  "camera.view", // pictures, live and past, with a purpose
  "camera.download", // what was recorded, as a file to take away, with a purpose
  "hold.read", // evidence holds: what is kept, why and until when it is to be looked at again
  "hold.write", // hold recordings as evidence, and say that they are still needed
  "hold.release", // let held recordings go
  "evidence.export", // packages of what cameras recorded, signed, to be handed over
  "job.view", // live pictures of the place of the own unit's job, while it has it
  "recorder.link", // a recorder's link to the centre
  "figures.read", // the board of figures
  "access-record.read", // who watched what and why
  "audit.read", // who changed accounts, cameras and settings
  "account.write", // accounts and roles
  "system.read", // health of the parts
  "interface.write", // outside systems: their keys, and what is registered of them
  "run-card.write", // what goes to which incident: propose tables of run cards, and put in force what somebody else proposed
  "warning.write", // draft warnings to the public, and send what somebody else drafted
  "switch.report", // a telephone switch tells of its calls
  "message.report", // hand in text messages and what apps send
  "alarm.report", // hand in alarms of panels, buttons, cameras and other agencies
  "tracker.report", // positions of registered trackers
  "incident.share", // let another agency read an incident
  "incident.exchange", // incidents from and to neighbouring centres
  "event.read", // what happened to incidents, by cursor
] as const;
export const Permission = z.enum(PERMISSIONS);
export type Permission = z.infer<typeof Permission>;

const DISPATCHER = [
  "operate.read", "map.read", "contact.handle", "incident.write", "assignment.write", "unit.write", "road.close", "camera.read", "camera.trigger", "camera.view", "camera.download",
  "hold.read", "hold.write", "evidence.export", "figures.read", "system.read", "warning.write", "incident.share",
] as const satisfies readonly Permission[];
export const PERMISSIONS_OF: Record<Role | ServiceRole, readonly Permission[]> = {
  "call-taker": ["operate.read", "map.read", "contact.handle", "incident.write", "camera.read", "camera.trigger", "camera.view", "hold.read", "figures.read"],
  dispatcher: DISPATCHER,
  supervisor: [...DISPATCHER, "escalation.take"], // of the room: a dispatcher to whom things go up
  "video-operator": ["operate.read", "map.read", "camera.read", "camera.trigger", "camera.view", "camera.download", "hold.read", "hold.write", "evidence.export", "figures.read"],
  officer: ["map.read", "unit.self", "job.view"],
  guard: ["map.read", "unit.self", "job.view"],
  planner: ["map.read", "camera.read", "figures.read"],
  engineer: ["map.read", "camera.read", "camera.trigger", "camera.write", "hold.read", "system.read"],
  administrator: ["map.read", "account.write", "run-card.write", "interface.write", "unit.register", "duty.write", "system.read", "audit.read", "camera.read", "hold.read", "hold.release"],
  inspector: ["map.read", "camera.read", "hold.read", "access-record.read", "audit.read", "figures.read"],
  "service-telephony": ["contact.receive", "switch.report"],
  "service-fleet": ["position.report", "unit.self"],
  "service-recorder": ["recorder.link"],
  "service-operator": ["camera.read", "camera.trigger", "camera.write", "hold.read", "hold.write", "unit.register", "duty.write", "system.read"], // the command line on the server's own machine
  "service-replay": ["replay.feed", "contact.receive", "contact.handle", "incident.write", "assignment.write", "unit.register"], // known to a demo and to training only: nothing that it feeds has happened here
};

export const Account = z.object({
  id: Id, name: z.string(), login: z.string(), roles: z.array(Role), unitId: Id.nullable(), disabled: z.boolean(), createdAt: WallTime,
});
export type Account = z.infer<typeof Account>;

export const Login = z.string().trim().toLowerCase().regex(/^[a-z0-9][a-z0-9._-]{1,39}$/, EXPECTATIONS.login);
export const Password = z.string().min(12).max(200);
export const LogIn = z.object({ login: Login, password: z.string().min(1).max(200) });
/** The first account of an installation, made with the one-time token that the terminal printed. */
/** A token as a person types it from another screen: case and what stands between the groups do not matter. */
export const plainToken = (typed: string): string => typed.toUpperCase().replace(/[^A-Z0-9]/g, "");
const OneTimeToken = z.string().max(200).transform(plainToken).pipe(z.string().min(20).max(100));
export const FirstAccount = z.object({ token: OneTimeToken, name: text(80), login: Login, password: Password });
export const NewAccount = z.object({ name: text(80), login: Login, password: Password, roles: z.array(Role).min(1), unitId: Id.nullable().default(null) });
export const ChangeAccount = z.object({
  name: text(80).optional(), roles: z.array(Role).min(1).optional(), unitId: Id.nullable().optional(), disabled: z.boolean().optional(), password: Password.optional(),
});

/** One's own new password: the present one is asked again, and all other sessions of the account end. */
export const ChangeOwnPassword = z.object({ current: z.string().min(1).max(200), next: Password });

/** Where somebody is logged in just now: since when, last used when, from which network address. */
export const AccountSession = z.object({ createdAt: WallTime, lastUsedAt: WallTime, address: z.string(), own: z.boolean() });
export type AccountSession = z.infer<typeof AccountSession>;

/** Header that goes with each change, for sessions by cookie. */
export const CSRF_HEADER = "x-citywatch-csrf";
/** Roles of the first account: an administrator only; in a demo everything, so that a newcomer can try it all. */
export const FIRST_ACCOUNT_ROLES: readonly Role[] = ["administrator"];
export const FIRST_DEMO_ACCOUNT_ROLES: readonly Role[] = ["administrator", "call-taker", "dispatcher", "supervisor", "video-operator", "engineer", "inspector"];

/**
 * One change that somebody made to accounts, cameras or settings, or one reading of the registers of looks and changes. `body` never holds a secret.
 * A change names each field that became another as `{ from, to }`. `subjectName` is what the subject is called now.
 */
export const AuditEntry = z.object({
  id: Id, at: WallTime, by: Actor, action: z.string(), subjectKind: z.string(), subjectId: z.int().nullable(), subjectName: z.string().nullable(), body: z.record(z.string(), z.unknown()),
});
export type AuditEntry = z.infer<typeof AuditEntry>;

/** What the page needs to know of who is logged in. `csrf` goes back as the header `x-citywatch-csrf` with each change. */
export const SessionView = z.object({
  account: Account, permissions: z.array(Permission), csrf: z.string(), expiresAt: WallTime,
});
export type SessionView = z.infer<typeof SessionView>;

/** Open to all: what the log-in page shows. `simulatedCalls`: people who are not there call by themselves. `needsFirstAccount` is true until the one-time token is used. */
export const Welcome = z.object({
  name: z.string(), demo: z.boolean(), simulatedCalls: z.boolean(), training: z.boolean(), version: z.string(), needsFirstAccount: z.boolean(), attribution: z.string(),
  firstAccountRoles: z.array(Role), // what the first account will be given, said on the page
});
export type Welcome = z.infer<typeof Welcome>;
