// Every rule by which the centre can refuse, in one list: the console's words for problems are checked against it, so that no refusal reaches a screen in
// another language than the user's. What refuses takes its rule from this type; a rule that is not here does not compile.

export const PROBLEM_RULES = [
  // the service
  "server-fault", "busy", "database-away", "dispatch-unavailable", "replay-under-way", "no-recorder", "not-found", "bad-input", "bad-csv", "too-long", "asks-too-much", "wrong-media-type", "too-many-requests", "too-many-probes",
  // who asks
  "not-logged-in", "forbidden", "not-permitted", "foreign-origin", "csrf", "too-many-tries", "wrong-login", "account-disabled", "wrong-password", "wrong-token", "already-used",
  // accounts and cameras
  "login-taken", "last-administrator", "unit-needs-field-role", "code-taken", "no-such-camera", "no-address", "no-sound-purpose", "recorder-away", "not-on-event", "does-not-turn", "already-acknowledged",
  // saved layouts of the wall, and tours
  "name-taken", "not-your-own", "too-many-saved", "layout-in-tour", "layout-not-shared",
  // looks
  "view-ended", "other-account", "incident-unknown", "call-ended", "not-own-job",
  // outside systems
  "device-taken", "unit-has-tracker", "no-such-tracker", "report-id-reused", "own-draft", "not-a-draft", "warning-expired", "already-replaced",
  // run cards
  "own-proposal", "not-a-proposal", "proposal-open", "run-cards-moved-on", "no-change",
  // evidence holds
  "hold-released", "own-hold",
  // units and their phones
  "no-unit", "off-duty", "outside-city", "not-your-unit", "own-emergency", "no-emergency", "not-a-report",
  // dispatch
  "assignment-over", "call-sign-twice", "command-id-reused", "contact-claimed", "contact-ended", "contact-ended-otherwise", "contact-long-past", "contact-not-claimed", "contact-open", "incident-ended", "incident-open", "moved-on", "no-such-assignment", "no-such-contact", "no-such-entry",
  "no-such-incident", "no-such-unit", "no-such-closure", "no-such-road", "closure-lifted", "closure-over", "step-not-allowed", "unit-committed", "unit-in-emergency", "unit-not-available", "unit-off-shift", "unit-on-this-incident", "unit-stack-full", "unit-taken",
  "contact-not-attached", "not-higher-priority", "incident-merged", "not-merged", "same-incident", "unit-on-both", "nothing-to-split", "linked-already", "not-linked", "is-major", "not-major", "is-a-part", "not-a-part", "parts-open",
  "no-such-card", "no-such-question", "no-such-answer",
  "no-such-hand-over", "hand-over-ended", "hand-over-not-yours", "hand-over-to-self", "hand-over-open", "nothing-to-hand-over", "no-such-person", "no-such-platform", "platform-has-units", "platform-has-shifts", "not-a-shift", "roster-full", "no-such-shift",
] as const;
export type ProblemRule = (typeof PROBLEM_RULES)[number];
