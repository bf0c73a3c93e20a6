import assert from "node:assert/strict";
import { setImmediate as turn } from "node:timers/promises";
import { describe, test } from "node:test";
import type { DueDelivery } from "../../contract/webhooks.ts";
import type { WebhookStorePort } from "../ports.ts";
import { createCourier } from "./webhook-courier.ts";

const NOW = Date.UTC(2026, 2, 1);
const TARGET = { id: 1, name: "North", url: "https://north.example/", format: "citywatch" } as const;

/** Six deliveries of one webhook; those in `broken` throw before they are sent. The timer ticks when the test says so. */
function world(broken: readonly number[], isStoreDown = false) {
  const waiting = new Map<number, DueDelivery & { nextAt: number }>(Array.from({ length: 6 }, (_, i) => [i + 1, { id: i + 1, sequence: i + 1, topic: "incident", event: "incident.noted", subjectId: i + 1, eventAt: NOW, tries: 0, nextAt: NOW }]));
  const sent: string[] = [];
  const errors: string[] = [];
  let looks = 0;
  let tick = (): void => undefined;
  const store: Pick<WebhookStorePort, "makeDeliveries" | "listTargets" | "listDue" | "findSecret" | "settle"> = {
    makeDeliveries: async () => 0,
    listTargets: async () => [TARGET],
    listDue: async (_webhookId, now, limit) => {
      if (++looks > 1_000) throw new Error("it looks without end");
      return [...waiting.values()].filter(({ nextAt }) => nextAt <= now).slice(0, limit);
    },
    findSecret: async () => "whsec_x",
    settle: async (id, tries, after) => {
      if (isStoreDown) throw new Error("the database does not answer");
      if (after.state === "waiting") waiting.set(id, { ...waiting.get(id)!, tries, nextAt: after.nextAt });
      else waiting.delete(id);
      if (after.state !== "delivered") errors.push(`${id} ${after.state} ${after.error}`);
    },
  };
  const courier = createCourier({
    clock: { wallMs: () => NOW, monotonicMs: () => 0 }, store: store as WebhookStorePort, sign: () => "", chance: () => 0, userAgent: "test",
    timers: { every: (_ms, work) => { tick = work; return () => undefined; }, after: (_ms, work) => { work(); return () => undefined; } },
    log: { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined } as never,
    poster: { post: async (_url, headers) => { sent.push(headers["webhook-id"]!); return { status: 200 }; } },
    write: async (_webhook, { subjectId }) => {
      if (broken.includes(subjectId)) throw new Error("unsealing failed");
      return {};
    },
  });
  const settleDown = async (): Promise<void> => {
    tick();
    for (let i = 0; i < 200; i++) await turn();
  };
  return { courier, waiting, sent, errors, settleDown, looks: () => looks };
}

describe("deliveries that cannot even be sent", () => {
  test("[WHK4] [WHK6] each is a try that failed and waits like one; those behind them are delivered", async () => {
    const { courier, waiting, sent, errors, settleDown, looks } = world([1, 2, 3, 4]);
    await settleDown();
    await courier.stop();
    assert.deepEqual(sent, ["evt_5", "evt_6"]);
    assert.deepEqual(errors, [1, 2, 3, 4].map((id) => `${id} waiting unsealing failed`));
    assert.deepEqual([...waiting.values()].map(({ tries, nextAt }) => [tries, nextAt > NOW]), [1, 2, 3, 4].map(() => [1, true]));
    assert.ok(looks() <= 10, `${looks()} looks at the list`);
  });

  test("[WHK2] while the store does not take that either, the timer alone looks again", async () => {
    const { courier, sent, settleDown, looks } = world([1, 2, 3, 4, 5, 6], true);
    for (let i = 1; i <= 3; i++) {
      await settleDown();
      assert.equal(looks(), i);
    }
    await courier.stop();
    assert.deepEqual(sent, []);
  });
});
