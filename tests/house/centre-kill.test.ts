// The centre is killed under 200 commands a second: what was acknowledged is there, exactly once. A few kills here; `CITYWATCH_KILLS=100`, or `npm run bench -- kill`, for a hundred and more.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { importDemoCity } from "../../src/io/city/import-city.ts";
import { killCentre } from "../support/centre-kills.ts";
import { createTestDatabase } from "../support/database.ts";

const KILLS = Number(process.env["CITYWATCH_KILLS"] ?? 5);
const SEED = 7;

test(`[CMD2] [CMD6] ${KILLS} kills of the centre: every command that was acknowledged is in the log, once, and no number of it is left out`, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "citywatch-kill-"));
  const database = await createTestDatabase();
  t.after(async () => {
    await database.drop();
    rmSync(folder, { recursive: true, force: true });
  });
  await importDemoCity({ dir: join(folder, "city"), progress: () => undefined, now: 0 });
  const { acknowledged, lost, twice, foreign, gaps, backMs } = await killCentre({ kills: KILLS, perSecond: 200, seed: SEED, databaseUrl: database.url, cityDir: join(folder, "city") });
  t.diagnostic(`seed ${SEED}, ${acknowledged} commands acknowledged, back after ${Math.max(...backMs).toFixed(0)} ms at most`);
  assert.deepEqual({ lost, twice, foreign, gaps }, { lost: 0, twice: 0, foreign: 0, gaps: 0 });
  assert.ok(acknowledged > KILLS * 10, `${acknowledged} commands`);
  assert.equal(backMs.length, KILLS + 1, "it came back each time");
});
