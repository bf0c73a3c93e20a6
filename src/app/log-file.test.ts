import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { createLogger, openLineFile } from "./log-file.ts";

test("a log file is turned over by size and two old ones are kept", (t) => {
  const dir = mkdtempSync(join(tmpdir(), "citywatch-logs-"));
  t.after(() => rmSync(dir, { recursive: true }));
  const path = join(dir, "x.log");
  const file = openLineFile(path, 10);
  for (let i = 0; i < 10; i++) file.write(`line ${i}...\n`);
  file.close();
  assert.equal(readFileSync(path, "utf8"), "line 8...\nline 9...\n");
  assert.equal(readFileSync(`${path}.1`, "utf8"), "line 6...\nline 7...\n");
  assert.ok(existsSync(`${path}.2`) && !existsSync(`${path}.3`));
});

test("warnings reach the terminal, information does not, and words like password are hidden", () => {
  const lines: string[] = [];
  const shown: string[] = [];
  const log = createLogger("centre", { write: (line) => void lines.push(line), close: () => undefined }, (message) => void shown.push(message));
  log.info({ password: "p1", camera: { password: "p2", token: "p3" } }, "joined");
  log.warn({ camera: 7 }, "camera 7 is silent");
  assert.deepEqual(shown, ["camera 7 is silent"]);
  const first = JSON.parse(lines[0]!) as Record<string, unknown>;
  assert.deepEqual([first["role"], first["msg"], first["password"], first["camera"]], ["centre", "joined", "(hidden)", { password: "(hidden)", token: "(hidden)" }]);
});
