// Where deliveries may go. Whoever may register a webhook makes the centre open connections, and must not reach by it what the centre can reach and they cannot.
// Judged is the numeric address that is connected to; the judgement of addresses is that of cameras, with the internet allowed and private networks only where named.
import { DEFAULT_CAMERA_NETWORKS, findAddressRefusal, findHostRefusal, parseCameraNetworks, type AddressPolicy, type AddressRefusal } from "../../video/camera/camera-networks.ts";

const policyOf = (networks: string): AddressPolicy => {
  const parsed = parseCameraNetworks(networks);
  if (!parsed.ok) throw new RangeError(`${parsed.error.value}: expected ${parsed.error.expected}`);
  return parsed.value;
};
const EVERYWHERE: AddressPolicy = policyOf("0.0.0.0/0,::/0");
const PRIVATE: AddressPolicy = policyOf(DEFAULT_CAMERA_NETWORKS);

export type TargetRefusal = AddressRefusal | "private" | "not-https" | "bad-url";
export interface TargetPolicy {
  /** Of an address that a name resolved to. */
  judgeAddress(address: string): TargetRefusal | undefined;
  /** Of a URL as it is registered: what can be said before the name is resolved. */
  judgeUrl(url: string): TargetRefusal | undefined;
}

/** `allowed`: networks (CIDR, by commas) in which targets may be besides the internet; empty: none. Plain http is for these only. */
export function createTargetPolicy(allowed: string): TargetPolicy {
  const own = allowed.trim() === "" ? null : policyOf(allowed);
  const isOwn = (address: string): boolean => own !== null && findAddressRefusal(address, own) === undefined;
  const judgeAddress = (address: string): TargetRefusal | undefined => {
    if (isOwn(address)) return undefined;
    return findAddressRefusal(address, PRIVATE) === undefined ? "private" : findAddressRefusal(address, EVERYWHERE);
  };
  return {
    judgeAddress,
    judgeUrl: (text) => {
      const url = URL.canParse(text) ? new URL(text) : null;
      if (url === null || !["https:", "http:"].includes(url.protocol) || url.username !== "" || url.password !== "" || url.hash !== "") return "bad-url";
      const host = url.hostname.replace(/^\[|\]$/g, "");
      const isName = findHostRefusal(host, EVERYWHERE) === undefined && findAddressRefusal(host, EVERYWHERE) === "not-an-address";
      const refusal = isName ? undefined : judgeAddress(host === "localhost" || host.endsWith(".localhost") ? "127.0.0.1" : host);
      if (refusal !== undefined) return refusal;
      return url.protocol === "http:" && (isName || !isOwn(host)) ? "not-https" : undefined;
    },
  };
}
