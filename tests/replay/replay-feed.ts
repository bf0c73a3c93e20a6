// A log fed into a centre over real HTTP, as the command line does it.
import { setTimeout as sleep } from "node:timers/promises";
import { REPLAYED_SKILL } from "../../src/contract/basics.ts";
import { deriveReplayToken } from "../../src/io/crypto/tokens.ts";
import { createReplayCentre } from "../../src/sim/replay/centre.ts";
import { replayLog, type Tally } from "../../src/sim/replay/player.ts";
import type { ReplayRow } from "../../src/sim/replay/replay-call.ts";
import type { TestApi } from "../support/api.ts";

export async function feed(api: Pick<TestApi, "origin" | "sealKey">, name: string, rows: AsyncIterable<ReplayRow>, onCall?: (tally: Tally) => void): Promise<Tally> {
  const { signal } = new AbortController();
  const centre = await createReplayCentre({ origin: api.origin, token: deriveReplayToken(api.sealKey), signal, skill: REPLAYED_SKILL });
  return replayLog(rows, {
    centre, name, signal, speed: "max", answeredBy: "replay", middle: centre.middle, middleUncertaintyM: centre.middleUncertaintyM, clock: { wallMs: () => Date.now(), monotonicMs: () => performance.now() },
    pause: async (ms) => void (await sleep(ms)), ...(onCall === undefined ? {} : { onCall }),
  });
}

/** Every nth row, from the first. */
export async function* everyNth<T>(rows: AsyncIterable<T>, n: number): AsyncGenerator<T> {
  let index = 0;
  for await (const row of rows) if (index++ % n === 0) yield row;
}
