// Pressing for help, apart from the page so that it is tested by a held clock. Two rules. A finger that was held long enough calls help, whoever notices it: a timer, or the letting go where the
// timer came late (a phone that draws a map can be seconds behind); measured by the times of the events themselves, so a short touch that is handled late is none. And help is called in the moment
// that the ring closes: the phone's place is looked for from the first touch, is taken along where it is there, and follows as a second line where it comes later.
import type { Point } from "../../../src/contract/basics.ts";

export const HOLD_MS = 1_500;

export interface HoldClock {
  /** On the scale of an event's timeStamp. */
  now(): number;
  /** Returns what calls it off. */
  after(ms: number, run: () => void): () => void;
}
export interface Hold {
  /** A key that repeats, or a second finger, begins nothing new. */
  begin(at: number): void;
  end(at: number): void;
  /** Nothing is called: the button is gone or out of use. */
  drop(): void;
}

export function createHold(clock: HoldClock, on: { readonly begun: (since: number) => void; readonly held: () => void; readonly ended: () => void }): Hold {
  let since: number | null = null;
  let called = false;
  let callOff = (): void => {};
  const call = (): void => {
    called = true;
    on.held();
  };
  const wait = (): void => {
    const left = (since ?? 0) + HOLD_MS - clock.now();
    callOff = clock.after(Math.max(0, left), () => (clock.now() - since! >= HOLD_MS ? call() : wait())); // a browser's timer may come a fraction early
  };
  const drop = (): void => {
    if (since === null) return;
    callOff();
    since = null;
    on.ended();
  };
  return {
    begin: (at) => {
      if (since !== null) return;
      since = at;
      called = false;
      on.begun(at);
      wait();
    },
    end: (at) => {
      if (since === null) return;
      const isHeld = at - since >= HOLD_MS;
      callOff();
      if (isHeld && !called) call();
      drop();
    },
    drop,
  };
}

export interface HelpCall {
  /** The finger is down: the place is looked for. */
  prepare(): void;
  call(): void;
}
export function createHelpCall(findPlace: () => Promise<Point | null>, press: (point: Point | null) => void): HelpCall {
  let looking: Promise<Point | null> = Promise.resolve(null);
  let found: Point | null = null;
  return {
    prepare: () => {
      found = null;
      const mine = findPlace();
      looking = mine;
      void mine.then((point) => {
        if (looking === mine) found = point;
      });
    },
    call: () => {
      press(found);
      if (found === null) void looking.then((point) => point !== null && press(point));
    },
  };
}
