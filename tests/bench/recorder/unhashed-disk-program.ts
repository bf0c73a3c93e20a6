// The disk thread's program without its hash, to see what that costs: the same program, for which nothing is hashed.
import crypto from "node:crypto";
import { syncBuiltinESMExports } from "node:module";

const nothing = { update: () => nothing, digest: () => new Uint8Array(32) };
(crypto as { createHash: unknown }).createHash = () => nothing;
syncBuiltinESMExports();
await import("../../../src/io/recorder/disk-thread-program.ts");
