import { catalogue } from "./catalogue.ts";
import { en } from "./domain.en.ts";
import { zh } from "./domain.zh.ts";

/** Words for the contract's codes, shared by all rooms. Where a code may be newer than this console, look it up with `wordFor`. */
export const domainWords = catalogue(en, zh);

/** One that a city has registered itself is shown as it is written. */
export const skillWord = (skills: Readonly<Record<string, string>>, skill: string): string => (Object.hasOwn(skills, skill) ? skills[skill]! : skill);
