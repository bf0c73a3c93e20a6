// After a reload: commands that had no outcome yet are sent again, and what became of each is told; those that are too old are told as not sent.
import { useEffect } from "react";
import { resumeCommands, useMadeIncident, type CommandInput } from "../api/command.ts";
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
    const { sent, tooOld } = resumeCommands(Date.now());
    const nameOf = ({ type }: CommandInput): string => words.commands[type];
    for (const { command, since } of tooOld) notify("danger", words.tooOld(nameOf(command), format.ago(Date.now() - since)), null, true);
    for (const { command, outcome } of sent) {
      outcome.then(
        (answer) => {
          if (answer.outcome !== "accepted") return notify("decide", words.refused(nameOf(command), ruleText(answer.rule)), null, true);
          notify("free", words.done(nameOf(command)));
          if (command.type === "incident.create" && answer.incidentId !== null) useMadeIncident.setState({ made: { contactId: command.contactId, incidentId: answer.incidentId } });
        },
        (error: unknown) => notify("danger", words.refused(nameOf(command), problemText(error)), null, true),
      );
    }
    // Once for each load of the page: with another language on screen nothing is sent again.
  }, []);
}
