// Where things are at a time. A path is a curve on the ground by its length; a motion gives the distance along it. Motions are closed forms, not a
// simulation in steps: picture n of a clip can be drawn alone, and a loop is seamless by construction, since every actor repeats with its period.
import type { V2 } from "./camera.ts";

export interface Place {
  readonly x: number;
  readonly y: number;
  /** Direction of travel, radians, 0 along +x, counter-clockwise. */
  readonly heading: number;
}

export interface Path {
  readonly lengthM: number;
  at(distanceM: number): Place;
}

/** A line through the points, its corners rounded by `smooth` passes of corner cutting (Chaikin). */
export function path(points: readonly V2[], smooth = 3): Path {
  let line = points;
  for (let pass = 0; pass < smooth; pass++) {
    const cut: V2[] = [line[0]!];
    for (let i = 1; i < line.length; i++) {
      const [ax, ay] = line[i - 1]!;
      const [bx, by] = line[i]!;
      if (i > 1) cut.push([ax * 0.75 + bx * 0.25, ay * 0.75 + by * 0.25]);
      if (i < line.length - 1) cut.push([ax * 0.25 + bx * 0.75, ay * 0.25 + by * 0.75]);
    }
    cut.push(line[line.length - 1]!);
    line = cut;
  }
  const sums = [0];
  for (let i = 1; i < line.length; i++) sums.push(sums[i - 1]! + Math.hypot(line[i]![0] - line[i - 1]![0], line[i]![1] - line[i - 1]![1]));
  const lengthM = sums[sums.length - 1]!;
  const point = (distance: number): V2 => {
    const s = Math.min(lengthM, Math.max(0, distance));
    let i = 1;
    while (i < sums.length - 1 && sums[i]! < s) i++;
    const f = (s - sums[i - 1]!) / (sums[i]! - sums[i - 1]! || 1);
    const [ax, ay] = line[i - 1]!;
    const [bx, by] = line[i]!;
    return [ax + (bx - ax) * f, ay + (by - ay) * f];
  };
  return {
    lengthM,
    at: (distance) => {
      const [x, y] = point(distance);
      const [ax, ay] = point(distance - 0.6);
      const [bx, by] = point(distance + 0.6);
      return { x, y, heading: Math.atan2(by - ay, bx - ax) };
    },
  };
}

export function arc(centre: V2, radiusM: number, fromDeg: number, toDeg: number, steps = 24): V2[] {
  return Array.from({ length: steps + 1 }, (_, i) => {
    const a = ((fromDeg + ((toDeg - fromDeg) * i) / steps) * Math.PI) / 180;
    return [centre[0] + Math.cos(a) * radiusM, centre[1] + Math.sin(a) * radiusM] as const;
  });
}

/** Distance travelled at time t, in metres; below 0 before it enters. */
export type Motion = (t: number) => number;

export const cruise = (speedMps: number, enterS: number): Motion => (t) => speedMps * (t - enterS);

export const stand = (distanceM: number): Motion => () => distanceM;

/** Enters at speed, brakes to stand at `stopAtM`, goes again at `goS`. Where it is let go before it would brake, it just drives on. */
export function stopAndGo(speedMps: number, enterS: number, stopAtM: number, goS: number, accelMps2 = 2.2): Motion {
  const brakeM = (speedMps * speedMps) / (2 * accelMps2);
  const brakeS = enterS + (stopAtM - brakeM) / speedMps;
  if (goS <= brakeS) return cruise(speedMps, enterS);
  const endS = Math.min(goS, brakeS + speedMps / accelMps2);
  const slow = endS - brakeS;
  const speedThen = speedMps - accelMps2 * slow;
  const standM = stopAtM - brakeM + speedMps * slow - (accelMps2 * slow * slow) / 2;
  const fullS = (speedMps - speedThen) / accelMps2;
  return (t) => {
    if (t <= brakeS) return speedMps * (t - enterS);
    if (t <= endS) {
      const d = t - brakeS;
      return stopAtM - brakeM + speedMps * d - (accelMps2 * d * d) / 2;
    }
    if (t <= goS) return standM;
    const d = Math.min(t - goS, fullS);
    return standM + speedThen * d + (accelMps2 * d * d) / 2 + speedMps * Math.max(0, t - goS - fullS);
  };
}

/** Through [time, distance] pairs, eased at every stand-still. Before the first it is outside (-1); after the last it stays. */
export function keyed(pairs: readonly (readonly [number, number])[]): Motion {
  return (t) => {
    if (t < pairs[0]![0]) return -1;
    for (let i = 1; i < pairs.length; i++) {
      const [t0, s0] = pairs[i - 1]!;
      const [t1, s1] = pairs[i]!;
      if (t > t1) continue;
      const f = (t - t0) / (t1 - t0);
      const restBefore = i > 1 && pairs[i - 2]![1] === s0;
      const restAfter = i + 1 < pairs.length ? pairs[i + 1]![1] === s1 : false;
      const eased = restBefore && restAfter ? f * f * (3 - 2 * f) : restBefore ? f * f * (2 - f) : restAfter ? f + f * f - f * f * f : f;
      return s0 + (s1 - s0) * eased;
    }
    return pairs[pairs.length - 1]![1];
  };
}

export const speedOf = (motion: Motion, t: number): number => (motion(t + 0.08) - motion(t - 0.08)) / 0.16;
