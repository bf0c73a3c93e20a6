import { catalogue } from "../words/catalogue.ts";
import { en } from "./tracker-words.en.ts";
import { zh } from "./tracker-words.zh.ts";

export const trackerWords = catalogue(en, zh);
