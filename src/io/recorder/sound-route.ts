// The sound of the past, unit by unit, for a page that plays it beside the pictures ([SND6] in video/SPEC.md): only with a token that was given for sound, and only what lies in the asked range. What was
// being written when it was asked for is not among it yet; what cannot be read is left out.
import { Readable } from "node:stream";
import type { FastifyInstance } from "fastify";
import { MOST_SOUND_MS, encodeSoundFormat, encodeSoundUnit } from "../../contract/sound-records.ts";
import type { LiveSoundFormat } from "../../contract/media.ts";
import { parseSoundFile } from "../../media/fmp4/sound-reading.ts";
import type { SoundFormat } from "../../media/fmp4/sound.ts";
import { type AskedRange, PAST, type PlaybackContext, refuse, takeRange } from "./playback-access.ts";
import type { RunningBodies } from "./running-bodies.ts";
import { soundPath } from "./segment-files.ts";
import { SegmentFile } from "./segment-reader.ts";
import { type TrackFileRow, listTrackFiles } from "./track-file-store.ts";

/** A minute of AAC in stereo is some 2 MB; a file of more is none of ours. */
const MOST_FILE_BYTES = 16_000_000;

export const toLiveFormat = (format: SoundFormat): LiveSoundFormat => ({ codec: format.codec, clockHz: format.clockHz, channels: format.channels, config: format.codec === "aac" ? Buffer.from(format.config).toString("base64") : null });

export function addSoundRoute(app: FastifyInstance, context: PlaybackContext, running: RunningBodies): void {
  app.get("/v1/cameras/:id/sound", { exposeHeadRoute: false }, async (request, reply) => {
    const asked = await takeRange(context, request, reply, MOST_SOUND_MS, PAST);
    if (asked === undefined) return reply;
    if (!asked.claims.sound) return refuse(reply, 403, "sound-not-allowed", "this view was opened to see, not to hear");
    const answer = running.take("segment", asked.claims);
    if (answer === undefined) return refuse(reply.header("retry-after", "1"), 503, "too-many-readers", "too much is being read already; try again in a moment");
    const body = Readable.from(readUnits(context, asked), { objectMode: false });
    answer.give(body);
    return reply.header("cache-control", "private, no-store").type("application/octet-stream").send(body);
  });
}

async function* readUnits(context: PlaybackContext, { cameraId, from, to, claims }: AskedRange): AsyncGenerator<Uint8Array> {
  const file = new SegmentFile(context.reading, cameraId, soundPath);
  let told = "";
  try {
    for (const row of listTrackFiles(context.index, "sound", cameraId, from, to)) {
      const bytes = await readWhole(file, row);
      const sound = bytes === undefined ? undefined : parseSoundFile(bytes);
      if (bytes === undefined || sound?.ok !== true) continue;
      const { format, units } = sound.value;
      const within = units.filter(({ wallMs, duration }) => wallMs < to && wallMs + (duration * 1_000) / format.clockHz > from);
      if (within.length === 0) continue;
      const key = JSON.stringify(toLiveFormat(format));
      if (key !== told) yield encodeSoundFormat(toLiveFormat(format));
      told = key;
      context.served.note(claims.viewId, Math.max(from, within[0]!.wallMs), Math.min(to, within.at(-1)!.wallMs + (within.at(-1)!.duration * 1_000) / format.clockHz), context.clock.monotonicMs());
      for (const unit of within) yield encodeSoundUnit(unit.wallMs, bytes.subarray(unit.offset, unit.offset + unit.bytes));
    }
  } finally {
    await file.close();
  }
}

async function readWhole(file: SegmentFile, { segmentId, bytes }: TrackFileRow): Promise<Uint8Array | undefined> {
  if (bytes > MOST_FILE_BYTES) return undefined;
  try {
    await file.select(segmentId);
    return await file.read(0, bytes);
  } catch {
    return undefined; // deleted meanwhile
  }
}
