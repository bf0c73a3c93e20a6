// Which of a unit's shifts is meant at a moment. Apart from what decides about rosters, since the fold needs it: what the fold imports is part of its version ([CMD8]).
import type { WallMs } from "../base/time.ts";
import type { Shift } from "./entities.ts";

export const isOn = ({ startsAt, endsAt }: Shift, at: WallMs): boolean => startsAt <= at && at < endsAt;

/** The shift that is on, else the next one; shifts are soonest first. */
export const findShift = (shifts: readonly Shift[], at: WallMs): Shift | undefined => shifts.find(({ endsAt }) => endsAt > at);
