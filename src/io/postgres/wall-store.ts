// Saved layouts of the wall and camera tours. A name is one's own once, and a shared name once for all. What is refused is judged in the transaction that
// would write, with the rows it rests on locked, so that no shared tour ever shows a layout that its readers may not see [WAL2].
import { err, ok, type Result } from "../../base/result.ts";
import type { WallFault } from "../../contract/register.ts";
import type { CameraTour, NewCameraTour, NewWallLayout, SavedWalls, TourStop, WallLayout } from "../../contract/walls.ts";
import type { Database, Row, Transaction } from "./database.ts";

const MOST_EACH = 200;
const UNIQUE_VIOLATION = "23505";
const NO_CAMERA = 0; // the driver reads a null inside an array as NaN
const packed = ({ cells }: NewWallLayout): number[] => cells.map((id) => id ?? NO_CAMERA);
const KINDS = { layout: "wall_layout", tour: "camera_tour" } as const;
type Kind = keyof typeof KINDS;

const toSaved = (row: Row, accountId: number) => ({
  id: row["id"] as number, name: row["name"] as string, shared: row["shared"] as boolean, ownerName: row["owner_name"] as string,
  mayChange: row["owner_id"] === accountId || (row["shared"] && row["owner_disabled"]), changedAt: (row["changed_at"] as Date).getTime(),
});
const toStop = (row: Row): TourStop =>
  row["layout_id"] === null ? { kind: "camera", cameraId: row["camera_id"], dwellS: row["dwell_s"] } : { kind: "layout", layoutId: row["layout_id"], dwellS: row["dwell_s"] };

class Refused extends Error {
  readonly fault: WallFault;
  constructor(fault: WallFault) {
    super(fault.rule);
    this.fault = fault;
  }
}

export function createWallStore(database: Database) {
  /** Runs the change; a name that is taken by then, or a rule that refuses, is an answer. */
  const changing = async <T>(work: (sql: Transaction) => Promise<T>): Promise<Result<T, WallFault>> => {
    try {
      return ok((await database.begin(work)) as T);
    } catch (error) {
      if (error instanceof Refused) return err(error.fault);
      if ((error as { code?: string }).code === UNIQUE_VIOLATION) return err({ rule: "name-taken" });
      throw error;
    }
  };
  const readLayouts = async (sql: Database | Transaction, accountId: number): Promise<WallLayout[]> => {
    const rows = await sql`
      select l.*, a.name as owner_name, a.disabled as owner_disabled from wall_layout l join account a on a.id = l.owner_id
      where l.owner_id = ${accountId} or l.shared order by lower(l.name), l.id`;
    return rows.map((row) => ({ ...toSaved(row, accountId), size: row["size"], cells: (row["cells"] as number[]).map((id) => (id === NO_CAMERA ? null : id)) }));
  };
  const readTours = async (sql: Database | Transaction, accountId: number): Promise<CameraTour[]> => {
    const rows = await sql`
      select t.*, a.name as owner_name, a.disabled as owner_disabled from camera_tour t join account a on a.id = t.owner_id
      where t.owner_id = ${accountId} or t.shared order by lower(t.name), t.id`;
    const stops = await sql`select * from camera_tour_stop where tour_id = any(${rows.map((row) => row["id"] as number)}::integer[]) order by tour_id, place`;
    const byTour = Map.groupBy(stops, (stop) => stop["tour_id"] as number);
    return rows.map((row) => ({ ...toSaved(row, accountId), stops: (byTour.get(row["id"]) ?? []).map(toStop) }));
  };

  /** Locks what is to be changed. One that the asker may not see is answered as one that does not exist. */
  const take = async (sql: Transaction, kind: Kind, id: number, accountId: number): Promise<Row> => {
    const [row] = await sql`
      select w.*, a.disabled as owner_disabled from ${sql(KINDS[kind])} w join account a on a.id = w.owner_id where w.id = ${id} and (w.owner_id = ${accountId} or w.shared) for update of w`;
    if (row === undefined) throw new Refused({ rule: "not-found" });
    if (row["owner_id"] !== accountId && !row["owner_disabled"]) throw new Refused({ rule: "not-your-own" });
    return row;
  };
  const checkRoom = async (sql: Transaction, kind: Kind, accountId: number): Promise<void> => {
    const [row] = await sql`select count(*)::integer as n from ${sql(KINDS[kind])} where owner_id = ${accountId}`;
    if (row!["n"] >= MOST_EACH) throw new Refused({ rule: "too-many-saved" });
  };
  /** Tours that show the layout: of all (`anyTour`), or of the shared ones. */
  const refuseInTour = async (sql: Transaction, layoutId: number, accountId: number, anyTour: boolean): Promise<void> => {
    const rows = await sql`
      select distinct t.name, t.owner_id, t.shared from camera_tour_stop s join camera_tour t on t.id = s.tour_id where s.layout_id = ${layoutId} and (${anyTour} or t.shared)`;
    if (rows.length > 0) throw new Refused({ rule: "layout-in-tour", names: rows.filter((row) => row["shared"] || row["owner_id"] === accountId).map((row) => row["name"] as string) });
  };
  const writeStops = async (sql: Transaction, tourId: number, ownerId: number, tour: NewCameraTour): Promise<void> => {
    const wanted = [...new Set(tour.stops.flatMap((stop) => (stop.kind === "layout" ? [stop.layoutId] : [])))];
    const found = await sql`select id, name, shared from wall_layout where id = any(${wanted}::integer[]) and (owner_id = ${ownerId} or shared) for share`;
    const missing = wanted.find((id) => !found.some((row) => row["id"] === id));
    if (missing !== undefined) throw new Refused({ rule: "no-such-layout", layoutId: missing });
    const own = found.filter((row) => !row["shared"]).map((row) => row["name"] as string);
    if (tour.shared && own.length > 0) throw new Refused({ rule: "layout-not-shared", names: own });
    await sql`delete from camera_tour_stop where tour_id = ${tourId}`;
    await sql`
      insert into camera_tour_stop ${sql(tour.stops.map((stop, place) => ({
        tour_id: tourId, place, layout_id: stop.kind === "layout" ? stop.layoutId : null, camera_id: stop.kind === "camera" ? stop.cameraId : null, dwell_s: stop.dwellS,
      })))}`;
  };
  const layoutOf = async (sql: Transaction, id: number, accountId: number) => (await readLayouts(sql, accountId)).find((layout) => layout.id === id)!;
  const tourOf = async (sql: Transaction, id: number, accountId: number) => (await readTours(sql, accountId)).find((tour) => tour.id === id)!;

  return {
    list: async (accountId: number): Promise<SavedWalls> => ({ layouts: await readLayouts(database, accountId), tours: await readTours(database, accountId) }),

    createLayout: (layout: NewWallLayout, accountId: number, now: number): Promise<Result<WallLayout, WallFault>> =>
      changing(async (sql) => {
        await checkRoom(sql, "layout", accountId);
        const [row] = await sql`
          insert into wall_layout (owner_id, name, shared, size, cells, changed_at) values (${accountId}, ${layout.name}, ${layout.shared}, ${layout.size}, ${packed(layout)}::integer[], ${new Date(now)}) returning id`;
        return layoutOf(sql, row!["id"], accountId);
      }),
    changeLayout: (id: number, layout: NewWallLayout, accountId: number, now: number): Promise<Result<WallLayout, WallFault>> =>
      changing(async (sql) => {
        const before = await take(sql, "layout", id, accountId);
        if (before["shared"] && !layout.shared) {
          if (before["owner_id"] !== accountId) throw new Refused({ rule: "not-your-own" }); // it would vanish for whoever asks
          await refuseInTour(sql, id, accountId, false);
        }
        await sql`update wall_layout set name = ${layout.name}, shared = ${layout.shared}, size = ${layout.size}, cells = ${packed(layout)}::integer[], changed_at = ${new Date(now)} where id = ${id}`;
        return layoutOf(sql, id, accountId);
      }),
    removeLayout: (id: number, accountId: number): Promise<Result<true, WallFault>> =>
      changing(async (sql) => {
        await take(sql, "layout", id, accountId);
        await refuseInTour(sql, id, accountId, true);
        await sql`delete from wall_layout where id = ${id}`;
        return true as const;
      }),

    createTour: (tour: NewCameraTour, accountId: number, now: number): Promise<Result<CameraTour, WallFault>> =>
      changing(async (sql) => {
        await checkRoom(sql, "tour", accountId);
        const [row] = await sql`insert into camera_tour (owner_id, name, shared, changed_at) values (${accountId}, ${tour.name}, ${tour.shared}, ${new Date(now)}) returning id`;
        await writeStops(sql, row!["id"], accountId, tour);
        return tourOf(sql, row!["id"], accountId);
      }),
    changeTour: (id: number, tour: NewCameraTour, accountId: number, now: number): Promise<Result<CameraTour, WallFault>> =>
      changing(async (sql) => {
        const before = await take(sql, "tour", id, accountId);
        if (before["owner_id"] !== accountId && !tour.shared) throw new Refused({ rule: "not-your-own" });
        await writeStops(sql, id, before["owner_id"], tour);
        await sql`update camera_tour set name = ${tour.name}, shared = ${tour.shared}, changed_at = ${new Date(now)} where id = ${id}`;
        return tourOf(sql, id, accountId);
      }),
    removeTour: (id: number, accountId: number): Promise<Result<true, WallFault>> =>
      changing(async (sql) => {
        await take(sql, "tour", id, accountId);
        await sql`delete from camera_tour where id = ${id}`;
        return true as const;
      }),
  };
}
