// What was expected where an input is wrong: the English is the contract's own, so that screen, log and command line say the same.
export { EXPECTATIONS as en } from "../../../src/base/expectations.ts";
