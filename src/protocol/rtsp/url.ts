// Addresses of cameras: rtsp URLs, taken apart by hand because the form is narrow and the platform's URL type is no pure thing. Credentials are cut off, so that
// what is left may stand in a log. Which network addresses may be joined is judged here too, on the numeric address that will be
// connected to, never on the name (a name can resolve to something else a second later).
import { type Err, type InputFault, type Ok, err, ok } from "../../base/result.ts";

export interface RtspUrl {
  readonly tls: boolean;
  /** Name or numeric address; IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
  /** What requests name: the URL without credentials. */
  readonly requestUri: string;
  readonly userName: string | undefined;
  readonly password: string | undefined;
}

export const MOST_URL_LENGTH = 500;
const FORM = /^(rtsps?):\/\/(?:([^/?#@]*)@)?(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)(?::(\d{1,5}))?([/?][^#]*)?$/i;

export function parseRtspUrl(text: string): Ok<RtspUrl> | Err<InputFault> {
  const shown = text.replace(/\/\/[^/?#@]*@/, "//").slice(0, 120);
  const fault = (expected: string): Err<InputFault> => err({ field: "address", value: shown, expected });
  if (text.length > MOST_URL_LENGTH) return fault(`at most ${MOST_URL_LENGTH} characters`);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code <= 0x20 || code >= 0x7f) return fault("printable ASCII without blanks; other characters percent-encoded");
  }
  const match = FORM.exec(text);
  if (match === null) return fault("rtsp://host[:port]/path");
  const tls = match[1]!.toLowerCase() === "rtsps";
  const host = match[3]!.replace(/^\[|\]$/g, "");
  const port = match[4] === undefined ? (tls ? 322 : 554) : Number(match[4]);
  if (port < 1 || port > 65_535) return fault("a port from 1 to 65535");
  const [userName, password] = splitUserInfo(match[2]);
  const requestUri = `${match[1]!.toLowerCase()}://${match[3]}${match[4] === undefined ? "" : `:${port}`}${match[5] ?? ""}`;
  return ok({ tls, host, port, requestUri, userName, password });
}

function splitUserInfo(text: string | undefined): [string | undefined, string | undefined] {
  if (text === undefined || text === "") return [undefined, undefined];
  const colon = text.indexOf(":");
  const decode = (part: string): string => {
    try {
      return decodeURIComponent(part);
    } catch {
      return part;
    }
  };
  return colon < 0 ? [decode(text), undefined] : [decode(text.slice(0, colon)), decode(text.slice(colon + 1))];
}

/**
 * The URI of a control attribute. Relative ones are appended, as live555 and ffmpeg do, not resolved by RFC 3986: bases such as
 * `.../realmonitor?channel=1&proto=Onvif/` come from makes that count on it.
 */
export function joinControl(base: string, control: string | undefined): string {
  if (control === undefined || control === "" || control === "*") return base;
  if (/^rtsps?:\/\//i.test(control)) return control;
  return base.endsWith("/") ? base + control.replace(/^\//, "") : `${base}/${control.replace(/^\//, "")}`;
}

export const ADDRESS_REFUSALS = ["not-an-address", "unspecified", "loopback", "link-local", "metadata-service", "multicast", "reserved"] as const;
export type AddressRefusal = (typeof ADDRESS_REFUSALS)[number];
export interface AddressPolicy {
  /** The demonstration's cameras live on loopback; no real one does. */
  readonly allowLoopback: boolean;
}

/** Why a numeric address must not be connected to; undefined where it may. IPv6 forms of IPv4 addresses are judged as these. */
export function findAddressRefusal(address: string, policy: AddressPolicy): AddressRefusal | undefined {
  const v4 = parseIpv4(address);
  if (v4 !== undefined) return judgeIpv4(v4, policy);
  const v6 = parseIpv6(address);
  if (v6 === undefined) return "not-an-address";
  const leadingZero = v6.slice(0, 5).every((word) => word === 0);
  const low = v6[6]! * 65536 + v6[7]!;
  if (leadingZero && v6[5] === 0xffff) return judgeIpv4(low, policy); // mapped
  if (v6[0] === 0x64 && v6[1] === 0xff9b) return judgeIpv4(low, policy); // NAT64
  if (leadingZero && v6[5] === 0) {
    if (low === 0) return "unspecified";
    if (low === 1) return policy.allowLoopback ? undefined : "loopback";
    return judgeIpv4(low, policy); // compatible form
  }
  if ((v6[0]! & 0xffc0) === 0xfe80) return "link-local";
  if ((v6[0]! & 0xff00) === 0xff00) return "multicast";
  if (v6[0] === 0xfd00 && v6[1] === 0xec2) return "metadata-service";
  if (v6[0] === 0x2002) return judgeIpv4(v6[1]! * 65536 + v6[2]!, policy); // 6to4
  return undefined;
}

function judgeIpv4(value: number, policy: AddressPolicy): AddressRefusal | undefined {
  const first = Math.floor(value / 0x1000000);
  const second = Math.floor(value / 0x10000) % 256;
  if (value === 0) return "unspecified";
  if (first === 0) return "reserved";
  if (first === 127) return policy.allowLoopback ? undefined : "loopback";
  if (first === 169 && second === 254) return "link-local";
  if (value === 0x646464c8) return "metadata-service"; // 100.100.100.200
  if (value === 0xa83f8110) return "metadata-service"; // 168.63.129.16
  if (first >= 224 && first <= 239) return "multicast";
  if (first >= 240) return "reserved";
  return undefined;
}

function parseIpv4(text: string): number | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  if (match === null) return undefined;
  let value = 0;
  for (let i = 1; i <= 4; i++) {
    const part = Number(match[i]);
    if (part > 255) return undefined;
    value = value * 256 + part;
  }
  return value;
}

function parseIpv6(text: string): number[] | undefined {
  let bare = text.replace(/%.*$/, "").toLowerCase();
  const dotted = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(bare);
  if (dotted !== null) {
    const v4 = parseIpv4(dotted[2]!);
    if (v4 === undefined) return undefined;
    bare = `${dotted[1]}${Math.floor(v4 / 65536).toString(16)}:${(v4 % 65536).toString(16)}`;
  }
  const halves = bare.split("::");
  if (halves.length > 2) return undefined;
  const words = (half: string): number[] | undefined => {
    if (half === "") return [];
    const parts = half.split(":");
    return parts.every((part) => /^[0-9a-f]{1,4}$/.test(part)) ? parts.map((part) => Number.parseInt(part, 16)) : undefined;
  };
  const head = words(halves[0]!);
  const tail = halves.length === 2 ? words(halves[1]!) : [];
  if (head === undefined || tail === undefined) return undefined;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 1) return missing === 0 ? head : undefined;
  return missing >= 1 ? [...head, ...new Array<number>(missing).fill(0), ...tail] : undefined;
}
