// The command line in the top bar. `/` goes there; it shows what Enter would do, what is missing, and what the last word could become.
import { useMemo, useRef, useState, type KeyboardEvent } from "react";
import { createPortal } from "react-dom";
import { useLive } from "../api/live-link.ts";
import { api } from "../api/client.ts";
import { serverNow } from "../api/now.ts";
import { useCall } from "../api/use-call.ts";
import { KeyHint, notify } from "../design/index.ts";
import { COMMAND_SLOT } from "../shell/frame.tsx";
import { useKeys } from "../shell/keys.ts";
import { useAccount, useMay } from "../shell/session.ts";
import { domainWords } from "../words/domain.ts";
import { useProblemText } from "../words/use-problem-text.ts";
import { useFormat, useLanguage, useWords } from "../words/use-words.ts";
import { useAct } from "./act.ts";
import { useAttachCall } from "./attach-call.ts";
import { toggleClosures } from "./closures.ts";
import { completeLine, parseLine, STEPS, type Line, type LineContext, type Parsed } from "./command-line.ts";
import { findLastEnded, useReopenCall } from "./reopen-call.ts";
import { PlaceLine, usePlaces } from "./place-field.tsx";
import { enterRoom, lookAt, selectIncident, setFound, toggleBoard, toggleReach, useOperate, WITHOUT_CALL, zoomFor } from "./store.ts";
import { useTakeCall } from "./take-call.ts";
import { isFree, isOpenIncident } from "./tones.ts";
import { operateWords } from "./words.ts";

export function CommandBox() {
  const all = useWords(operateWords);
  const words = all.line;
  const language = useLanguage();
  const [text, setText] = useState("");
  const [open, setOpen] = useState(false);
  const [at, setAt] = useState(-1);
  const input = useRef<HTMLInputElement>(null);
  const context = useLineContext(open);
  const parsed = useMemo(() => parseLine(text, context), [text, context]);
  const completions = useMemo(() => completeLine(text, context, language), [text, context, language]);
  const query = parsed.state === "ready" && parsed.line.kind === "find" ? parsed.line.query : "";
  const found = usePlaces(open ? query : "", null);
  const places = query === "" || found.loading ? [] : found.places;
  const run = useRun();
  const preview = usePreview();
  useKeys(all.keys.title, [
    { keys: "/", label: all.keys.command, run: () => input.current?.focus() },
    { keys: "Ctrl+k", label: all.keys.command, whileTyping: true, run: () => input.current?.focus() },
  ]);

  const done = (): void => {
    setText("");
    setAt(-1);
    input.current?.blur();
  };
  const choosePlace = (i: number): void => {
    const place = places[i];
    if (place === undefined) return;
    setFound(place);
    lookAt(place.point, zoomFor(place.uncertaintyM));
    done();
  };
  const options = completions.length + places.length;
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Escape") return done();
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (options > 0) setAt(event.key === "ArrowDown" ? (at + 1) % options : (at <= 0 ? options : at) - 1);
      return;
    }
    const completion = completions[Math.max(0, at)];
    if (event.key === "Tab" && completion !== undefined && text !== "") {
      event.preventDefault();
      setText(completion.line);
      setAt(-1);
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (at >= 0 && at < completions.length) {
        setText(completions[at]!.line);
        setAt(-1);
      } else if (query !== "") choosePlace(at < 0 ? 0 : at - completions.length);
      else if (parsed.state === "ready") {
        void run(parsed.line);
        done();
      }
    }
  };
  const slot = document.getElementById(COMMAND_SLOT);
  if (slot === null) return null;
  return createPortal(
    <div className="command-box" onBlur={(e) => { if (!e.currentTarget.contains(e.relatedTarget)) setOpen(false); }}>
      <input
        ref={input} className="command-input" role="combobox" aria-label={words.label} aria-expanded={open && options > 0} {...(open && options > 0 ? { "aria-controls": "command-options" } : {})} aria-autocomplete="list" autoComplete="off" spellCheck={false}
        {...(at >= 0 ? { "aria-activedescendant": `command-option-${at}` } : {})} placeholder={words.placeholder} value={text} onFocus={() => setOpen(true)} onChange={(e) => { setText(e.target.value); setAt(-1); }} onKeyDown={onKeyDown}
      />
      {!open && <KeyHint keys="/" />}
      {open && (
        <div className="command-drop">
          <p className={`command-preview ${parsed.state === "fault" ? "mean-decide" : ""}`} role="status">{preview(parsed)}{parsed.state === "ready" && <KeyHint keys="Enter" />}</p>
          {options > 0 && (
            <ul id="command-options" role="listbox" aria-label={words.label} className="menu">
              {completions.map((c, i) => (
                <li key={c.line} id={`command-option-${i}`} role="option" aria-selected={at === i} className="menu-item" data-focused={at === i || undefined} onPointerDown={(e) => { e.preventDefault(); setText(c.line); setAt(-1); }}>
                  <span className="mono">{c.label}</span>{i === Math.max(0, at) && <span className="end"><KeyHint keys="Tab" /></span>}
                </li>
              ))}
              {places.map((place, i) => (
                <li key={`${place.label} ${i}`} id={`command-option-${completions.length + i}`} role="option" aria-selected={at === completions.length + i} className="menu-item" data-focused={at === completions.length + i || undefined} onPointerDown={(e) => { e.preventDefault(); choosePlace(i); }}>
                  <PlaceLine place={place} />
                </li>
              ))}
            </ul>
          )}
          {query !== "" && found.camerasByCodeOnly && <p className="menu-note quiet">{all.intake.camerasByCode}</p>}
        </div>
      )}
    </div>,
    slot,
  );
}

function useLineContext(open: boolean): LineContext {
  const mayWatch = useMay("incident.write");
  const people = useCall("listWatchers", open && mayWatch ? {} : null).data?.people;
  const me = useAccount()?.id;
  const units = useLive((s) => s.units);
  const incidents = useLive((s) => s.incidents);
  const incidentId = useOperate((s) => s.incidentId);
  const intakeId = useOperate((s) => s.intakeId);
  const platforms = useCall("listPlatforms", open ? {} : null).data?.platforms;
  // One that has ended and that this page let go of is still the one that is on screen.
  const ended = useCall("getIncident", open && incidentId !== null && !incidents.has(incidentId) ? { params: { id: incidentId } } : null).data?.incident;
  const contacts = useLive((s) => s.contacts);
  const { contactDispositions, contactSources } = useWords(domainWords);
  return useMemo(() => {
    const last = open ? findLastEnded(contacts.values(), me ?? null) : null;
    const selected = incidentId === null ? undefined : incidents.get(incidentId);
    return {
      units: open ? [...units.values()].map((u) => ({ id: u.id, callSign: u.callSign, free: isFree(u, serverNow()) })) : [],
      incidents: open ? [...incidents.values()].map((i) => ({ id: i.id, number: i.number, open: isOpenIncident(i) })) : [],
      endedCall: last === null ? null : { id: last.id, caller: last.callerNumber ?? contactSources[last.source], how: contactDispositions[last.disposition!] },
      selected: selected !== undefined ? { id: selected.id, number: selected.number, open: isOpenIncident(selected) } : ended === undefined ? null : { id: ended.id, number: ended.number, open: isOpenIncident(ended) },
      callInHand: intakeId === null || intakeId === WITHOUT_CALL ? null : intakeId,
      platforms: platforms ?? [],
      people: (people ?? []).filter(({ id }) => id !== me),
    };
  }, [open, units, incidents, contacts, contactDispositions, contactSources, incidentId, intakeId, platforms, ended, people, me]);
}

function usePreview(): (parsed: Parsed) => string {
  const words = useWords(operateWords).line;
  const domain = useWords(domainWords);
  const format = useFormat();
  const p = words.preview;
  return (parsed) => {
    if (parsed.state === "empty") return words.help;
    if (parsed.state === "needs") return words.needsText(words.needs[parsed.what]);
    if (parsed.state === "fault") {
      const fault = words.faults[parsed.fault];
      return typeof fault === "string" ? fault : fault(parsed.value);
    }
    const { line } = parsed;
    switch (line.kind) {
      case "find": return p.find(line.query);
      case "go": return line.incidentId === null ? p.seek(String(line.number)) : p.go(String(line.number));
      case "step": return p.step(line.callSign, domain.assignmentStates[STEPS[line.step]]);
      case "safe": return p.safe(line.callSign, line.words);
      case "well": return p.well(line.callSign, line.words);
      case "nounit": return p.nounit(String(line.number), line.words);
      case "reopen": return p.reopen(String(line.number), line.words);
      case "attach": return p.attach(String(line.number));
      case "cover": return p.cover(line.callSign, line.platform, String(line.number));
      case "send": return p.send(format.list(line.callSigns), String(line.number));
      case "next": return p.next(format.list(line.callSigns), String(line.number));
      case "note": return p.note(String(line.number), line.words);
      case "close": return p.close(String(line.number), domain.dispositions[line.disposition]);
      case "cancel": return p.cancel(String(line.number), line.words);
      case "recall": return p.recall(line.callSign, line.words);
      case "availability": return line.available ? p.available(line.callSign) : p.notAvailable(line.callSign);
      case "watch": return p.watch(String(line.number));
      case "merge": return p.merge(String(line.number), String(line.otherNumber));
      case "link": return p.link(String(line.number), String(line.otherNumber));
      case "unlink": return p.unlink(String(line.number), String(line.otherNumber));
      case "join": return p.join(String(line.number), String(line.otherNumber));
      case "apart": return p.apart(String(line.number));
      case "leave": return p.leave(String(line.number));
      case "major": return p.major(String(line.number), line.words);
      case "endmajor": return p.endmajor(String(line.number), line.words);
      case "room": return p.room(String(line.number));
      case "preempt": return p.preempt(line.callSign, String(line.number), line.words);
      case "lost": return p.lost(line.callSign, line.words);
      case "handover": return p.handover(line.name);
      case "reach": return p.reach(line.callSign);
      case "again": return p.again(line.caller, line.how, line.words);
      case "take": return p.take;
      case "board": return p.board;
      case "roads": return p.roads;
    }
  };
}

function useRun(): (line: Line) => Promise<void> {
  const words = useWords(operateWords).line;
  const act = useAct();
  const take = useTakeCall();
  const reopen = useReopenCall();
  const attach = useAttachCall();
  const problemText = useProblemText();
  /** One that has ended is the centre's to know. */
  const seek = async (number: number): Promise<void> => {
    try {
      const [found] = (await api.call("listIncidents", { query: { number, limit: 1 } })).incidents;
      if (found === undefined) notify("decide", words.faults["no-such-incident"](String(number)));
      else selectIncident(found.id, found.place.point);
    } catch (error) {
      notify("danger", problemText(error));
    }
  };
  return async (line) => {
    switch (line.kind) {
      case "find": return;
      case "go": return line.incidentId === null ? seek(line.number) : selectIncident(line.incidentId, useLive.getState().incidents.get(line.incidentId)?.place.point);
      case "step": {
        const job = useLive.getState().units.get(line.unitId)?.activeAssignmentId ?? null;
        if (job === null) return notify("decide", words.notOnJob(line.callSign));
        return void (await act({ type: "assignment.advance", assignmentId: job, to: STEPS[line.step] }));
      }
      case "safe": return void (await act({ type: "unit.emergency-clear", unitId: line.unitId, words: line.words }));
      case "well": {
        const job = useLive.getState().units.get(line.unitId)?.activeAssignmentId ?? null;
        if (job === null) return notify("decide", words.notOnJob(line.callSign));
        return void (await act({ type: "assignment.confirm", assignmentId: job, words: line.words }));
      }
      case "nounit": return void (await act({ type: "incident.no-unit-needed", incidentId: line.incidentId, words: line.words }));
      case "reopen": return void (await act({ type: "incident.reopen", incidentId: line.incidentId, words: line.words }));
      case "attach": return attach(line.contactId, line.incidentId);
      case "cover": return void (await act({ type: "assignment.cover", incidentId: line.incidentId, unitId: line.unitId, platformId: line.platformId }));
      case "send": return void (await act({ type: "assignment.assign", incidentId: line.incidentId, unitIds: [...line.unitIds] }));
      case "next": return void (await act({ type: "assignment.assign", incidentId: line.incidentId, unitIds: [...line.unitIds], stack: true }));
      case "note": return void (await act({ type: "incident.note", incidentId: line.incidentId, words: line.words }));
      case "close": return void (await act({ type: "incident.close", incidentId: line.incidentId, disposition: line.disposition, words: line.words }));
      case "cancel": return void (await act({ type: "incident.cancel", incidentId: line.incidentId, words: line.words }));
      case "availability": return void (await act({ type: "unit.availability", unitId: line.unitId, availability: line.available ? "available" : "not-available" }));
      case "watch": return void (await act({ type: "incident.watch", incidentId: line.incidentId }));
      case "merge": {
        const done = await act({ type: "incident.merge", incidentId: line.incidentId, intoId: line.otherId, words: line.words });
        return done === null ? undefined : selectIncident(line.otherId, useLive.getState().incidents.get(line.otherId)?.place.point);
      }
      case "link": return void (await act({ type: "incident.link", incidentId: line.incidentId, otherId: line.otherId, words: line.words }));
      case "unlink": return void (await act({ type: "incident.unlink", incidentId: line.incidentId, otherId: line.otherId, words: line.words }));
      case "join": return void (await act({ type: "incident.join-major", incidentId: line.incidentId, majorId: line.otherId, words: line.words }));
      case "apart": return void (await act({ type: "incident.unmerge", incidentId: line.incidentId, words: line.words }));
      case "leave": return void (await act({ type: "incident.leave-major", incidentId: line.incidentId, words: line.words }));
      case "major": {
        const done = await act({ type: "incident.make-major", incidentId: line.incidentId, partIds: [], words: line.words });
        return done === null ? undefined : enterRoom(line.incidentId);
      }
      case "endmajor": return void (await act({ type: "incident.end-major", incidentId: line.incidentId, words: line.words }));
      case "room": return enterRoom(line.incidentId);
      case "reach": return toggleReach(line.unitId);
      case "handover": return void (await act({ type: "hand-over.offer", toUserId: line.userId, words: line.words }));
      case "preempt":
      case "lost": {
        const job = useLive.getState().units.get(line.unitId)?.activeAssignmentId ?? null;
        if (job === null) return notify("decide", words.notOnJob(line.callSign));
        const command = line.kind === "lost" ? ({ type: "assignment.lose", assignmentId: job, words: line.words } as const) : ({ type: "assignment.preempt", assignmentId: job, incidentId: line.incidentId, words: line.words } as const);
        return void (await act(command));
      }
      case "recall": {
        const active = useLive.getState().units.get(line.unitId)?.activeAssignmentId ?? null;
        if (active === null) return notify("decide", words.notOnJob(line.callSign));
        return void (await act({ type: "assignment.recall", assignmentId: active, words: line.words }));
      }
      case "again": return void (await reopen(line.contactId, line.words));
      case "take": return void (await take(null));
      case "board": return toggleBoard();
      case "roads": return toggleClosures();
    }
  };
}
