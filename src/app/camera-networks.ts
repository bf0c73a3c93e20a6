// The list of networks as options and roles carry it: text, checked where it came in and read again by who needs it.

import { ToldError } from "../base/told-error.ts";
import { type AddressPolicy, parseCameraNetworks } from "../video/camera/camera-networks.ts";

/** Throws a ToldError with the entry that is wrong. */
export function readCameraNetworks(text: string): AddressPolicy {
  const parsed = parseCameraNetworks(text);
  if (!parsed.ok) throw new ToldError(`--camera-networks: ${JSON.stringify(parsed.error.value)}: expected ${parsed.error.expected}`);
  return parsed.value;
}
