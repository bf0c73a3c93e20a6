// Tables of run cards for random histories: they differ by hour, grade, district and version.
import { BUILT_IN_RUN_CARDS, createRunCardDeck, type RunCardDeck, type RunCardRow } from "../run-cards.ts";

/** Every type has a row for the half hour in which histories begin and one for the rest, some kinds twice, some with skills; one district has rows of its own. Each version asks for others. */
export const TABLED_DISTRICT = "Centro";
export function deckOf(version: number): RunCardDeck {
  const more = version % 3;
  const types = [...new Set(BUILT_IN_RUN_CARDS.rows.map(({ type }) => type))];
  const rows = types.flatMap((type): RunCardRow[] => [
    { code: `${type}/early/${more}`, type, determinant: null, area: null, hours: "daily 00:00-08:30", wants: [{ kinds: ["patrol"], count: 1 + more }, { kinds: ["patrol"], count: 1, skills: ["first-aid"] }] },
    { code: `${type}/later/${more}`, type, determinant: null, area: null, hours: "daily 08:30-24:00", wants: [{ kinds: ["patrol"], count: 1, skills: ["first-aid"] }, { kinds: ["ambulance"], count: 1 + more, skills: ["boat"] }] },
    { code: `${type}/critical`, type, determinant: "critical", area: null, hours: null, wants: [{ kinds: ["patrol"], count: 1 }, { kinds: ["patrol"], count: 1 }, { kinds: ["ambulance", "patrol"], count: 1, skills: ["boat", "first-aid"] }, { kinds: ["ambulance"], count: 1 }] },
    { code: `${type}/${TABLED_DISTRICT}`, type, determinant: null, area: TABLED_DISTRICT, hours: null, wants: [{ kinds: ["platform-crew", "patrol"], count: 2 + more }] },
  ]);
  return createRunCardDeck({ version, rows }, "UTC");
}
