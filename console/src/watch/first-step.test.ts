import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { WallLayout } from "../../../src/contract/walls.ts";
import { chooseFirstStep } from "./first-step.ts";

const layout = (id: number, more: Partial<WallLayout> = {}): WallLayout => ({ id, name: `layout ${id}`, shared: false, ownerName: "Olga", mayChange: true, changedAt: id, size: 4, cells: [id, null, null, null], ...more });
const offered = (found: ReturnType<typeof chooseFirstStep>): string => (found === null ? "nothing" : found.kind === "layout" ? found.layout.name : `${found.kind} ${found.cameraIds.join(",")}`);

describe("the first step of an empty wall", () => {
  it("is one: what sees the incident, else what was kept, else what sends", () => {
    const all = { seeing: [7, 8], layouts: [layout(1)], connected: [1, 2, 3, 4] };
    assert.equal(offered(chooseFirstStep(all)), "seeing 7,8");
    assert.equal(offered(chooseFirstStep({ ...all, seeing: [] })), "layout 1");
    assert.equal(offered(chooseFirstStep({ ...all, seeing: [], layouts: [] })), "connected 1,2,3,4");
    assert.equal(offered(chooseFirstStep({ seeing: [], layouts: [], connected: [] })), "nothing");
  });
  it("of what was kept it is the last, one's own before a shared one, and none that shows nothing", () => {
    const layouts = [layout(1), layout(2), layout(9, { mayChange: false, shared: true }), layout(10, { cells: [null, null, null, null] })];
    assert.equal(offered(chooseFirstStep({ seeing: [], layouts, connected: [1] })), "layout 2");
    assert.equal(offered(chooseFirstStep({ seeing: [], layouts: layouts.slice(2), connected: [1] })), "layout 9");
  });
});
