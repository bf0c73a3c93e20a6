// When a shortfall goes up to the supervisor: one rule for the console, which works out what has gone up from the live state, and for the table of waits.
/** Told so often, for priorities 1 to `lastPriority`: the others never go up. */
export const SHORTFALL_UP = { tellings: 2, lastPriority: 2 } as const;
