// `citywatch hold ...`: evidence holds of the running centre, from the command line. On the server's own machine it may hold and review; releasing is for a person who may, by --login.
import { parseArgs } from "node:util";
import { ToldError } from "../base/told-error.ts";
import { DAY_MS } from "../base/time.ts";
import { HOLD_STATES, type Hold, MOST_HOLD_DAYS } from "../contract/holds.ts";
import { CENTRE_HELP, openNamedCentre, type CentreClient } from "./centre-client.ts";

const HELP = `Usage: citywatch hold add CODE... --from TIME --to TIME [--incident NUMBER] [--why WORDS] [--review DAYS]
       citywatch hold list [--state STATE]
       citywatch hold review ID --why WORDS [--review DAYS]
       citywatch hold release ID --why WORDS --login NAME

What the cameras recorded from --from to --to is not deleted, however old it gets and however full the disk is, until
somebody releases it. A hold whose review date has passed still holds; it is listed as overdue.

  CODE            a camera's short code; several hold the same range
  --from, --to    times as 2026-11-23T03:00 (of this machine's zone) or with a zone (…Z, …+01:00); --to may lie ahead
  --incident ID   the incident that it is for, by its id; else, or beside it, --why
  --why WORDS     why it is held, still needed, or released
  --review DAYS   when somebody has to look at it again [30]
  --state STATE   ${["open", ...HOLD_STATES].join(", ")} [open]

${CENTRE_HELP}`;

const TEXT = { type: "string" } as const;
const OPTIONS = { from: TEXT, to: TEXT, incident: TEXT, why: TEXT, review: TEXT, state: TEXT, centre: TEXT, data: TEXT, login: TEXT, help: { type: "boolean", short: "h" } } as const;
type Values = { readonly [K in Exclude<keyof typeof OPTIONS, "help">]?: string };
/** Checks what was typed before anything is asked of the centre. */
type Work = (values: Values, rest: readonly string[], now: number) => (centre: CentreClient) => Promise<number>;

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options: OPTIONS });
  const [action, ...rest] = positionals;
  if (values.help === true || action === undefined) {
    console.log(HELP);
    return values.help === true ? 0 : 2;
  }
  const work = ({ add, list, review, release } as Record<string, Work | undefined>)[action];
  if (work === undefined) throw new ToldError(`hold ${JSON.stringify(action)}: expected add, list, review or release\n\n${HELP}`);
  const prepared = work(values, rest, Date.now());
  const centre = await openNamedCentre(values);
  try {
    return await prepared(centre);
  } finally {
    await centre.close();
  }
}

function readTime(values: Values, name: "from" | "to"): number {
  const text = values[name];
  if (text === undefined) throw new ToldError(`--${name} is missing\n\n${HELP}`);
  const at = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at)) throw new ToldError(`--${name}: ${text}: expected a time like 2026-11-23T03:00`);
  return at;
}

function readReview(values: Values, now: number): number {
  const days = Number(values.review ?? "30");
  if (!(days > 0 && days <= MOST_HOLD_DAYS)) throw new ToldError(`--review: ${values.review}: expected 1 to ${MOST_HOLD_DAYS} days`);
  return Math.round(now + days * DAY_MS);
}

function readId(rest: readonly string[]): number {
  const [text, ...more] = rest;
  if (text === undefined || more.length > 0 || !/^[1-9]\d{0,8}$/.test(text)) throw new ToldError("expected the number of one hold, as citywatch hold list shows it");
  return Number(text);
}

function readWhy(values: Values): string {
  if (values.why === undefined || values.why.trim() === "") throw new ToldError("--why is missing: in words, so that whoever asks later is told");
  return values.why;
}

const add: Work = (values, codes, now) => {
  if (codes.length === 0) throw new ToldError(`expected the codes of cameras\n\n${HELP}`);
  const range = { from: readTime(values, "from"), to: readTime(values, "to") };
  if (values.incident === undefined) readWhy(values);
  else if (!/^[1-9]\d{0,8}$/.test(values.incident)) throw new ToldError(`--incident: ${values.incident}: expected its number`);
  const body = { ...range, incidentId: values.incident === undefined ? null : Number(values.incident), words: values.why ?? null, reviewAt: readReview(values, now) };
  return async (centre) => {
    const cameraIds: number[] = [];
    for (const code of codes) {
      const page = await centre.call("listCameras", { query: { q: code, limit: 500 } });
      const camera = page.cameras.find((each) => each.code === code);
      if (camera === undefined) throw new ToldError(`There is no camera ${code}`);
      cameraIds.push(camera.id);
    }
    const hold = await centre.call("createHold", { body: { cameraIds, ...body } });
    console.log(formatHold(hold));
    if (hold.waitingFor.length > 0) console.log("The recorder has not confirmed it yet; see: citywatch hold list");
    return 0;
  };
};

const list: Work = (values) => {
  const states: readonly string[] = ["open", ...HOLD_STATES];
  if (values.state !== undefined && !states.includes(values.state)) throw new ToldError(`--state: ${values.state}: expected one of ${states.join(", ")}`);
  return async (centre) => {
    let before: number | undefined;
    let shown = 0;
    for (;;) {
      const page = await centre.call("listHolds", { query: { state: values.state ?? "open", limit: 500, ...(before === undefined ? {} : { before }) } });
      for (const hold of page.holds) console.log(formatHold(hold));
      shown += page.holds.length;
      before = page.holds.at(-1)?.id;
      if (page.holds.length === 500) continue;
      console.log(`${shown} holds; ${page.overdue} overdue for review`);
      return 0;
    }
  };
};

const review: Work = (values, rest, now) => {
  const id = readId(rest);
  const body = { words: readWhy(values), reviewAt: readReview(values, now) };
  return async (centre) => {
    console.log(formatHold(await centre.call("reviewHold", { params: { id }, body })));
    return 0;
  };
};

const release: Work = (values, rest) => {
  const id = readId(rest);
  const body = { words: readWhy(values) };
  return async (centre) => {
    console.log(formatHold(await centre.call("releaseHold", { params: { id }, body })));
    return 0;
  };
};

const minute = (at: number): string => `${new Date(at).toISOString().slice(0, 16)}Z`;

/** One line. */
export function formatHold(hold: Hold): string {
  const why = [...(hold.incidentId === null ? [] : [`incident ${hold.incidentId}`]), ...(hold.words === null ? [] : [hold.words])].join(": ");
  const waiting = hold.waitingFor.length === 0 ? [] : [`not confirmed yet by recorder ${hold.waitingFor.join(", ")}`];
  return [String(hold.id).padStart(5), hold.state.padEnd(8), `${minute(hold.from)} to ${minute(hold.to)}`, hold.cameras.map((camera) => camera.code).join(" "), why, `review ${minute(hold.reviewAt)}`, `by ${hold.madeBy.name}`, ...waiting].join("  ");
}
