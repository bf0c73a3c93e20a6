import { catalogue } from "../words/catalogue.ts";
import { en } from "./webhook-words.en.ts";
import { zh } from "./webhook-words.zh.ts";

export const webhookWords = catalogue(en, zh);
