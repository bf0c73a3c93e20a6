import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { titleOf } from "./camera-title.ts";

describe("a camera's title", () => {
  it("leads with what tells it from its neighbours", () => assert.deepEqual(titleOf("Plazoleta Viera, noreste"), { lead: "noreste", rest: "Plazoleta Viera" }));
  it("takes the last comma where a place has its own", () => assert.deepEqual(titleOf("Escuela 47, patio, sur"), { lead: "sur", rest: "Escuela 47, patio" }));
  it("is the name where there is nothing to tell apart", () => {
    for (const name of ["Plaza Cagancha", "Plaza Cagancha,", ", sur", ""]) assert.deepEqual(titleOf(name), { lead: name, rest: null });
  });
});
