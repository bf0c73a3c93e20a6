// Carrying a camera from the map onto a tile. The map is a canvas, which the browser's own drag and drop cannot take a piece from, so the pointer is followed here: a
// mark goes with it, and where it is let go over a tile, the camera hangs there. Escape, or letting go elsewhere, hangs nothing.
const LEAST_PX = 5;

/** The tile under a point of the page; undefined beside the wall. */
const cellAt = (x: number, y: number): HTMLElement | undefined => document.elementFromPoint(x, y)?.closest<HTMLElement>("[data-watch-cell]") ?? undefined;

export function carryCamera(start: { readonly clientX: number; readonly clientY: number }, label: string, onDropped: (cell: number) => void): void {
  let mark: HTMLElement | null = null;
  let over: HTMLElement | undefined;
  const point = (cell: HTMLElement | undefined): void => {
    if (cell === over) return;
    over?.classList.remove("watch-over");
    cell?.classList.add("watch-over");
    over = cell;
  };
  const move = (event: MouseEvent): void => {
    if (mark === null) {
      if (Math.hypot(event.clientX - start.clientX, event.clientY - start.clientY) < LEAST_PX) return; // still a click
      mark = document.createElement("div");
      mark.className = "watch-carried";
      mark.textContent = label;
      document.body.append(mark);
    }
    mark.style.translate = `${event.clientX + 8}px ${event.clientY + 8}px`;
    point(cellAt(event.clientX, event.clientY));
  };
  const end = (): void => {
    window.removeEventListener("mousemove", move);
    window.removeEventListener("mouseup", drop);
    window.removeEventListener("keydown", cancel, true);
    point(undefined);
    mark?.remove();
  };
  const drop = (event: MouseEvent): void => {
    const cell = mark === null ? undefined : cellAt(event.clientX, event.clientY);
    end();
    if (cell !== undefined) onDropped(Number(cell.dataset["watchCell"]));
  };
  const cancel = (event: KeyboardEvent): void => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    end();
  };
  window.addEventListener("mousemove", move);
  window.addEventListener("mouseup", drop);
  window.addEventListener("keydown", cancel, true);
}
