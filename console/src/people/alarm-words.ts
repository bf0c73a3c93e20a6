import { catalogue } from "../words/catalogue.ts";
import { en } from "./alarm-words.en.ts";
import { zh } from "./alarm-words.zh.ts";

export const alarmWords = catalogue(en, zh);
