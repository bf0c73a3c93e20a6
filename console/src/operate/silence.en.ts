import { plural } from "../words/catalogue.ts";

// Words for units that leave their word out, and for what has gone up to a supervisor.
export const en = {
  /** What a unit does, in its row. */
  doing: {
    acknowledge: (_span: string) => "not acknowledged",
    "turn-out": (_span: string) => "has not set out",
    arrive: (_span: string) => "late, not there yet",
    heard: (span: string) => `not heard for ${span}`,
    welfare: (span: string) => `no word on scene for ${span}`,
  },
  notAnswering: "not answering",
  /** In the card of the unit, and on hover: what to do. */
  advice: {
    acknowledge: (span: string) => `Sent ${span} ago and not acknowledged: call the crew`,
    "turn-out": (span: string) => `Acknowledged ${span} ago and has not set out: call the crew`,
    arrive: (span: string) => `On its way for ${span}, longer than the road takes: call the crew`,
    heard: (span: string) => `Neither a report nor a position for ${span}: call the crew`,
    welfare: (span: string) => `On scene without a word for ${span}: ask whether the crew is well`,
  },
  countsNoMore: "It has gone up to the supervisor, and the unit counts no longer as going: send another, recall it, or say that it was heard.",
  heardFrom: "Heard from it",
  heardKey: "Heard from the unit: all is well",
  recallSilent: "Pull it back",
  recallKey: "Recall the unit that does not answer, with words",
  /** Why a key did nothing. */
  notMeant: {
    answers: (unit: string) => `${unit} is chosen, and leaves no word out: nothing was done.`,
    nobody: (_unit: string) => "No unit here leaves a word out.",
    several: (_unit: string) => "More than one unit does not answer: choose the one that is meant.",
  },
  goneUp: {
    titleMine: "Goes up to you",
    title: "Gone up",
    contact: (what: string, span: string) => `${what}: nobody has answered for ${span}`,
    callBack: (what: string, span: string) => `${what}: hung up ${span} ago and not called back`,
    watch: (incident: string, span: string) => `${incident}: nobody has watched over it for ${span}`,
    unit: (unit: string, incident: string, doing: string) => `${unit}, ${incident}: ${doing}`,
    short: (incident: string, span: string) => `${incident}: short of units for ${span}`,
    handOver: (from: string, to: string, span: string) => `${from} to ${to}: a hand-over that nobody has taken for ${span}`,
    take: "Take it",
    watchOver: "Watch over it",
    open: "Open",
    more: (n: number) => plural("en", n, { one: "and 1 more", other: "and # more" }),
  },
} as const;
