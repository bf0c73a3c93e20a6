import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ROLES, PERMISSIONS_OF } from "../../../src/contract/access.ts";
import { nameOfKey } from "./keys.ts";
import { mayEnter, ROOM_NAMES } from "./room-rules.ts";
import { parseAddress } from "./route.ts";

describe("addresses", () => {
  it("the first part is the room, the rest is the room's", () => {
    assert.deepEqual(parseAddress("/cameras/17", "?q=a%20b"), { room: "cameras", rest: ["17"], query: { q: "a b" } });
    assert.deepEqual(parseAddress("/", ""), { room: "", rest: [], query: {} });
    assert.deepEqual(parseAddress("/watch/%E0%A4%A", "").rest, ["%E0%A4%A"]);
  });
});
describe("keys", () => {
  const key = (k: string, more = {}) => nameOfKey({ key: k, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...more });
  it("have the names that the overlay shows", () => {
    assert.equal(key("?", { shiftKey: true }), "?");
    assert.equal(key("Enter", { metaKey: true }), "Ctrl+Enter");
    assert.equal(key("ArrowLeft", { shiftKey: true }), "Shift+ArrowLeft");
    assert.equal(key(" "), "Space");
  });
});
describe("rooms", () => {
  const roomsOf = (role: (typeof ROLES)[number]) => ROOM_NAMES.filter((room) => mayEnter(room, PERMISSIONS_OF[role]));
  it("every role has a room or none but on purpose", () => {
    assert.deepEqual(roomsOf("dispatcher"), ["operate", "watch", "cameras"]);
    assert.deepEqual(roomsOf("officer"), ["field"]);
    assert.deepEqual(roomsOf("administrator"), ["cameras", "people", "inspect"]);
    for (const role of ROLES) assert.ok(roomsOf(role).length > 0, role);
  });
});
