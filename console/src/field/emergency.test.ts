// The emergency button by a held clock: whatever comes late, who held it long enough is heard, and at once.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createHelpCall, createHold, HOLD_MS } from "./emergency.ts";

/** `timers`: false for a phone whose timers and frames do not come while the finger is down. */
function press({ timers = true } = {}) {
  let now = 10_000;
  let waiting: { readonly at: number; readonly run: () => void }[] = [];
  const said: string[] = [];
  const hold = createHold({
    now: () => now,
    after: (ms, run) => {
      const one = { at: now + ms, run };
      waiting.push(one);
      return () => void (waiting = waiting.filter((other) => other !== one));
    },
  }, { begun: () => said.push("begun"), held: () => said.push("help"), ended: () => said.push("ended") });
  const pass = (ms: number): void => {
    now += ms;
    const due = timers ? waiting.filter((one) => one.at <= now) : [];
    waiting = waiting.filter((one) => !due.includes(one));
    for (const one of due) one.run();
  };
  return { hold, said, pass, at: () => now, left: () => waiting.length };
}

describe("the emergency button", () => {
  it("calls help when the time is over, with the finger still on it, once", () => {
    const { hold, said, pass, at, left } = press();
    hold.begin(at());
    pass(HOLD_MS - 1);
    assert.deepEqual(said, ["begun"]);
    pass(1);
    assert.deepEqual(said, ["begun", "help"]);
    hold.begin(at()); // a held key repeats
    pass(60_000);
    hold.end(at());
    assert.deepEqual(said, ["begun", "help", "ended"]);
    assert.equal(left(), 0);
  });
  it("calls help on letting go where no timer and no frame came meanwhile", () => {
    const { hold, said, pass, at } = press({ timers: false });
    hold.begin(at());
    pass(3_500);
    assert.deepEqual(said, ["begun"]);
    hold.end(at());
    assert.deepEqual(said, ["begun", "help", "ended"]);
  });
  it("calls nothing where it was let go early, though the letting go is handled late; the next press counts from its own beginning", () => {
    const { hold, said, pass, at } = press({ timers: false });
    const touched = at();
    hold.begin(touched);
    pass(3_500);
    hold.end(touched + HOLD_MS - 1);
    assert.deepEqual(said, ["begun", "ended"]);
    hold.begin(at());
    pass(HOLD_MS);
    hold.end(at());
    assert.deepEqual(said, ["begun", "ended", "begun", "help", "ended"]);
  });
  it("calls in time where the touch itself is handled late, waits on where a timer comes early, and nothing where it is dropped", () => {
    const late = press();
    late.hold.begin(late.at() - 1_000);
    late.pass(500);
    assert.deepEqual(late.said, ["begun", "help"]);
    const dropped = press();
    dropped.hold.begin(dropped.at());
    dropped.hold.drop();
    dropped.pass(60_000);
    dropped.hold.end(dropped.at());
    assert.deepEqual(dropped.said, ["begun", "ended"]);
  });
});

describe("the call for help", () => {
  const here = { lon: -56.19, lat: -34.9 };
  it("takes the place along that was found while the button was held", async () => {
    const pressed: unknown[] = [];
    const help = createHelpCall(async () => here, (point) => pressed.push(point));
    help.prepare();
    await Promise.resolve();
    help.call();
    await Promise.resolve();
    assert.deepEqual(pressed, [here]);
  });
  it("waits for no place: the call goes at once, and the place after it when it comes", async () => {
    const pressed: unknown[] = [];
    const { promise, resolve } = Promise.withResolvers<typeof here | null>();
    const help = createHelpCall(() => promise, (point) => pressed.push(point));
    help.prepare();
    help.call();
    assert.deepEqual(pressed, [null]);
    resolve(here);
    await promise;
    assert.deepEqual(pressed, [null, here]);
  });
  it("says no place twice to nobody", async () => {
    const pressed: unknown[] = [];
    const help = createHelpCall(async () => null, (point) => pressed.push(point));
    help.prepare();
    help.call();
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(pressed, [null]);
  });
});
