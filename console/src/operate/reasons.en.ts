// Reasons come as codes with parameters; here are their words. A code that is missing here is shown as it is, with its dashes as spaces.
export const en = {
  // why a camera is shown
  "sees-the-spot": "sees the spot, {distanceM} m, clear",
  "sees-middle": "sees the middle of it, {distanceM} m",
  "sees-part": "sees part of it, {offM} m off",
  // why a camera near the place is not
  "facing-away": "looks another way",
  "out-of-range": "too far",
  "above-or-below-view": "looks above or below it",
  "behind-building": "a building stands between",
  "too-few-pixels": "too small in the picture",
  "looks-elsewhere-now": "was turned elsewhere",
  "could-turn": "{distanceM} m, would have to turn by {turnDeg}°",
  "not-healthy": "no picture now",
  frozen: "its picture stands still",
  black: "its picture is black",
  "nothing-at-night": "sees nothing at night",
  // what is wrong with a picture that may still show something
  blurred: "not sharp",
  "recorder-away": "its recorder is away",
  // what the light does to its picture
  "night-infrared": "dark, by infrared",
  "night-low-light": "dark, sees where lamps are",
  "night-unknown": "dark, not known whether it sees",
  "against-the-sun": "looks into the sun",
  // why a unit is proposed
  "by-road": "by road",
  "through-closed-road": "through a closed road",
  nearest: "nearest",
  "on-patrol": "on patrol",
  "at-platform": "at its platform",
  "at-home": "at its post, no position",
  "conditionally-available": "urgent calls only",
  "leaves-platform-empty": "empties its platform",
  "lacks-skill": "without {skills}",
  "lacks-a-skill": "without a skill that is asked for",
  // why a unit could be taken from another job
  "of-lower-priority": "from #{incident}, P{priority}",
  "covers-platform": "covers {platform}",
  "sooner-than-free": "{seconds} s sooner than a free one",
  "free-through-closed-road": "a free one must go through a closed road",
  "no-free-unit": "no free one is left for this place",
  "leaves-short": "leaves #{incident} {missing} short",
  // why a call may be about an incident
  "same-caller": "same caller",
  near: "{metres} m away",
  "same-type": "same kind",
  "same-line": "same line",
  // why a unit is not proposed
  "wrong-kind": "not the kind needed",
  "off-shift": "off shift",
  "in-emergency": "in an emergency itself",
  committed: "on another job",
  "not-available": "not available",
  "stale-fix": "position too old",
  unreachable: "no way by road",
  farther: "farther away than those above",
} as const;
