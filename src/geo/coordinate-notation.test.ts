// Coordinates and plus codes as callers, drivers and neighbouring centres write them. The points of the plus codes are those of the specification's own test data.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { parseCoordinates } from "./coordinate-notation.ts";
import { completePlusCode, decodePlusCode, formatPlusCode, parsePlusCode } from "./plus-code.ts";

const LAT = -(34 + 54 / 60 + 11.5 / 3600);
const LON = -(56 + 11 / 60 + 17.2 / 3600);
const withComma = (degrees: number): string => degrees.toFixed(7).replace(".", ",");
const inCity = (p: { lat: number; lon: number }): boolean => Math.abs(p.lat - LAT) < 1 && Math.abs(p.lon - LON) < 1;

describe("coordinates", () => {
  for (const text of [
    `${LAT}, ${LON}`, `${LAT} ${LON}`, `(${LAT}; ${LON})`, `${LON}, ${LAT}`, `34°54'11.5"S 56°11'17.2"W`, `34° 54′ 11.5″ S, 56° 11′ 17.2″ W`, `S34°54'11.5" W56°11'17.2"`, "34 54 11.5 S 56 11 17.2 W", "34°54'11.5''S, 56°11'17.2''O",
    "S 34 54.19167, W 56 11.28667", "34° 54.19167' S 56° 11.28667' W", `56°11'17.2"W 34°54'11.5"S`, `-34°54'11.5", -56°11'17.2"`, `lat: ${LAT} lon: ${LON}`, `lng=${LON}, lat=${LAT}`, "南纬34度54分11.5秒，西经56度11分17.2秒", `纬度${LAT} 经度${LON}`,
    `geo:${LAT},${LON};u=35`, `https://maps.example/?q=${LAT},${LON}&z=17`, `https://maps.example/place/x/@${LAT},${LON},17z`, `https://map.example/#map=17/${LAT}/${LON}`, `https://map.example/?mlat=${LAT}&mlon=${LON}`,
    ...[" ", "; ", ", ", ";"].flatMap((between) => [`${withComma(LAT)}${between}${withComma(LON)}`, `${withComma(LON)}${between}${withComma(LAT)}`]), `(${withComma(LAT)} ${withComma(LON)})`,
  ]) {
    it(`"${text}"`, () => {
      const point = parseCoordinates(text, inCity);
      assert.ok(point !== null, "not read");
      assert.ok(Math.abs(point.lat - LAT) < 1e-6 && Math.abs(point.lon - LON) < 1e-6, JSON.stringify(point));
    });
  }
  for (const text of ["rivera 200", "18 36", "34°60'S 56°W", "91.5, 200.5", "34°54'S 56°11'S", "-34.9 S, 56.1 W", "34.9°54' S 56 W", "12-14", "N 18 de Julio", "O'Higgins 34, 12", "https://example.org/34", "18,20 30,40", "34,9 S 56", "calle 8,5 10,5"]) it(`"${text}" are none`, () => assert.equal(parseCoordinates(text, inCity), null));
  it("no text throws, and what is read is on the earth", () => {
    const piece = fc.constantFrom("34", "54.2", "°", "'", '"', "S", "w", ",", " ", "-", "北纬", "度", "lat", ":", "geo:", "999");
    fc.assert(fc.property(fc.oneof(fc.string({ maxLength: 80 }), fc.array(piece, { maxLength: 14 }).map((parts) => parts.join(""))), (text) => {
      const point = parseCoordinates(text, inCity);
      assert.ok(point === null || (Math.abs(point.lat) <= 90 && Math.abs(point.lon) <= 180));
    }), { numRuns: 3_000 });
  });
});

describe("plus codes", () => {
  const near = (text: string, lat: number, lon: number): void => {
    const { centre } = decodePlusCode(parsePlusCode(text)!);
    assert.ok(Math.abs(centre.lat - lat) < 1e-9 && Math.abs(centre.lon - lon) < 1e-9, JSON.stringify(centre));
  };
  it("are the cells of the specification", () => {
    near("7FG49Q00+", 20.375, 2.775);
    near("7FG49QCJ+2V", 20.3700625, 2.7821875);
    near("7FG49QCJ+2VX", 20.3701125, 2.782234375);
    near("8FVC2222+22", 47.0000625, 8.0000625);
    near("4VCPPQGP+Q9", -41.2730625, 174.7859375);
    near("62G20000+", 0.5, -179.5); // equator, date line
    near("8fvc2222+22", 47.0000625, 8.0000625);
  });
  it("of a point are those of the specification", () => {
    assert.equal(formatPlusCode({ lat: 20.3701125, lon: 2.782234375 }), "7FG49QCJ+2V");
    assert.equal(formatPlusCode({ lat: 47.0000625, lon: 8.0000625 }), "8FVC2222+22");
    assert.equal(formatPlusCode({ lat: -41.2730625, lon: 174.7859375 }), "4VCPPQGP+Q9");
    assert.equal(formatPlusCode({ lat: 90, lon: 1 }), "CFX3X2X2+X2");
    assert.equal(formatPlusCode({ lat: 1, lon: 180 }), "62H20000+".replace("0000+", "2222+22"));
  });
  it("that are short are completed by where one is", () => {
    assert.equal(completePlusCode(parsePlusCode("9QCJ+2V")!, { lat: 20.4, lon: 2.8 })[0]!.text, "7FG49QCJ+2V");
    assert.equal(completePlusCode(parsePlusCode("CJ+2V")!, { lat: 20.37, lon: 2.79 })[0]!.text, "7FG49QCJ+2V");
    assert.equal(completePlusCode(parsePlusCode("9QCJ+2V")!, { lat: 20.5, lon: 3.001 })[0]!.text, "7FG49QCJ+2V", "over the edge of its degree");
  });
  for (const text of ["", "+", "9QCJ+", "9QCJ+2", "7FG49QCJ2V", "7FG49QCJ+2V+", "A2+22", "7FG400+22", "XXXXXXXX+22", "rivera + soca", "F2+F"]) it(`"${text}" is none`, () => assert.equal(parsePlusCode(text), null));
  it("of any point hold it, and full and short ones come back", () => {
    fc.assert(fc.property(fc.double({ min: -89.9, max: 89.9, noNaN: true }), fc.double({ min: -180, max: 179.9, noNaN: true }), fc.double({ min: -0.4, max: 0.4, noNaN: true }), (lat, lon, off) => {
      const code = parsePlusCode(formatPlusCode({ lat, lon }))!;
      const cell = decodePlusCode(code);
      assert.ok(Math.abs(cell.centre.lat - lat) <= cell.height / 2 + 1e-9 && Math.abs(cell.centre.lon - lon) <= cell.width / 2 + 1e-9);
      assert.equal(completePlusCode(parsePlusCode(code.text.slice(4))!, { lat: Math.max(-90, Math.min(90, lat + off)), lon: lon + off })[0]!.text, code.text);
    }), { numRuns: 2_000 });
  });
});
