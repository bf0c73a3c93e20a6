// What is wrong just now, of all cameras and recorders: newest first, those that nobody has acknowledged marked red.
import { useEffect, useMemo } from "react";
import type { CameraEvent } from "../../../src/contract/camera-events.ts";
import type { CallAnswer } from "../api/client.ts";
import { useLive } from "../api/live-link.ts";
import type { Reading } from "../api/use-call.ts";
import { BrokenState, DataTable, EmptyState, Skeleton, StatusMark, Time, type TableColumn } from "../design/index.ts";
import { domainWords } from "../words/domain.ts";
import { useFormat, useWords } from "../words/use-words.ts";
import { Acknowledgement } from "./acknowledge.tsx";
import { healthWords } from "./health-words.ts";
import { matchesSearch, nameOfSubject, textOfProblem, titleOfProblem } from "./problem-text.ts";

export function ProblemsNow({ page, typed, openCamera, isNarrow }: { readonly typed: string; readonly page: Reading<CallAnswer<"listCameraEvents">>; readonly openCamera: (cameraId: number) => void; readonly isNarrow: boolean }) {
  const words = useWords(healthWords);
  const domain = useWords(domainWords);
  const format = useFormat();
  const { again } = page;
  // The live link says when something began or ended; without one the page is asked for again now and then.
  const toldAt = useLive((s) => s.cameraProblems?.at ?? null);
  useEffect(() => {
    if (toldAt !== null) again();
  }, [toldAt, again]);
  const columns = useMemo((): readonly TableColumn<CameraEvent>[] => {
    const all: TableColumn<CameraEvent>[] = [
      { id: "problem", title: words.columns.problem, width: isNarrow ? "3fr" : 190, render: (e) => <span className="row" title={titleOfProblem(e, words)}><StatusMark tone={e.acknowledged === null ? "danger" : "decide"} label="" />{titleOfProblem(e, words)}</span> },
      { id: "camera", title: words.columns.camera, width: "3fr", render: (e) => <span title={nameOfSubject(e, words, format)}>{e.camera !== null && <span className="mono problem-code">{e.camera.code}</span>}{nameOfSubject(e, words, format)}</span> },
      { id: "what", title: words.columns.what, width: "4fr", render: (e) => { const text = textOfProblem(e, words, domain, format); return <span className="quiet" title={text}>{text}</span>; } },
      { id: "since", title: words.columns.since, width: 84, end: true, render: (e) => <Time at={e.startedAt} /> },
      { id: "acknowledged", title: words.columns.acknowledged, width: "3fr", render: (e) => <Acknowledgement event={e} changed={again} /> },
    ];
    return isNarrow ? all.filter(({ id }) => id === "problem" || id === "camera" || id === "since") : all;
  }, [words, domain, format, again, isNarrow]);
  if (page.data === null) return page.problem !== null ? <BrokenState error={page.problem} retry={again} /> : <Skeleton rows={6} />;
  const { events } = page.data;
  const shown = events.filter((event) => matchesSearch(event, typed, words, format));
  return (
    <DataTable
      label={words.now} columns={columns} rows={shown} selectedId={null} empty={<EmptyState>{events.length === 0 ? words.none : words.noneMatches}</EmptyState>}
      onSelect={(id) => { const camera = events.find((event) => event.id === id)?.camera; if (camera !== undefined && camera !== null) openCamera(camera.id); }}
    />
  );
}
