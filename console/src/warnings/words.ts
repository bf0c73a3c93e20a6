import { catalogue } from "../words/catalogue.ts";
import { en } from "./words.en.ts";
import { zh } from "./words.zh.ts";

export const warningWords = catalogue(en, zh);
