// Loaded before each test file of `citywatch test`: property tests draw the same cases in each run, so that a run says something of what was changed and
// nothing of luck. `--seed random` looks where nobody has looked; a file that is run by itself does so always, and fast-check prints the seed of what fails.

import fc from "fast-check";

const seed = process.env["CITYWATCH_TEST_SEED"];
if (seed !== undefined) fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(seed) });
