import type { AlarmKind } from "../../../src/contract/contact-ways.ts";

export const en = {
  hint: (priority: string) => `the sender says P${priority}`,
  unregistered: (code: string) => `The point ${code} is not registered: nobody knows where it is.`,
  cameras: (names: string) => `Cameras there: ${names}`,
  lastPlace: (time: string) => `The phone gave no place: this is where the unit was at ${time}`,
  oldPlace: (time: string) => `No place: the phone gave none, and the unit's last position is of ${time}`,
  noPlace: "No place: neither the phone nor the unit has told one",
  kinds: {
    panic: "Panic button", duress: "Duress", fire: "Fire alarm", smoke: "Smoke detector", gas: "Gas", medical: "Medical call", intrusion: "Intrusion", glass: "Glass break", water: "Water", tamper: "Tampering", technical: "Technical fault", camera: "Camera event",
    other: "Alarm", transferred: "Transferred to us", message: "Message", officer: "Officer", "neighbouring-centre": "From a neighbouring centre", warning: "Warning of another agency",
  } satisfies Readonly<Record<AlarmKind | "transferred" | "message" | "officer" | "neighbouring-centre" | "warning", string>>,
} as const;
