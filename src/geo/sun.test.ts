// The sun against published values, and by what must hold everywhere.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { isDark, sunAt } from "./sun.ts";

const near = (value: number, expected: number, within: number): void => assert.ok(Math.abs(value - expected) <= within, `${value} is not within ${within} of ${expected}`);

describe("the sun", () => {
  it("stands where the worked example of NREL's solar position algorithm (Reda and Andreas 2003, appendix A.5) has it", () => {
    // 17 October 2003, 12:30:30 at UTC-7: zenith 50.11162 degrees with the air's bending (0.016 there), azimuth 194.34024
    const sun = sunAt(Date.UTC(2003, 9, 17, 19, 30, 30), { lon: -105.1786, lat: 39.742476 });
    near(sun.elevationDeg, 90 - 50.11162, 0.04);
    near(sun.azimuthDeg, 194.34024, 0.03);
  });
  it("stands overhead at the tropic at noon of the solstice, and at the horizon at 6 and 18 hours of the equinox on the equator", () => {
    near(sunAt(Date.UTC(2026, 5, 21, 12, 1, 50), { lon: 0, lat: 23.436 }).elevationDeg, 90, 0.05);
    near(sunAt(Date.UTC(2026, 2, 20, 6, 7, 20), { lon: 0, lat: 0 }).elevationDeg, 0, 0.1);
    near(sunAt(Date.UTC(2026, 2, 20, 6, 7, 20), { lon: 0, lat: 0 }).azimuthDeg, 90, 0.2);
    near(sunAt(Date.UTC(2026, 2, 20, 18, 7, 20), { lon: 0, lat: 0 }).azimuthDeg, 270, 0.2);
  });
  it("leaves a place dark only after civil twilight", () => {
    assert.deepEqual([0, -5.9, -6.1, 40].map((elevationDeg) => isDark({ elevationDeg, azimuthDeg: 0 })), [false, false, true, false]);
    const chongqing = { lon: 106.55, lat: 29.56 };
    assert.equal(isDark(sunAt(Date.UTC(2026, 10, 23, 19), chongqing)), true, "three in the morning");
    assert.equal(isDark(sunAt(Date.UTC(2026, 10, 23, 4), chongqing)), false, "noon");
    assert.equal(isDark(sunAt(Date.UTC(2026, 5, 21, 23), { lon: 25, lat: 70 })), false, "the midnight sun");
  });
  it("is on the other side of the earth from where it is overhead: opposite places have opposite elevations", () => {
    fc.assert(fc.property(fc.integer({ min: Date.UTC(1990, 0, 1), max: Date.UTC(2049, 11, 31) }), fc.double({ min: -179, max: 179, noNaN: true }), fc.double({ min: -89, max: 89, noNaN: true }), (at, lon, lat) => {
      const [here, there] = [sunAt(at, { lon, lat }), sunAt(at, { lon: lon + 180, lat: -lat })];
      near(here.elevationDeg, -there.elevationDeg, 1e-6);
      assert.ok(here.azimuthDeg >= 0 && here.azimuthDeg < 360 && Math.abs(here.elevationDeg) <= 90);
    }));
  });
});
