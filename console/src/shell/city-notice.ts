// What is real and what is invented, in the user's language. The city's own notice is part of its data, in English; a demonstration has our words in the others.
import { useLanguage, useWords } from "../words/use-words.ts";
import { useCity } from "./city.ts";
import { useSession } from "./session.ts";
import { shellWords } from "./words.ts";

export function useCityNotice(): string {
  const words = useWords(shellWords).welcome;
  const language = useLanguage();
  const notice = useCity((s) => s.city?.notice ?? null);
  const demo = useSession((s) => s.welcome?.demo === true);
  return demo && (language !== "en" || notice === null) ? words.demo : (notice ?? "");
}
