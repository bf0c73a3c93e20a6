import { catalogue } from "../words/catalogue.ts";
import { en } from "./triage.en.ts";
import { zh } from "./triage.zh.ts";

export const triageWords = catalogue(en, zh);
