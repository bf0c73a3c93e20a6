// The sound of a simulated camera: a street of noise and tones that repeats without a seam, in step with the wall clock, the same for every listener.
import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeG711 } from "../../base/g711.ts";
import { decodeRtcp } from "../../media/rtp/rtcp.ts";
import { RtpPacket } from "../../media/rtp/packet.ts";
import { AAC_LOOP_FRAMES, SOUND_KINDS, createSoundShelf, splitAdts } from "./camera-sound.ts";
import { ASSETS_DIR } from "./clip-folder.ts";
import type { PlayerSink } from "./player.ts";
import { SoundPlayer } from "./sound-player.ts";
import { STREET_SECONDS, synthesiseStreet } from "./street-sound.ts";

const FIRST_KEY = 22_329_876_525; // a multiple of 25
const shelf = createSoundShelf(ASSETS_DIR);
const loudness = (samples: Int16Array): number => Math.sqrt(samples.reduce((sum, value) => sum + value * value, 0) / samples.length);

test("the street is the same each time, never silent, never at its bounds, and its end runs into its beginning", () => {
  const hz = 8_000;
  const street = synthesiseStreet(hz);
  assert.deepEqual(street, synthesiseStreet(hz));
  assert.equal(street.length, hz * STREET_SECONDS);
  for (let at = 0; at < street.length; at += hz / 4) assert.ok(loudness(street.subarray(at, at + hz / 4)) > 100, `something is heard at ${at / hz} s`);
  assert.ok(street.every((value) => Math.abs(value) < 29_000), "not cut off");
  assert.ok(Math.abs(street[0]! - street.at(-1)!) < 3_000, "no click where it begins anew");
  const second = (at: number): number => loudness(street.subarray(at * hz, at * hz + hz / 50));
  assert.ok([5, 6, 10, 15].every((at) => second(at) > 1.5 * loudness(street.subarray(at * hz + hz / 2, at * hz + hz / 2 + hz / 50))), "a tick on each second");
});

test("units follow from the wall time, last as long as they say, and repeat with the loop", () => {
  for (const kind of SOUND_KINDS) {
    const sound = shelf.get(kind);
    const units = (STREET_SECONDS * 1_000) / sound.unitMs;
    const unit = Math.ceil((FIRST_KEY * 80) / sound.unitMs);
    assert.deepEqual(sound.payloadOf(unit), sound.payloadOf(unit + units));
    assert.notDeepEqual(sound.payloadOf(unit), sound.payloadOf(unit + 1));
    if (kind !== "aac") assert.equal(sound.payloadOf(unit).length, (sound.clockHz * sound.unitMs) / 1_000);
  }
  const street = synthesiseStreet(8_000);
  const tickAt = 1_795_000_005_000; // a whole second
  const at = ((tickAt % 16_000) / 1_000) * 8_000;
  for (const law of ["pcma", "pcmu"] as const) {
    const heard = shelf.get(law).payloadOf(tickAt / 40);
    heard.forEach((octet, i) => assert.ok(Math.abs(decodeG711(law, octet) - street[at + i]!) <= 520, `${law} ${i}`));
  }
});

test("frames of AAC are whole, and of a size that a camera sends", () => {
  const sound = shelf.get("aac");
  for (let i = 0; i < AAC_LOOP_FRAMES; i++) {
    const payload = sound.payloadOf(i);
    assert.equal(((payload[2]! << 8) | payload[3]!) >> 3, payload.length - 4);
    assert.ok(payload.length > 20 && payload.length < 800, `frame ${i} has ${payload.length - 4} bytes`);
  }
  assert.match(sound.formatParameters!, /config=1408;/);
  for (const bad of [Uint8Array.of(0xff), Uint8Array.of(0xff, 0xf1, 0x60, 0x40, 0, 0, 0), Uint8Array.of(0xff, 0xf1, 0x60, 0x40, 0x02, 0x1f, 0xfc, 1), new Uint8Array(9)]) assert.throws(() => splitAdts(bad), /no frame of ADTS at byte 0/);
  assert.deepEqual(splitAdts(new Uint8Array(0)), []);
});

test("sound is sent behind the pictures in whole units, from the key picture on, without a hole, each at its wall time; a report says which", () => {
  for (const kind of SOUND_KINDS) {
    const sound = shelf.get(kind);
    const written: Uint8Array[] = [];
    let queued = 0;
    const sink: PlayerSink = { write: (bytes) => written.push(bytes), queuedBytes: () => queued, drop: () => assert.fail("dropped") };
    const player = new SoundPlayer(sink, sound, { channel: 2, ssrc: 9, firstSequence: 65_530, timestampOffset: 2 ** 32 - 1_000 });
    const step = (sound.unitMs * sound.clockHz) / 1_000;
    const take = (): { timestamp: number; sequence: number; marker: boolean }[] => {
      const packet = new RtpPacket();
      const taken = written.filter((bytes) => bytes[1] === 2).map((bytes) => {
        assert.equal(packet.read(bytes, 4, bytes.length), undefined);
        assert.equal(packet.payloadType, sound.payloadType);
        return { timestamp: packet.timestamp, sequence: packet.sequence, marker: packet.marker };
      });
      return taken;
    };
    for (let p = FIRST_KEY - 3; p < FIRST_KEY + 100; p++) player.send({ key: p % 25 === 0, nals: [] }, p);
    const sent = take();
    assert.equal(sent.length, Math.floor(((FIRST_KEY + 99) * 80) / sound.unitMs) - Math.ceil((FIRST_KEY * 80) / sound.unitMs), kind);
    sent.slice(1).forEach((one, i) => assert.deepEqual([(one.timestamp - sent[i]!.timestamp + 2 ** 32) % 2 ** 32, (one.sequence - sent[i]!.sequence + 65_536) % 65_536], [step, 1]));
    assert.equal(sent.every(({ marker }) => marker), kind === "aac");
    const fromKey = (sent[0]!.timestamp - player.timestampOf(FIRST_KEY) + 2 ** 32) % 2 ** 32;
    assert.ok(fromKey < step, "begins with the key picture");
    const report = decodeRtcp(written[0]!, 4, written[0]!.length).senderReport!;
    assert.deepEqual([Math.round(report.wallMs), report.rtpTimestamp], [Math.ceil((FIRST_KEY * 80) / sound.unitMs) * sound.unitMs, sent[0]!.timestamp]);
    queued = 500 * 1_024;
    for (let p = FIRST_KEY + 100; p < FIRST_KEY + 110; p++) player.send({ key: false, nals: [] }, p);
    assert.equal(take().length, sent.length, "a slow client loses sound");
    queued = 0;
    for (let p = FIRST_KEY + 110; p < FIRST_KEY + 125; p++) player.send({ key: false, nals: [] }, p);
    const later = take()[sent.length]!;
    assert.ok((later.timestamp - player.timestampOf(FIRST_KEY + 108) + 2 ** 32) % 2 ** 32 < 2 * step + sound.clockHz / 5, "and does not get it late");
    player.awaitKey();
    const before = take().length;
    for (let p = FIRST_KEY + 1_001; p < FIRST_KEY + 1_025; p++) player.send({ key: false, nals: [] }, p);
    assert.equal(take().length, before, "after a gap it begins with a key picture again");
  }
});

test("a missing or cut file of AAC is told, and the sounds that need none are made", () => {
  const bare = createSoundShelf(import.meta.dirname);
  assert.throws(() => bare.get("aac"), /street\.aac/);
  assert.equal(bare.get("pcmu").payloadType, 0);
});
