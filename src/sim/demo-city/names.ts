// Names of invented people. The surnames are trees and birds of the country, and the numbers begin with 000, which no subscriber has, so that nobody real is meant.
import type { Random } from "../../base/random.ts";

const FIRST = ["Ana", "Luis", "Marta", "Diego", "Lucía", "Jorge", "Paula", "Martín", "Elena", "Rafael", "Sofía", "Andrés", "Carmen", "Nicolás", "Laura", "Pablo", "Inés", "Gabriel", "Rosa", "Tomás", "Julia", "Bruno", "Clara", "Emilio"] as const;
const SURNAME = ["Ceibo", "Hornero", "Ombú", "Lapacho", "Benteveo", "Espinillo", "Calandria", "Coronilla", "Tero", "Guayabo", "Cardenal", "Quebracho", "Garza", "Arazá", "Carpintero", "Timbó", "Zorzal", "Jacarandá", "Chingolo", "Pitanga"] as const;

export interface NameMaker {
  /** A person not given before, as long as there are any (480). */
  readonly person: () => string;
  /** The next telephone number. */
  readonly phone: () => string;
  /** The next badge, four digits. */
  readonly badge: () => string;
}

export function createNameMaker(random: Random): NameMaker {
  const used = new Set<string>();
  let phones = 0;
  let badges = 1_000;
  return {
    person: () => {
      for (let tries = 0; ; tries++) {
        const name = `${random.pick(FIRST)} ${random.pick(SURNAME)}`;
        if (used.has(name) && tries < 60) continue;
        const whole = used.has(name) ? `${name} ${random.pick(SURNAME)}` : name;
        used.add(whole);
        return whole;
      }
    },
    phone: () => `+598 000 ${String(++phones).padStart(5, "0").replace(/(\d{2})(\d{3})/, "$1 $2")}`,
    badge: () => String(++badges),
  };
}
