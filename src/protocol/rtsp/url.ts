// Addresses of cameras: rtsp URLs, taken apart by hand because the form is narrow and the platform's URL type is no pure thing. Credentials are cut off, so that
// what is left may stand in a log. Which network addresses may be joined is judged elsewhere (video/camera/camera-networks.ts).
import { createFault, type ExpectationCode, type ExpectationParams, type InputFault } from "../../base/expectations.ts";
import { type Err, type Ok, err, ok } from "../../base/result.ts";

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
  const fault = (code: ExpectationCode, params: ExpectationParams = {}): Err<InputFault> => err(createFault("address", shown, code, params));
  if (text.length > MOST_URL_LENGTH) return fault("most-characters", { n: MOST_URL_LENGTH });
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code <= 0x20 || code >= 0x7f) return fault("rtsp-ascii");
  }
  const match = FORM.exec(text);
  if (match === null) return fault("rtsp-form");
  const tls = match[1]!.toLowerCase() === "rtsps";
  const host = match[3]!.replace(/^\[|\]$/g, "");
  const port = match[4] === undefined ? (tls ? 322 : 554) : Number(match[4]);
  if (port < 1 || port > 65_535) return fault("port");
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
