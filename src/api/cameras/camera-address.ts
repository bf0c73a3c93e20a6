// Reads a camera's address (RFC 2326, 3.2; RFC 7826, 4.2). A name and password in it are split off, since an address is shown and logged and they must not
// be. Faults never repeat the address: what could not be read may hold a password. Addresses that no camera can have are refused here;
// where a name leads is checked by the recorder at the moment it connects.
import { err, ok, type InputFault, type Result } from "../../base/result.ts";

export interface CameraAddress {
  /** Without name and password, as it is kept and shown. */
  readonly address: string;
  readonly userName: string | null;
  readonly password: string | null;
}

const LONGEST = 500;
/** Unspecified, link-local (where clouds keep their metadata), multicast and broadcast. */
const NO_CAMERA_V4 = /^(0\.|169\.254\.|22[4-9]\.|23\d\.|24\d\.|25[0-5]\.)/;
const NO_CAMERA_V6 = /^\[(::|fe[89ab][0-9a-f]:.*|ff[0-9a-f]{2}:.*)\]$/i;
const MAPPED_V4 = /^\[::ffff:(?:(\d+\.\d+\.\d+\.\d+)|([0-9a-f]{1,4}):([0-9a-f]{1,4}))\]$/i;

const fault = (expected: string): Result<never, InputFault> => err({ field: "address", value: "(not shown)", expected });

/** Dotted text of an IPv4 address that is mapped into IPv6, or null. */
function mappedV4(host: string): string | null {
  const match = MAPPED_V4.exec(host);
  if (match === null) return null;
  if (match[1] !== undefined) return match[1];
  const high = Number.parseInt(match[2]!, 16);
  const low = Number.parseInt(match[3]!, 16);
  return `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`;
}

export function parseCameraAddress(text: string): Result<CameraAddress, InputFault> {
  const trimmed = text.trim();
  if (trimmed.length > LONGEST) return fault(`at most ${LONGEST} characters`);
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  if (/[\u0000-\u0020\u007f]/.test(trimmed)) return fault("an address without spaces and control characters");
  if (!/^rtsps?:\/\//i.test(trimmed)) return fault("an address that begins with rtsp:// or rtsps://");
  let url: URL;
  try {
    url = new URL(trimmed);
  } catch {
    return fault("rtsp://host[:port]/path; special characters of a password as %40 for @, %3A for :, %23 for #, %2F for /");
  }
  if (url.hostname === "") return fault("a host: rtsp://host[:port]/path");
  if (url.hash !== "") return fault("no # in the address; in a password write %23");
  if (url.port === "0") return fault("a port of 1 to 65535");
  const v4 = mappedV4(url.hostname) ?? url.hostname;
  if (NO_CAMERA_V4.test(v4) || NO_CAMERA_V6.test(url.hostname)) return fault("the address of one camera, not an unspecified, link-local or multicast one");
  let userName: string;
  let password: string;
  try {
    userName = decodeURIComponent(url.username);
    password = decodeURIComponent(url.password);
  } catch {
    return fault("a name and password whose % signs are written as %25");
  }
  const none = url.username === "" && url.password === "";
  return ok({ address: `${url.protocol}//${url.host}${url.pathname}${url.search}`, userName: none ? null : userName, password: none ? null : password });
}
