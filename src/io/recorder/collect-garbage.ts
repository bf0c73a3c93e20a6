// Memory that threads share lives until each of them has let go of it, and a thread that makes little garbage would not look for it for hours. So whoever let go of much says so.
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** Stops this thread for some tens of milliseconds where it has much. */
export function collectGarbage(): void {
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
}
