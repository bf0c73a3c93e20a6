// From a camera's host to the address that will be connected to. The name is resolved once, every address is judged, and the connection goes to that very
// address: a name that resolves to something else a moment later (DNS rebinding) gains nothing.
import { type Err, type Ok, err, ok } from "../../base/result.ts";
import { resolveName } from "../dns/resolve-name.ts";
import { type AddressPolicy, explainRefusal, findAddressRefusal } from "../../video/camera/camera-networks.ts";

export interface ResolveFault {
  readonly problem: "unresolved" | "bad-address";
  readonly message: string;
}

export async function resolveCameraHost(host: string, policy: AddressPolicy): Promise<Ok<string> | Err<ResolveFault>> {
  let addresses: readonly { address: string }[];
  try {
    addresses = await resolveName(host);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "unknown";
    return err({ problem: "unresolved", message: `the name ${host} could not be resolved (${code})` });
  }
  let refusal = "";
  for (const { address } of addresses) {
    const refused = findAddressRefusal(address, policy);
    if (refused === undefined) return ok(address);
    refusal = explainRefusal(address === host ? host : `${host} (${address})`, refused, policy);
  }
  return err(refusal === "" ? { problem: "unresolved", message: `the name ${host} has no address` } : { problem: "bad-address", message: refusal });
}
