import { catalogue } from "../words/catalogue.ts";
import { en } from "./run-card-words.en.ts";
import { zh } from "./run-card-words.zh.ts";

export const runCardWords = catalogue(en, zh);
