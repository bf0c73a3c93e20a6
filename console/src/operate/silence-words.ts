import { catalogue } from "../words/catalogue.ts";
import { en } from "./silence.en.ts";
import { zh } from "./silence.zh.ts";

export const silenceWords = catalogue(en, zh);
