// Doing: every command of this room goes through here, so that every outcome is told: done (quietly), somebody was first (who and when), or a
// rule forbids it (which). Returns the outcome when it was accepted, else null.
import { useCallback } from "react";
import type { z } from "zod";
import type { Outcome } from "../../../src/contract/dispatch.ts";
import { sendCommand, type CommandInput } from "../api/command.ts";
import { serverNow } from "../api/now.ts";
import { notify } from "../design/index.ts";
import { playSound } from "../shell/sounds.ts";
import { useProblemText, useRuleText } from "../words/use-problem-text.ts";
import { useFormat, useWords } from "../words/use-words.ts";
import { operateWords } from "./words.ts";

export type Accepted = Extract<z.infer<typeof Outcome>, { outcome: "accepted" }>;
export type Act = (command: CommandInput, expectedSequence?: number | null) => Promise<Accepted | null>;

export function useAct(): Act {
  const words = useWords(operateWords);
  const format = useFormat();
  const problemText = useProblemText();
  const ruleText = useRuleText();
  return useCallback(
    async (command, expectedSequence = null) => {
      try {
        const outcome = await sendCommand(command, expectedSequence);
        if (outcome.outcome === "accepted") return outcome;
        playSound("refused");
        const what = ruleText(outcome.rule, outcome.message);
        if (outcome.outcome === "refused") notify("decide", what);
        else notify("decide", words.conflict(what, outcome.by?.name ?? null, outcome.at === null ? null : format.ago(serverNow() - outcome.at)));
      } catch (error) {
        playSound("refused");
        notify("danger", problemText(error));
      }
      return null;
    },
    [words, format, problemText, ruleText],
  );
}
