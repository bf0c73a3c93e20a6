// Reads a camera's address (RFC 2326, 3.2; RFC 7826, 4.2). A name and password in it are split off, since an address is shown and logged and they must not
// be. Faults never repeat the address: what could not be read may hold a password. Whether a camera may have it is the register's question.
import { createFault, type ExpectationCode, type ExpectationParams, type InputFault } from "../../base/expectations.ts";
import { err, ok, type Result } from "../../base/result.ts";

export interface CameraAddress {
  /** Without name and password, as it is kept and shown. */
  readonly address: string;
  /** Name or number; IPv6 in brackets. */
  readonly host: string;
  readonly userName: string | null;
  readonly password: string | null;
}

const LONGEST = 500;
const fault = (code: ExpectationCode, params: ExpectationParams = {}): Result<never, InputFault> => err(createFault("address", "(not shown)", code, params));

/** What the URL parser refuses without saying why: a port that no machine has. */
function hasBadPort(address: string): boolean {
  const port = /^rtsps?:\/\/(?:[^@/?#]*@)?(?:\[[^\]]*\]|[^:/?#@[\]]+):(\d+)(?:[/?#]|$)/i.exec(address)?.[1];
  return port !== undefined && Number(port) > 65_535;
}

export function parseCameraAddress(text: string): Result<CameraAddress, InputFault> {
  const trimmed = text.trim();
  if (trimmed.length > LONGEST) return fault("most-characters", { n: LONGEST });
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  if (/[\u0000-\u0020\u007f]/.test(trimmed)) return fault("no-blanks");
  if (!/^rtsps?:\/\//i.test(trimmed)) return fault("rtsp-scheme");
  let url: URL;
  try {
    url = new URL(trimmed);
  } catch {
    return fault(hasBadPort(trimmed) ? "port" : "rtsp-escapes");
  }
  if (url.hostname === "") return fault("rtsp-host");
  if (url.hash !== "") return fault("no-fragment");
  if (url.port === "0") return fault("port");
  let userName: string;
  let password: string;
  try {
    userName = decodeURIComponent(url.username);
    password = decodeURIComponent(url.password);
  } catch {
    return fault("percent-signs");
  }
  const none = url.username === "" && url.password === "";
  return ok({ address: `${url.protocol}//${url.host}${url.pathname}${url.search}`, host: url.hostname, userName: none ? null : userName, password: none ? null : password });
}
