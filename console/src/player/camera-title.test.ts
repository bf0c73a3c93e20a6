import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { placeBeside, titleOf } from "./camera-title.ts";

describe("a camera's title", () => {
  it("leads with what tells it from its neighbours", () => assert.deepEqual(titleOf("Plazoleta Viera, noreste"), { lead: "noreste", rest: "Plazoleta Viera" }));
  it("takes the last comma where a place has its own", () => assert.deepEqual(titleOf("Escuela 47, patio, sur"), { lead: "sur", rest: "Escuela 47, patio" }));
  it("has no place beside it that the name begins with", () => {
    assert.equal(placeBeside({ name: "Plaza Cagancha, sur", place: "Plaza cagancha" }), null);
    assert.equal(placeBeside({ name: "Gate 4", place: "Rambla Wilson" }), "Rambla Wilson");
    assert.equal(placeBeside({ name: "Gate 4", place: "" }), null);
  });
  it("is the name where there is nothing to tell apart", () => {
    for (const name of ["Plaza Cagancha", "Plaza Cagancha,", ", sur", ""]) assert.deepEqual(titleOf(name), { lead: name, rest: null });
  });
});
