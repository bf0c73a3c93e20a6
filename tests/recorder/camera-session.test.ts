// One RTSP session with a camera that behaves badly, over a true socket. Rule ids are those of src/video/SPEC.md.
import assert from "node:assert/strict";
import { test } from "node:test";
import { systemClock } from "../../src/io/clock/clock.ts";
import { CameraSession, type CameraSessionEvents, type CameraSessionOptions } from "../../src/io/tcp/camera-session.ts";
import { TestCamera } from "./test-camera.ts";
import { until } from "./test-centre.ts";

const OPTIONS: CameraSessionOptions = { userAgent: "test", connectTimeoutMs: 30_000, requestTimeoutMs: 30_000, addressPolicy: { allowLoopback: true }, clock: systemClock };

class Notes implements CameraSessionEvents {
  readonly ends: string[] = [];
  packets = 0;
  onPacket: () => void = () => undefined;
  onDescribed(): void { return; }
  onPlaying(): void { return; }
  onRtp(): void {
    this.packets++;
    this.onPacket();
  }
  onRtcp(): void { return; }
  onEnded(problem: string, message: string): void { this.ends.push(`${problem}: ${message}`); }
}

test("[CAM5] an error in working through a camera's packets ends its session, once, and not the process", async () => {
  const camera = new TestCamera({ behaviour: "plays" });
  const notes = new Notes();
  notes.onPacket = () => { throw new Error("database or disk is full"); };
  const session = new CameraSession({ address: await camera.start(), userName: null, password: null }, OPTIONS, notes);
  try {
    await until("the end of the session", () => notes.ends.length > 0);
    assert.deepEqual(notes.ends, ["malformed: what the camera sent could not be worked through: database or disk is full"]);
    assert.equal(notes.packets, 1);
  } finally {
    session.close();
    await camera.stop();
  }
});
