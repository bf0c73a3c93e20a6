// Layouts and tours by name: opened, kept, shared, changed, removed. One's own and the shared ones stand in one list, with whose they are.
import { useState } from "react";
import type { CameraTour, SavedWalls, WallLayout } from "../../../src/contract/walls.ts";
import { api } from "../api/client.ts";
import type { Reading } from "../api/use-call.ts";
import { BrokenState, Button, ConfirmDialog, DialogBox, EmptyState, Skeleton, SwitchField, TextField, notify } from "../design/index.ts";
import { useProblemText } from "../words/use-problem-text.ts";
import { useFormat, useWords } from "../words/use-words.ts";
import { TourEditor } from "./tour-editor.tsx";
import type { Wall } from "./wall.ts";
import { watchWords } from "./words.ts";

interface Props {
  readonly saved: Reading<SavedWalls>;
  readonly wall: Wall;
  readonly nameOf: (cameraId: number) => string;
  readonly onLayout: (layout: WallLayout) => void;
  readonly onTour: (tour: CameraTour) => void;
  readonly onClose: () => void;
}
type Kept = { readonly kind: "layout"; readonly it: WallLayout } | { readonly kind: "tour"; readonly it: CameraTour };

export function SavedDialog({ saved, wall, nameOf, onLayout, onTour, onClose }: Props) {
  const words = useWords(watchWords).saved;
  const format = useFormat();
  const problemText = useProblemText();
  const [name, setName] = useState("");
  const [shared, setShared] = useState(false);
  const [tour, setTour] = useState<CameraTour | "new" | null>(null);
  const [removing, setRemoving] = useState<Kept | null>(null);
  const [fault, setFault] = useState<string | undefined>(undefined);
  const cells = wall.cells.slice(0, wall.layout);
  const hung = cells.filter((id) => id !== null).length;

  /** True where it was done; else it is said what stood in the way. */
  const tell = async (work: Promise<unknown>, done: string | null): Promise<boolean> => {
    try {
      await work;
      if (done !== null) notify("free", done);
      saved.again();
      return true;
    } catch (error) {
      notify("danger", problemText(error));
      return false;
    }
  };
  const keep = async (): Promise<void> => {
    if (name.trim() === "") return setFault(words.nameFault);
    try {
      await api.call("createWallLayout", { body: { name, shared, size: wall.layout, cells } });
      notify("free", words.kept(name.trim()));
      setName("");
      setShared(false); // each is shared by a decision of its own
      setFault(undefined);
      saved.again();
    } catch (error) {
      setFault(problemText(error));
    }
  };
  const share = (kept: Kept): void => {
    const next = !kept.it.shared;
    const say = (next ? words.nowShared : words.nowOwn)(kept.it.name);
    if (kept.kind === "layout") void tell(api.call("changeWallLayout", { params: { id: kept.it.id }, body: { name: kept.it.name, shared: next, size: kept.it.size, cells: kept.it.cells } }), say);
    else void tell(api.call("changeCameraTour", { params: { id: kept.it.id }, body: { name: kept.it.name, shared: next, stops: kept.it.stops } }), say);
  };
  const replace = (layout: WallLayout): void => void tell(api.call("changeWallLayout", { params: { id: layout.id }, body: { name: layout.name, shared: layout.shared, size: wall.layout, cells } }), words.replaced(layout.name));
  const remove = ({ kind, it }: Kept): void => void tell(kind === "layout" ? api.call("removeWallLayout", { params: { id: it.id } }) : api.call("removeCameraTour", { params: { id: it.id } }), words.removed(it.name));

  const whose = (it: WallLayout | CameraTour): string => (it.shared ? (it.mayChange ? words.shared : words.sharedBy(it.ownerName)) : words.own);
  const tools = (kept: Kept) => kept.it.mayChange && (
    <>
      <Button tone="quiet" onPress={() => share(kept)}>{kept.it.shared ? words.unshare : words.share}</Button>
      <Button tone="quiet" onPress={() => setRemoving(kept)}>{words.remove}</Button>
    </>
  );
  if (tour !== null && saved.data !== null)
    return <TourEditor before={tour === "new" ? null : tour} layouts={saved.data.layouts} wall={wall} nameOf={nameOf} onClose={() => setTour(null)} onKept={() => { setTour(null); saved.again(); }} />;
  return (
    <DialogBox title={words.title} open onClose={onClose} wide>
      <div className="watch-saved">
        <form className="watch-keep" onSubmit={(event) => { event.preventDefault(); void keep(); }} noValidate>
          <TextField label={words.keepName(wall.layout, hung)} placeholder={words.nameExample} value={name} onChange={(text) => { setName(text); setFault(undefined); }} maxLength={60} fault={fault} autoFocus />
          <SwitchField label={words.forAll} value={shared} onChange={setShared} />
          <Button type="submit" isDisabled={hung === 0}>{words.keep}</Button>
        </form>
        {saved.data === null ? (saved.problem !== null ? <BrokenState error={saved.problem} retry={saved.again} /> : <Skeleton rows={4} />) : (
          <>
            <h3>{words.layouts}</h3>
            {saved.data.layouts.length === 0 && <EmptyState>{words.noLayouts}</EmptyState>}
            <ul className="watch-kept">
              {saved.data.layouts.map((layout) => (
                <li key={layout.id}>
                  <span className="clip grow"><b>{layout.name}</b> <span className="quiet">{words.tiles(layout.size, layout.cells.filter((id) => id !== null).length)} · {whose(layout)}</span></span>
                  <Button onPress={() => { onLayout(layout); onClose(); }}>{words.open}</Button>
                  {layout.mayChange && hung > 0 && <Button tone="quiet" onPress={() => replace(layout)}>{words.replace}</Button>}
                  {tools({ kind: "layout", it: layout })}
                </li>
              ))}
            </ul>
            <div className="row"><h3 className="grow">{words.tours}</h3><Button onPress={() => setTour("new")}>{words.newTour}</Button></div>
            {saved.data.tours.length === 0 && <EmptyState>{words.noTours}</EmptyState>}
            <ul className="watch-kept">
              {saved.data.tours.map((one) => (
                <li key={one.id}>
                  <span className="clip grow"><b>{one.name}</b> <span className="quiet">{words.stops(one.stops.length, format.span(one.stops.reduce((sum, stop) => sum + stop.dwellS, 0) * 1_000))} · {whose(one)}</span></span>
                  <Button onPress={() => { onTour(one); onClose(); }}>{words.start}</Button>
                  {one.mayChange && <Button tone="quiet" onPress={() => setTour(one)}>{words.change}</Button>}
                  {tools({ kind: "tour", it: one })}
                </li>
              ))}
            </ul>
          </>
        )}
      </div>
      <ConfirmDialog title={words.removeTitle} open={removing !== null} onClose={() => setRemoving(null)} onConfirm={() => removing !== null && remove(removing)} action={words.remove}>
        <p>{removing === null ? "" : words.removeSure(removing.it.name)}</p>
      </ConfirmDialog>
    </DialogBox>
  );
}
