// Watch: a wall of cameras, a list and a map beside it, one clock under it. Nothing is shown before a reason is given.
import { Suspense, lazy, useCallback, useEffect, useMemo, useState } from "react";
import type { Camera, RemovedCamera, ViewReason } from "../../../src/contract/cameras.ts";
import type { CameraTour, WallLayout } from "../../../src/contract/walls.ts";
import { serverNow } from "../api/now.ts";
import { useCall } from "../api/use-call.ts";
import { Button, PanelHead, Skeleton, Splitter, Tab, TabList, TabPanel, Tabs, notify, usePanelSize } from "../design/index.ts";
import { PlaybackTimeline, ReasonText, WallClock, type TimeWindow } from "../player/index.ts";
import { useKeys } from "../shell/keys.ts";
import { useAddress } from "../shell/route.ts";
import { useWords } from "../words/use-words.ts";
import { CameraList } from "./camera-list.tsx";
import { useIncidentFlags } from "./incident-flags.ts";
import { QuickStart } from "./quick-start.tsx";
import { RangeTools, type NamedCamera } from "./range-tools.tsx";
import { ReasonForm } from "./reason-form.tsx";
import { SavedDialog } from "./saved-dialog.tsx";
import { TourBar } from "./tour-bar.tsx";
import { goTour, resumeTour, standTour, startTour, tickTour, type RunningTour } from "./tour.ts";
import { useWallCameras } from "./use-wall-cameras.ts";
import { WallCell } from "./wall-cell.tsx";
import { EMPTY_WALL, LAYOUTS, carryChosen, chooseCell, formatWall, parseWall, placeAt, placeNext, removeAt, replacedBy, setLayout, shownCells, toggleFilled, wallOfLayout, wallOfStop, type Direction, type Wall } from "./wall.ts";
import { setWatchReason, useWatchReason } from "./watch-reason.ts";
import "./watch.css";
import { watchWords } from "./words.ts";

const CameraMap = lazy(() => import("./camera-map.tsx"));
const STORED = "citywatch.watch";
const LIST = { fallback: 300, min: 220, max: 640 };
const TOUR_TICK_MS = 250;

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
  const [keeping, setKeeping] = useState(false);
  const [own, setOwn] = useState(readWall); // what hangs when no tour shows its own
  const [tour, setTour] = useState<RunningTour | null>(null);
  const [tourWall, setTourWall] = useState<Wall>(EMPTY_WALL);
  const [clock, setClock] = useState<WallClock | null>(null);
  const [heard, setHeard] = useState<number | null>(null);
  const [range, setRange] = useState<TimeWindow | null>(null);
  const saved = useCall("listSavedWalls", {});
  const wall = tour === null ? own : tourWall;
  const setWall = tour === null ? setOwn : setTourWall;
  const { cameras, learn } = useWallCameras(wall);
  const [removed, setRemoved] = useState<ReadonlyMap<number, RemovedCamera>>(new Map());
  const address = useAddress();
  const listPx = usePanelSize("watch.list", LIST.fallback);

  const cameraOf = useCallback((cameraId: number): NamedCamera => {
    const known = cameras.get(cameraId);
    const named = known === undefined || known === "gone" ? removed.get(cameraId) : known;
    return { code: named?.code ?? "", name: named?.name ?? words.naming };
  }, [cameras, removed, words]);
  const nameOf = useCallback((cameraId: number): string => cameraOf(cameraId).name, [cameraOf]);
  const hasSound = (cameraId: number): boolean => {
    const known = cameras.get(cameraId);
    return known !== undefined && known !== "gone" && known.soundPurpose !== null;
  };

  useEffect(() => {
    try {
      localStorage.setItem(STORED, formatWall(own));
    } catch {
      // storage off: the wall holds until the page is closed
    }
  }, [own]);

  /** What is done to the wall by hand holds a tour: who looks closer is not carried on. */
  const hold = useCallback(() => setTour((running) => (running === null ? null : standTour(running, Date.now()))), []);
  const change = useCallback((next: (wall: Wall) => Wall): void => {
    hold();
    setWall(next);
  }, [hold, setWall]);
  const hangId = useCallback((cameraId: number): void => {
    const gone = replacedBy(wall, cameraId);
    change((w) => placeNext(w, cameraId));
    if (gone !== null) notify("off", words.replaced(nameOf(gone)), { label: words.undo, run: () => setWall(wall) });
  }, [wall, change, nameOf, words, setWall]);
  const placeId = useCallback((cell: number, cameraId: number): void => {
    const there = wall.cells[cell] ?? null;
    change((w) => placeAt(w, cell, cameraId));
    if (there !== null && there !== cameraId && !wall.cells.includes(cameraId)) notify("off", words.replaced(nameOf(there)), { label: words.undo, run: () => setWall(wall) });
  }, [wall, change, nameOf, words, setWall]);
  const hang = (camera: Camera): void => {
    learn(camera);
    hangId(camera.id);
  };
  const hangRemoved = (camera: RemovedCamera): void => {
    setRemoved((held) => new Map(held).set(camera.id, camera));
    hangId(camera.id);
  };
  // "/watch?camera=12" hangs that camera: how the map and the register open one.
  const wanted = Number(address.query["camera"]);
  useEffect(() => {
    if (Number.isSafeInteger(wanted) && wanted > 0) setOwn((w) => placeNext(w, wanted));
  }, [wanted]);

  const openLayout = (layout: WallLayout): void => {
    setTour(null);
    setOwn((before) => wallOfLayout(layout, before));
  };
  const openCameras = (ids: readonly number[]): void => setOwn(() => {
    const size = LAYOUTS.find((n) => n >= ids.length) ?? LAYOUTS.at(-1)!;
    return wallOfLayout({ size, cells: Array.from({ length: size }, (_, i) => ids[i] ?? null) }, EMPTY_WALL);
  });
  const layouts = saved.data?.layouts;
  const beginTour = (chosen: CameraTour): void => {
    setClock(null);
    setRange(null); // it was of a camera that the tour may not show
    setTour(startTour(chosen, Date.now()));
  };
  const stop = tour?.tour.stops[tour.index];
  useEffect(() => {
    if (stop !== undefined && layouts !== undefined) setTourWall(wallOfStop(stop, layouts) ?? EMPTY_WALL);
  }, [stop]);
  useEffect(() => {
    if (tour === null) return;
    // A look back holds the tour too: its tiles would be taken away under the hand.
    const timer = setInterval(() => setTour((running) => (running === null || asking ? running : clock !== null ? standTour(running, Date.now()) : tickTour(running, Date.now()))), TOUR_TICK_MS);
    return () => clearInterval(timer);
  }, [tour === null, asking, clock]);
  const go = (by: 1 | -1) => (): void => setTour((running) => (running === null ? null : goTour(running, by, Date.now())));
  const pauseOrResume = (): void => {
    setClock(null);
    setTour((running) => (running === null ? null : running.pace.state === "running" ? standTour(running, Date.now()) : resumeTour(running, Date.now())));
  };

  const move = useCallback((wallMs: number, still = false) => {
    if (clock === null) setClock(new WallClock(wallMs, still ? 0 : 1, serverNow));
    else {
      if (still) clock.setSpeed(0);
      clock.moveTo(wallMs);
    }
  }, [clock]);
  /** One camera at a time: of several together nothing is understood. */
  const hear = useCallback((cameraId: number): void => setHeard((before) => (before === cameraId ? null : cameraId)), []);
  const give = (next: ViewReason): void => {
    setWatchReason(next);
    setAsking(false);
  };

  const cells = shownCells(wall);
  const hungIds = useMemo(() => wall.cells.slice(0, wall.layout).filter((id) => id !== null), [wall]);
  const hung = useMemo(() => new Set(hungIds), [hungIds]);
  const onKey = (next: (w: Wall) => Wall) => () => change(next);
  const hearChosen = (): void => {
    const camera = cameras.get(wall.cells[wall.chosen] ?? 0);
    if (camera === undefined || camera === "gone") return;
    if (camera.soundPurpose === null) notify("off", words.noSound(camera.code));
    else hear(camera.id);
  };
  // Keys choose a tile; where the focus was on one it goes along, or two would be framed.
  useEffect(() => {
    if (document.activeElement?.matches(".watch-cell > .tile, .watch-cell > .watch-empty") === true) document.querySelector<HTMLElement>(`[data-watch-cell="${wall.chosen}"] > :is(.tile, .watch-empty)`)?.focus();
  }, [wall.chosen]);
  const carryKey = (direction: Direction) => onKey((w) => carryChosen(w, direction));
  useKeys(words.title, [
    { keys: "s", label: words.keys.search, run: () => document.getElementById("watch-search")?.focus() },
    { keys: "[", label: words.keys.before, run: onKey((w) => chooseCell(w, (w.chosen + w.layout - 1) % w.layout)) },
    { keys: "]", label: words.keys.next, run: onKey((w) => chooseCell(w, (w.chosen + 1) % w.layout)) },
    { keys: "Alt+ArrowLeft", label: words.keys.carry, run: carryKey("left") },
    ...(["right", "up", "down"] as const).map((direction) => ({ keys: { right: "Alt+ArrowRight", up: "Alt+ArrowUp", down: "Alt+ArrowDown" }[direction], label: words.keys.carry, listed: false, run: carryKey(direction) })),
    { keys: "m", label: words.keys.hear, run: hearChosen },
    { keys: "f", label: words.keys.fill, run: onKey((w) => toggleFilled(w, w.chosen)) },
    { keys: "Delete", label: words.keys.remove, run: onKey((w) => removeAt(w, w.chosen)) },
    { keys: "w", label: words.keys.saved, run: () => setKeeping(true) },
    { keys: "p", label: words.keys.reason, run: () => setAsking(true) },
    { keys: "Escape", label: words.keys.back, whileTyping: asking, run: () => (asking ? setAsking(reason === null) : setWall((w) => ({ ...w, filled: null }))) },
    ...(tour === null ? [] : [
      { keys: "Space", label: words.tour.pause, run: pauseOrResume }, { keys: "PageDown", label: words.tour.next, run: go(1) }, { keys: "PageUp", label: words.tour.back, run: go(-1) },
    ]),
    ...LAYOUTS.map((layout) => ({ keys: String(Math.sqrt(layout)), label: words.layout(layout), run: onKey((w) => setLayout(w, layout)) })),
  ]);

  // The bar tells of the chosen tile; where that is empty, of the first that is not.
  const chosenId = wall.cells[wall.filled ?? wall.chosen] ?? cells.map((cell) => wall.cells[cell] ?? null).find((id) => id !== null) ?? null;
  const known = useMemo(() => hungIds.flatMap((id) => {
    const camera = cameras.get(id);
    return camera === undefined || camera === "gone" ? [] : [camera];
  }), [hungIds, cameras]);
  return (
    <div className="watch" style={{ "--list": `${listPx}px` } as React.CSSProperties}>
      <aside className="watch-list" aria-label={words.list.title}>
        <Tabs>
          <TabList aria-label={words.list.title}>
            <Tab id="list">{words.list.title}</Tab>
            <Tab id="map">{words.list.map}</Tab>
          </TabList>
          <TabPanel id="list"><CameraList onHang={hang} onHangRemoved={hangRemoved} hung={hung} /></TabPanel>
          <TabPanel id="map">
            <Suspense fallback={<Skeleton rows={8} />}><CameraMap cameras={known} chosenId={chosenId} onHang={hangId} onPlace={placeId} /></Suspense>
            <p className="watch-hint quiet"><span className="watch-hint-mouse">{words.list.mapHint}</span><span className="watch-hint-touch">{words.list.hintTouch}</span></p>
          </TabPanel>
        </Tabs>
      </aside>
      <Splitter panel="watch.list" label={words.list.resize} axis="x" sign={1} size={listPx} {...LIST} />
      <section className="watch-main" aria-label={words.title}>
        <PanelHead title={words.title}>
          {reason !== null && <Button tone="quiet" keys="p" onPress={() => setAsking(true)} className="watch-why"><span className="clip"><ReasonText reason={reason} /></span></Button>}
          <Button tone="quiet" keys="w" onPress={() => setKeeping(true)}>{words.saved.button}</Button>
          <div className="watch-layouts" role="group" aria-label={words.layouts}>
            {LAYOUTS.map((layout) => <Button key={layout} tone="quiet" aria-pressed={wall.layout === layout} aria-label={words.layout(layout)} className={wall.layout === layout ? "watch-layout-on" : ""} onPress={() => change((w) => setLayout(w, layout))}>{layout}</Button>)}
          </div>
        </PanelHead>
        {tour !== null && reason !== null && <TourBar running={tour} onPauseOrResume={pauseOrResume} onGo={(by) => go(by)()} onEnd={() => setTour(null)} />}
        <div className="watch-stage">
          {reason !== null && (
            <div className="watch-wall" style={{ "--side": Math.sqrt(cells.length) } as React.CSSProperties} data-cells={cells.length}>
              {cells.map((cell) => {
                const id = wall.cells[cell] ?? null;
                return <WallCell key={cell} cell={cell} cameraId={id} camera={cameras.get(id ?? 0)} removed={removed.get(id ?? 0)} chosen={wall.chosen === cell} reason={reason} clock={clock} heard={heard !== null && heard === id} onHear={hear} change={change} onPlace={placeId} invites={hungIds.length > 0 && cell === cells.find((one) => (wall.cells[one] ?? null) === null)} />;
              })}
            </div>
          )}
          {reason !== null && !asking && tour === null && hungIds.length === 0 && <QuickStart reason={reason} layouts={layouts ?? (saved.problem === null ? null : [])} onCameras={openCameras} onLayout={openLayout} />}
          {(asking || reason === null) && <div className="watch-asking"><ReasonForm before={reason} onReason={give} onCancel={reason === null ? null : () => setAsking(false)} /></div>}
        </div>
        <Bar
          clock={clock} cameraId={reason === null ? null : chosenId} reason={reason} onMove={move} onLive={() => setClock(null)} range={range} onRange={setRange}
          tools={range === null || chosenId === null || reason === null ? null : <RangeTools range={range} chosenId={chosenId} wallIds={hungIds} reason={reason} cameraOf={cameraOf} hasSound={hasSound} />}
        />
      </section>
      {keeping && <SavedDialog saved={saved} wall={wall} nameOf={nameOf} onLayout={openLayout} onTour={beginTour} onClose={() => setKeeping(false)} />}
    </div>
  );
}

interface BarProps {
  readonly clock: WallClock | null;
  readonly cameraId: number | null;
  readonly reason: ViewReason | null;
  readonly onMove: (wallMs: number, still?: boolean) => void;
  readonly onLive: () => void;
  readonly range: TimeWindow | null;
  readonly onRange: (range: TimeWindow | null) => void;
  readonly tools: React.ReactNode;
}
function Bar({ tools, ...bar }: BarProps) {
  const [shown, setShown] = useState<TimeWindow | null>(null);
  const flags = useIncidentFlags(bar.cameraId === null ? null : shown);
  return <PlaybackTimeline {...bar} flags={flags} onWindow={setShown} rangeTools={tools} />;
}
