// The draft of a call: what its taker has typed so far, kept field by field on the server until the incident is made [CON10]. Whoever may take calls
// may read it, since the next to take this one goes on with it; only its claimant writes.
import { cleanText } from "../../base/clean-text.ts";
import type { Clock } from "../../base/time.ts";
import type { Contact, KeptDraft } from "../../contract/dispatch.ts";
import { ApiError, notFound } from "../gate/problem.ts";
import type { Handlers } from "../handler.ts";
import type { CallDraftStorePort } from "../ports.ts";

export interface CallDraftHandlerOptions {
  readonly clock: Clock;
  readonly drafts: CallDraftStorePort;
  readonly findContact: (id: number) => Contact | null;
}

const NOTHING_KEPT: KeptDraft = { draft: {}, stamps: {}, changedAt: null, changedBy: null };

export function createCallDraftHandlers({ clock, drafts, findContact }: CallDraftHandlerOptions): Pick<Handlers, "getCallDraft" | "changeCallDraft"> {
  const getContact = (id: number): Contact => {
    const contact = findContact(id);
    if (contact === null) throw notFound("call");
    return contact;
  };
  return {
    getCallDraft: async ({ params }) => {
      getContact(params.id);
      return (await drafts.find(params.id)) ?? NOTHING_KEPT;
    },
    changeCallDraft: async ({ principal, params, body }) => {
      const { state, claimedBy } = getContact(params.id);
      if (state === "ended") throw new ApiError(409, "contact-ended", "The call has ended");
      if (state !== "claimed") throw new ApiError(409, "contact-not-claimed", "Take the call first");
      if (claimedBy?.kind !== principal.actor.kind || claimedBy.id !== principal.actor.id) throw new ApiError(409, "contact-claimed", "Somebody else has the call", { details: { by: claimedBy } });
      return drafts.change(params.id, { ...body, fields: cleanText(body.fields) }, principal.actor, clock.wallMs());
    },
  };
}
