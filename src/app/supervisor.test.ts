// Whose database it is that cannot be used: words about an option help only whoever gave it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { prepareDatabase } from "./supervisor.ts";

test("DATABASE_URL is named where somebody gave one, the data folder's own database else", async () => {
  const nobodyThere = "postgres://citywatch@127.0.0.1:1/citywatch";
  await assert.rejects(prepareDatabase(nobodyThere, true), { name: "ToldError", message: /^DATABASE_URL: No PostgreSQL answers at 127\.0\.0\.1:1/ });
  await assert.rejects(prepareDatabase(nobodyThere, false), { name: "ToldError", message: /^The database in the data folder: No PostgreSQL answers/ });
});
