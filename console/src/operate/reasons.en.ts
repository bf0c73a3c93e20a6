// Reasons come as codes with parameters; here are their words. A code that is missing here is shown as it is, with its dashes as spaces.
export const en = {
  // why a camera is shown
  "sees-the-spot": "sees the spot, {distanceM} m, clear",
  // why a camera near the place is not
  "facing-away": "looks another way",
  "out-of-range": "too far",
  "behind-building": "a building stands between",
  "too-few-pixels": "too small in the picture",
  "not-healthy": "no picture now",
  // why a unit is proposed
  "by-road": "by road",
  "nearest-by-road": "nearest by road",
  nearest: "nearest by road",
  "wanted-kind": "kind the plan asks for",
  "on-platform": "at its platform",
  "at-platform": "at its platform",
  "at-home": "at its post",
  free: "free",
  available: "free",
  "conditionally-available": "available if needed",
  "shift-ends-soon": "shift ends soon",
  "old-fix": "position {ageS} s old",
  "same-district": "same district",
  // why a unit is not proposed
  "stale-fix": "position too old",
  "no-fix": "position not known",
  "no-position": "position not known",
  "wrong-kind": "not the kind needed",
  "wrong-skill": "lacks a skill",
  "off-shift": "off shift",
  committed: "on another job",
  unreachable: "no way by road",
  "not-available": "not available",
  "in-emergency": "in an emergency itself",
  "already-assigned": "already on this job",
} as const;
