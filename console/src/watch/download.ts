// A casual copy of a range: the recorder makes one MP4 of each camera and the browser saves it. Where a camera changed its format within the range, or was moved to another recorder, each format and recorder is a file of its own, one after
// another, since an MP4 holds one. The look is opened, and so written down, first. The browser's own download says nothing to the page, so the recorder is asked beforehand what there is.
import type { ViewReason } from "../../../src/contract/cameras.ts";
import { serverNow } from "../api/now.ts";
import { startDownload } from "../evidence/download.ts";
import { openDownload, type TimeWindow } from "../player/index.ts";
import { type FoundFile, type NoFile, type SoundFault, findShorter, readAnswer } from "./file-answer.ts";

export type RefusedDownload = { readonly cameraId: number } & ({ readonly noView: string } | { readonly noFile: NoFile });
/** What the files of a camera are, where they are not the range in one piece. */
export interface DownloadNote {
  readonly cameraId: number;
  readonly files: number;
  /** They hold pictures from when to when; null: of the whole range. */
  readonly holds: TimeWindow | null;
  /** Nothing was asked for from there on: so many formats are no range to download in one go. */
  readonly leftFrom: number | null;
  /** So much is in none of them, since their clock was set back and they have that time already. */
  readonly leftOutMs: number;
}
export interface Downloads {
  /** Nothing comes of these: no view was given (with the rule), or there is no file. */
  readonly refused: readonly RefusedDownload[];
  /** They were asked for with their sound. */
  readonly faults: readonly { readonly cameraId: number; readonly fault: SoundFault }[];
  readonly notes: readonly DownloadNote[];
  /** Files that the browser is saving. */
  readonly files: number;
}

/** It makes the plan of the file, which the download then finds made. */
const PLANNED_WITHIN_MS = 30_000;
/** With sound it reads the files of that. */
const HEARD_PLANNED_WITHIN_MS = 180_000;
const MOST_FORMATS = 8;

export async function downloadRange(cameras: readonly { readonly cameraId: number; readonly sound: boolean }[], range: TimeWindow, reason: ViewReason): Promise<Downloads> {
  const whole = { from: Math.floor(range.from), to: Math.ceil(range.to) };
  const answers = await Promise.all(cameras.map(async ({ cameraId, sound }) => ({ cameraId, ...(await downloadOne(cameraId, sound, whole, reason)) })));
  return {
    refused: answers.flatMap(({ cameraId, refusal, files }) => (refusal === null || files.length > 0 ? [] : [{ cameraId, ...refusal }])),
    faults: answers.flatMap(({ cameraId, files }) => files.flatMap(({ fault }) => (fault === null ? [] : [{ cameraId, fault }]))),
    notes: answers.flatMap(({ cameraId, files, leftFrom }) => {
      const holds = files.length === 0 ? null : findShorter(leftFrom === null ? whole : { from: whole.from, to: leftFrom }, files, serverNow());
      const leftOutMs = files.reduce((sum, file) => sum + file.leftOutMs, 0);
      return files.length > 1 || holds !== null || leftFrom !== null || leftOutMs > 0 ? (files.length === 0 ? [] : [{ cameraId, files: files.length, holds, leftFrom, leftOutMs }]) : [];
    }),
    files: answers.reduce((sum, { files }) => sum + files.length, 0),
  };
}

type Refusal = { readonly noView: string } | { readonly noFile: NoFile };

async function downloadOne(cameraId: number, sound: boolean, { from, to }: TimeWindow, reason: ViewReason): Promise<{ readonly files: readonly FoundFile[]; readonly refusal: Refusal | null; readonly leftFrom: number | null }> {
  const files: FoundFile[] = [];
  let start = from;
  while (files.length < MOST_FORMATS) {
    const opened = await openDownload(cameraId, reason, start, to, sound);
    if (!opened.ok) return { files, refusal: { noView: opened.code }, leftFrom: files.length === 0 ? null : start };
    const until = Math.min(to, opened.to); // of a camera that was moved: what one recorder has of it
    const url = new URL(`/v1/cameras/${cameraId}/recording.mp4`, opened.recorderUrl);
    const found = await lookForFile(new URL(`?from=${start}&to=${until}`, url), opened.token, sound ? HEARD_PLANNED_WITHIN_MS : PLANNED_WITHIN_MS);
    if (typeof found === "string" && until < to) {
      start = until;
      continue;
    }
    if (typeof found === "string") return { files, refusal: { noFile: found }, leftFrom: files.length === 0 ? null : start };
    files.push(found);
    startDownload(url.href, opened.token, { from: String(start), to: String(until) });
    const { nextMs } = found;
    const isLast = nextMs === null || nextMs >= until || nextMs < start;
    if (isLast && until >= to) return { files, refusal: null, leftFrom: null };
    start = isLast ? until : nextMs + 1; // within the first group of pictures of the next format, which comes whole: none of this one again
  }
  return { files, refusal: null, leftFrom: start };
}

async function lookForFile(url: URL, token: string, withinMs: number): Promise<NoFile | FoundFile> {
  try {
    return readAnswer(await fetch(url, { method: "HEAD", headers: { authorization: `Bearer ${token}` }, signal: AbortSignal.timeout(withinMs), cache: "no-store" }));
  } catch {
    return "recorder-silent";
  }
}
