// Where the name of a mark stands beside it. A unit at a platform where an incident is has three names at one place: each kind has a side of its own, so that none lies on another. Pixels of the screen, from the place, downwards. Pure.
export interface LabelPlace {
  readonly anchor: "start" | "middle";
  readonly offset: [number, number];
}

/** Below. */
export const PLATFORM_LABEL: LabelPlace = { anchor: "middle", offset: [0, 18] };
/** Right of the mark; with a heading, beyond its wedge. */
export const unitLabel = (hasHeading: boolean): LabelPlace => ({ anchor: "start", offset: [hasHeading ? 25 : 15, 0] });
/** Above the pin, which stands with its tip at the place. */
export const incidentLabel = (isSelected: boolean): LabelPlace => ({ anchor: "middle", offset: [0, isSelected ? -52 : -39] });
