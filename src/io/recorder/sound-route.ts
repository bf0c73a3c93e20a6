// The sound of the past, unit by unit, for a page that plays it beside the pictures ([SND6] in video/SPEC.md): only with a token that was given for sound, and only what lies in the asked range. Of what is
// being written as far as it is on the disk; the answer ends with how far that was, so that whoever plays just behind now comes back for the rest. What cannot be read is left out.
import { Readable } from "node:stream";
import type { FastifyInstance } from "fastify";
import { MOST_SOUND_MS, encodeSoundFormat, encodeSoundUnit, encodeSoundUntil } from "../../contract/sound-records.ts";
import type { SoundUnit } from "../../media/fmp4/sound-reading.ts";
import { toLiveFormat } from "./live-sound.ts";
import { type AskedRange, PAST, type PlaybackContext, refuse, takeRange } from "./playback-access.ts";
import type { RunningBodies } from "./running-bodies.ts";
import { soundPath } from "./segment-files.ts";
import { SegmentFile } from "./segment-reader.ts";
import { SoundFollower } from "./sound-follower.ts";
import { listSoundFiles } from "./sound-files.ts";

export function addSoundRoute(app: FastifyInstance, context: PlaybackContext, running: RunningBodies): void {
  const follower = new SoundFollower();
  app.get("/v1/cameras/:id/sound", { exposeHeadRoute: false }, async (request, reply) => {
    const asked = await takeRange(context, request, reply, MOST_SOUND_MS, PAST);
    if (asked === undefined) return reply;
    if (!asked.claims.sound) return refuse(reply, 403, "sound-not-allowed", "this view was opened to see, not to hear");
    const answer = running.take("sound", asked.claims);
    if (answer === undefined) return refuse(reply.header("retry-after", "1"), 503, "too-many-readers", "too much is being read already; try again in a moment");
    const body = Readable.from(readUnits(context, follower, asked), { objectMode: false });
    answer.give(body);
    return reply.header("cache-control", "private, no-store").type("application/octet-stream").send(body);
  });
}

async function* readUnits(context: PlaybackContext, follower: SoundFollower, { cameraId, from, to, claims }: AskedRange): AsyncGenerator<Uint8Array> {
  const file = new SegmentFile(context.reading, cameraId, soundPath);
  const now = context.clock.wallMs();
  let until = Math.min(to, context.pool.find(cameraId)?.knownUntil(now) ?? to);
  let told = "";
  try {
    for (const each of listSoundFiles(context, cameraId, from, to, now)) {
      const isGrowing = each.bytes === undefined;
      const sound = await follower.read(file, each, from);
      if (isGrowing) until = Math.min(until, each.startMs);
      if (sound === undefined) continue;
      const { bytes, format, units } = sound;
      const endOf = (unit: SoundUnit): number => unit.wallMs + (unit.duration * 1_000) / format.clockHz;
      const within = units.filter((unit) => unit.wallMs < to && endOf(unit) > from);
      const last = within.at(-1);
      if (isGrowing && units.length > 0) until = Math.min(to, endOf(units.at(-1)!));
      if (last === undefined) continue;
      until = Math.max(until, endOf(last)); // a unit that reaches over the end is not asked for again
      const key = JSON.stringify(toLiveFormat(format));
      if (key !== told) yield encodeSoundFormat(toLiveFormat(format));
      told = key;
      context.served.note(claims.viewId, Math.max(from, within[0]!.wallMs), Math.min(to, endOf(last)), context.clock.monotonicMs());
      for (const unit of within) yield encodeSoundUnit(unit.wallMs, bytes.subarray(unit.offset, unit.offset + unit.bytes));
    }
    yield encodeSoundUntil(until);
  } finally {
    await file.close();
  }
}
