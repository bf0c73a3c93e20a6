// Reads a camera's address (RFC 2326, 3.2; RFC 7826, 4.2). A name and password in it are split off, since an address is shown and logged and they must not
// be. Faults never repeat the address: what could not be read may hold a password. Whether a camera may have it is the register's question.
import { err, ok, type InputFault, type Result } from "../../base/result.ts";

export interface CameraAddress {
  /** Without name and password, as it is kept and shown. */
  readonly address: string;
  /** Name or number; IPv6 in brackets. */
  readonly host: string;
  readonly userName: string | null;
  readonly password: string | null;
}

const LONGEST = 500;
const fault = (expected: string): Result<never, InputFault> => err({ field: "address", value: "(not shown)", expected });

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
  let userName: string;
  let password: string;
  try {
    userName = decodeURIComponent(url.username);
    password = decodeURIComponent(url.password);
  } catch {
    return fault("a name and password whose % signs are written as %25");
  }
  const none = url.username === "" && url.password === "";
  return ok({ address: `${url.protocol}//${url.host}${url.pathname}${url.search}`, host: url.hostname, userName: none ? null : userName, password: none ? null : password });
}
