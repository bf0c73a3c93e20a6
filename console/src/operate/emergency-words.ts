import { catalogue } from "../words/catalogue.ts";
import { en } from "./emergency-words.en.ts";
import { zh } from "./emergency-words.zh.ts";

export const emergencyWords = catalogue(en, zh);
