import { catalogue } from "../words/catalogue.ts";
import { en } from "./wait-words.en.ts";
import { zh } from "./wait-words.zh.ts";

export const waitWords = catalogue(en, zh);
