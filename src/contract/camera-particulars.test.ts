import assert from "node:assert/strict";
import { test } from "node:test";
import { faultsOfEntry, faultsOfParticulars, type CameraParticulars } from "./camera-particulars.ts";
import { ChangeCamera, JOINING_DEFAULTS, NewCamera } from "./cameras.ts";

const faults = (camera: Partial<CameraParticulars>): string[] => faultsOfParticulars({ ...JOINING_DEFAULTS, address: "rtsp://10.0.0.7/main", ...camera }).map(({ field, code }) => `${field} ${code}`);

test("[CRD1] a second stream is of the same host and port: the camera's password goes there too", () => {
  assert.deepEqual(faults({ subAddress: "rtsp://10.0.0.7:554/sub" }), []);
  assert.deepEqual(faults({ subAddress: "rtsp://10.0.0.8/sub" }), ["subAddress same-endpoint"]);
  assert.deepEqual(faults({ subAddress: "rtsps://10.0.0.7/sub" }), ["subAddress same-endpoint"]);
  assert.deepEqual(faults({ address: null, subAddress: "rtsp://10.0.0.7/sub" }), ["subAddress main-needed"]);
});

test("transport and certificate fit the address", () => {
  assert.deepEqual(faults({ address: "rtsps://10.0.0.7/a", transport: "udp" }), ["transport tls-by-tcp"]);
  assert.deepEqual(faults({ address: "rtsps://10.0.0.7/a", transport: "auto", certificateSha256: "ab".repeat(32) }), []);
  assert.deepEqual(faults({ certificateSha256: "ab".repeat(32) }), ["certificateSha256 tls-needed"]);
});

test("a scheduled camera has its hours, and whatever hours there are can be read", () => {
  assert.deepEqual(faults({ recording: "scheduled" }), ["schedule schedule-needed"]);
  assert.deepEqual(faults({ recording: "scheduled", schedule: "mon-fri 07:00-19:00" }), []);
  assert.deepEqual(faults({ recording: "continuous", schedule: "mon" }), ["schedule weekly-hours"]);
});

test("the least time is not longer than the whole", () => {
  assert.deepEqual(faults({ leastDays: 30 }), []);
  assert.deepEqual(faults({ leastDays: 31 }), ["leastDays not-more-than"]);
});

test("what is well-formed beside a fault is judged too, and of a field one thing is told", () => {
  const told = (entry: Record<string, unknown>): string[] => {
    const input = { name: "Gate", purpose: "", pose: null, address: "rtsp://10.0.0.7/main", ...entry };
    return faultsOfEntry(input, NewCamera.safeParse(input).error!).map(({ field, code }) => `${field} ${code}`);
  };
  const always = ["purpose not-empty", "pose object"];
  const sorted = (faults: string[]): string[] => faults.toSorted();
  assert.deepEqual(sorted(told({ schedule: "funday 9-10" })), sorted([...always, "schedule weekly-days"]));
  assert.deepEqual(sorted(told({ recording: "scheduled", leastDays: 40, subAddress: "rtsp://10.0.0.8/b" })), sorted([...always, "schedule schedule-needed", "leastDays not-more-than", "subAddress same-endpoint"]));
  assert.deepEqual(sorted(told({ recording: "scheduled", schedule: 7 })), sorted([...always, "schedule text"]), "not also that it is missing");
  assert.deepEqual(sorted(told({ retentionDays: "x", leastDays: 40 })), sorted([...always, "retentionDays number"]), "of what cannot be read nothing is compared");
  assert.deepEqual(sorted(told({ address: "http://a", subAddress: "rtsp://10.0.0.8/b", certificateSha256: "ab".repeat(32) })), sorted([...always, "address rtsp-scheme"]), "nor with an address that is none");
});

test("a fingerprint is kept bare, however it was written", () => {
  const read = (certificateSha256: string) => NewCamera.shape.certificateSha256.safeParse(certificateSha256);
  const bare = "0f".repeat(32);
  for (const text of [bare, bare.toUpperCase().match(/../g)!.join(":"), `SHA256 Fingerprint=${bare}`, ` sha-256: ${bare} `]) assert.equal(read(text).data, bare, text);
  for (const text of ["0f".repeat(31), "sha1", `${bare}0`, ""]) assert.equal(read(text).success, false, text);
});

test("a change names what changes, and nothing else comes in by it", () => {
  assert.deepEqual(ChangeCamera.parse({}), {});
  assert.deepEqual(ChangeCamera.parse({ soundPurpose: null, transport: "udp" }), { soundPurpose: null, transport: "udp" });
});
