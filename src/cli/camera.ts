// `citywatch camera ...`: cameras of the running centre, from the command line.
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { Readable } from "node:stream";
import { parseArgs } from "node:util";
import { parseCameraAddress, type CameraAddress } from "../api/cameras/camera-address.ts";
import type { Reason } from "../contract/basics.ts";
import { CAMERA_CSV_COLUMNS, CAMERA_STATES, POSE_DEFAULTS, type Camera } from "../contract/cameras.ts";
import { formatFault } from "../base/expectations.ts";
import { formatOffsetTime } from "../base/time-zone.ts";
import { ToldError } from "../base/told-error.ts";
import { askPassword } from "./ask-password.ts";
import { optionOf, PARTICULARS_HELP, PARTICULAR_OPTIONS, readChange, readParticulars, readTyped, refuseEntry } from "./camera-options.ts";
import { CENTRE_HELP, openNamedCentre, type CentreClient } from "./centre-client.ts";

const HELP = `Usage: citywatch camera add ADDRESS --name NAME --lat DEGREES --lon DEGREES --bearing DEGREES --purpose WORDS [OPTIONS]
       citywatch camera change CODE [OPTIONS]
       citywatch camera move CODE --recorder NUMBER --words WORDS
       citywatch camera event CODE --words WORDS
       citywatch camera import FILE.csv [--check]
       citywatch camera list [WORDS] [--state STATE] [--limit N]
       citywatch camera probe ADDRESS

ADDRESS is rtsp://host[:port]/path. The camera's user is named with --user; its password is asked for, or taken from the environment
variable CITYWATCH_CAMERA_PASSWORD. A name and password inside the address work too, but other users of this machine can see them.

add:
  --name NAME            what people call it
  --lat, --lon DEGREES   where it hangs (WGS 84)
  --bearing DEGREES      where it looks, clockwise from north
  --purpose WORDS        why it may look at all
  --code CODE            its short code (made from its number where absent)
  --place WORDS          its address (the nearest street where absent)
  --height METRES [${POSE_DEFAULTS.mountHeightM}]  --tilt DEGREES [${POSE_DEFAULTS.tiltDeg}]  --hfov DEGREES [${POSE_DEFAULTS.horizontalFovDeg}]  --vfov DEGREES [${POSE_DEFAULTS.verticalFovDeg}]  --range METRES [${POSE_DEFAULTS.rangeM}]  --width PIXELS [1920]
  --kind KIND [fixed]  --owner WORDS [City]
${PARTICULARS_HELP}
  --recorder NUMBER      which recorder records it [the one with least to do]
  --no-probe             add it without trying to join it first

change: the options of add but those of the point, where it looks and its recorder, and --address ADDRESS. Only what is named changes.
move: another recorder joins and records it from now on; --words say why. What was recorded stays where it is and is looked at as before.
event: tells a camera that records on events that something happened. Exit code 1 where it has a problem, so that nothing can be recorded now.

import: --check only says which rows are good and which are not. Columns: ${CAMERA_CSV_COLUMNS.join(", ")}

${CENTRE_HELP}`;

const TEXT = { type: "string" } as const;
const OPTIONS = {
  name: TEXT, lat: TEXT, lon: TEXT, bearing: TEXT, purpose: TEXT, code: TEXT, place: TEXT, height: TEXT, tilt: TEXT, hfov: TEXT, vfov: TEXT, range: TEXT, width: TEXT, kind: TEXT,
  owner: TEXT, address: TEXT, words: TEXT, ...PARTICULAR_OPTIONS, user: TEXT, state: TEXT, limit: TEXT, recorder: TEXT, centre: TEXT, data: TEXT, login: TEXT,
  "no-probe": { type: "boolean" }, check: { type: "boolean" }, help: { type: "boolean", short: "h" },
} as const;
type Values = { readonly [K in Exclude<keyof typeof OPTIONS, "no-probe" | "check" | "help">]?: string } & { readonly "no-probe"?: boolean; readonly check?: boolean; readonly help?: boolean };

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args: joinNegatives(args), allowPositionals: true, options: OPTIONS }) as { values: Values; positionals: string[] };
  const [action, ...rest] = positionals;
  if (values.help === true || action === undefined) {
    console.log(HELP);
    return values.help === true ? 0 : 2;
  }
  const work = { add, change, move, event, import: importFile, list, probe }[action];
  if (work === undefined) throw new ToldError(`camera ${JSON.stringify(action)}: expected add, change, move, event, import, list or probe\n\n${HELP}`);
  const prepared = await work(values, rest);
  const centre = await openNamedCentre(values, optionOf);
  try {
    return await prepared(centre);
  } finally {
    await centre.close();
  }
}

/** `--lat -34.9` as people write it: the parser would take the number for an option. */
const joinNegatives = (args: readonly string[]): string[] =>
  args.reduce<string[]>((done, arg) => (/^-\d/.test(arg) && /^--[a-z]+$/.test(done.at(-1) ?? "") ? [...done.slice(0, -1), `${done.at(-1)}=${arg}`] : [...done, arg]), []);

/** Checks what was typed before anything is asked of the centre. */
type Work = (values: Values, rest: readonly string[]) => Promise<(centre: CentreClient) => Promise<number>>;

function readOneAddress([text, ...more]: readonly string[]): string {
  if (text === undefined || more.length > 0) throw new ToldError("expected one address: rtsp://host[:port]/path");
  return text;
}
async function readAddress(values: Values, text: string): Promise<Omit<CameraAddress, "host">> {
  const parsed = parseCameraAddress(text);
  if (!parsed.ok) throw new ToldError(`The address: expected ${parsed.error.expected}`);
  const { address, userName, password } = parsed.value;
  const user = values.user ?? userName;
  if (user === null || (password !== null && password !== "")) return { address, userName: user, password };
  return { address, userName: user, password: await askPassword(`Password of ${user} at the camera`, "CITYWATCH_CAMERA_PASSWORD") };
}

const add: Work = async (values, rest) => {
  const text = readOneAddress(rest);
  const optional = Object.fromEntries((["code", "place", "kind", "owner"] as const).flatMap((key) => (values[key] === undefined ? [] : [[key, values[key]]])));
  const particulars = readParticulars(values);
  const entry = {
    name: values.name, purpose: values.purpose, imageWidthPx: readTyped(values.width, 1920), ...(values.recorder === undefined ? {} : { recorderId: readTyped(values.recorder) }), ...optional, ...particulars,
    pose: {
      point: { lat: readTyped(values.lat), lon: readTyped(values.lon) }, bearingDeg: readTyped(values.bearing), mountHeightM: readTyped(values.height, POSE_DEFAULTS.mountHeightM),
      tiltDeg: readTyped(values.tilt, POSE_DEFAULTS.tiltDeg), horizontalFovDeg: readTyped(values.hfov, POSE_DEFAULTS.horizontalFovDeg), verticalFovDeg: readTyped(values.vfov, POSE_DEFAULTS.verticalFovDeg), rangeM: readTyped(values.range, POSE_DEFAULTS.rangeM),
    },
  };
  refuseEntry({ ...entry, address: text }, parseCameraAddress(text));
  const joined = await readAddress(values, text);
  return async (centre) => {
    if (values["no-probe"] !== true) {
      const { transport, certificateSha256 } = particulars;
      const found = await centre.call("probeCamera", { body: { ...joined, ...(transport === undefined ? {} : { transport }), ...(certificateSha256 === undefined ? {} : { certificateSha256 }) } });
      if (!found.ok) throw new ToldError(`The camera could not be joined (${found.problem}): ${found.message}\nIt was not added. To add it all the same: --no-probe.`);
      console.log(describeProbe(found));
    }
    const camera = await centre.call("createCamera", { body: { ...entry, ...joined } });
    console.log(`Added ${camera.code}: ${camera.name}, ${camera.place}${camera.recorderId === 1 ? "" : `, recorder ${camera.recorderId}`}`);
    return 0;
  };
};

async function findByCode(centre: CentreClient, code: string): Promise<Camera> {
  const page = await centre.call("listCameras", { query: { q: code, limit: 500 } });
  const camera = page.cameras.find((one) => one.code.toLowerCase() === code.toLowerCase());
  if (camera === undefined) throw new ToldError(`No camera has the code ${code}`);
  return camera;
}
function readCode([code, ...more]: readonly string[], action: string): string {
  if (code === undefined || more.length > 0) throw new ToldError(`expected one code of a camera: citywatch camera ${action} CODE`);
  return code;
}

const change: Work = async (values, rest) => {
  const code = readCode(rest, "change");
  const texts = Object.fromEntries((["name", "purpose", "place", "kind", "owner"] as const).flatMap((key) => (values[key] === undefined ? [] : [[key, values[key]]])));
  const width = values.width === undefined ? {} : { imageWidthPx: readTyped(values.width) };
  const plain = readChange({ ...texts, ...width, ...readParticulars(values) });
  const joined = values.address === undefined ? {} : await readAddress(values, values.address);
  const login = values.address === undefined && values.user !== undefined ? { userName: values.user, password: await askPassword(`Password of ${values.user} at the camera`, "CITYWATCH_CAMERA_PASSWORD") } : {};
  const body = { ...plain, ...joinedChange(joined), ...login };
  if (Object.keys(body).length === 0) throw new ToldError(`Nothing to change was named\n\n${HELP}`);
  return async (centre) => {
    const { id } = await findByCode(centre, code);
    const changed = await centre.call("changeCamera", { params: { id }, body });
    console.log(`Changed ${changed.code}: ${changed.name}${changed.credentialDropped ? ". Its user name and password were of another host or port and were dropped" : ""}`);
    return 0;
  };
};
/** A new address without a user leaves it to the centre whether the stored one goes along. */
const joinedChange = (joined: Partial<Omit<CameraAddress, "host">>): object => (joined.address === undefined ? {} : joined.userName === null ? { address: joined.address } : joined);

const move: Work = async (values, rest) => {
  const code = readCode(rest, "move");
  const words = values.words?.trim() ?? "";
  if (words === "") throw new ToldError("--words is missing: say why it is moved");
  const recorderId = Number(values.recorder ?? "");
  if (!Number.isInteger(recorderId) || recorderId < 1) throw new ToldError(`--recorder: ${values.recorder ?? "nothing"}: expected the number of a recorder`);
  return async (centre) => {
    const { id, recorderId: before } = await findByCode(centre, code);
    const moved = await centre.call("moveCamera", { params: { id }, body: { recorderId, words } });
    console.log(`Moved ${moved.code} from recorder ${before} to recorder ${moved.recorderId}`);
    return 0;
  };
};

const event: Work = async (values, rest) => {
  const code = readCode(rest, "event");
  const words = values.words?.trim() ?? "";
  if (words === "") throw new ToldError("--words is missing: say what happened");
  return async (centre) => {
    const { id, health } = await findByCode(centre, code);
    const { recordedUntil, timeZone } = await centre.call("noteRecordingEvent", { params: { id }, body: { words } });
    console.log(formatEventAnswer(health, recordedUntil, timeZone));
    return isLost(health) ? 1 : 0;
  };
};

type Health = Pick<Camera["health"], "state" | "problem">;
const isLost = ({ state, problem }: Health): boolean => state === "failing" || state === "no-address" || problem !== null;
/** A camera that cannot be joined gives nothing to record, whatever it is told. `timeZone`: of the city, whose clocks the cameras and the console show. */
export function formatEventAnswer(health: Health, recordedUntil: number, timeZone: string): string {
  const until = formatOffsetTime(Math.ceil(recordedUntil / 1_000) * 1_000, timeZone).replace(".000", "");
  if (!isLost(health)) return `Told. Recorded until ${until}`;
  return `Told, but nothing can be recorded now: the camera is ${health.state}${health.problem === null ? "" : ` (${sayProblem(health.problem)})`}. If it is joined before ${until}, it is recorded until then.`;
}

const importFile: Work = async (values, rest) => {
  const [path, ...more] = rest;
  if (path === undefined || more.length > 0) throw new ToldError("expected one file: citywatch camera import FILE.csv");
  const found = await stat(path).catch(() => null);
  if (found === null || !found.isFile()) throw new ToldError(`${path}: there is no such file`);
  return async (centre) => {
    const result = await centre.call("importCameras", { query: values.check === true ? { check: "true" } : {}, stream: Readable.toWeb(createReadStream(path)) as ReadableStream });
    for (const { line, ...fault } of result.rejected) console.error(`line ${line}: ${formatFault(fault)}`);
    const untold = result.rejectedTotal - new Set(result.rejected.map((fault) => fault.line)).size;
    if (untold > 0) console.error(`and ${count(untold, "more row")}`);
    for (const { field, expected } of result.notices) console.error(`column ${field}: passed over: expected ${expected}`);
    console.log(values.check === true ? `${count(result.added, "row")} good, ${count(result.rejectedTotal, "row")} faulty; nothing was added` : `${count(result.added, "camera")} added, ${count(result.rejectedTotal, "row")} not`);
    return result.rejectedTotal === 0 ? 0 : 1;
  };
};

/** "1 row", "2 rows". */
export const count = (n: number, what: string): string => `${n.toLocaleString("en")} ${what}${n === 1 ? "" : "s"}`;

const sayProblem = ({ code, params }: Reason): string => (params["message"] === undefined ? code : `${code}: ${params["message"]}`);

/** One line; of a camera that fails, why. */
export function formatCamera({ code, health, name, address }: Pick<Camera, "code" | "name" | "address"> & { readonly health: Health }): string {
  const { problem } = health;
  const why = problem === null ? [] : [sayProblem(problem)];
  return [code.padEnd(12), health.state.padEnd(11), name, address ?? "(no stream)", ...why].join("  ");
}

const list: Work = async (values, rest) => {
  const limit = readTyped(values.limit, 50);
  if (typeof limit !== "number") throw new ToldError(`--limit: ${values.limit}: expected a number`);
  if (values.state !== undefined && !CAMERA_STATES.some((state) => state === values.state)) throw new ToldError(`--state: ${values.state}: expected one of ${CAMERA_STATES.join(", ")}`);
  return async (centre) => {
    const words = rest.join(" ").trim();
    const page = await centre.call("listCameras", { query: { limit, ...(words === "" ? {} : { q: words }), ...(values.state === undefined ? {} : { state: values.state }) } });
    for (const camera of page.cameras) console.log(formatCamera(camera));
    console.log(`${page.cameras.length} of ${page.total}`);
    return 0;
  };
};

const probe: Work = async (values, rest) => {
  const joined = await readAddress(values, readOneAddress(rest));
  return async (centre) => {
    const found = await centre.call("probeCamera", { body: joined });
    if (!found.ok) throw new ToldError(`The camera could not be joined (${found.problem}): ${found.message}`);
    console.log(describeProbe(found));
    return 0;
  };
};

const describeProbe = (found: { codec: string; width: number | null; height: number | null; tracks: readonly string[]; server: string | null; tookMs: number }): string =>
  `Joined in ${Math.round(found.tookMs)} ms: ${found.codec}${found.width === null ? "" : ` ${found.width} x ${found.height}`}, tracks ${found.tracks.join(", ")}${found.server === null ? "" : `, ${found.server}`}`;
