import { catalogue } from "./catalogue.ts";
import { en } from "./signal.en.ts";
import { zh } from "./signal.zh.ts";

export const signalWords = catalogue(en, zh);
