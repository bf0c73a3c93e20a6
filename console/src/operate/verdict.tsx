// What the eye found in a camera's pictures: seen, not seen, cannot tell. Of an incident it is a line of its timeline at once; of a call in hand it is kept with the draft, on the server too, and goes with the
// incident that the call becomes or is attached to. By key: j and a letter; while a field has the caret Alt+j, then the letter, j or a digit for another camera of the strip, and the caret stays where it was.
import { useEffect, useRef, useState } from "react";
import { VERDICTS } from "../../../src/contract/dispatch.ts";
import { useLive } from "../api/live-link.ts";
import { KeyHint } from "../design/index.ts";
import { endHeldKey, useHeldKey, useKeys } from "../shell/keys.ts";
import { useMay } from "../shell/session.ts";
import { domainWords } from "../words/domain.ts";
import { useWords } from "../words/use-words.ts";
import { useAct } from "./act.ts";
import { changeDraft, getHeld, selectCamera, useOperate } from "./store.ts";
import type { IncidentView } from "./tones.ts";
import { JUDGE_KEY, nextCamera, readVerdictKey, VERDICT_KEYS, type VerdictWord } from "./verdict-keys.ts";
import { operateWords } from "./words.ts";

export type JudgedFor = { readonly incident: IncidentView } | { readonly intakeId: number };

function useGive(about: JudgedFor): (cameraId: number, verdict: VerdictWord) => void {
  const act = useAct();
  return (cameraId, verdict) => {
    if ("incident" in about) void act({ type: "incident.verdict", incidentId: about.incident.id, cameraId, verdict });
    else changeDraft(about.intakeId, { verdicts: { ...getHeld(about.intakeId).draft.verdicts, [cameraId]: verdict } });
  };
}

export function Verdict({ about, cameraId, name }: { readonly about: JudgedFor; readonly cameraId: number; readonly name: string }) {
  const words = useWords(operateWords).cameras;
  const domain = useWords(domainWords);
  const give = useGive(about);
  const mayGive = useMay("incident.write");
  const ofIncident = useLive((s) => ("incident" in about ? (s.incidents.get(about.incident.id)?.verdicts ?? about.incident.verdicts).filter((one) => one.cameraId === cameraId).at(-1)?.verdict : undefined));
  const ofDraft = useOperate((s) => ("incident" in about ? undefined : s.held[about.intakeId]?.draft.verdicts[cameraId]));
  const last = ofIncident ?? ofDraft;
  if (!mayGive) return null;
  return (
    <div className="verdict" role="group" aria-label={words.verdictLabel(name)}>
      {VERDICTS.map((verdict) => (
        <button key={verdict} type="button" aria-pressed={last === verdict} title={`${domain.verdicts[verdict]} (${JUDGE_KEY} ${VERDICT_KEYS[verdict]})`} onClick={() => give(cameraId, verdict)}>{domain.verdicts[verdict]}</button>
      ))}
    </div>
  );
}

/** `cameraIds`: in the order of the strip. True while the next letter is a verdict. */
export function useVerdictKeys(about: JudgedFor, focus: number | null, cameraIds: readonly number[], active: boolean): boolean {
  const words = useWords(operateWords).cameras;
  const domain = useWords(domainWords);
  const give = useGive(about);
  const [asked, setAsked] = useState(false);
  const held = useHeldKey(({ key }) => key === JUDGE_KEY);
  const present = useRef({ give, focus, cameraIds });
  present.current = { give, focus, cameraIds };
  const may = useMay("incident.write") && active && focus !== null;
  useKeys(words.verdictKeys, may ? [
    ...VERDICTS.map((verdict) => ({ keys: `${JUDGE_KEY} ${VERDICT_KEYS[verdict]}`, label: words.verdictKey(domain.verdicts[verdict]), holds: "done" as const, run: () => give(focus, verdict) })),
    { keys: `${JUDGE_KEY} ${JUDGE_KEY}`, label: words.nextCamera, holds: "on" as const, run: () => selectCamera(nextCamera(cameraIds, focus)) },
    { keys: `Alt+${JUDGE_KEY}`, label: words.verdictTyping, whileTyping: true, run: () => setAsked(true) },
  ] : []);
  // While somebody types the next key alone is taken, before the field that has the caret sees it.
  useEffect(() => {
    if (!asked) return;
    const onKeyDown = (event: KeyboardEvent): void => {
      if (["Alt", "Shift", "Control", "Meta"].includes(event.key)) return;
      const { give: giveNow, focus: at, cameraIds: ids } = present.current;
      const read = readVerdictKey(event.key, ids, at);
      event.preventDefault();
      event.stopPropagation();
      if (read.kind === "camera") return selectCamera(read.cameraId);
      setAsked(false);
      if (read.kind === "verdict") giveNow(read.cameraId, read.verdict);
    };
    const leave = (): void => setAsked(false);
    addEventListener("keydown", onKeyDown, { capture: true });
    addEventListener("pointerdown", leave);
    return () => {
      removeEventListener("keydown", onKeyDown, { capture: true });
      removeEventListener("pointerdown", leave);
    };
  }, [asked]);
  // A verdict is never given of another incident than the one in view as its key was begun.
  useEffect(() => () => {
    setAsked(false);
    endHeldKey();
  }, ["incident" in about ? about.incident.id : -1 - about.intakeId]);
  return (asked || held) && may;
}

/** What can be pressed now. */
export function VerdictHint() {
  const words = useWords(operateWords).cameras;
  const domain = useWords(domainWords);
  return (
    <span className="row small mean-decide" role="status">
      {VERDICTS.map((verdict) => <span key={verdict}><KeyHint keys={VERDICT_KEYS[verdict]} /> {domain.verdicts[verdict]}</span>)}
      <span><KeyHint keys={JUDGE_KEY} /> {words.nextShort}</span>
      <span><KeyHint keys="Escape" /> {words.verdictLeave}</span>
    </span>
  );
}
