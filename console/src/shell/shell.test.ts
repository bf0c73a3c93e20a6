import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ROLES, PERMISSIONS_OF } from "../../../src/contract/access.ts";
import { nameOfKey } from "./keys.ts";
import { findFirstTheme } from "./preferences.ts";
import { findHomeRoom, findRoomByOtherAddress, mayEnter, ROOM_NAMES } from "./room-rules.ts";
import { parseAddress } from "./route.ts";
import { hrefOfTask, listWelcomeTasks, permissionOfTask } from "./welcome-tasks.ts";

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
    assert.deepEqual(roomsOf("dispatcher"), ["operate", "watch", "warnings", "cameras", "measure", "inspect"]);
    assert.deepEqual(roomsOf("officer"), ["field"]);
    assert.deepEqual(roomsOf("administrator"), ["cameras", "people", "inspect"]);
    for (const role of ROLES) assert.ok(roomsOf(role).length > 0, role);
  });
});

describe("the first page", () => {
  const homeOf = (role: (typeof ROLES)[number]) => findHomeRoom(PERMISSIONS_OF[role]);
  it("opens the room where the account's work is, which it may enter", () => {
    assert.deepEqual(ROLES.map((role) => `${role}: ${homeOf(role)}`), [
      "call-taker: operate", "dispatcher: operate", "supervisor: operate", "video-operator: watch", "officer: field", "guard: field", "planner: cameras", "engineer: cameras", "administrator: people", "inspector: inspect",
    ]);
    for (const role of ROLES) assert.ok(mayEnter(homeOf(role)!, PERMISSIONS_OF[role]), role);
    assert.equal(findHomeRoom([]), undefined);
  });
  it("offers only what the account may do", () => {
    for (const role of ROLES) {
      const permissions = PERMISSIONS_OF[role];
      for (const task of listWelcomeTasks(permissions, true)) {
        assert.ok(permissions.includes(permissionOfTask(task)), `${role}: ${task}`);
        const { room } = parseAddress(hrefOfTask(task).split("?")[0]!, "");
        assert.ok(ROOM_NAMES.some((name) => name === room && mayEnter(name, permissions)), `${role}: ${task}`);
      }
    }
    assert.deepEqual(listWelcomeTasks(PERMISSIONS_OF.dispatcher, true), ["call", "camera", "unit"]);
    assert.ok(!listWelcomeTasks(PERMISSIONS_OF.dispatcher, false).includes("call"), "where nobody calls, no call is promised");
    assert.deepEqual(listWelcomeTasks(PERMISSIONS_OF["video-operator"], true), ["wall", "past", "places"]);
    assert.deepEqual(listWelcomeTasks(PERMISSIONS_OF.inspector, true), ["looks", "changes", "places"]);
    assert.deepEqual(listWelcomeTasks(PERMISSIONS_OF.administrator, true), ["account", "changes", "places"]);
  });
});

it("a room is found by the name that stands on the screen, and none by what every object has", () => {
  assert.deepEqual(["figures", "operate", "constructor", "nowhere"].map(findRoomByOtherAddress), ["measure", undefined, undefined, undefined]);
});
it("the first theme is dark at a desk, whatever its browser says, and the device's own on a phone", () => {
  const device = (coarse: boolean, light: boolean) => (query: string): boolean => (!query.includes("coarse") || coarse) && (!query.includes("light") || light);
  assert.deepEqual([device(false, true), device(false, false), device(true, true), device(true, false)].map(findFirstTheme), ["dark", "dark", "light", "dark"]);
});
