import { plural } from "../words/catalogue.ts";

export const en = {
  title: (unit: string) => `${unit} in emergency`,
  more: (n: number) => plural("en", n, { one: "and 1 more", other: "and # more" }),
  going: (n: number) => n === 0 ? "nobody is going" : plural("en", n, { one: "1 unit is going", other: "# units are going" }),
  units: "Around",
  none: "No unit can be sent now.",
  send: (units: string) => `Send ${units}`,
  open: "Open it",
  key: "To the officer's emergency; again: open it",
  noCamera: "No camera sees this place.",
} as const;
