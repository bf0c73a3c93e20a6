// Cameras that left the register. One that was removed by mistake, or is mended and hung again, is taken back as the same camera: its id, and so its
// recordings and the records of looks at it, go on. Added anew it would be another camera, and its past would be hard to find.
import { useMemo, useState } from "react";
import type { Camera, RemovedCamera } from "../../../src/contract/cameras.ts";
import type { CallAnswer } from "../api/client.ts";
import { api } from "../api/client.ts";
import type { Reading } from "../api/use-call.ts";
import { BrokenState, Button, DataTable, EmptyState, Skeleton, Time, notify, type TableColumn } from "../design/index.ts";
import { useProblemText } from "../words/use-problem-text.ts";
import { useWords } from "../words/use-words.ts";
import { camerasWords } from "./words.ts";

export function RemovedCameras({ page, onReturned }: { readonly page: Reading<CallAnswer<"listRemovedCameras">>; readonly onReturned: ((camera: Camera) => void) | null }) {
  const words = useWords(camerasWords);
  const problemText = useProblemText();
  const [sending, setSending] = useState<number | null>(null);
  const columns = useMemo((): readonly TableColumn<RemovedCamera>[] => {
    const takeBack = async (id: number): Promise<void> => {
      setSending(id);
      try {
        onReturned?.(await api.call("returnCamera", { params: { id } }));
      } catch (error) {
        notify("danger", problemText(error));
      } finally {
        setSending(null);
      }
    };
    return [
      { id: "code", title: words.fields.code, width: 92, render: (c) => <span className="mono" title={c.code}>{c.code}</span> },
      { id: "name", title: words.columns.name, width: "3fr", render: (c) => <span title={c.name}>{c.name}</span> },
      { id: "place", title: words.columns.place, width: "2fr", render: (c) => <span className="quiet">{c.place}</span> },
      { id: "removed", title: words.returning.removedAt, width: 150, render: (c) => <Time at={c.removedAt} /> },
      ...(onReturned === null ? [] : [{ id: "return", title: words.returning.title, width: 130, render: (c: RemovedCamera) => <Button tone="quiet" isDisabled={sending !== null} onPress={() => void takeBack(c.id)}>{words.returning.button}</Button> }]),
    ];
  }, [words, problemText, sending, onReturned]);
  if (page.data === null) return page.problem !== null ? <BrokenState error={page.problem} retry={page.again} /> : <Skeleton rows={6} />;
  return <DataTable label={words.returning.state} columns={columns} rows={page.data.cameras} empty={<EmptyState>{words.returning.none}</EmptyState>} />;
}
