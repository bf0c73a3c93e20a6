import { catalogue } from "../words/catalogue.ts";
import { en } from "./health.en.ts";
import { zh } from "./health.zh.ts";

export const healthWords = catalogue(en, zh);
