// The names of a platform, a unit and an incident at one place.
import assert from "node:assert/strict";
import { it } from "node:test";
import { PLATFORM_LABEL, incidentLabel, unitLabel, type LabelPlace } from "./label-places.ts";

interface Box { readonly left: number; readonly right: number; readonly top: number; readonly bottom: number }
/** Of a name of 70 px with its plate: longer than call signs are. */
const boxOf = ({ anchor, offset: [x, y] }: LabelPlace): Box => ({ left: anchor === "start" ? x : x - 35, right: anchor === "start" ? x + 70 : x + 35, top: y - 9, bottom: y + 9 });
const overlap = (a: Box, b: Box): boolean => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

it("names of a platform, a unit and an incident at the same place do not lie on each other", () => {
  for (const unit of [unitLabel(false), unitLabel(true)])
    for (const incident of [incidentLabel(false), incidentLabel(true)]) {
      const boxes = [PLATFORM_LABEL, unit, incident].map(boxOf);
      for (const [i, a] of boxes.entries()) for (const b of boxes.slice(i + 1)) assert.ok(!overlap(a, b), JSON.stringify([a, b]));
    }
});
it("a name lies on no mark of its own kind: below the platform, right of the unit and its wedge, above the pin", () => {
  assert.ok(boxOf(PLATFORM_LABEL).top >= 9, "half of a platform of 22 px, less the rim of its picture");
  assert.ok(boxOf(unitLabel(false)).left >= 12 && boxOf(unitLabel(true)).left >= 22);
  assert.ok(boxOf(incidentLabel(false)).bottom <= -28 && boxOf(incidentLabel(true)).bottom <= -40);
});
