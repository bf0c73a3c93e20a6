// Words of the user's language. Each room has `words.en.ts` (the source of keys) and `words.zh.ts`, typed by the first, so that a missing or
// extra key does not compile. A word with parameters is a function: parameters are then checked too, which message-format strings cannot do.

export const LANGUAGES = ["en", "zh"] as const;
export type Language = (typeof LANGUAGES)[number];
/** BCP 47 names for Intl and for the page's lang attribute. */
export const LOCALES: Record<Language, string> = { en: "en-GB", zh: "zh-CN" };

/** The shape that a translation of the catalogue T must have: same keys, same parameters, other words. */
export type Translation<T> = {
  readonly [K in keyof T]: T[K] extends string ? string : T[K] extends (...args: infer A) => string ? (...args: A) => string : Translation<T[K]>;
};
export interface Catalogue<T> {
  readonly en: Translation<T>;
  readonly zh: Translation<T>;
}
export const catalogue = <T>(en: T, zh: Translation<T>): Catalogue<T> => ({ en: en as Translation<T>, zh });

const rules = { en: new Intl.PluralRules("en-GB"), zh: new Intl.PluralRules("zh-CN") };
/** Picks the plural form; `#` stands for the number. Chinese has only `other`. */
export function plural(language: Language, n: number, forms: { readonly one?: string; readonly other: string }): string {
  const form = rules[language].select(n) === "one" ? (forms.one ?? forms.other) : forms.other;
  return form.replaceAll("#", new Intl.NumberFormat(LOCALES[language]).format(n));
}

/** A word for a code that may be newer than this console: the code itself, with its dashes as spaces. */
export function wordFor(table: object, code: string): string {
  const word = Object.hasOwn(table, code) ? (table as Record<string, unknown>)[code] : undefined;
  return typeof word === "string" ? word : code.replaceAll("-", " ");
}
