import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { CAP_CATEGORIES, CAP_CERTAINTIES, CAP_SEVERITIES, CAP_URGENCIES, formatCap, formatCapTime, parseCap, type CapAlert } from "./cap.ts";

const ALERT: CapAlert = {
  identifier: "city-7", sender: "desk@city.example", sentAt: Date.UTC(2026, 2, 23, 12, 0, 0), status: "Actual", type: "Update", scope: "Public", note: null,
  references: [{ sender: "desk@city.example", identifier: "city-6", sentAt: Date.UTC(2026, 2, 23, 11, 0, 0) }],
  infos: [{
    language: "en-GB", categories: ["Fire", "Safety"], event: "Smoke", urgency: "Immediate", severity: "Severe", certainty: "Observed", expiresAt: Date.UTC(2026, 2, 23, 18, 0, 0), senderName: "City", headline: "Smoke & <fumes>", description: "Close \"windows\"",
    instruction: null, web: null, areas: [{ description: "Old town", polygons: [[{ lon: -56.2, lat: -34.9 }, { lon: -56.1, lat: -34.9 }, { lon: -56.1, lat: -34.8 }, { lon: -56.2, lat: -34.9 }]], circles: [{ point: { lon: -56.2, lat: -34.9 }, radiusM: 1_500 }] }],
  }],
};
const XML = formatCap(ALERT);
const wrong = (from: string | RegExp, to: string): string => {
  const parsed = parseCap(XML.replace(from, to));
  return parsed.ok ? "ok" : `${parsed.field} ${parsed.expected}${parsed.fault === null ? "" : ` ${parsed.fault}`}`;
};

describe("CAP 1.2", () => {
  test("what is written is read again, and is as the standard writes it", () => {
    assert.deepEqual(parseCap(XML), { ok: true, alert: ALERT });
    assert.match(XML, /<sent>2026-03-23T12:00:00-00:00<\/sent>/);
    assert.match(XML, /<references>desk@city\.example,city-6,2026-03-23T11:00:00-00:00<\/references>/);
    assert.match(XML, /<circle>-34\.900000,-56\.200000 1\.500<\/circle>/);
    assert.equal(formatCapTime(1_999), "1970-01-01T00:00:01-00:00");
  });

  test("another agency's form: prefix, CDATA, other time zones, what is passed over", () => {
    const parsed = parseCap(`<?xml version="1.0"?><cap:alert xmlns:cap="urn:oasis:names:tc:emergency:cap:1.2"><cap:identifier>KSTO1055887203</cap:identifier><cap:sender>KSTO@NWS.NOAA.GOV</cap:sender><cap:sent>2003-06-17T14:57:00-07:00</cap:sent>
      <cap:status>Actual</cap:status><cap:msgType>Alert</cap:msgType><cap:scope>Public</cap:scope><cap:info><cap:category>Met</cap:category><cap:event>SEVERE THUNDERSTORM</cap:event><cap:responseType>Shelter</cap:responseType>
      <cap:urgency>Immediate</cap:urgency><cap:severity>Severe</cap:severity><cap:certainty>Observed</cap:certainty><cap:description><![CDATA[Hail & wind]]></cap:description><cap:area><cap:areaDesc>County</cap:areaDesc></cap:area></cap:info></cap:alert>`);
    assert.ok(parsed.ok);
    assert.deepEqual([parsed.alert.sentAt, parsed.alert.infos[0]!.description, parsed.alert.infos[0]!.language], [Date.UTC(2003, 5, 17, 21, 57), "Hail & wind", "en-US"]);
  });

  test("each fault is named", () => {
    assert.equal(wrong("emergency:cap:1.2", "emergency:cap:1.1"), "alert cap");
    assert.equal(wrong("<alert", "<!DOCTYPE x><alert"), "offset 39 xml document-type");
    assert.equal(wrong("<status>Actual</status>", ""), "status present");
    assert.equal(wrong("Actual", "Real"), "status word");
    assert.equal(wrong("city-7", "city 7"), "identifier word");
    assert.equal(wrong("2026-03-23T12:00:00-00:00", "2026-03-23"), "sent time");
    assert.equal(wrong(/<category>.*<\/category>\n/g, ""), "category present");
    assert.equal(wrong("Immediate", "Soon"), "urgency word");
    assert.equal(wrong(/<circle>\S+/, "<circle>95,0"), "circle circle");
    assert.equal(wrong(/<polygon>\S+/, "<polygon>0,0"), "polygon polygon");
    assert.equal(wrong("Old town", "x".repeat(20_001)), "areaDesc bounded");
  });

  test("any alert that we write is read again as it was; any mutation of it is answered, never thrown", () => {
    const word = fc.string({ minLength: 1, maxLength: 40, unit: "grapheme-ascii" }).map((text) => text.trim()).filter((text) => text !== "");
    const alerts = fc.record({ event: word, headline: fc.option(word), urgency: fc.constantFrom(...CAP_URGENCIES), severity: fc.constantFrom(...CAP_SEVERITIES), certainty: fc.constantFrom(...CAP_CERTAINTIES), category: fc.constantFrom(...CAP_CATEGORIES) });
    fc.assert(fc.property(alerts, ({ category, ...info }) => {
      const alert: CapAlert = { ...ALERT, infos: [{ ...ALERT.infos[0]!, ...info, categories: [category] }] };
      assert.deepEqual(parseCap(formatCap(alert)), { ok: true, alert });
    }), { numRuns: 300 });
    fc.assert(fc.property(fc.integer({ min: 0, max: XML.length }), fc.integer({ min: 0, max: 12 }), fc.string({ maxLength: 6 }), (at, gone, put) => void parseCap(XML.slice(0, at) + put + XML.slice(at + gone))), { numRuns: 2_000 });
  });
});
