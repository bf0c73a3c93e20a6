import { useMemo } from "react";
import type { Catalogue, Language, Translation } from "./catalogue.ts";
import { createFormat, type Format } from "./format.ts";
import { usePreferences } from "../shell/preferences.ts";
import { useCityTimeZone } from "../shell/city.ts";

export const useLanguage = (): Language => usePreferences((p) => p.language);

/** The catalogue's words in the user's language. */
export function useWords<T>(words: Catalogue<T>): Translation<T> {
  return words[useLanguage()];
}

/** Numbers, times and spans in the user's language and the city's time zone. */
export function useFormat(): Format {
  const language = useLanguage();
  const timeZone = useCityTimeZone();
  return useMemo(() => createFormat(language, timeZone), [language, timeZone]);
}
