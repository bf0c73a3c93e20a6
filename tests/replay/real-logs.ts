// Where the real logs lie on a machine that has them: beside the checkout, in no user's clone. Tests of them skip with a message where they are absent.
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const at = (path: string): string => fileURLToPath(new URL(`../../../shared/data/${path}`, import.meta.url));

export const MONTGOMERY = at("montgomery-911/911.zip");
export const LANCASTER = at("lancaster-emergency/calls-for-service-2010-2020.zip");
/** One analyst's tidy form of the same log. */
export const LANCASTER_TIDY = at("lancaster-emergency/unit_responses_clean.csv");

/** Of the whole Montgomery log, counted in the file by another program, by what stands before the colon of the title. */
export const MONTGOMERY_COUNTS = { calls: 99_492, categories: { EMS: 48_877, Traffic: 35_695, Fire: 14_920 } } as const;

/** A reason to skip, or false. */
export const absence = (...paths: readonly string[]): string | false => {
  const gone = paths.find((path) => !existsSync(path));
  return gone === undefined ? false : `${gone.replace(/^.*\/shared\//, "../shared/")} is not here`;
};
