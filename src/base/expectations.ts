// What was expected where an input is wrong, as a code with parameters, so that each language says it in its own words and none shows another's. The English
// of this table is what integrators and logs read. Rejected: English texts made where the fault is found, which no console can translate.

export const EXPECTATIONS = {
  number: "a number", "whole-number": "a whole number", text: "text", "true-or-false": "true or false", object: "an object", list: "a list", value: "a value",
  "one-of": "one of {values}", exactly: "{value}", "no-field": "no field {names}", "known-form": "one of the forms of the documentation", "known-kind": "a known {name}", utf8: "text in UTF-8",
  "at-least": "at least {n}", "more-than": "more than {n}", "at-most": "at most {n}", "less-than": "less than {n}",
  "least-characters": "at least {n} characters", "most-characters": "at most {n} characters", "not-empty": "something written", "not-empty-list": "one item or more", "least-items": "at least {n} items", "most-items": "at most {n} items",
  pattern: "text of the form {form}",
  "camera-code": "1 to 40 of A-Z a-z 0-9 . _ -", "code-free": "a code that no camera has yet", login: "2 to 40 of a-z 0-9 . _ -", "login-free": "a name that no account has",
  "unit-exists": "a unit that exists", "unit-on-duty": "a unit on duty", "unit-role": "null, or the role officer or guard", "unit-not-speaking": "a unit whose own phone does not tell its place", "incident-exists": "an incident that exists", "call-exists": "a call that exists", "layout-exists": "a layout that exists and that the asker may see", "camera-once": "each camera once",
  "rtsp-scheme": "an address that begins with rtsp:// or rtsps://", "rtsp-form": "rtsp://host[:port]/path", "rtsp-host": "a host: rtsp://host[:port]/path", "no-blanks": "an address without spaces and control characters",
  "rtsp-ascii": "printable ASCII without blanks; other characters percent-encoded",
  "rtsp-escapes": "rtsp://host[:port]/path with a port of 1 to 65535; special characters of a password as %40 for @, %3A for :, %23 for #, %2F for /", "no-fragment": "no # in the address; in a password write %23",
  "device-id": "3 to 40 of A-Z a-z 0-9 . _ : -, beginning with a letter or digit", "device-time": "seconds or milliseconds since 1970, or a time like 2026-03-23T12:35:19Z",
  "https-target": "an address that begins with https://; http:// is for networks that --webhook-networks names", "webhook-target": "an https:// address of a host on the internet, or in a network that --webhook-networks names",
  "cap-xml": "well-formed XML without a document type: {problem}", "cap-cap": "an alert of CAP 1.2 (urn:oasis:names:tc:emergency:cap:1.2)", "cap-time": "a time like 2026-03-23T12:00:00-03:00", "cap-word": "a word that CAP 1.2 has there", "cap-present": "something written: CAP 1.2 needs it",
  "cap-polygon": "lat,lon pairs with the first one repeated at the end", "cap-circle": "lat,lon and a radius in km", "cap-bounded": "less of it",
  "eido-present": "something written: the standard needs it", "eido-text": "text", "eido-time": "a time like 2026-03-23T12:00:00.000-03:00", "eido-list": "a component, or a list of components", "eido-bounded": "less of it",
  port: "a port of 1 to 65535", 
  "host-not-an-address": "the address of a camera; {host} is not an address: write four numbers from 0 to 255, IPv6 in brackets, or a name",
  "host-unspecified": "the address of a camera; {host} is an unspecified address, which no camera may have", "host-link-local": "the address of a camera; {host} is a link-local address, which no camera may have",
  "host-metadata-service": "the address of a camera; {host} is a metadata-service address, which no camera may have", "host-multicast": "the address of a camera; {host} is a multicast address, which no camera may have",
  "host-reserved": "the address of a camera; {host} is a reserved address, which no camera may have",
  "host-loopback": "the address of a camera; {host} is a loopback address, outside the networks that cameras may be in here: {networks}; the option --camera-networks changes them",
  "host-outside": "the address of a camera; {host} is outside the networks that cameras may be in here: {networks}; the option --camera-networks changes them",
  "weekly-hours": "days and hours such as mon-fri 07:00-19:00; sat 09:00-13:00", "weekly-days": "days such as mon, mon-fri, mon,wed or daily; the days are mon tue wed thu fri sat sun", "weekly-times": "hours such as 07:00-19:00, or 22:00-06:00 over midnight; a whole day is 00:00-24:00",
  "schedule-needed": "the hours of the week in which it is recorded, such as mon-fri 07:00-19:00", fingerprint: "a SHA-256 fingerprint: 64 hexadecimal digits, with or without colons", "same-endpoint": "an address at the same host and port as the first stream: the password goes nowhere else",
  "main-needed": "nothing, while there is no first stream", "tls-by-tcp": "tcp or auto: an rtsps camera's packets by UDP would come in clear", "tls-needed": "nothing, unless the address begins with rtsps://", "not-more-than": "not more than {n}, for so long it is kept",
  "percent-signs": "a name and password whose % signs are written as %25",
  "lon-lat": "lon,lat in degrees", latitude: "a latitude, -90 to 90", longitude: "a longitude, -180 to 180", "city-latitude": "a latitude in or near the city, {from} to {to}", "city-longitude": "a longitude in or near the city, {from} to {to}",
  "no-range": "no range: a live view has none", "range-start": "the start of the range, in ms", "range-end": "the end of the range, in ms", "time-after": "a time after {t}", "time-not-after": "a time not after {t}",
  "range-of-a-day": "at most 24 hours after the start", "time-past": "a time that has been",
  "days-after-start": "at most {n} days after the start", "days-ahead": "a time ahead, at most {n} days", "incident-or-words": "an incident, or words that say why", "camera-exists": "a camera that is or was registered", "recorder-exists": "the number of a recorder: {numbers}", "other-recorder": "another recorder than the one that records it",
  "csv-row": "a row of CSV: {problem}", "run-card-units": "how many units of which kinds, such as 2 fire-engine; 1 patrol|platform-crew with first-aid; the kinds are {kinds}, or crew for any", "run-card-json": "JSON: a list of rows", "run-card-code-once": "each code once; line {line} has it already", "run-card-case-once": "one row for each case; {code} in line {line} is for the same type, grade, district and hours",
  "run-card-hole": "a row that covers {type} of the grade {determinant} in every district from {from} to {to}", "csv-quotes": "each quote closed; nothing after this line was read", "csv-column": "a column of this name in the first row", "csv-column-once": "each column once", "call-sign-once": "each call sign once", "call-sign-known": "the call sign of a unit that is registered", "platform-once": "each code once", "platform-exists": "the code of a platform; citywatch platform import enters platforms", "platform-road": "a place within {n} m of a road",
  "shift-time": "a time such as 2026-03-23 07:00, by the clocks of the city, or with an offset, 2026-03-23T07:00-03:00", "shift-end": "a time after the start, at most {n} hours later", "shift-ahead": "a shift that is not over", "shift-soon": "a start at most {n} days ahead", "shift-apart": "shifts of one unit that do not overlap; line {line} has the other", "shift-room": "a shift of a unit that has fewer than {n} ahead",
} as const;
export type ExpectationCode = keyof typeof EXPECTATIONS;
export type ExpectationParams = Readonly<Record<string, string | number>>;

export const isExpectation = (code: string): code is ExpectationCode => Object.hasOwn(EXPECTATIONS, code);

/** `{name}` in a text becomes the parameter; one that is not given stays as it is. */
export const fillIn = (text: string, params: ExpectationParams): string => text.replace(/\{(\w+)\}/g, (whole, name: string) => (Object.hasOwn(params, name) ? String(params[name]) : whole));

/** A wrong input, told so that the person who gave it can mend it: which field, what it was, what was expected. */
export interface InputFault {
  readonly field: string;
  readonly value: string;
  /** English, for logs and integrators: `code` filled in with `params`. */
  readonly expected: string;
  readonly code: ExpectationCode;
  readonly params: ExpectationParams;
}

export const createFault = (field: string, value: string, code: ExpectationCode, params: ExpectationParams = {}): InputFault =>
  ({ field, value, expected: fillIn(EXPECTATIONS[code], params), code, params });

/** One line for a terminal or a log, the field by the name that its reader knows. */
export const formatFault = ({ field, value, expected }: Pick<InputFault, "field" | "value" | "expected">, name: string = field): string =>
  value === "absent" ? `${name} is missing: expected ${expected}` : value === "(not shown)" ? `${name}: expected ${expected}` : `${name}: ${value.trim() === "" ? "(empty)" : value}: expected ${expected}`;
