// A list of cameras in CSV (RFC 4180), read as it comes: rows are checked one by one and handed on in batches, so that a list of 600,000 needs no
// more memory than one of 2,000. A bad row is told with its line, field, value and what was expected, and the rest goes in.
import type { Readable } from "node:stream";
import { CAMERA_CSV_COLUMNS, NewCamera, POSE_DEFAULTS, type CameraImportResult } from "../../contract/cameras.ts";
import type { z } from "zod";
import { faultsOfEntry, isSound } from "../../contract/camera-particulars.ts";
import { CsvListError, findNotUtf8, readCsvRows, readNumber as number } from "../csv-rows.ts";
import { ApiError } from "../gate/problem.ts";
import { createFault, type InputFault } from "../../base/expectations.ts";
import type { Result } from "../../base/result.ts";
import type { CameraToAdd } from "../../contract/register.ts";

type Column = (typeof CAMERA_CSV_COLUMNS)[number];
type Row = Partial<Record<Column, string>>;
type Rejected = z.infer<typeof CameraImportResult>["rejected"][number];

const REQUIRED: readonly Column[] = ["name", "lat", "lon", "bearing", "purpose"];
const BATCH = 2_000;
const MOST_TOLD = 10_000;

/** Column of each field of a camera, for telling faults in the words of the file. */
const COLUMN_OF: Record<string, Column> = {
  "pose.point.lat": "lat", "pose.point.lon": "lon", "pose.mountHeightM": "height_m", "pose.bearingDeg": "bearing", "pose.tiltDeg": "tilt",
  "pose.horizontalFovDeg": "hfov", "pose.verticalFovDeg": "vfov", "pose.rangeM": "range_m", imageWidthPx: "width_px", nightView: "night_view", userName: "user", retentionDays: "retention_days",
  subAddress: "sub_address", certificateSha256: "certificate", soundPurpose: "sound_purpose", metadataPurpose: "metadata_purpose", preRollS: "pre_roll_s", postRollS: "post_roll_s", keyFrameIntervalS: "key_frame_interval_s",
  leastDays: "least_days", mostGigabytes: "most_gigabytes", recorderId: "recorder",
};
const NUMBERS: readonly Column[] = ["lat", "lon", "height_m", "bearing", "tilt", "hfov", "vfov", "range_m", "width_px", "retention_days", "pre_roll_s", "post_roll_s", "key_frame_interval_s", "least_days", "most_gigabytes", "recorder"];
const SECRET: readonly string[] = ["address", "sub_address", "password", "user"];

const orAbsent = (text: string | undefined): string | undefined => (text === "" ? undefined : text);
const orNull = (text: string | undefined): string | null => (text === undefined || text === "" ? null : text);

const inColumns = (fault: InputFault): InputFault => ({ ...fault, field: COLUMN_OF[fault.field] ?? fault.field });

/** One row as the contract's NewCamera, or its faults in the words of the file. */
export function readCameraRow(row: Row, findFaults: CameraImportSink["findFaults"]): Result<NewCamera, InputFault[]> {
  const broken = findNotUtf8(row, SECRET);
  if (broken !== undefined) return { ok: false, error: [broken] };
  const input = {
    code: orAbsent(row.code), name: row.name, kind: orAbsent(row.kind), place: orAbsent(row.place),
    pose: {
      point: { lon: number(row.lon), lat: number(row.lat) }, mountHeightM: number(row.height_m, POSE_DEFAULTS.mountHeightM), bearingDeg: number(row.bearing), tiltDeg: number(row.tilt, POSE_DEFAULTS.tiltDeg),
      horizontalFovDeg: number(row.hfov, POSE_DEFAULTS.horizontalFovDeg), verticalFovDeg: number(row.vfov, POSE_DEFAULTS.verticalFovDeg), rangeM: number(row.range_m, POSE_DEFAULTS.rangeM),
    },
    imageWidthPx: number(row.width_px), nightView: orAbsent(row.night_view), purpose: row.purpose, owner: orAbsent(row.owner), address: orNull(row.address), userName: orNull(row.user), password: orNull(row.password),
    subAddress: orAbsent(row.sub_address), transport: orAbsent(row.transport), certificateSha256: orAbsent(row.certificate), soundPurpose: orAbsent(row.sound_purpose), metadataPurpose: orAbsent(row.metadata_purpose),
    recording: orAbsent(row.recording), schedule: orAbsent(row.schedule), preRollS: number(row.pre_roll_s), postRollS: number(row.post_roll_s), keyFrameIntervalS: number(row.key_frame_interval_s),
    retentionDays: number(row.retention_days), leastDays: number(row.least_days), mostGigabytes: number(row.most_gigabytes), recorderId: number(row.recorder),
  };
  const read = NewCamera.safeParse(input);
  if (read.success) return { ok: true, value: read.data };
  const faults = faultsOfEntry(input, read.error);
  const point = isSound(faults, "pose.point") ? (input.pose.point as NewCamera["pose"]["point"]) : null;
  return { ok: false, error: [...faults, ...findFaults({ point, address: isSound(faults, "address") ? input.address : null })].map(inColumns) };
}

export interface CameraImportSink {
  prepare(camera: NewCamera): Result<CameraToAdd, readonly InputFault[]>;
  /** What `prepare` would say of a point and an address by themselves. */
  findFaults(entry: { readonly point: NewCamera["pose"]["point"] | null; readonly address: string | null }): readonly InputFault[];
  /** Takes the cameras, or only says what would become of them. Beside the input; false: the code is taken. */
  take(cameras: readonly CameraToAdd[]): Promise<readonly boolean[]>;
}

/** Reads the list to its end. Throws ApiError where it cannot be read as a list at all; what went in before stays in. */
export async function importCameras(csv: Readable, sink: CameraImportSink): Promise<z.infer<typeof CameraImportResult>> {
  const rejected: Rejected[] = [];
  const notices: InputFault[] = [];
  const rejectedLines: number[] = [];
  let added = 0;
  const codes = new Set<string>(); // of this list: the second of two rows with one code is the fault
  let batch: { line: number; camera: CameraToAdd }[] = [];
  const reject = (line: number, ...faults: readonly InputFault[]): void => {
    rejectedLines.push(line);
    for (const fault of faults) if (rejected.length < MOST_TOLD) rejected.push({ line, ...fault });
  };
  const flush = async (): Promise<void> => {
    const taking = batch;
    batch = [];
    if (taking.length === 0) return;
    const answers = await sink.take(taking.map((one) => one.camera));
    for (const [i, isTaken] of answers.entries()) {
      if (isTaken) added++;
      else reject(taking[i]!.line, createFault("code", taking[i]!.camera.code ?? "", "code-free"));
    }
  };

  try {
    for await (const entry of readCsvRows(csv, { known: CAMERA_CSV_COLUMNS, required: REQUIRED, numbers: NUMBERS }, (notice) => notices.push(notice))) {
      const { line } = entry;
      if ("fault" in entry) {
        reject(line, entry.fault);
        continue;
      }
      const read = readCameraRow(entry.row, sink.findFaults);
      if (!read.ok) {
        reject(line, ...read.error);
        continue;
      }
      const prepared = sink.prepare(read.value);
      if (!prepared.ok) reject(line, ...prepared.error.map(inColumns));
      else if (prepared.value.code !== null && codes.has(prepared.value.code)) reject(line, createFault("code", prepared.value.code, "code-free"));
      else {
        if (prepared.value.code !== null) codes.add(prepared.value.code);
        batch.push({ line, camera: prepared.value });
      }
      if (batch.length >= BATCH) await flush();
    }
  } catch (error) {
    if (!(error instanceof CsvListError)) throw error;
    throw new ApiError(400, "bad-csv", error.message, { ...(error.faults.length === 0 ? {} : { faults: error.faults }), ...(error.line === null ? {} : { details: { added, line: error.line } }) });
  }
  await flush();
  return { added, notices, rejectedTotal: rejectedLines.length, rejectedLines: rejectedLines.toSorted((a, b) => a - b), rejected: rejected.toSorted((a, b) => a.line - b.line) };
}
