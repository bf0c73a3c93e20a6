// Saved layouts and tours [WAL1] [WAL2]. A name is cleaned of what no screen shows; who may see and change what is the store's to judge, in its transaction.
import { cleanText } from "../../base/clean-text.ts";
import { createFault } from "../../base/expectations.ts";
import type { Result } from "../../base/result.ts";
import type { Clock } from "../../base/time.ts";
import type { WallFault } from "../../contract/register.ts";
import type { NewWallLayout } from "../../contract/walls.ts";
import { ApiError, badInput, notFound } from "../gate/problem.ts";
import type { Principal } from "../gate/principal.ts";
import type { Handlers } from "../handler.ts";
import type { WallStorePort } from "../ports.ts";

type Names = "listSavedWalls" | "createWallLayout" | "changeWallLayout" | "removeWallLayout" | "createCameraTour" | "changeCameraTour" | "removeCameraTour";

const MESSAGES = {
  "name-taken": "Another one has this name",
  "not-your-own": "Only its owner changes it",
  "too-many-saved": "So many cannot be kept: remove some first",
  "layout-in-tour": "The layout is part of a tour: take it out of that first",
  "layout-not-shared": "A shared tour shows shared layouts only",
} as const;

function taken<T>(result: Result<T, WallFault>, what: string): T {
  if (result.ok) return result.value;
  const fault = result.error;
  if (fault.rule === "not-found") throw notFound(what);
  if (fault.rule === "no-such-layout") throw badInput([createFault("stops.layoutId", String(fault.layoutId), "layout-exists")]);
  throw new ApiError(fault.rule === "not-your-own" ? 403 : 409, fault.rule, MESSAGES[fault.rule], "names" in fault ? { details: { names: fault.names } } : {});
}
const idOf = (principal: Principal): number => {
  if (principal.kind !== "user") throw new ApiError(403, "forbidden", "Only people keep layouts");
  return principal.account.id;
};
/** As many tiles as the size says, and no camera twice. */
function checkCells(layout: NewWallLayout): NewWallLayout {
  const { size, cells } = layout;
  if (cells.length !== size) throw badInput([createFault("cells", String(cells.length), "exactly", { value: size })]);
  const twice = cells.find((id, i) => id !== null && cells.indexOf(id) !== i);
  if (twice !== undefined) throw badInput([createFault("cells", String(twice), "camera-once")]);
  return { ...layout, name: cleanText(layout.name) };
}

export function createWallHandlers({ clock, walls }: { readonly clock: Clock; readonly walls: WallStorePort }): Pick<Handlers, Names> {
  return {
    listSavedWalls: async ({ principal }) => walls.list(idOf(principal)),
    createWallLayout: async ({ principal, body }) => taken(await walls.createLayout(checkCells(body), idOf(principal), clock.wallMs()), "layout"),
    changeWallLayout: async ({ principal, params, body }) => taken(await walls.changeLayout(params.id, checkCells(body), idOf(principal), clock.wallMs()), "layout"),
    removeWallLayout: async ({ principal, params }) => ({ done: taken(await walls.removeLayout(params.id, idOf(principal)), "layout") }),
    createCameraTour: async ({ principal, body }) => taken(await walls.createTour({ ...body, name: cleanText(body.name) }, idOf(principal), clock.wallMs()), "tour"),
    changeCameraTour: async ({ principal, params, body }) => taken(await walls.changeTour(params.id, { ...body, name: cleanText(body.name) }, idOf(principal), clock.wallMs()), "tour"),
    removeCameraTour: async ({ principal, params }) => ({ done: taken(await walls.removeTour(params.id, idOf(principal)), "tour") }),
  };
}
