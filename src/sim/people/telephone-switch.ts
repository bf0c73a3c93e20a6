// The telephone switch of the simulated city, as an integrator would write it from the contract: it tells the centre of each call by POST /telephony/calls, with the
// call's own id, and sends a report again until it was heard; the answer says what became of the call.
import { ROUTES } from "../../contract/routes.ts";
import type { CallReport } from "../../contract/contact-ways.ts";
import type { Requester } from "./centre-client.ts";
import type { z } from "zod";

export type CallState = z.output<typeof ROUTES.reportCall.answer>["state"];
export interface TelephoneSwitch {
  /** The same call as often as one likes: it tells what became of it. Null where the centre refuses to hear of it, or on stop. */
  ring(call: Omit<Extract<z.input<typeof CallReport>, { event: "ring" }>, "event">): Promise<CallState | null>;
  hangUp(callId: string): Promise<CallState | null>;
  /** Somebody took it who does not work with Citywatch. */
  answeredElsewhere(callId: string, to: string): Promise<CallState | null>;
}

export function createTelephoneSwitch(request: Requester): TelephoneSwitch {
  const report = async (body: z.input<typeof CallReport>): Promise<CallState | null> => {
    const answer = await request(`call ${body.event}`, ROUTES.reportCall.path, body, (json) => ROUTES.reportCall.answer.safeParse(json).data);
    return answer?.state ?? null;
  };
  return {
    ring: (call) => report({ event: "ring", ...call }),
    hangUp: (callId) => report({ event: "hang-up", callId }),
    answeredElsewhere: (callId, to) => report({ event: "answered-elsewhere", callId, to }),
  };
}
