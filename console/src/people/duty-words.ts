import { catalogue } from "../words/catalogue.ts";
import { en } from "./duty-words.en.ts";
import { zh } from "./duty-words.zh.ts";

export const dutyWords = catalogue(en, zh);
