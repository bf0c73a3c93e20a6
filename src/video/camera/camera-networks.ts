// Which network addresses cameras may have. Whoever may register a camera makes the recorder open connections, and must not reach by it what the recorder
// can reach and they cannot: the cloud's metadata, what listens on this machine's loopback, the internet. A list of networks says where cameras are; some
// addresses no list allows. The machine's own address in an allowed network is one like the others here: a gateway on it is a camera's usual place. Judged is the numeric address that will be connected to, never the name (a name can resolve to something else a
// second later), and IPv6 forms of an IPv4 address are judged as that one. Loopback takes a network of its own in the list: 0.0.0.0/0 does not mean it.
import type { InputFault } from "../../base/expectations.ts";
import { type Err, type Ok, err, ok } from "../../base/result.ts";

/** Words of 16 bits, highest first: two for IPv4, eight for IPv6. */
type Address = readonly number[];
export interface IpNetwork {
  readonly base: Address;
  readonly prefixLength: number;
}
export interface AddressPolicy {
  readonly networks: readonly IpNetwork[];
}

export const ADDRESS_REFUSALS = ["not-an-address", "unspecified", "loopback", "link-local", "metadata-service", "multicast", "reserved", "outside"] as const;
export type AddressRefusal = (typeof ADDRESS_REFUSALS)[number];

/** Private use (RFC 1918, RFC 4193), and the carriers' shared space (RFC 6598), where cameras on a mobile network's private access live. */
export const DEFAULT_CAMERA_NETWORKS = "10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,100.64.0.0/10,fc00::/7";
/** What a demonstration adds: its cameras are simulated on this machine. */
export const LOOPBACK_NETWORKS = "127.0.0.0/8,::1/128";
const MOST_NETWORKS = 256;

const isNever = (refusal: AddressRefusal | undefined): boolean => refusal !== undefined && refusal !== "loopback";

/** Of an option of the program, which speaks English only. */
type OptionFault = Pick<InputFault, "field" | "value" | "expected">;

/** Reads `10.0.0.0/8, fd12::/16, 203.0.113.7`. The fault shows the entry that is wrong. */
export function parseCameraNetworks(text: string): Ok<AddressPolicy> | Err<OptionFault> {
  const fault = (value: string, expected: string): Err<OptionFault> => err({ field: "networks", value: value.slice(0, 60), expected });
  const entries = text.split(/[\s,]+/).filter((entry) => entry !== "");
  if (entries.length === 0) return fault(text, "at least one network, like 10.0.0.0/8");
  if (entries.length > MOST_NETWORKS) return fault(`${entries.length} networks`, `at most ${MOST_NETWORKS}`);
  const networks: IpNetwork[] = [];
  for (const entry of entries) {
    const [, host, length] = /^([0-9A-Fa-f.:]+)(?:\/(\d{1,3}))?$/.exec(entry) ?? [];
    const base = host === undefined ? undefined : parseAddress(host);
    if (base === undefined) return fault(entry, "networks like 10.0.0.0/8 or fd12::/16, separated by commas");
    const bits = base.length * 16;
    const prefixLength = length === undefined ? bits : Number(length);
    if (prefixLength > bits) return fault(entry, `a prefix of 0 to ${bits}`);
    const start = maskOf(base, prefixLength);
    if (start.some((word, i) => word !== base[i])) return fault(entry, `the first address of the network: ${formatNetwork({ base: start, prefixLength })}`);
    if (embeddedV4(base) !== undefined) return fault(entry, "the network as IPv4, for that is how such addresses are judged");
    if (prefixLength > 0 && isNever(judgeKind(base))) return fault(entry, `no ${judgeKind(base)} addresses: no camera may have them`);
    networks.push({ base, prefixLength });
  }
  return ok({ networks });
}

/** Why a numeric address must not be connected to; undefined where it may. */
export function findAddressRefusal(text: string, policy: AddressPolicy): AddressRefusal | undefined {
  const parsed = parseAddress(text);
  if (parsed === undefined) return "not-an-address";
  const address = embeddedV4(parsed) ?? parsed;
  const kind = judgeKind(address);
  if (isNever(kind)) return kind;
  const allowed = policy.networks.some((network) => contains(network, address) && (kind !== "loopback" || judgeKind(network.base) === "loopback"));
  return allowed ? undefined : (kind ?? "outside");
}

/** The same for the host of a camera's URL, before it is resolved: undefined for a name, which is judged by what it resolves to. */
export function findHostRefusal(host: string, policy: AddressPolicy): AddressRefusal | undefined {
  const bare = host.replace(/^\[|\]$/g, "").replace(/\.$/, "").toLowerCase();
  if (bare === "localhost" || bare.endsWith(".localhost")) return findAddressRefusal("127.0.0.1", policy);
  const refusal = findAddressRefusal(bare, policy);
  // "2130706433", "0x7f.1", "010.0.0.1" are addresses to some resolvers and nothing that anybody means.
  const isName = refusal === "not-an-address" && !bare.includes(":") && !/(^|\.)(\d+|0x[0-9a-f]*)$/.test(bare);
  return isName ? undefined : refusal;
}

/** In words, for whoever gave the address. */
export function explainRefusal(host: string, refusal: AddressRefusal, policy: AddressPolicy): string {
  if (refusal === "not-an-address") return `${host} is not an address: write four numbers from 0 to 255, IPv6 in brackets, or a name`;
  if (refusal !== "outside" && refusal !== "loopback") return `${host} is a ${refusal} address, which no camera may have`;
  const list = formatNetworks(policy);
  return `${host} is ${refusal === "loopback" ? "a loopback address, outside" : "outside"} the networks that cameras may be in here: ${list}; the option --camera-networks changes them`;
}

/** The networks of a policy, as the option takes them. */
export const formatNetworks = (policy: AddressPolicy): string => policy.networks.map(formatNetwork).join(", ");

export function formatNetwork({ base, prefixLength }: IpNetwork): string {
  const [high, low] = base as [number, number];
  if (base.length === 2) return `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}/${prefixLength}`;
  const text = base.map((word) => word.toString(16)).join(":");
  const zeros = [...text.matchAll(/(?<=^|:)0(?::0)+(?=:|$)/g)].sort((a, b) => b[0].length - a[0].length)[0];
  const short = zeros === undefined ? text : `${text.slice(0, zeros.index).replace(/:$/, "")}::${text.slice(zeros.index + zeros[0].length).replace(/^:/, "")}`;
  return `${short}/${prefixLength}`;
}

function contains({ base, prefixLength }: IpNetwork, address: Address): boolean {
  return base.length === address.length && maskOf(address, prefixLength).every((word, i) => word === base[i]);
}

const maskOf = (address: Address, prefixLength: number): Address =>
  address.map((word, i) => {
    const bits = Math.min(16, Math.max(0, prefixLength - 16 * i));
    return word & ((0xffff << (16 - bits)) & 0xffff);
  });

/** The IPv4 address that an IPv6 one stands for (mapped, compatible, NAT64, 6to4); undefined where it stands for itself. */
function embeddedV4(address: Address): Address | undefined {
  if (address.length !== 8) return undefined;
  const isZeroTo5 = address.slice(0, 5).every((word) => word === 0);
  if (isZeroTo5 && address[5] === 0xffff) return address.slice(6);
  if (isZeroTo5 && address[5] === 0 && (address[6] !== 0 || address[7]! > 1)) return address.slice(6);
  if (address[0] === 0x64 && address[1] === 0xff9b) return address.slice(6);
  if (address[0] === 0x2002) return address.slice(1, 3);
  return undefined;
}

/**
 * Clouds' metadata services outside the link-local networks, as their makers document them. Whoever gets an answer there may get the machine's own credentials.
 * A list of known ones: of a cloud that is not in it, only the network that cameras may be in keeps them away.
 */
const METADATA_SERVICES: readonly IpNetwork[] = [
  { base: [0x6464, 0x64c8], prefixLength: 32 }, // Alibaba: 100.100.100.200
  { base: [0xa83f, 0x8110], prefixLength: 32 }, // Azure: 168.63.129.16
  { base: [0xc000, 0x00c0], prefixLength: 32 }, // Oracle: 192.0.0.192
  { base: [0xfd00, 0x0ec2, 0, 0, 0, 0, 0, 0], prefixLength: 32 }, // Amazon: fd00:ec2::254, and others of its own services
  { base: [0xfd20, 0x00ce, 0, 0, 0, 0, 0, 0], prefixLength: 32 }, // Google: fd20:ce::254
  { base: [0xfd00, 0x00c1, 0, 0, 0, 0, 0, 0], prefixLength: 32 }, // Oracle: fd00:c1::a9fe:a9fe
];
const isMetadata = (address: Address): boolean => METADATA_SERVICES.some((network) => contains(network, address));

/** What kind of special address it is (RFC 6890); undefined for an ordinary one. */
function judgeKind(address: Address): AddressRefusal | undefined {
  const [first] = address as [number];
  if (address.every((word) => word === 0)) return "unspecified";
  if (address.length === 8) {
    if (address.slice(0, 7).every((word) => word === 0) && address[7] === 1) return "loopback";
    if ((first & 0xffc0) === 0xfe80) return "link-local";
    if ((first & 0xff00) === 0xff00) return "multicast";
    return isMetadata(address) ? "metadata-service" : undefined;
  }
  const top = first >> 8;
  if (top === 0) return "reserved";
  if (top === 127) return "loopback";
  if (first === 0xa9fe) return "link-local"; // 169.254.0.0/16, where clouds keep their metadata
  if (isMetadata(address)) return "metadata-service";
  if (top >= 240) return "reserved";
  return top >= 224 ? "multicast" : undefined;
}

const parseAddress = (text: string): Address | undefined => parseIpv4(text) ?? parseIpv6(text);

function parseIpv4(text: string): Address | undefined {
  const match = /^(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})$/.exec(text); // no leading zero: octal to some
  const parts = match?.slice(1).map(Number);
  if (parts === undefined || parts.some((part) => part > 255)) return undefined;
  return [parts[0]! * 256 + parts[1]!, parts[2]! * 256 + parts[3]!];
}

function parseIpv6(text: string): Address | undefined {
  let bare = text.replace(/%.*$/, "").toLowerCase();
  const dotted = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(bare);
  if (dotted !== null) {
    const v4 = parseIpv4(dotted[2]!);
    if (v4 === undefined) return undefined;
    bare = `${dotted[1]}${v4.map((word) => word.toString(16)).join(":")}`;
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
