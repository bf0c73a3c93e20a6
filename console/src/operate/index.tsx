// Operate: the dispatcher's room. Three columns that keep their place; under 1,280 px the right one becomes a tab beside the map, on a phone all three.
import { lazy, Suspense, useEffect, useMemo, useRef, useState, useSyncExternalStore, type ReactNode } from "react";
import { useMadeIncident } from "../api/command.ts";
import { useLive } from "../api/live-link.ts";
import { Button, IconButton, Skeleton, Splitter, usePanelSize } from "../design/index.ts";
import { useKeyList, useKeys } from "../shell/keys.ts";
import { useAddress } from "../shell/route.ts";
import { useMay } from "../shell/session.ts";
import { useWords } from "../words/use-words.ts";
import { BoardPanel } from "./board-panel.tsx";
import { CameraStrip } from "./camera-strip.tsx";
import { ClosuresPanel } from "./closures-panel.tsx";
import { toggleClosures, useClosures } from "./closures.ts";
import { CommandBox } from "./command-box.tsx";
import { ContactsPanel } from "./contacts-panel.tsx";
import { useFollowCall } from "./follow-call.ts";
import { useEmergencyOpened } from "./follow-emergency.ts";
import { EmergencyPanel } from "./emergency-panel.tsx";
import { EndedCallsPanel } from "./ended-calls.tsx";
import { EndedIncidentsPanel } from "./ended-incidents.tsx";
import { GoneUp } from "./gone-up.tsx";
import { HandOvers, toggleHandOver } from "./hand-over.tsx";
import { IncidentPanel } from "./incident-panel.tsx";
import { IncidentsPanel } from "./incidents-panel.tsx";
import { IntakePanel } from "./intake-panel.tsx";
import "./operate.css";
import { useOwnCameras } from "./own-cameras.ts";
import { useTakeUpLast } from "./reopen-call.ts";
import { useAskSeeing } from "./seeing.ts";
import { silenceWords } from "./silence-words.ts";
import { useAnswerByKey } from "./silent-unit.ts";
import { closeIntake, enterRoom, openIntake, selectIncident, setClosing, setTab, toggleBoard, toggleEnded, toggleReach, useOperate, useRests, WITHOUT_CALL, type RightTab } from "./store.ts";
import { tieWords } from "./ties-words.ts";
import { useTakeCall } from "./take-call.ts";
import { useBegin } from "./begin.ts";
import { UnitsPanel } from "./units-panel.tsx";
import { useOpenContacts } from "./use-lists.ts";
import { operateWords } from "./words.ts";

// The map is a megabyte of program: calls can be taken before it is there.
const OperateMap = lazy(() => import("./operate-map.tsx").then((m) => ({ default: m.OperateMap })));

const LEFT = { fallback: 344, min: 260, max: 560 };
const RIGHT = { fallback: 392, min: 320, max: 640 };
const STRIP = { fallback: 264, min: 150, max: 560 };
const CALLS = { fallback: 172, min: 90, max: 560 }; // the head and five rows; it grows with what waits, to half of the column
const UNITS = { fallback: 230, min: 90, max: 560 };

const TIME_BAR_PX = 88; // added while the past is shown, so that the pictures keep their size
const NARROW_TIME_BAR_PX = 122; // in two rows

type Span = "wide" | "middle" | "narrow";
const wide = typeof window === "undefined" ? null : window.matchMedia("(min-width: 1280px)");
const middle = typeof window === "undefined" ? null : window.matchMedia("(min-width: 800px)");
function useSpan(): Span {
  return useSyncExternalStore(
    (listener) => {
      for (const query of [wide, middle]) query?.addEventListener("change", listener);
      return () => { for (const query of [wide, middle]) query?.removeEventListener("change", listener); };
    },
    () => (wide?.matches === true ? "wide" : middle?.matches === true ? "middle" : "narrow"),
  );
}

export default function Operate() {
  const words = useWords(operateWords);
  const span = useSpan();
  useOperateKeys();
  useEmergencyOpened();
  const made = useMadeIncident((s) => s.made);
  useEffect(() => {
    if (made === null) return;
    useMadeIncident.setState({ made: null });
    closeIntake(made.contactId ?? WITHOUT_CALL);
    selectIncident(made.incidentId);
  }, [made]);
  const intakeId = useOperate((s) => s.intakeId);
  const incidentId = useOperate((s) => s.incidentId);
  const draftPlace = useOperate((s) => (s.intakeId === null ? null : (s.held[s.intakeId]?.draft.place ?? null)));
  const found = useOperate((s) => s.found);
  const boardShown = useOperate((s) => s.boardShown);
  const endedShown = useOperate((s) => s.endedShown);
  const tab = useOperate((s) => s.tab);
  const closuresShown = useClosures((s) => s.shown);
  const standingClosures = useLive((s) => s.closures.size);
  const incident = useLive((s) => (incidentId === null ? null : (s.incidents.get(incidentId) ?? null)));
  const contact = useLive((s) => (intakeId === null ? undefined : s.contacts.get(intakeId)));
  const mayFigures = useMay("figures.read");
  const left = usePanelSize("operate.left", LEFT.fallback);
  const right = usePanelSize("operate.right", RIGHT.fallback);
  const strip = usePanelSize("operate.strip", STRIP.fallback);
  const past = useOperate((s) => s.past);

  const working = intakeId === null ? (incident?.place ?? null) : draftPlace;
  const rests = useRests();
  // An alarm of a registered point has its place, and cameras of its own, before anybody confirms anything.
  const alarmed = contact?.signal != null && contact.callerPoint !== null ? { point: contact.callerPoint, uncertaintyM: contact.callerUncertaintyM ?? 0 } : null;
  const ownCameras = useOwnCameras(intakeId === null ? ((rests ? incident?.contactIds : undefined) ?? NO_CONTACTS) : contact === undefined ? NO_CONTACTS : [contact.id]);
  const isSeen = working !== null || alarmed !== null || ownCameras.length > 0;
  useAskSeeing(rests ? (working ?? alarmed) : null);
  const phone = useMemo(() => (contact?.callerPoint == null ? null : { point: contact.callerPoint, uncertaintyM: contact.callerUncertaintyM ?? 0 }), [contact?.callerPoint, contact?.callerUncertaintyM]);
  useFollowCall(intakeId, draftPlace, phone);
  const place = useMemo(() => {
    const shown = working ?? found;
    return shown === null ? null : { point: shown.point, uncertaintyM: shown.uncertaintyM };
  }, [working, found]);

  const lists = <Lists />;
  const map = (
    <div className="map-cell">
      {boardShown && <BoardPanel />}
      {endedShown === "calls" ? <EndedCallsPanel /> : endedShown === "incidents" && <EndedIncidentsPanel />}
      {closuresShown && !boardShown && endedShown === null && <ClosuresPanel />}
      <Suspense fallback={<Skeleton rows={6} />}><OperateMap place={place} /></Suspense>
      {!boardShown && !closuresShown && endedShown === null && <div className="map-panels">{mayFigures && <IconButton tone="plain" icon="chart" label={words.board.open} onPress={toggleBoard} />}<Button tone="plain" onPress={toggleClosures}>{words.closures.open}{standingClosures > 0 && <b> {standingClosures}</b>}</Button></div>}
    </div>
  );
  const cameras = <CameraStrip incident={intakeId === null && rests ? incident : null} intakeId={intakeId !== null && isSeen ? intakeId : null} ownCameras={ownCameras} firstContactAt={contact?.receivedAt ?? incident?.firstContactAt ?? null} />;
  const work = intakeId === null ? <IncidentPanel /> : <IntakePanel key={intakeId} intakeId={intakeId} />;

  if (span === "narrow")
    return (
      <div className="operate operate-narrow">
        <CommandBox />
        <EmergencyPanel />
        <TabBar tabs={["calls", "map", "incident"]} tab={tab} />
        <div className="tab-body">{tab === "calls" ? lists : tab === "map" ? <><div className="grow-y">{map}</div><div className="strip-cell" style={{ height: 190 + (past ? NARROW_TIME_BAR_PX : 0) }}>{cameras}</div></> : work}</div>
      </div>
    );
  return (
    <div className="operate">
      <CommandBox />
      <div className="column" style={{ width: left }}>{lists}</div>
      <Splitter panel="operate.left" label={words.resize(words.calls.title)} axis="x" sign={1} size={left} {...LEFT} />
      <div className="column grow">
        {span === "middle" && <TabBar tabs={["map", "incident"]} tab={tab === "calls" ? "map" : tab} />}
        <EmergencyPanel />
        <div className="grow-y">{span === "middle" && tab === "incident" ? work : map}</div>
        <Splitter panel="operate.strip" label={words.resizeHeight(words.cameras.title)} axis="y" sign={-1} size={strip} {...STRIP} />
        <div className="strip-cell" style={{ height: strip + (past ? TIME_BAR_PX : 0) }}>{cameras}</div>
      </div>
      {span === "wide" && (
        <>
          <Splitter panel="operate.right" label={words.resize(words.tabs.incident)} axis="x" sign={-1} size={right} {...RIGHT} />
          <div className="column" style={{ width: right }}>{work}</div>
        </>
      )}
    </div>
  );
}

function Lists(): ReactNode {
  const words = useWords(operateWords);
  const calls = useCallsHeight();
  const units = usePanelSize("operate.units", UNITS.fallback);
  return (
    <div ref={calls.column} className="lists" {...calls.hold}>
      <HandOvers held={calls.pointed} />
      <GoneUp held={calls.pointed} />
      <div style={{ height: calls.height }} className="list-cell"><ContactsPanel /></div>
      <Splitter panel="operate.calls" label={words.resizeHeight(words.calls.title)} axis="y" sign={1} size={calls.height} {...CALLS} />
      <div className="grow-y"><IncidentsPanel /></div>
      <Splitter panel="operate.units" label={words.resizeHeight(words.units.title)} axis="y" sign={-1} size={units} {...UNITS} />
      <div style={{ height: units }} className="list-cell"><UnitsPanel /></div>
    </div>
  );
}

const NO_CONTACTS: readonly number[] = [];

const HEAD_PX = 33;
const ROW_PX = 28;
/** As high as the calls that wait, between five rows and half of the column, until somebody drags it: then that height. Never while the pointer is in the column. */
function useCallsHeight() {
  const dragged = usePanelSize("operate.calls", 0);
  const waiting = useOpenContacts().length;
  const column = useRef<HTMLDivElement>(null);
  const [pointed, setPointed] = useState(false);
  const [half, setHalf] = useState(CALLS.fallback);
  useEffect(() => {
    const watcher = new ResizeObserver(([entry]) => { if (entry !== undefined) setHalf(entry.contentRect.height / 2); });
    if (column.current !== null) watcher.observe(column.current);
    return () => watcher.disconnect();
  }, []);
  const shown = useRef<number>(CALLS.fallback);
  if (!pointed) shown.current = Math.round(Math.max(CALLS.fallback, Math.min(HEAD_PX + waiting * ROW_PX, half)));
  return { column, pointed, height: dragged > 0 ? dragged : shown.current, hold: { onPointerEnter: () => setPointed(true), onPointerLeave: () => setPointed(false) } };
}

function TabBar({ tabs, tab }: { readonly tabs: readonly RightTab[]; readonly tab: RightTab }) {
  const words = useWords(operateWords).tabs;
  return (
    <div className="tab-list" role="tablist">
      {tabs.map((name) => <button key={name} type="button" role="tab" aria-selected={tab === name} className="tab plain-button" data-selected={tab === name || undefined} onClick={() => setTab(name)}>{words[name]}</button>)}
    </div>
  );
}

function reachOfChosen(): void {
  const { unitId, reachUnitId } = useOperate.getState();
  const id = unitId ?? reachUnitId;
  if (id !== null) toggleReach(id);
}
/** On a phone each of these is a tab of its own. */
const showWhereNarrow = (tab: RightTab): void => { if (middle?.matches === false) setTab(tab); };
const focusList = (name: string): void => document.querySelector<HTMLElement>(`[data-list="${name}"] [role=listbox]`)?.focus();

function useOperateKeys(): void {
  const words = useWords(operateWords).keys;
  const ties = useWords(tieWords);
  const silence = useWords(silenceWords);
  const take = useTakeCall();
  const answer = useAnswerByKey();
  const mayHandle = useMay("contact.handle");
  const mayWrite = useMay("incident.write");
  const mayAssign = useMay("assignment.write");
  const incidentId = useOperate((s) => s.incidentId);
  const intakeId = useOperate((s) => s.intakeId);
  const takeUpLast = useTakeUpLast();
  useKeys(words.title, [
    ...(mayHandle ? [{ keys: "t", label: words.take, run: () => void take(null) }, { keys: "o", label: words.ended, run: () => toggleEnded("calls") }] : []),
    ...(mayHandle && intakeId === null ? [{ keys: "Ctrl+z", label: words.takeUp, run: () => void takeUpLast() }] : []),
    ...(mayWrite ? [{ keys: "a", label: words.incident, run: () => openIntake(WITHOUT_CALL) }] : []),
    ...(mayWrite && incidentId !== null
      ? [
          { keys: "n", label: words.note, listed: false, run: () => document.getElementById("incident-note")?.focus() },
          { keys: "c", label: words.close, listed: false, run: () => setClosing(true) },
        ]
      : []),
    { keys: "l", label: words.endedIncidents, run: () => toggleEnded("incidents") },
    { keys: "d", label: words.board, run: toggleBoard },
    { keys: "k", label: words.closures, run: () => { showWhereNarrow("map"); toggleClosures(); } },
    ...(mayAssign ? [{ keys: "z", label: words.rowReach, listed: false, run: reachOfChosen }] : []),
    ...(mayAssign ? [{ keys: "y", label: silence.heardKey, listed: false, run: () => answer("heard") }, { keys: "p", label: silence.recallKey, listed: false, run: () => { showWhereNarrow("calls"); answer("recall"); } }] : []),
    ...(mayWrite ? [{ keys: "h", label: ties.handOver.key, run: () => { showWhereNarrow("calls"); toggleHandOver(); } }] : []),
    { keys: "q", label: words.calls, run: () => focusList("calls") },
    { keys: "i", label: words.incidents, run: () => focusList("incidents") },
    { keys: "u", label: words.units, run: () => focusList("units") },
    { keys: "Escape", label: words.leave, whileTyping: true, run: (event) => { if (useOperate.getState().boardShown) return toggleBoard(); const { endedShown } = useOperate.getState(); if (endedShown !== null) return toggleEnded(endedShown); (event.target as HTMLElement | null)?.blur(); focusList("incidents"); } },
  ]);
  // The keys of the job are listed whether or not there is a call or an incident for them now: they are learned before they are needed.
  const inHand = intakeId !== null; // then its form lists its own keys, each ending with its letter
  useKeyList(words.call, [
    { keys: "Enter", label: words.callNext },
    ...(inHand ? [] : [{ keys: "w", label: words.where }, { keys: "Ctrl+Enter", label: words.make }, { keys: `e ${words.letter}`, label: words.end }, { keys: `Ctrl+e ${words.letter}`, label: words.endTyping }]),
  ]);
  useKeyList(words.job, [
    { keys: "s", label: words.send }, { keys: "1 … 9", label: words.sendTick }, { keys: "r", label: words.takeBetter }, { keys: "Enter", label: words.sendGo }, { keys: "n", label: words.note }, { keys: "c", label: words.close }, { keys: "1 … 9", label: words.closeCode },
    { keys: "b", label: words.past },
  ]);
  useKeyList(words.rows, [
    { keys: "ArrowUp", label: words.up }, { keys: "ArrowDown", label: words.up }, { keys: "Enter", label: words.rowOpen }, { keys: "e", label: words.rowEnd },
    { keys: "m", label: words.rowMap }, { keys: "x", label: words.rowSend }, { keys: "f", label: words.rowFree }, { keys: "z", label: words.rowReach }, { keys: "y", label: silence.heardKey }, { keys: "p", label: silence.recallKey },
  ]);
  useBegin();
  // What is asked for by address opens at once: /operate?incident=17, /operate?calls=late (the strip in the header)
  const address = useAddress();
  useEffect(() => {
    const id = Number(address.query["incident"]);
    if (Number.isInteger(id) && id > 0) selectIncident(id, useLive.getState().incidents.get(id)?.place.point);
    const room = Number(address.query["room"]);
    if (Number.isInteger(room) && room > 0) enterRoom(room);
    if (address.query["calls"] === "late") {
      setTab("calls");
      setTimeout(() => focusList("calls"), 60); // a tab that opens now has its list in the next frame
    }
  }, [address]);
}
