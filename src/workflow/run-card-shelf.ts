// The run cards that are in force, where the writer of dispatch looks them up and those who approve a table put it. The store is the truth: this is what was read of it at start and approved since.
import { BUILT_IN_RUN_CARDS, createRunCardDeck, type RunCardDeck, type RunCardTable } from "../dispatch/run-cards.ts";

export interface RunCardShelf {
  readonly current: () => RunCardDeck;
  /** A city's table is put in place of the program's, whatever their numbers; an older one than the one that is there changes nothing. */
  readonly put: (table: RunCardTable) => void;
}

export function createRunCardShelf(timeZone: string): RunCardShelf {
  let deck = createRunCardDeck(BUILT_IN_RUN_CARDS, timeZone);
  return {
    current: () => deck,
    put: (table) => {
      if (deck.table === BUILT_IN_RUN_CARDS || table.version > deck.table.version) deck = createRunCardDeck(table, timeZone);
    },
  };
}
