import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { answeredBy, isOfOldVersion, isPage, storeOf } from "./kept-shell.ts";

const ORIGIN = "https://city.example";
const FILES = new Set(["/index.html", "/assets/index-abcdefgh.js"]);
const by = (path: string, more: Partial<{ method: string; mode: string }> = {}) => answeredBy({ method: "GET", mode: "no-cors", url: new URL(path, ORIGIN).href, ...more }, ORIGIN, FILES);

describe("the phone's own store", () => {
  it("gives its page, and the files of that", () => {
    assert.equal(by("/field", { mode: "navigate" }), "page");
    assert.equal(by("/field/", { mode: "navigate" }), "page");
    assert.equal(by("/assets/index-abcdefgh.js"), "file");
  });
  it("leaves all else to the network: the API, other pages, other files, other places, whatever is not read", () => {
    for (const path of ["/api/v1/field", "/api/v1/session", "/tiles/1/2/3", "/assets/other-abcdefgh.js", "https://elsewhere.example/assets/index-abcdefgh.js"]) assert.equal(by(path), "network", path);
    for (const path of ["/operate", "/", "/fields", "/api/v1/field"]) assert.equal(by(path, { mode: "navigate" }), "network", path);
    assert.equal(by("/assets/index-abcdefgh.js", { method: "POST" }), "network");
  });
  it("of versions keeps the newest", () => {
    assert.equal(isOfOldVersion(storeOf("a"), "b"), true);
    assert.equal(isOfOldVersion(storeOf("b"), "b"), false);
    assert.equal(isOfOldVersion("somebody-elses", "b"), false);
  });
  it("a centre that fails is no page", () => assert.deepEqual([200, 404, 502, 503].map(isPage), [true, true, false, false]));
});
