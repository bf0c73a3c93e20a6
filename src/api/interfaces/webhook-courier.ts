// Brings to others what was committed: makes deliveries from the log when it has grown, and sends those that are due. Everything here runs beside commands and after
// them; nothing of dispatch waits for it, and where it stumbles it says so and goes on a second later.
import type { Clock } from "../../base/time.ts";
import type { DueDelivery, WebhookTarget } from "../../contract/webhooks.ts";
import { judgeAttempt, signedText, type Attempt } from "../../interfaces/webhook.ts";
import type { LogPort, PosterPort, TimerPort, WebhookStorePort } from "../ports.ts";

export interface CourierOptions {
  readonly clock: Clock;
  readonly timers: TimerPort;
  readonly log: LogPort;
  readonly store: WebhookStorePort;
  readonly poster: PosterPort;
  /** HMAC-SHA256 of the text under a secret as it was given out, base64. */
  readonly sign: (secret: string, text: string) => string;
  readonly chance: () => number;
  /** What is told; null: there is nothing to tell any more. */
  readonly write: (webhook: WebhookTarget, delivery: { readonly id: number; readonly topic: string; readonly event: string; readonly subjectId: number; readonly sequence: number; readonly eventAt: number }) => Promise<object | null>;
  readonly userAgent: string;
}
export interface Courier {
  /** The log has grown. Returns at once. */
  wake(): void;
  underWay(): number;
  stop(): Promise<void>;
}

const LOOK_EVERY_MS = 1_000;
const AT_ONCE = 4;
const TIMEOUT_MS = 10_000;

export function createCourier({ clock, timers, log, store, poster, sign, chance, write, userAgent }: CourierOptions): Courier {
  const underWay = new Map<number, Set<number>>(); // deliveries, by webhook
  const sending = new Set<Promise<void>>();
  let woken = true; // what was committed while nobody delivered
  let looking: Promise<void> | null = null;
  let stopped = false;

  const settle = async (webhook: WebhookTarget, delivery: DueDelivery, attempt: Attempt): Promise<void> => {
    const tries = delivery.tries + 1;
    const after = judgeAttempt(attempt, tries, clock.wallMs(), chance());
    if (after.state === "dead") log.warn({ webhook: webhook.name, delivery: delivery.id, error: after.error }, "a delivery was given up: it is a dead letter");
    await store.settle(delivery.id, tries, after, clock.wallMs());
  };
  /** What cannot even be sent (a secret that does not unseal) is a try that failed: it waits like one, and what stands behind it goes on. */
  const stumble = (webhook: WebhookTarget, delivery: DueDelivery, error: Error): Promise<void> | undefined => {
    log.warn({ webhook: webhook.name, delivery: delivery.id, error: error.message }, "a delivery stumbled");
    return stopped ? undefined : settle(webhook, delivery, { error: error.message });
  };
  const deliver = async (webhook: WebhookTarget, delivery: DueDelivery): Promise<void> => {
    const secret = await store.findSecret(webhook.id);
    const content = await write(webhook, delivery);
    if (secret === null || content === null) return store.settle(delivery.id, delivery.tries, { state: "dead", error: "there is nothing to tell any more" }, clock.wallMs());
    const id = `evt_${delivery.id}`;
    const body = JSON.stringify(content);
    const seconds = Math.floor(clock.wallMs() / 1_000);
    const attempt = await poster.post(webhook.url, {
      "content-type": "application/json", "user-agent": userAgent, "webhook-id": id, "webhook-timestamp": String(seconds), "webhook-signature": `v1,${sign(secret, signedText(id, seconds, body))}`,
    }, body, TIMEOUT_MS);
    if (stopped && !("status" in attempt)) return; // it is tried again after the start
    await settle(webhook, delivery, attempt);
  };

  const look = async (): Promise<void> => {
    if (woken) {
      woken = false;
      while (!stopped && (await store.makeDeliveries(clock.wallMs())) > 0);
    }
    for (const webhook of await store.listTargets(clock.wallMs())) {
      if (stopped) return;
      const busy = underWay.get(webhook.id) ?? new Set<number>();
      underWay.set(webhook.id, busy);
      if (busy.size >= AT_ONCE) continue;
      const due = (await store.listDue(webhook.id, clock.wallMs(), AT_ONCE * 2)).filter((one) => !busy.has(one.id)).slice(0, AT_ONCE - busy.size);
      for (const delivery of due) {
        busy.add(delivery.id);
        const sent = deliver(webhook, delivery)
          .catch((error: unknown) => stumble(webhook, delivery, error as Error))
          .then(() => true, () => false) // not even settled: the store does not answer, and the timer's next look is soon enough
          .then((isSettled) => {
            busy.delete(delivery.id);
            sending.delete(sent);
            if (isSettled && !stopped) lookSoon();
          });
        sending.add(sent);
      }
    }
  };
  const lookSoon = (): void => {
    if (looking !== null || stopped) return;
    looking = look()
      .catch((error: unknown) => {
        woken = true;
        log.warn({ error: (error as Error).message }, "deliveries could not be made");
      })
      .finally(() => void (looking = null));
  };
  const stopTimer = timers.every(LOOK_EVERY_MS, lookSoon);
  return {
    wake: () => void (woken = true),
    underWay: () => [...underWay.values()].reduce((sum, busy) => sum + busy.size, 0),
    stop: async () => {
      stopped = true;
      stopTimer();
      await looking;
      await Promise.race([Promise.all(sending), new Promise<void>((done) => void timers.after(1_000, done))]); // what hangs is tried again after the start
    },
  };
}
