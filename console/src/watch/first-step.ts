// What an empty wall offers: one thing, that which most likely is why somebody came. Pure, so that it can be tried.
import type { WallLayout } from "../../../src/contract/walls.ts";

export type FirstStep =
  | { readonly kind: "seeing"; readonly cameraIds: readonly number[] }
  | { readonly kind: "layout"; readonly layout: WallLayout }
  | { readonly kind: "connected"; readonly cameraIds: readonly number[] };

/** The cameras that see the incident of the reason; else the layout kept last, one's own before a shared one; else cameras that send. Null: there is nothing to offer. */
export function chooseFirstStep({ seeing, layouts, connected }: { readonly seeing: readonly number[]; readonly layouts: readonly WallLayout[]; readonly connected: readonly number[] }): FirstStep | null {
  if (seeing.length > 0) return { kind: "seeing", cameraIds: seeing };
  const [layout] = layouts.filter(({ cells }) => cells.some((id) => id !== null)).sort((a, b) => Number(b.mayChange) - Number(a.mayChange) || b.changedAt - a.changedAt);
  if (layout !== undefined) return { kind: "layout", layout };
  return connected.length === 0 ? null : { kind: "connected", cameraIds: connected };
}
