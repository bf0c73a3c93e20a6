// The list beside the wall: find a camera by name, place or street; a click, Enter or a drag hangs it. The register may hold 600,000, so the server
// searches and the list shows what it is given, a page at a time.
import { useEffect, useMemo, useState, type DragEvent, type ReactNode } from "react";
import { CAMERA_STATES, type Camera, type RemovedCamera } from "../../../src/contract/cameras.ts";
import type { CallAnswer } from "../api/client.ts";
import { useCall, type Reading } from "../api/use-call.ts";
import { BrokenState, Button, EmptyState, RowList, SelectField, Skeleton, StatusMark, Time, type Tone } from "../design/index.ts";
import { domainWords } from "../words/domain.ts";
import { titleOf } from "../player/index.ts";
import { useFormat, useWords } from "../words/use-words.ts";
import { watchWords } from "./words.ts";

export const CAMERA_DRAG = "application/x-citywatch-camera";
export type CameraState = (typeof CAMERA_STATES)[number];
/** How a camera's state looks: colour, shape and letter. */
export const STATE_TONES: Record<CameraState, Tone> = { connected: "free", connecting: "decide", failing: "danger", idle: "off", "no-address": "off" };
const STATE_LETTERS: Record<CameraState, string> = { connected: "C", connecting: "J", failing: "F", idle: "I", "no-address": "–" };
export const CameraStateMark = ({ state, label }: { readonly state: CameraState; readonly label: string }) => <StatusMark tone={STATE_TONES[state]} letter={STATE_LETTERS[state]} label={label} />;

const PAGE = 200;
const RENEW_MS = 10_000;

export function CameraList({ onHang, onHangRemoved, hung }: { readonly onHang: (camera: Camera) => void; readonly onHangRemoved: (camera: RemovedCamera) => void; readonly hung: ReadonlySet<number> }) {
  const words = useWords(watchWords);
  const format = useFormat();
  const states = useWords(domainWords).cameraStates;
  const [typed, setTyped] = useState("");
  const [q, setQ] = useState("");
  const [state, setState] = useState<CameraState | "all" | "removed">("connected");
  const [limit, setLimit] = useState(PAGE);
  const [selected, setSelected] = useState<number | null>(null);
  useEffect(() => {
    const timer = setTimeout(() => {
      setQ(typed.trim());
      setLimit(PAGE);
    }, 120);
    return () => clearTimeout(timer);
  }, [typed]);
  const removed = useCall("listRemovedCameras", state === "removed" ? { query: { limit: 500, ...(q === "" ? {} : { q }) } } : null, RENEW_MS);
  const answer = useCall("listCameras", state === "removed" ? null : { query: { limit: Math.min(500, limit), ...(q === "" ? {} : { q }), ...(state === "all" ? {} : { state }) } }, RENEW_MS);
  const cameras = useMemo(() => answer.data?.cameras ?? [], [answer.data]);
  const total = answer.data?.total ?? 0;

  return (
    <>
      <div className="watch-search">
        <input id="watch-search" className="input" type="search" placeholder={words.list.search} aria-label={words.list.search} value={typed} onChange={(e) => setTyped(e.target.value)}
          onKeyDown={(e) => {
            const first = cameras[0];
            if (e.key === "Enter" && first !== undefined) onHang(first);
            else if (e.key === "ArrowDown") document.querySelector<HTMLElement>(".watch-list [role=listbox]")?.focus();
            else if (e.key === "Escape" && typed !== "") setTyped(""); // the words first, then the field
            else if (e.key === "Escape") e.currentTarget.blur();
            else return;
            e.preventDefault();
          }} />
        <SelectField<CameraState | "all" | "removed"> label={words.list.state} hideLabel choices={[{ id: "all", label: words.list.all }, ...CAMERA_STATES.map((id) => ({ id, label: states[id] })), { id: "removed", label: words.list.removed }]} value={state} onChange={(next) => { setState(next); setLimit(PAGE); }} />
      </div>
      <div className="watch-rows">
        {state === "removed" ? <RemovedRows page={removed} hung={hung} q={q} onHang={onHangRemoved} /> : answer.problem !== null && answer.data === null ? <BrokenState error={answer.problem} retry={answer.again} /> : answer.data === null ? <Skeleton rows={14} /> : (
          <RowList
            label={words.list.title} items={cameras} selectedId={selected} onSelect={setSelected} rowHeight={40}
            onAction={(id) => {
              const camera = cameras.find((c) => c.id === id);
              if (camera !== undefined) onHang(camera);
            }}
            empty={<EmptyState {...(state === "all" ? {} : { action: <Button onPress={() => setState("all")}>{words.list.showAll}</Button> })}>{q === "" ? words.list.none : words.list.nothing(q)}</EmptyState>}
          >
            {(camera) => (
              <div className="watch-row" draggable onClick={() => onHang(camera)} onDragStart={(e: DragEvent) => { e.dataTransfer.setData(CAMERA_DRAG, String(camera.id)); e.dataTransfer.effectAllowed = "copy"; }} title={`${camera.name} · ${camera.code} · ${camera.place}`}>
                <CameraStateMark state={camera.health.state} label={states[camera.health.state]} />
                <RowText camera={camera} more={camera.place === titleOf(camera.name).rest ? null : camera.place} />
                {hung.has(camera.id) && <span className="quiet" title={words.list.onWall}>●</span>}
              </div>
            )}
          </RowList>
        )}
      </div>
      <p className="watch-hint quiet"><span className="watch-hint-mouse">{words.list.hint}</span><span className="watch-hint-touch">{words.list.hintTouch}</span></p>
      {state !== "removed" && answer.data !== null && total > cameras.length && (
        <footer className="watch-more">
          <span className="quiet clip grow">{words.list.shown(format.number(cameras.length), format.number(total))}</span>
          {limit < 500 && <Button tone="quiet" onPress={() => setLimit(500)}>{words.list.more}</Button>}
        </footer>
      )}
    </>
  );
}

/** The place, then which of its cameras it is: a list that is read down would say "north", "south" of everything else. */
function RowText({ camera: { name, code }, more }: { readonly camera: { readonly name: string; readonly code: string }; readonly more: ReactNode | null }) {
  const { lead, rest } = titleOf(name);
  return (
    <span className="watch-row-text">
      <span className="watch-row-line"><span className="clip">{rest ?? lead}</span><span className="quiet watch-row-code">{code}</span></span>
      <span className="clip quiet">{rest !== null && <b className="watch-row-end">{lead}</b>}{rest !== null && more !== null && " · "}{more}</span>
    </span>
  );
}

/** Cameras that left the register: their past may be looked at as long as it is kept. */
function RemovedRows({ page, hung, q, onHang }: { readonly page: Reading<CallAnswer<"listRemovedCameras">>; readonly hung: ReadonlySet<number>; readonly q: string; readonly onHang: (camera: RemovedCamera) => void }) {
  const words = useWords(watchWords).list;
  const [selected, setSelected] = useState<number | null>(null);
  if (page.data === null) return page.problem !== null ? <BrokenState error={page.problem} retry={page.again} /> : <Skeleton rows={6} />;
  const { cameras } = page.data;
  return (
    <RowList
      label={words.removed} items={cameras} selectedId={selected} onSelect={setSelected} rowHeight={40} empty={<EmptyState>{q === "" ? words.noneRemoved : words.nothing(q)}</EmptyState>}
      onAction={(id) => {
        const camera = cameras.find((c) => c.id === id);
        if (camera !== undefined) onHang(camera);
      }}
    >
      {(camera) => (
        <div className="watch-row" draggable onClick={() => onHang(camera)} onDragStart={(e: DragEvent) => { e.dataTransfer.setData(CAMERA_DRAG, String(camera.id)); e.dataTransfer.effectAllowed = "copy"; }} title={`${camera.name} · ${camera.code}`}>
          <StatusMark tone="off" letter="×" label={words.removed} />
          <RowText camera={camera} more={<>{words.removedAt} <Time at={camera.removedAt} /></>} />
          {hung.has(camera.id) && <span className="quiet" title={words.onWall}>●</span>}
        </div>
      )}
    </RowList>
  );
}
