// One tile's place on the wall: what hangs there, or an invitation. Cameras come by drag from the list and the map, tiles from one another.
import { useState, type DragEvent } from "react";
import type { Camera, RemovedCamera, ViewReason } from "../../../src/contract/cameras.ts";
import { CameraTile, type WallClock } from "../player/index.ts";
import { useWords } from "../words/use-words.ts";
import { CAMERA_DRAG } from "./camera-list.tsx";
import { chooseCell, removeAt, swapCells, toggleFilled, type Wall } from "./wall.ts";
import { watchWords } from "./words.ts";

const CELL_DRAG = "application/x-citywatch-cell";

interface CellProps {
  readonly cell: number;
  readonly cameraId: number | null;
  readonly camera: Camera | "gone" | undefined;
  readonly removed: RemovedCamera | undefined;
  readonly chosen: boolean;
  readonly reason: ViewReason;
  readonly clock: WallClock | null;
  /** Its camera is heard. */
  readonly heard: boolean;
  readonly onHear: (cameraId: number) => void;
  readonly change: (change: (wall: Wall) => Wall) => void;
  readonly onPlace: (cell: number, cameraId: number) => void;
  /** Empty, it says how to fill it: one tile of the wall does. */
  readonly invites: boolean;
}
export function WallCell({ cell, cameraId, camera, removed, chosen, reason, clock, heard, onHear, change, onPlace, invites }: CellProps) {
  const words = useWords(watchWords);
  const [over, setOver] = useState(false);
  const known = camera === "gone" ? undefined : camera;
  const onDrop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    const id = Number(event.dataTransfer.getData(CAMERA_DRAG));
    const from = event.dataTransfer.getData(CELL_DRAG);
    if (Number.isSafeInteger(id) && id > 0) onPlace(cell, id);
    else if (from !== "") change((w) => swapCells(w, Number(from), cell));
  };
  return (
    <div
      className={`watch-cell ${over ? "watch-over" : ""}`} data-watch-cell={cell} draggable={cameraId !== null}
      onDragStart={(e) => e.dataTransfer.setData(CELL_DRAG, String(cell))} onDrop={onDrop} onDragLeave={() => setOver(false)}
      onDragOver={(e) => {
        e.preventDefault();
        setOver(true);
      }}
    >
      {cameraId === null || (camera === "gone" && clock === null) ? (
        <button type="button" className={`watch-empty ${chosen ? "tile-selected" : ""}`} aria-label={camera === "gone" || invites ? undefined : words.emptyTile(cell + 1)} onClick={() => change((w) => chooseCell(w, cell))}>
          {camera === "gone" ? `${removed === undefined ? "" : `${removed.name}. `}${words.gone}` : invites && <><span className="watch-hint-mouse">{words.empty}</span><span className="watch-hint-touch">{words.emptyTouch}</span></>}
        </button>
      ) : (
        <CameraTile
          key={cameraId} cameraId={cameraId} code={known?.code ?? removed?.code ?? ""} name={known?.name ?? removed?.name ?? words.naming} reason={reason} mode={clock === null ? { kind: "live" } : { kind: "past", clock, range: null }}
          {...(known === undefined ? {} : { place: known.place, hasAddress: known.health.state !== "no-address" || clock !== null, health: known.health })}
          {...(known?.soundPurpose == null ? {} : { sound: { on: heard, toggle: () => onHear(cameraId) } })}
          selected={chosen} onSelect={() => change((w) => chooseCell(w, cell))} onFill={() => change((w) => toggleFilled(w, cell))} onRemove={() => change((w) => removeAt(w, cell))}
        />
      )}
    </div>
  );
}
