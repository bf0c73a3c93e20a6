// Watch: a wall of cameras, a list beside it, one clock under it. Nothing is shown before a reason is given.
import { useCallback, useEffect, useMemo, useRef, useState, type DragEvent } from "react";
import type { Camera, RemovedCamera, ViewReason } from "../../../src/contract/cameras.ts";
import { api } from "../api/client.ts";
import { useLive } from "../api/live-link.ts";
import { Button, PanelHead } from "../design/index.ts";
import { CameraTile, PlaybackTimeline, ReasonText, WallClock, type TimelineFlag } from "../player/index.ts";
import { useKeys } from "../shell/keys.ts";
import { useAddress } from "../shell/route.ts";
import { useWords } from "../words/use-words.ts";
import { CAMERA_DRAG, CameraList } from "./camera-list.tsx";
import { ReasonForm } from "./reason-form.tsx";
import { LAYOUTS, chooseCell, formatWall, parseWall, placeAt, placeNext, removeAt, setLayout, shownCells, swapCells, toggleFilled, type Wall } from "./wall.ts";
import { setWatchReason, useWatchReason } from "./watch-reason.ts";
import "./watch.css";
import { watchWords } from "./words.ts";

const STORED = "citywatch.watch";
const CELL_DRAG = "application/x-citywatch-cell";

function readWall(): Wall {
  try {
    return parseWall(localStorage.getItem(STORED));
  } catch {
    return parseWall(null); // storage off
  }
}

export default function Watch() {
  const words = useWords(watchWords);
  const reason = useWatchReason((s) => s.reason);
  const [asking, setAsking] = useState(reason === null);
  const [wall, setWall] = useState(readWall);
  const [clock, setClock] = useState<WallClock | null>(null);
  const { cameras, learn } = useWallCameras(wall);
  const [removed, setRemoved] = useState<ReadonlyMap<number, RemovedCamera>>(new Map());
  const learnRemoved = useCallback((camera: RemovedCamera) => setRemoved((held) => new Map(held).set(camera.id, camera)), []);
  const address = useAddress();

  useEffect(() => {
    try {
      localStorage.setItem(STORED, formatWall(wall));
    } catch {
      // storage off: the wall holds until the page is closed
    }
  }, [wall]);
  // "/watch?camera=12" hangs that camera: how the map and the register open one.
  const wanted = Number(address.query["camera"]);
  useEffect(() => {
    if (Number.isSafeInteger(wanted) && wanted > 0) setWall((w) => placeNext(w, wanted));
  }, [wanted]);

  const hang = useCallback((camera: Camera) => {
    learn(camera);
    setWall((w) => placeNext(w, camera.id));
  }, [learn]);
  const hangRemoved = useCallback((camera: RemovedCamera) => {
    learnRemoved(camera);
    setWall((w) => placeNext(w, camera.id));
  }, [learnRemoved]);
  const move = useCallback((wallMs: number, still = false) => {
    if (clock === null) setClock(new WallClock(wallMs, still ? 0 : 1));
    else clock.moveTo(wallMs);
  }, [clock]);
  const give = (next: ViewReason): void => {
    setWatchReason(next);
    setAsking(false);
  };

  const cells = shownCells(wall);
  const hung = useMemo(() => new Set(wall.cells.slice(0, wall.layout).filter((id) => id !== null)), [wall]);
  const onKey = (change: (w: Wall) => Wall) => () => setWall(change);
  useKeys(words.title, [
    { keys: "s", label: words.keys.search, run: () => document.getElementById("watch-search")?.focus() },
    { keys: "[", label: words.keys.before, run: onKey((w) => chooseCell(w, (w.chosen + w.layout - 1) % w.layout)) },
    { keys: "]", label: words.keys.next, run: onKey((w) => chooseCell(w, (w.chosen + 1) % w.layout)) },
    { keys: "f", label: words.keys.fill, run: onKey((w) => toggleFilled(w, w.chosen)) },
    { keys: "Delete", label: words.keys.remove, run: onKey((w) => removeAt(w, w.chosen)) },
    { keys: "r", label: words.keys.reason, run: () => setAsking(true) },
    { keys: "Escape", label: words.keys.back, whileTyping: asking, run: () => (asking ? setAsking(reason === null) : setWall((w) => ({ ...w, filled: null }))) },
    ...LAYOUTS.map((layout) => ({ keys: String(Math.sqrt(layout)), label: words.layout(layout), run: onKey((w) => setLayout(w, layout)) })),
  ]);

  // The bar tells of the chosen tile; where that is empty, of the first that is not.
  const chosenCamera = wall.cells[wall.filled ?? wall.chosen] ?? cells.map((cell) => wall.cells[cell] ?? null).find((id) => id !== null) ?? null;
  return (
    <div className="watch">
      <CameraList onHang={hang} onHangRemoved={hangRemoved} hung={hung} />
      <section className="watch-main" aria-label={words.title}>
        <PanelHead title={words.title}>
          {reason !== null && <Button tone="quiet" keys="r" onPress={() => setAsking(true)} className="watch-why"><span className="clip"><ReasonText reason={reason} /></span></Button>}
          <div className="watch-layouts" role="group" aria-label={words.layouts}>
            {LAYOUTS.map((layout) => <Button key={layout} tone="quiet" aria-pressed={wall.layout === layout} aria-label={words.layout(layout)} className={wall.layout === layout ? "watch-layout-on" : ""} onPress={() => setWall((w) => setLayout(w, layout))}>{layout}</Button>)}
          </div>
        </PanelHead>
        <div className="watch-stage">
          {reason !== null && (
            <div className="watch-wall" style={{ "--side": Math.sqrt(cells.length) } as React.CSSProperties} data-cells={cells.length}>
              {cells.map((cell) => (
                <Cell key={cell} cell={cell} cameraId={wall.cells[cell] ?? null} camera={cameras.get(wall.cells[cell] ?? 0)} removed={removed.get(wall.cells[cell] ?? 0)} chosen={wall.chosen === cell} reason={reason} clock={clock} change={setWall} />
              ))}
            </div>
          )}
          {(asking || reason === null) && <div className="watch-asking"><ReasonForm before={reason} onReason={give} onCancel={reason === null ? null : () => setAsking(false)} /></div>}
        </div>
        <Bar clock={clock} cameraId={chosenCamera} onMove={move} onLive={() => setClock(null)} />
      </section>
    </div>
  );
}

interface CellProps {
  readonly cell: number;
  readonly cameraId: number | null;
  readonly camera: Camera | "gone" | undefined;
  readonly removed: RemovedCamera | undefined;
  readonly chosen: boolean;
  readonly reason: ViewReason;
  readonly clock: WallClock | null;
  readonly change: (change: (wall: Wall) => Wall) => void;
}
function Cell({ cell, cameraId, camera, removed, chosen, reason, clock, change }: CellProps) {
  const words = useWords(watchWords);
  const [over, setOver] = useState(false);
  const known = camera === "gone" ? undefined : camera;
  const onDrop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    const id = Number(event.dataTransfer.getData(CAMERA_DRAG));
    const from = event.dataTransfer.getData(CELL_DRAG);
    if (Number.isSafeInteger(id) && id > 0) change((w) => placeAt(w, cell, id));
    else if (from !== "") change((w) => swapCells(w, Number(from), cell));
  };
  return (
    <div
      className={`watch-cell ${over ? "watch-over" : ""}`} draggable={cameraId !== null}
      onDragStart={(e) => e.dataTransfer.setData(CELL_DRAG, String(cell))} onDrop={onDrop} onDragLeave={() => setOver(false)}
      onDragOver={(e) => {
        e.preventDefault();
        setOver(true);
      }}
    >
      {cameraId === null || (camera === "gone" && clock === null) ? (
        <button type="button" className={`watch-empty ${chosen ? "tile-selected" : ""}`} onClick={() => change((w) => chooseCell(w, cell))}>
          {camera === "gone" ? `${removed === undefined ? "" : `${removed.name}. `}${words.gone}` : words.empty}
        </button>
      ) : (
        <CameraTile
          key={cameraId} cameraId={cameraId} code={known?.code ?? removed?.code ?? ""} name={known?.name ?? removed?.name ?? words.naming} reason={reason} mode={clock === null ? { kind: "live" } : { kind: "past", clock, range: null }}
          {...(known === undefined ? {} : { place: known.place, hasAddress: known.health.state !== "no-address" || clock !== null, health: known.health })}
          selected={chosen} onSelect={() => change((w) => chooseCell(w, cell))} onFill={() => change((w) => toggleFilled(w, cell))} onRemove={() => change((w) => removeAt(w, cell))}
        />
      )}
    </div>
  );
}

function Bar({ clock, cameraId, onMove, onLive }: { readonly clock: WallClock | null; readonly cameraId: number | null; readonly onMove: (wallMs: number, still?: boolean) => void; readonly onLive: () => void }) {
  const incidents = useLive((s) => s.incidents);
  const flags = useMemo((): TimelineFlag[] => [...incidents.values()].map((i) => ({ id: i.id, at: i.firstContactAt, number: i.number, what: i.place.label })), [incidents]);
  return <PlaybackTimeline clock={clock} cameraId={cameraId} flags={flags} onMove={onMove} onLive={onLive} />;
}

const RENEW_MS = 15_000;
/** The register's word on each camera of the wall, renewed now and then; "gone" where it was removed. */
function useWallCameras(wall: Wall): { readonly cameras: ReadonlyMap<number, Camera | "gone">; readonly learn: (camera: Camera) => void } {
  const [cameras, setCameras] = useState<ReadonlyMap<number, Camera | "gone">>(new Map());
  const learn = useCallback((camera: Camera) => setCameras((held) => new Map(held).set(camera.id, camera)), []);
  const ids = wall.cells.filter((id) => id !== null).sort((a, b) => a - b).join(",");
  const held = useRef(cameras);
  held.current = cameras;
  useEffect(() => {
    const abort = new AbortController();
    const read = (all: boolean): void => {
      for (const id of ids === "" ? [] : ids.split(",").map(Number)) {
        if (!all && held.current.has(id)) continue;
        api.call("getCamera", { params: { id } }, { signal: abort.signal }).then(learn, (error: { readonly status?: number }) => {
          if (error.status === 404) setCameras((before) => new Map(before).set(id, "gone"));
        });
      }
    };
    read(false);
    const timer = setInterval(() => read(true), RENEW_MS);
    return () => {
      abort.abort();
      clearInterval(timer);
    };
  }, [ids, learn]);
  return { cameras, learn };
}
