import { catalogue } from "../words/catalogue.ts";
import { en } from "./ties.en.ts";
import { zh } from "./ties.zh.ts";

export const tieWords = catalogue(en, zh);
