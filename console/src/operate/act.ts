// Doing: every command of this room goes through here, so that every outcome is told: done (quietly), somebody was first (who and when), or a
// rule forbids it (which). Returns the outcome when it was accepted, else null. What is told long after the key was pressed says what it is about and stays
// on screen: whoever gave it has turned to something else.
import { useCallback } from "react";
import type { z } from "zod";
import type { Outcome } from "../../../src/contract/dispatch.ts";
import { incidentNumberOf, sayIncidentNumber } from "../../../src/base/training-ids.ts";
import { useLive } from "../api/live-link.ts";
import { CommandSetAside, sendCommand, type CommandInput } from "../api/command.ts";
import { serverNow } from "../api/now.ts";
import { notify, type Tone } from "../design/index.ts";
import { playSound } from "../shell/sounds.ts";
import { shellWords } from "../shell/words.ts";
import { useProblemText, useRuleText } from "../words/use-problem-text.ts";
import { useFormat, useWords } from "../words/use-words.ts";
import { findFirst } from "./first-taken.ts";
import { operateWords } from "./words.ts";

const LATE_MS = 5_000;

export type Accepted = Extract<z.infer<typeof Outcome>, { outcome: "accepted" }>;
export type Act = (command: CommandInput, expectedSequence?: number | null) => Promise<Accepted | null>;

export function useAct(): Act {
  const words = useWords(operateWords);
  const format = useFormat();
  const problemText = useProblemText();
  const ruleText = useRuleText();
  const names = useWords(shellWords).resumed.commands;
  return useCallback(
    // One unit that was taken a second earlier does not hold back the others: each is told.
    async (command, expectedSequence = null) => {
      const givenAt = performance.now();
      const tell = (tone: Tone, text: string): void => {
        const late = performance.now() - givenAt > LATE_MS;
        notify(tone, late ? words.late(names[command.type], text) : text, null, late);
      };
      // Who is on a job as the command is given gets it as the next one.
      const known = useLive.getState().units;
      const waits = new Set(command.type === "assignment.assign" && command.stack === true ? command.unitIds.filter((id) => known.get(id)?.activeAssignmentId != null) : []);
      const tellUnits = ({ units }: Accepted, nameOf: (unitId: number) => string): void => {
        const sent = units.filter((u) => u.refused === null);
        for (const { unitId, refused } of units) {
          if (refused === null) continue;
          const why = ruleText(refused.rule);
          const first = findFirst(refused.details);
          tell("decide", first === null ? words.send.refused(nameOf(unitId), why) : words.send.refusedBy(nameOf(unitId), why, first.name, format.ago(serverNow() - first.at)));
        }
        if (sent.length === 0) return;
        playSound("done");
        const namesOf = (some: typeof sent): string => format.list(some.map(({ unitId }) => nameOf(unitId)));
        const going = sent.filter(({ unitId }) => !waits.has(unitId));
        const next = sent.filter(({ unitId }) => waits.has(unitId));
        if (going.length > 0) tell("moving", words.send.sent(namesOf(going)));
        if (next.length > 0 && command.type === "assignment.assign") tell("decide", words.send.stacked(namesOf(next), sayIncidentNumber({ id: command.incidentId, number: incidentNumberOf(command.incidentId) })));
      };
      try {
        const outcome = await sendCommand(command, expectedSequence);
        const nameOf = (unitId: number): string => useLive.getState().units.get(unitId)?.callSign ?? words.events.unit(unitId);
        if (outcome.outcome === "accepted") {
          tellUnits(outcome, nameOf);
          return outcome;
        }
        playSound("refused");
        const what = ruleText(outcome.rule);
        if (outcome.outcome === "refused") tell("decide", what);
        else {
          const who = outcome.units.length === 0 ? "" : `${format.list(outcome.units.map((u) => nameOf(u.unitId)))}: `;
          tell("decide", who + words.conflict(what, outcome.by?.name ?? null, outcome.at === null ? null : format.ago(serverNow() - outcome.at)));
        }
      } catch (error) {
        if (error instanceof CommandSetAside) return null; // told to whoever gave it, when they are back
        playSound("refused");
        tell("danger", problemText(error));
      }
      return null;
    },
    [words, names, format, problemText, ruleText],
  );
}
