import type { WAIT_CODES } from "../../../src/contract/dispatch.ts";

export const en = {
  title: "Waits",
  what: (longest: string) => `How long calls, incidents and units may wait before it is told, and before it goes up to the supervisor. What was told is told again at doubling distance, up to every ${longest}. A city sets them at its start (--dispatch-times); what it does not name is as installed. Each says where it is from.`,
  own: "Set by the city",
  columns: { what: "What waits", priority: (n: number) => `P${n}`, from: "Where the time is from" },
  up: (span: string) => `up ${span}`,
  neverUp: "never up",
  beyond: (factor: string, unknown: string) => `Beyond ${factor} times the road time (${unknown} where none was shown)`,
  codes: {
    shortfall: "Nobody, or too few, go", acknowledge: "A unit that was sent acknowledges", "turn-out": "It sets out", arrive: "It is there", heard: "On the way it reports, or its position comes", welfare: "On scene it says that the crew is well",
    ring: "A call that rings is taken", answer: "An alarm or a message is answered", "call-back": "Who hung up is called back", watch: "An incident has somebody who watches over it", "hand-over": "A hand-over is taken",
  } satisfies Readonly<Record<(typeof WAIT_CODES)[number], string>>,
  sources: {
    shortfall: "Goes up when it is told the second time, for priorities 1 and 2", acknowledge: "City police practice in China; goes up as nobody-is-going does", "turn-out": "NFPA 1710 has 60 to 80 s; the rest is the pressing of a button", arrive: "Lights, a place to stop, a door to find",
    heard: "As old as a position may be to be believed", welfare: "Status checks of police centres run from 10 to 30 minutes by the kind of call", ring: "A minute; NENA has 90 % answered in 15 s, from when on desks mark it as late, and 95 % in 20 s", answer: "A minute: nobody is on the line to ring again", "call-back": "Two minutes after the caller hung up",
    watch: "Half a minute", "hand-over": "Two minutes",
  } satisfies Readonly<Record<(typeof WAIT_CODES)[number], string>>,
} as const;
