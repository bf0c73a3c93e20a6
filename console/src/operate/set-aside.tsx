// Both texts of a field that two people typed: the later one stands in the form, what was typed here while the centre was away stands here until it
// is used or dropped. Nothing is mixed by a machine: which of the two is true only the dispatcher knows.
import { INCIDENT_TYPES } from "../../../src/contract/dispatch.ts";
import { Button } from "../design/index.ts";
import { domainWords } from "../words/domain.ts";
import { useWords } from "../words/use-words.ts";
import { EMPTY_HELD, type Draft } from "./draft.ts";
import { settleAside, useOperate } from "./store.ts";
import { triageWords } from "./triage-words.ts";
import { operateWords } from "./words.ts";

const MOST_WHAT = 2_000; // contract/dispatch.ts, CallDraft

export function SetAside({ intakeId, by }: { readonly intakeId: number; readonly by: string | null }) {
  const words = useWords(operateWords).intake;
  const triage = useWords(triageWords);
  const domain = useWords(domainWords);
  const { setAside, draft } = useOperate((s) => s.held[intakeId]) ?? EMPTY_HELD;
  const { where, place, type, priority, what, who, answers } = setAside;
  const lines: [string, string][] = [];
  if (where !== undefined || place != null) lines.push([words.where, [where, place?.label].filter((part) => part !== undefined && part !== "").join(" · ")]);
  if (type != null) lines.push([words.type, type in INCIDENT_TYPES ? domain.incidentTypes[type] : type]);
  if (priority != null) lines.push([words.priority, `P${priority}`]);
  if (what !== undefined) lines.push([words.what, what]);
  if (who !== undefined) lines.push([words.who, who]);
  const answered = Object.keys(answers ?? {}).length;
  if (answered > 0) lines.push([triage.title, triage.answered(answered, answered)]);
  const shown = lines.filter(([, text]) => text !== "");
  if (shown.length === 0) return null;
  const use = (change: Partial<Draft>): void => settleAside(intakeId, change);
  const together = [draft.what, ...shown.map(([, text]) => text)].filter((text) => text.trim() !== "").join("\n");
  return (
    <div className="set-aside" role="alert">
      <p className="mean-decide">{words.aside(by)}</p>
      <dl>{shown.map(([field, text]) => <div key={field}><dt>{field}</dt><dd>{text}</dd></div>)}</dl>
      <div className="row wrap">
        <Button onPress={() => use(setAside)}>{words.asideUse}</Button>
        {together.length <= MOST_WHAT && <Button onPress={() => use({ what: together })}>{words.asideBoth}</Button>}
        <Button tone="quiet" onPress={() => use({})}>{words.asideDrop}</Button>
      </div>
    </div>
  );
}
