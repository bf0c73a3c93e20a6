import { catalogue } from "../words/catalogue.ts";
import { en } from "./signal-words.en.ts";
import { zh } from "./signal-words.zh.ts";

export const signalWords = catalogue(en, zh);
