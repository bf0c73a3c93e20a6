// Units that leave their word out: told, told again, gone up, counted no more, and what brings them back.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, it } from "node:test";
import { SHORTFALL_UP } from "../base/shortfall-up.ts";
import { apply } from "./apply.ts";
import type { StoredEvent } from "./events.ts";
import { DEFAULT_POLICY, listWaitRows, readDispatchTimes } from "./policy.ts";
import { createState } from "./state.ts";
import { rebuilt } from "./testing/histories.ts";
import { ANA, FLEET, SWITCH, createWorld, type World } from "./testing/world.ts";
import { addSpan } from "./unheard.ts";

const hash = (text: string): string => createHash("sha256").update(text).digest("hex");
const ROAD_S = 61; // what the dispatcher was shown
const HERE = { point: { lon: -56.18, lat: -34.9 }, uncertaintyM: 5 };

interface Story {
  readonly w: World;
  readonly incidentId: number;
  readonly job: number;
}
/** One unit is asked for, and sent. */
function story(priority: number, ...steps: readonly ("acknowledged" | "en-route" | "staged" | "on-scene" | "transporting")[]): Story {
  const w = createWorld(hash);
  const incidentId = w.open();
  w.ok(ANA, { type: "incident.update", incidentId, priority });
  const job = w.assign(incidentId, 1);
  for (const step of steps) w.ok(FLEET, { type: "assignment.advance", assignmentId: job, to: step, deviceAt: null });
  assert.equal(w.incident(incidentId).shortfall, null);
  return { w, incidentId, job };
}
/** Second by second, as the centre's timers do. */
const pass = (w: World, seconds: number): void => {
  for (let i = 0; i < seconds; i++) w.wait(1_000);
};
/** A centre that is started anew has no positions of before. */
function isAway(w: World, seconds: number): void {
  const from = w.now;
  w.now = w.listeningSince = from + seconds * 1_000;
  w.unheard = addSpan(w.unheard, { from, to: w.now });
}
const tellings = ({ w, job }: Story): string[] => w.log.flatMap(({ body }) => {
  if (!("assignmentId" in body) || body.assignmentId !== job) return [];
  if (body.type === "assignment.unanswered") return [`${body.stage} ${body.times}${body.goneUp ? " up" : ""}`];
  return body.type === "assignment.not-acknowledged" || body.type === "assignment.not-heard" ? [body.type.slice("assignment.".length)] : [];
});
const goneUpAfter = (told: Story, atMost: number): number => {
  for (let second = 1; second <= atMost; second++) {
    told.w.wait(1_000);
    if (told.w.assignment(told.job).unanswered?.goneUp === true) return second;
  }
  return Infinity;
};

describe("a job that nobody acknowledges", () => {
  it("[ASG9] [ASG15] [ASG16] is told, told again, and goes up when nobody-is-going would have been told: the want is open again, and due", () => {
    const one = story(1);
    const { w, incidentId, job } = one;
    pass(w, 29);
    assert.deepEqual(tellings(one), []);
    pass(w, 1);
    assert.deepEqual([tellings(one), w.incident(incidentId).shortfall], [["not-acknowledged"], null]);
    pass(w, 30);
    assert.deepEqual(tellings(one), ["not-acknowledged", "acknowledge 2 up"]);
    assert.deepEqual([w.incident(incidentId).shortfall?.missing, w.incident(incidentId).shortfall?.dueAt], [1, w.now]);
    assert.deepEqual([w.assignment(job).state, w.unit(1).activeAssignmentId], ["assigned", job], "nobody is taken off by a clock");
    pass(w, 1);
    assert.equal(w.incident(incidentId).shortfall!.reminders, 1, "told at once: the wait was over before");
    pass(w, 2 * 3_600);
    assert.ok(w.assignment(job).unanswered!.times > 8 && w.incident(incidentId).shortfall!.reminders > 5, "and again and again: two hours are not silent");
  });
  it("[ASG16] by priority: the last moment is that of nobody-is-going", () => {
    for (const priority of [1, 2, 3, 4]) assert.equal(goneUpAfter(story(priority), 4_000), DEFAULT_POLICY.shortfallAfterMs[priority - 1]! / 1_000, `priority ${priority}`);
  });
  it("[ASG15] that a phone took it (sent, delivered) is no word of the crew", () => {
    const one = story(1);
    one.w.report(one.job, "sent");
    pass(one.w, 40);
    one.w.report(one.job, "delivered");
    pass(one.w, 20);
    assert.equal(one.w.assignment(one.job).unanswered?.goneUp, true);
    one.w.report(one.job, "sent");
    assert.equal(one.w.incident(one.incidentId).shortfall?.missing, 1);
  });
  it("[ASG16] counts again with its own word, and with that of somebody who knows; the shortfall is over", () => {
    for (const by of [FLEET, ANA]) {
      const { w, incidentId, job } = story(1);
      pass(w, 70);
      w.ok(by, { type: "assignment.advance", assignmentId: job, to: "acknowledged", deviceAt: null });
      assert.deepEqual([w.assignment(job).unanswered, w.incident(incidentId).shortfall], [null, null], by.name);
    }
  });
  it("[ASG17] is acknowledged by a word of somebody who knows, entered for it", () => {
    const { w, incidentId, job } = story(1);
    pass(w, 70);
    w.ok(ANA, { type: "assignment.confirm", assignmentId: job, words: "by radio" });
    assert.deepEqual([w.assignment(job).state, w.assignment(job).milestones.at(-1)?.entered, w.incident(incidentId).shortfall], ["acknowledged", true, null]);
  });
  it("[ASG16] [INC5] has served once it is cleared, though it counted nowhere until then", () => {
    const one = story(1, "acknowledged", "on-scene");
    assert.ok(goneUpAfter(one, 4_000) > 0);
    assert.equal(one.w.incident(one.incidentId).shortfall?.missing, 1);
    one.w.report(one.job, "cleared");
    assert.equal(one.w.incident(one.incidentId).shortfall, null);
  });
  it("[ASG16] another unit that is sent meets the want; where the first one answers after all, both go", () => {
    const { w, incidentId, job } = story(1);
    pass(w, 70);
    const other = w.assign(incidentId, 2);
    assert.equal(w.incident(incidentId).shortfall, null);
    w.report(job, "acknowledged");
    w.report(other, "acknowledged");
    assert.deepEqual([w.unit(1).activeAssignmentId, w.unit(2).activeAssignmentId], [job, other]);
  });
  it("[ASG15] is given the time in which nobody could hear it, and no more; nothing that was told is taken back", () => {
    const { w, incidentId, job } = story(1);
    pass(w, 10);
    isAway(w, 50);
    w.wait(0);
    assert.deepEqual([w.assignment(job).acknowledgeOverdue, w.assignment(job).unanswered?.goneUp], [true, false]);
    pass(w, 49);
    assert.equal(w.incident(incidentId).shortfall, null);
    pass(w, 1);
    assert.equal(w.incident(incidentId).shortfall?.missing, 1);
    isAway(w, 50);
    w.wait(0);
    assert.equal(w.incident(incidentId).shortfall?.missing, 1);
  });
});

describe("a unit that has acknowledged", () => {
  it("[ASG15] [ASG16] and does not set out is told, and goes up, though its positions come", () => {
    const one = story(1, "acknowledged");
    one.w.position = HERE;
    assert.equal(goneUpAfter(one, 400), 180);
    assert.deepEqual(tellings(one), ["turn-out 1", "turn-out 2", "turn-out 3 up"]);
    assert.equal(one.w.incident(one.incidentId).shortfall?.missing, 1);
  });
  it("[ASG15] and goes, but is not there by the road time that was expected and a margin", () => {
    for (const [priority, tellS, upS] of [[1, 120, 300], [2, 180, 480], [3, 300, 900], [4, 600, 1_800]] as const) {
      const one = story(priority, "en-route");
      one.w.position = HERE;
      const drive = ROAD_S * 1.5;
      const up = goneUpAfter(one, 4_000);
      const first = one.w.log.find(({ body }) => body.type === "assignment.unanswered")!;
      assert.deepEqual([Math.floor((first.at - (one.w.now - up * 1_000)) / 1_000), up], [Math.ceil(drive + tellS), Math.ceil(drive + upS)], `priority ${priority}`);
    }
  });
  it("[ASG12] [ASG16] and falls silent on the way is told since when, goes up, and counts again when it is heard", () => {
    const one = story(1, "en-route");
    const { w, incidentId, job } = one;
    w.assignment(job);
    pass(w, 180);
    assert.deepEqual(tellings(one), ["not-heard"]);
    pass(w, 60);
    assert.deepEqual([w.assignment(job).unanswered?.stage, w.assignment(job).unanswered?.goneUp, w.incident(incidentId).shortfall?.missing], ["heard", true, 1]);
    w.position = HERE;
    w.wait(1_000);
    assert.deepEqual([w.assignment(job).silentSince, w.assignment(job).unanswered?.goneUp, w.assignment(job).unanswered?.stage, w.incident(incidentId).shortfall], [null, false, "arrive", null], "it goes, and is late by now");
  });
});

describe("a unit that is there", () => {
  it("[ASG15] [ASG16] and does not say that it is well is told by priority and goes up, whatever its vehicle's positions say", () => {
    for (const [priority, tellMin, upMin] of [[1, 10, 15], [2, 15, 25], [3, 20, 40], [4, 30, 60]] as const) {
      for (const state of ["staged", "on-scene"] as const) {
        const one = story(priority, state);
        one.w.position = HERE;
        pass(one.w, tellMin * 60 - 1);
        assert.equal(one.w.assignment(one.job).unanswered, null);
        pass(one.w, 1);
        assert.equal(one.w.assignment(one.job).unanswered?.stage, "welfare", `priority ${priority}, ${state}`);
        assert.equal(goneUpAfter(one, 4_000), (upMin - tellMin) * 60);
        assert.equal(one.w.incident(one.incidentId).shortfall?.missing, 1);
      }
    }
  });
  it("[ASG17] begins a new wait with its own word or that of somebody who knows, as often as it is asked", () => {
    for (const by of [FLEET, ANA]) {
      const { w, job } = story(1, "on-scene");
      for (let i = 0; i < 3; i++) {
        pass(w, 599);
        w.ok(by, { type: "assignment.confirm", assignmentId: job, words: "" });
      }
      pass(w, 599);
      assert.equal(w.assignment(job).unanswered, null, by.name);
      const line = w.log.findLast(({ body }) => body.type === "assignment.confirmed")!;
      assert.deepEqual([line.by, "entered" in line.body && line.body.entered], [by, by === ANA], "who said so");
      pass(w, 1);
      assert.equal(w.assignment(job).unanswered?.stage, "welfare");
    }
  });
  it("[ASG15] is not heard by what its phone says by itself, however late: neither what was told nor the wait changes", () => {
    for (const report of ["sent", "delivered"] as const) {
      const one = story(1, "acknowledged", "on-scene");
      one.w.position = HERE;
      pass(one.w, 550);
      one.w.report(one.job, report);
      pass(one.w, 50);
      assert.equal(one.w.assignment(one.job).unanswered?.stage, "welfare", "ten minutes after its own word");
      one.w.report(one.job, report === "sent" ? "delivered" : "sent");
      assert.equal(one.w.assignment(one.job).milestones.at(-1)!.state, report === "sent" ? "delivered" : "sent");
      assert.equal(one.w.assignment(one.job).unanswered?.stage, "welfare");
      assert.equal(goneUpAfter(one, 4_000), 300);
      one.w.report(one.job, "delivered");
      assert.equal(one.w.incident(one.incidentId).shortfall?.missing, 1);
    }
  });
  it("[ASG15] is not heard by a press of before that waited in its phone for the link; by one of after it is, from when it was pressed", () => {
    const one = story(1, "acknowledged", "on-scene");
    const { w, job } = one;
    w.position = HERE;
    const there = w.now;
    pass(w, 600);
    w.report(job, "en-route", there - 60_000);
    assert.deepEqual([w.assignment(job).milestones.at(-1)!.state, w.assignment(job).unanswered?.stage], ["en-route", "welfare"]);
    w.report(job, "staged", there + 400_000);
    assert.equal(w.assignment(job).unanswered, null);
    pass(w, 399);
    assert.equal(w.assignment(job).unanswered, null);
    pass(w, 1);
    assert.equal(w.assignment(job).unanswered?.stage, "welfare", "ten minutes after the press, not after it came");
  });
  it("[ASG17] is well as of when it said so: an answer that waited in its phone for the link ends no silence of after it, and begins no whole wait", () => {
    const one = story(1, "on-scene");
    const { w, job } = one;
    w.position = HERE;
    const there = w.now;
    const confirm = (deviceAt: number): void => void w.ok(FLEET, { type: "assignment.confirm", assignmentId: job, words: "", deviceAt });
    pass(w, 600);
    confirm(there - 1_000);
    assert.equal(w.assignment(job).unanswered?.stage, "welfare", "before it was there");
    confirm(there + 400_000);
    assert.deepEqual([w.assignment(job).unanswered, w.assignment(job).confirmed], [null, { at: there + 400_000, ownAt: there + 400_000 }]);
    pass(w, 399);
    assert.equal(w.assignment(job).unanswered, null);
    pass(w, 1);
    assert.equal(w.assignment(job).unanswered?.stage, "welfare", "ten minutes after it was pressed");
    confirm(w.now + 3_600_000);
    assert.equal(w.assignment(job).confirmed?.at, w.now, "a clock that is ahead makes nothing newer");
    confirm(there);
    assert.equal(w.assignment(job).confirmed?.at, w.now, "nor does an older answer make anything older");
  });
  it("[ASG16] that says its step again when its word is waited for has given it; a desk that enters it again has not, nor has a press of before", () => {
    const one = story(1, "en-route");
    const { w, incidentId, job } = one;
    w.position = HERE;
    const before = w.now - 1_000;
    assert.notEqual(goneUpAfter(one, 4_000), Infinity);
    w.ok(ANA, { type: "assignment.advance", assignmentId: job, to: "en-route", deviceAt: null });
    w.report(job, "en-route", before);
    assert.equal(w.incident(incidentId).shortfall?.missing, 1);
    const lines = w.log.length;
    w.report(job, "en-route");
    assert.deepEqual([w.assignment(job).unanswered, w.incident(incidentId).shortfall, w.log.length > lines], [null, null, true], "in a jam, and well");
    const after = w.log.length;
    w.report(job, "en-route");
    assert.equal(w.log.length, after, "nobody waits for it now");
  });
  it("[ASG15] is asked for in time by a centre that is started anew every minute, whichever word is waited for: each wait is longer by what the starts took", () => {
    for (const [step, stage] of [["acknowledged", "turn-out"], ["en-route", "arrive"], ["staged", "welfare"], ["on-scene", "welfare"], ["transporting", "welfare"]] as const) {
      const { w, job } = story(1, step);
      w.position = HERE;
      const waitMs = DEFAULT_POLICY.answerWaits[stage][0]!.upMs + (stage === "arrive" ? ROAD_S * 1_000 * DEFAULT_POLICY.roadTimeFactor : 0);
      const from = w.now;
      let starts = 0;
      for (; w.assignment(job).unanswered?.goneUp !== true && starts < 60; starts++) {
        for (let second = 0; second < 60 && w.assignment(job).unanswered?.goneUp !== true; second++) w.wait(1_000);
        if (w.assignment(job).unanswered?.goneUp !== true) isAway(w, 5);
        else break;
      }
      assert.equal(w.assignment(job).unanswered?.stage, stage);
      assert.equal(w.now - from, Math.ceil(waitMs / 1_000) * 1_000 + starts * 5_000, stage);
    }
  });
  it("[ASG16] with a patient on board it goes up, and what it came for stays met", () => {
    const one = story(1, "transporting");
    assert.equal(goneUpAfter(one, 1_000), 900);
    assert.equal(one.w.incident(one.incidentId).shortfall, null);
  });
});

describe("a word of somebody who knows", () => {
  it("[ASG17] is a conflict for a job that is over, and refused for one that waits", () => {
    const { w, incidentId, job } = story(2);
    const waiting = w.assign(w.open(), 1, true);
    const asked = w.send(ANA, { type: "assignment.confirm", assignmentId: waiting, words: "" });
    assert.ok(asked.kind === "refused" && asked.rule === "step-not-allowed");
    w.ok(ANA, { type: "incident.close", incidentId, disposition: "resolved", words: "" });
    const late = w.send(ANA, { type: "assignment.confirm", assignmentId: job, words: "" });
    assert.ok(late.kind === "conflict" && late.rule === "assignment-over");
    assert.equal(w.send(SWITCH, { type: "assignment.confirm", assignmentId: 99, words: "" }).kind, "refused");
  });
});

describe("a log of before units were told again", () => {
  it("[CMD5] [ASG9] folds: what it told is told again at once", () => {
    const { w, job } = story(1);
    pass(w, 31);
    const older = w.log.map((event): StoredEvent => {
      if (event.body.type !== "assignment.not-acknowledged") return event;
      const { dueAt: _none, ...body } = event.body;
      return { ...event, body };
    });
    const state = createState();
    for (const event of older) apply(state, event);
    assert.equal(state.assignments.get(job).unanswered?.dueAt, older.find(({ body }) => body.type === "assignment.not-acknowledged")!.at);
  });
});

describe("a restart", () => {
  it("[ASG15] [CMD8] in the midst of a wait loses nothing of it: what was told stays told, what was gone up stays up, and the next telling comes", () => {
    const { w, incidentId, job } = story(1);
    pass(w, 65);
    const again = createWorld(hash, rebuilt(w.log), [...w.log]);
    again.now = again.listeningSince = w.now + 30_000;
    const before = again.assignment(job).unanswered!;
    assert.deepEqual([before, again.incident(incidentId).shortfall?.missing], [w.assignment(job).unanswered, 1]);
    pass(again, 60);
    assert.ok(again.assignment(job).unanswered!.times > before.times && again.assignment(job).unanswered!.goneUp);
  });
});

describe("waits of a city's own", () => {
  it("[ASG15] [ASG16] [ASG17] hold for each step: told and gone up when the city says, and begun anew by a word", () => {
    const read = readDispatchTimes("turn-out-1=20,turn-out-up-1=45,arrive-1=30,arrive-up-1=50,welfare-1=70,welfare-up-1=95");
    assert.ok(read.ok);
    for (const [step, tellS, upS] of [["acknowledged", 20, 45], ["en-route", 30 + ROAD_S * 1.5, 50 + ROAD_S * 1.5], ["on-scene", 70, 95]] as const) {
      const one = story(1, step);
      const { w, job } = one;
      [w.policy, w.position] = [read.value, HERE];
      for (let round = 0; round < 2; round++) {
        const from = w.now;
        const lines = w.log.length;
        assert.equal(goneUpAfter(one, 1_000), Math.ceil(upS), step);
        assert.equal(w.log.slice(lines).find(({ body }) => body.type === "assignment.unanswered")!.at - from, Math.ceil(tellS) * 1_000, step);
        assert.equal(w.incident(one.incidentId).shortfall?.missing, 1);
        w.ok(FLEET, { type: "assignment.confirm", assignmentId: job, words: "" });
        assert.deepEqual([w.assignment(job).unanswered, w.incident(one.incidentId).shortfall], [null, null]);
      }
    }
  });
});

describe("the table of waits", () => {
  it("[INC6] says of a shortfall when it is told, and when so often that it goes up; of priorities 3 and 4 that it never does", () => {
    const { tellMs, upMs } = listWaitRows(DEFAULT_POLICY).find(({ code }) => code === "shortfall")!;
    assert.deepEqual(upMs, [3 * 60_000, 6 * 60_000, null, null]);
    for (const i of [0, 1]) {
      const w = createWorld(hash);
      const id = w.open();
      w.ok(ANA, { type: "incident.update", incidentId: id, priority: i + 1 });
      const from = w.incident(id).shortfall!.since;
      const toldAt = (): number[] => w.log.filter(({ body }) => body.type === "incident.shortfall-overdue").map(({ at }) => at - from);
      for (let s = 0; s < 600 && toldAt().length < SHORTFALL_UP.tellings; s++) w.wait(1_000);
      assert.deepEqual(toldAt(), [tellMs[i], upMs![i]], `priority ${i + 1}`);
    }
  });
  it("[ASG15] [ASG16] says what is done: of each word of a unit when it is told and when it goes up", () => {
    const rows = new Map(listWaitRows(DEFAULT_POLICY).map((row) => [row.code, row]));
    const steps = { acknowledge: [], "turn-out": ["acknowledged"], heard: ["en-route"], arrive: ["en-route"], welfare: ["on-scene"] } as const;
    for (const [stage, reached] of Object.entries(steps) as [keyof typeof steps, (typeof steps)[keyof typeof steps]][]) {
      for (const priority of [1, 2, 3, 4]) {
        const one = story(priority, ...reached);
        if (stage !== "heard") one.w.position = HERE;
        const from = one.w.now;
        const beyondMs = stage === "arrive" ? ROAD_S * 1_000 * DEFAULT_POLICY.roadTimeFactor : 0;
        const up = goneUpAfter(one, 4_000) * 1_000;
        const first = one.w.log.find(({ body, at }) => at > from && "assignmentId" in body && ["assignment.not-acknowledged", "assignment.not-heard", "assignment.unanswered"].includes(body.type))!;
        const { tellMs, upMs } = rows.get(stage)!;
        const whole = (ms: number): number => Math.ceil(ms / 1_000) * 1_000;
        const lateMs = stage === "heard" ? ROAD_S * 1_000 * DEFAULT_POLICY.roadTimeFactor + rows.get("arrive")!.upMs![priority - 1]! : Infinity; // a silent unit is late, too, in the end
        assert.deepEqual([first.at - from, up], [whole(tellMs[priority - 1]! + beyondMs), whole(Math.min(upMs![priority - 1]! + beyondMs, lateMs))], `${stage}, priority ${priority}`);
      }
    }
  });
});
