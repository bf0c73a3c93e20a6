// What the processes of the roles are started with, for their memory. A recorder makes little that lives long and much that lives for a packet or a
// picture: with Node's usual young generation of three times 16 MB it touches all of it again and again, and the allocator keeps an arena of its own
// for each of a dozen threads that seldom allocate. `npm run bench -- recorder --alone` tells memory and processor time; what is set in the environment goes before this.
import type { RoleConfig } from "./roles.ts";

/** Beside the flags and the environment of whoever starts the process; of the environment, what is set there already stays. */
export interface ProcessSettings {
  readonly nodeFlags: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

const AS_IT_COMES: ProcessSettings = { nodeFlags: [], env: {} };
export const PROCESS_SETTINGS: Readonly<Record<RoleConfig["role"], ProcessSettings>> = {
  centre: AS_IT_COMES,
  sim: AS_IT_COMES,
  recorder: { nodeFlags: ["--max-semi-space-size=4"], env: { MALLOC_ARENA_MAX: "1" } },
};
