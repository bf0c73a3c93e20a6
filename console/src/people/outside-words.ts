import { catalogue } from "../words/catalogue.ts";
import { en } from "./outside-words.en.ts";
import { zh } from "./outside-words.zh.ts";

export const outsideWords = catalogue(en, zh);
