// Whether a camera may be looked at for the reason that was given [VIEW1..VIEW3] [VIEW10]. Decides, and says why not; writes nothing. The record and
// the token are the caller's, in that order.
import { DAY_MS, MINUTE_MS, type WallMs } from "../base/time.ts";
import { createFault, type InputFault } from "../base/expectations.ts";
import { err, ok, type Result } from "../base/result.ts";

export const LONGEST_LOOK_BACK_MS = DAY_MS;
/** Tiles that were opened for an incident may come back for a moment after it ended. */
export const INCIDENT_GRACE_MS = 15 * MINUTE_MS;
/** A clock of a console may be ahead of ours by so much. */
const CLOCK_SLACK_MS = MINUTE_MS;
export const VIEW_TOKEN_MS = 5 * MINUTE_MS;

/** As in the contract, which these rules do not see. */
export type ViewMode = "live" | "playback" | "download";
export interface ViewRange {
  readonly mode: ViewMode;
  readonly from: WallMs | null;
  readonly to: WallMs | null;
}

/** The range that a request names, or what is wrong with it. */
export function checkViewRange(range: ViewRange, now: WallMs): Result<ViewRange, InputFault> {
  const { mode, from, to } = range;
  if (mode === "live") {
    if (from === null && to === null) return ok(range);
    return err(createFault(from === null ? "to" : "from", String(from ?? to), "no-range"));
  }
  if (from === null) return err(createFault("from", "null", "range-start"));
  if (to === null) return err(createFault("to", "null", "range-end"));
  if (to <= from) return err(createFault("to", String(to), "time-after", { t: from }));
  if (to - from > LONGEST_LOOK_BACK_MS) return err(createFault("to", String(to), "range-of-a-day"));
  if (from > now + CLOCK_SLACK_MS) return err(createFault("from", String(from), "time-past"));
  return ok(range);
}

/** What is known of a look that somebody wants to renew or end. */
export interface ViewFacts {
  readonly accountId: number;
  readonly at: WallMs;
  readonly renewedAt: WallMs | null;
  readonly endedAt: WallMs | null;
}
/** After that no token of the look opens anything [VIEW6]. */
export const viewOpenUntil = ({ at, renewedAt }: Pick<ViewFacts, "at" | "renewedAt">): WallMs => (renewedAt ?? at) + VIEW_TOKEN_MS;

/** A download that takes longer is cut; so long may one be under way after its token was given. */
export const LONGEST_DOWNLOAD_MS = DAY_MS;
/** Where no end was told, pictures went out until then at the latest: a download that has begun goes on after its token [VIEW8]. */
export const picturesUntil = (look: Pick<ViewFacts, "at" | "renewedAt"> & { readonly mode: string; readonly served: readonly object[] | null }): WallMs =>
  look.mode === "download" && look.served !== null ? look.at + LONGEST_DOWNLOAD_MS : viewOpenUntil(look);

export type RenewalRefusal = "other-account" | "view-ended";
/** null: the look may go on, as far as the look itself decides; its reason is judged apart [VIEW7]. */
export function refuseRenewal(view: ViewFacts, accountId: number, now: WallMs): RenewalRefusal | null {
  if (view.accountId !== accountId) return "other-account";
  if (view.endedAt !== null || now >= viewOpenUntil(view)) return "view-ended";
  return null;
}

/** Of the incident that is given as the reason: undefined where it does not exist. */
export interface IncidentForView {
  readonly endedAt: WallMs | null;
}
export const INCIDENT_REFUSALS = ["incident-unknown", "incident-ended"] as const;
export type IncidentRefusal = (typeof INCIDENT_REFUSALS)[number];

/** null: the incident is reason enough. */
export function refuseIncidentReason(incident: IncidentForView | null, mode: ViewMode, now: WallMs): IncidentRefusal | null {
  if (incident === null) return "incident-unknown";
  if (mode === "live" && incident.endedAt !== null && now - incident.endedAt > INCIDENT_GRACE_MS) return "incident-ended";
  return null;
}

/** Of the contact that is given as the reason: `incidentId` is the incident that was made of it or that it was attached to. */
export interface ContactForView {
  readonly endedAt: WallMs | null;
  readonly incidentId: number | null;
}
export type CallRefusal = "call-unknown" | "call-ended";
export type CallReason =
  | { readonly kind: "call" }
  /** The call has become this incident, which is the reason from now on. */
  | { readonly kind: "incident"; readonly incidentId: number }
  | { readonly kind: "refused"; readonly refusal: CallRefusal };

/** [VIEW10] A call is reason enough until it ends. One that ended without an incident has nothing left to look for, live or past. */
export function judgeCallReason(contact: ContactForView | null): CallReason {
  if (contact === null) return { kind: "refused", refusal: "call-unknown" };
  if (contact.incidentId !== null) return { kind: "incident", incidentId: contact.incidentId };
  return contact.endedAt === null ? { kind: "call" } : { kind: "refused", refusal: "call-ended" };
}
