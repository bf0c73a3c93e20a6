// After a reload: commands that had no outcome yet are sent again, and what became of each is told; of those that are
// too old the centre is asked what became, and that is told: a command whose answer was lost may well have been carried out.
import { useEffect } from "react";
import type { Outcome } from "../../../src/contract/dispatch.ts";
import { CommandSetAside, resumeCommands, useMadeIncident, type CommandInput } from "../api/command.ts";
import { notify } from "../design/index.ts";
import { useProblemText, useRuleText } from "../words/use-problem-text.ts";
import { useFormat, useWords } from "../words/use-words.ts";
import { shellWords } from "./words.ts";

export function useResumedCommands(): void {
  const words = useWords(shellWords).resumed;
  const format = useFormat();
  const problemText = useProblemText();
  const ruleText = useRuleText();
  useEffect(() => {
    const { sent, asked } = resumeCommands(Date.now());
    const nameOf = ({ type }: CommandInput): string => words.commands[type];
    const tell = (command: CommandInput, answer: Outcome, done: string): void => {
      if (answer.outcome !== "accepted") return notify("decide", words.refused(nameOf(command), ruleText(answer.rule)), null, true);
      notify("free", done);
      if (command.type === "incident.create" && answer.incidentId !== null) useMadeIncident.setState({ made: { contactId: command.contactId, incidentId: answer.incidentId } });
    };
    const tellFailed = (command: CommandInput, error: unknown): void => {
      if (!(error instanceof CommandSetAside)) notify("danger", words.refused(nameOf(command), problemText(error)), null, true);
    };
    for (const { command, since, outcome } of asked) {
      outcome.then(
        (answer) => {
          const ago = format.ago(Date.now() - since);
          if (answer === null) notify("danger", words.neverHad(nameOf(command), ago), null, true);
          else tell(command, answer, words.doneBefore(nameOf(command), ago));
        },
        (error: unknown) => tellFailed(command, error),
      );
    }
    for (const { command, outcome } of sent) outcome.then((answer) => tell(command, answer, words.done(nameOf(command))), (error: unknown) => tellFailed(command, error));
    // Once for each load of the page: with another language on screen nothing is sent again.
  }, []);
}
