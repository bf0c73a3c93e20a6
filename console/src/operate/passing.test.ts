// Whoever goes down the list by arrows passes incidents by: what costs a look or a working out is asked for where the selection rests.
import assert from "node:assert/strict";
import { describe, it, mock } from "node:test";

Object.assign(globalThis, { sessionStorage: { getItem: () => null, setItem: () => undefined } });
const { askRecall, openIntake, selectIncident, selectUnit, useOperate } = await import("./store.ts");

const resting = (): readonly (number | null)[] => {
  const { incidentId, restingId } = useOperate.getState();
  return [incidentId, restingId];
};
const lookedAt = (): number | undefined => useOperate.getState().look?.lon;

describe("the selection", () => {
  mock.timers.enable({ apis: ["setTimeout", "Date"], now: 1_000_000 });

  it("rests at once where somebody chooses an incident", () => {
    selectIncident(1, { lon: 1, lat: 0 });
    assert.deepEqual([...resting(), lookedAt()], [1, 1, 1]);
  });
  it("rests on the last of those that are passed, and the map goes there only", () => {
    for (const id of [2, 3, 4, 5]) {
      mock.timers.tick(50);
      selectIncident(id, { lon: id, lat: 0 });
      assert.deepEqual([...resting(), lookedAt()], [id, 1, 1], "what is chosen shows at once");
    }
    mock.timers.tick(349);
    assert.deepEqual(resting(), [5, 1]);
    mock.timers.tick(1);
    assert.deepEqual([...resting(), lookedAt()], [5, 5, 5]);
  });
  it("rests on each where somebody reads row by row", () => {
    for (const id of [6, 7]) {
      mock.timers.tick(1_000);
      selectIncident(id);
      assert.deepEqual(resting(), [id, id]);
    }
  });
  it("rests at once on the one that is chosen again, as by Enter", () => {
    mock.timers.tick(50);
    selectIncident(8);
    assert.deepEqual(resting(), [8, 7]);
    selectIncident(8);
    assert.deepEqual(resting(), [8, 8]);
  });
  it("is not brought back by what was passed, once a call is taken", () => {
    mock.timers.tick(50);
    selectIncident(9);
    openIntake(3);
    mock.timers.tick(1_000);
    assert.deepEqual(resting(), [null, null]);
  });
});

describe("a recall by one key", () => {
  it("is asked for in the card of its unit, and no longer once another unit is chosen", () => {
    const chosen = (): readonly (number | null)[] => [useOperate.getState().unitId, useOperate.getState().recallingId];
    selectUnit(12);
    askRecall({ id: 40, unitId: 3 });
    assert.deepEqual(chosen(), [3, 40]);
    selectUnit(12);
    assert.deepEqual(chosen(), [12, null]);
  });
});
