// The centre signs a manifest only where it says what the centre itself recorded ([EXP4] in video/SPEC.md): the recorder writes it, the order is ours.
import { formatCanonicalJson, type Json } from "../base/canonical-json.ts";
import type { ExportOrder } from "../contract/evidence.ts";
import { type ManifestBeside, parseManifest } from "./manifest.ts";

/** What of the manifest is not what was ordered; null: nothing. */
export function refuseManifest(text: string, order: ExportOrder, recorderId: number): string | null {
  const parsed = parseManifest(text);
  if (!parsed.ok) return parsed.error;
  const manifest = parsed.value;
  const same = (a: Json, b: Json): boolean => formatCanonicalJson(a) === formatCanonicalJson(b);
  if (manifest.exportId !== order.exportId || manifest.recorderId !== recorderId || manifest.city !== order.city || manifest.timeZone !== order.timeZone) return "another export, recorder, city or time zone";
  if (!same(manifest.askedBy, order.askedBy) || !same(manifest.reason, order.reason) || !same(manifest.asked, order.asked)) return "another person, reason or range";
  if (manifest.range.from < order.asked.from || manifest.range.to > order.asked.to) return "more than the range";
  if (manifest.key.publicKey !== order.publicKey) return "another key";
  const cameras = manifest.cameras.map(({ id, code, name, place, pose, accessRecordId }) => ({ id, code, name, place, pose, accessRecordId }));
  const ordered = order.cameras.map(({ sound: _sound, metadata: _metadata, ...camera }) => camera);
  if (!same(cameras, ordered)) return "other cameras";
  const mayLeave = ({ sound, metadata }: ExportOrder["cameras"][number], kind: ManifestBeside["kind"]): boolean => (kind === "metadata" ? metadata : sound);
  const besides = manifest.cameras.flatMap(({ files }, i) => files.flatMap(({ beside }) => beside ?? []).map(({ kind }) => mayLeave(order.cameras[i]!, kind)));
  return besides.every(Boolean) ? null : "sound or metadata that may not leave";
}
