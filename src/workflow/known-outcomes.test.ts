// What is known of commands that come again, whatever is under way.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createKnownOutcomes } from "./known-outcomes.ts";
import type { StoredOutcome } from "./event-store.ts";

const outcomeOf = (commandId: string): StoredOutcome => ({ commandId }) as StoredOutcome;

function open(stored: readonly string[] = []) {
  const asked: string[][] = [];
  let fails = false;
  let now = 0;
  const log = new Set(stored);
  const outcomes = createKnownOutcomes({
    findOutcomes: async (ids) => {
      asked.push([...ids]);
      await Promise.resolve();
      if (fails) throw new Error("connection lost");
      return ids.filter((id) => log.has(id)).map(outcomeOf);
    },
  }, { wallMs: () => now, monotonicMs: () => now });
  const job = (commandId: string, isRetry = false) => ({ request: { from: "outside" as const, commandId }, submittedAt: now, isRetry });
  return { asked, log, outcomes, job, wait: (ms: number) => void (now += ms), fail: (value: boolean) => void (fails = value) };
}

describe("known outcomes", () => {
  it("[CMD1] are asked for many together, while another question is under way", async () => {
    const { asked, outcomes, job } = open(["b"]);
    const jobs = ["a", "b", "c"].map((id) => job(id));
    for (const one of jobs) outcomes.ask(one);
    await Promise.all(jobs.map((one) => outcomes.lookUp(one)));
    assert.deepEqual(asked, [["a", "b", "c"]]);
    assert.deepEqual([outcomes.find("a"), outcomes.find("b")], [undefined, outcomeOf("b")]);
  });
  it("[CMD1] one that was committed after the question is known all the same", async () => {
    const { outcomes, job, wait } = open();
    const second = job("x");
    outcomes.ask(second);
    await outcomes.lookUp(second); // before the first was committed
    outcomes.keep([outcomeOf("x")]);
    wait(14_000);
    assert.deepEqual(outcomes.find("x"), outcomeOf("x"));
    wait(2_000);
    outcomes.keep([outcomeOf("y")]);
    assert.equal(outcomes.find("x"), undefined, "and forgotten when nobody can wait for it any more");
  });
  it("[CMD1] one that comes again long after is known, though what was remembered of it has grown old meanwhile", async () => {
    const { outcomes, job, log, wait } = open();
    outcomes.keep([outcomeOf("x")]);
    log.add("x");
    wait(60_000); // nothing was committed since, so nothing was forgotten either
    const again = job("x");
    outcomes.ask(again);
    await outcomes.lookUp(again);
    assert.deepEqual(outcomes.find("x"), outcomeOf("x"));
    outcomes.keep([outcomeOf("y")]);
    assert.deepEqual(outcomes.find("x"), outcomeOf("x"), "nor while it waits for its turn");
  });
  it("[CMD1] a command whose group failed is asked for anew, since its first try may be there", async () => {
    const { outcomes, job, log, fail } = open();
    const first = job("x");
    outcomes.ask(first);
    await outcomes.lookUp(first);
    log.add("x"); // committed, and the answer was lost
    const retry = { ...first, isRetry: true };
    fail(true);
    await assert.rejects(outcomes.lookUp(retry), /connection lost/);
    fail(false);
    await outcomes.lookUp(retry);
    assert.deepEqual(outcomes.find("x"), outcomeOf("x"));
  });
});
