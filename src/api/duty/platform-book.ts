// The platforms that stand, in memory: some hundreds, asked for by every page, every search and every choice of units. Changed here alone, so that the store, the map's search and the posts that dispatch covers
// never differ. Changes are made one after the other and memory follows by what each commit gave, so that no reading can overtake another or fail after the commit. Each is told with the road that it stands at: a post that no road is near is a slip in its coordinates, and no unit could be timed from there.
import type { InputFault } from "../../base/expectations.ts";
import { createFault } from "../../base/expectations.ts";
import { lazily } from "../../base/lazily.ts";
import { formatOffsetTime } from "../../base/time-zone.ts";
import type { Clock, WallMs } from "../../base/time.ts";
import type { Actor } from "../../contract/basics.ts";
import { faultsOfPlace } from "../../contract/camera-place.ts";
import type { City, NewPlatform, Platform } from "../../contract/city.ts";
import type { PlatformToAdd, StoredPlatform } from "../../contract/register.ts";
import type { Point } from "../../geo/point.ts";
import { ApiError, notFound } from "../gate/problem.ts";
import type { PlatformStorePort } from "../ports.ts";

export interface Roadside {
  /** The road next to a point, how far, and the district; `road` null: none is within reach. */
  readonly road: Platform["road"];
  readonly district: string | null;
}
export interface PlatformBookOptions {
  readonly clock: Clock;
  /** Of the city: moments are told by its clocks. */
  readonly timeZone: string;
  readonly store: PlatformStorePort;
  readonly bounds: City["bounds"];
  readonly roadside: (point: Point) => Roadside;
  /** How far from a road a platform may stand, as told. */
  readonly reachM: number;
}
type Rows = readonly { readonly line: number; readonly value: NewPlatform }[];
export interface Judged {
  readonly good: PlatformToAdd[];
  readonly faults: { readonly line: number; readonly fault: InputFault }[];
}

export interface PlatformUse {
  readonly units: number;
  /** Not over, soonest first. */
  readonly shifts: readonly { readonly callSign: string; readonly startsAt: WallMs }[];
}

export interface PlatformBook {
  list(): readonly Platform[];
  findByCode(code: string): Platform | null;
  find(id: number): Platform | null;
  /** What could be entered of these rows, and why the others could not. */
  judge(rows: Rows): Judged;
  /** As they would be; those that are new have no number yet. */
  preview(platforms: readonly PlatformToAdd[]): Platform[];
  enter(platforms: readonly PlatformToAdd[], by: Actor): Promise<Platform[]>;
  /** Throws ApiError where there is none, where units are attached to it, or where a shift names it that is not over. */
  retire(id: number, by: Actor, inUse: () => PlatformUse): Promise<void>;
  /** Told all that stand, now and after each change. */
  subscribe(listener: (standing: readonly StoredPlatform[]) => void): void;
}

export async function createPlatformBook({ clock, timeZone, store, bounds, roadside, reachM }: PlatformBookOptions): Promise<PlatformBook> {
  const listeners: ((standing: readonly StoredPlatform[]) => void)[] = [];
  const atRoad = (platform: StoredPlatform): Platform => ({ ...platform, road: roadside(platform.point).road });
  let standing: readonly StoredPlatform[] = [];
  let platforms: () => readonly Platform[] = () => []; // roads are looked for when somebody asks: after a crash, calls come first
  let byCode: () => ReadonlyMap<string, Platform> = () => new Map();
  const put = (next: readonly StoredPlatform[]): void => {
    standing = next.toSorted((a, b) => a.id - b.id);
    const sorted = standing;
    const listed = (platforms = lazily(() => sorted.map(atRoad)));
    byCode = lazily(() => new Map(listed().map((platform) => [platform.code, platform])));
    for (const tell of listeners) tell(standing);
  };
  const load = async (): Promise<void> => put(await store.listPlatforms());
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(change: () => Promise<T>): Promise<T> => {
    const mine = last.then(async () => {
      try {
        return await change();
      } catch (error) {
        if (!(error instanceof ApiError)) await load().catch(() => undefined); // it may have been committed all the same
        throw error;
      }
    });
    last = mine.catch(() => undefined);
    return mine;
  };
  await load();
  return {
    list: () => platforms(),
    findByCode: (code) => byCode().get(code) ?? null,
    find: (id) => platforms().find((platform) => platform.id === id) ?? null,
    judge: (rows) => {
      const good: PlatformToAdd[] = [];
      const faults: Judged["faults"] = [];
      const codes = new Set<string>();
      for (const { line, value: { code, name, point } } of rows) {
        const { road, district } = roadside(point);
        const misplaced = faultsOfPlace(point, bounds, "point");
        const found = [
          ...(codes.has(code) ? [createFault("code", code, "platform-once")] : []), ...misplaced,
          ...(misplaced.length === 0 && road === null ? [createFault("point.lat", `${point.lat}, ${point.lon}`, "platform-road", { n: reachM })] : []),
        ];
        codes.add(code);
        if (found.length === 0) good.push({ code, name, point, district });
        faults.push(...found.map((fault) => ({ line, fault })));
      }
      return { good, faults };
    },
    preview: (added) => added.map((platform) => atRoad({ id: byCode().get(platform.code)?.id ?? NOT_YET, ...platform })),
    enter: async (added, by) => {
      if (added.length === 0) return [];
      return inTurn(async () => {
        const entered = await store.enterPlatforms(added, by, clock.wallMs());
        const ids = new Set(entered.map(({ id }) => id));
        put([...standing.filter(({ id }) => !ids.has(id)), ...entered]);
        return entered.map(atRoad);
      });
    },
    retire: (id, by, inUse) =>
      inTurn(async () => {
        const platform = standing.find((one) => one.id === id);
        if (platform === undefined) throw notFound("platform");
        const { units, shifts } = inUse();
        if (units > 0) throw new ApiError(409, "platform-has-units", `${units} units are attached to ${platform.code}`, { details: { units } });
        if (shifts.length > 0) {
          const named = shifts.slice(0, MOST_NAMED).map(({ callSign, startsAt }) => `${callSign} ${formatOffsetTime(startsAt, timeZone).slice(0, 16).replace("T", " ")}`).join(", ");
          throw new ApiError(409, "platform-has-shifts", `${shifts.length} ${shifts.length === 1 ? "shift names" : "shifts name"} ${platform.code}: ${named}${shifts.length > MOST_NAMED ? " and more" : ""}`, { details: { shifts: shifts.length, first: shifts.slice(0, MOST_NAMED) } });
        }
        if (!(await store.retirePlatform(id, by, clock.wallMs()))) throw notFound("platform");
        put(standing.filter((one) => one.id !== id));
      }),
    subscribe: (listener) => {
      listeners.push(listener);
      listener(standing);
    },
  };
}
const MOST_NAMED = 5;
/** Of a platform that is only looked at: numbers are given by the store. */
const NOT_YET = Number.MAX_SAFE_INTEGER;
