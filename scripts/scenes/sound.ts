// Encodes the street's sound as AAC into src/sim/assets. Three loops are encoded and the frames of the second kept: they begin and end in the midst of the same sound, so that the loop
// has no seam. Frame n of ffmpeg's encoder ends 1,024 samples after it began, hence one frame later. Run by hand when the sound changes; needs ffmpeg.
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { AAC_FILE, AAC_HZ, AAC_LOOP_FRAMES, splitAdts } from "../../src/sim/cameras/camera-sound.ts";
import { ASSETS_DIR } from "../../src/sim/cameras/clip-folder.ts";
import { synthesiseStreet } from "../../src/sim/cameras/street-sound.ts";
import { ffmpeg } from "./encode.ts";

const ADTS_HEADER_BYTES = 7;
const PRIMING_FRAMES = 1;

const loop = Buffer.from(synthesiseStreet(AAC_HZ).buffer);
const encoded = await ffmpeg(["-f", "s16le", "-ar", String(AAC_HZ), "-ac", "1", "-i", "-", "-c:a", "aac", "-b:a", "32k", "-flags:a", "+bitexact", "-f", "adts", "-"], Buffer.concat([loop, loop, loop]));
const first = AAC_LOOP_FRAMES + PRIMING_FRAMES;
const ends: number[] = [];
for (const frame of splitAdts(encoded)) ends.push((ends.at(-1) ?? 0) + ADTS_HEADER_BYTES + frame.length);
const kept = encoded.subarray(ends[first - 1]!, ends[first + AAC_LOOP_FRAMES - 1]!);
await writeFile(path.join(ASSETS_DIR, AAC_FILE), kept);
console.log(`${AAC_FILE}: ${AAC_LOOP_FRAMES} frames, ${kept.length} bytes`);
