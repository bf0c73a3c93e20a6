import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { XML_LIMITS, formatXmlText, parseXml } from "./xml.ts";

const root = (text: string) => {
  const parsed = parseXml(text);
  if (!parsed.ok) throw new Error(`${parsed.fault} at ${parsed.offset}`);
  return parsed.root;
};
const fault = (text: string): string => {
  const parsed = parseXml(text);
  return parsed.ok ? "ok" : `${parsed.fault} ${parsed.offset}`;
};

describe("XML as messages use it", () => {
  test("elements, attributes, text, CDATA, comments, references", () => {
    const found = root('\ufeff<?xml version="1.0"?><!-- c --><a x="1 &lt; 2" y=\'"\'>t&amp;u<b/><![CDATA[<raw&>]]> <b>&#65;&#x1F600;</b></a>\n');
    assert.equal(found.text, "t&u<raw&> ");
    assert.deepEqual([...found.attributes], [["x", "1 < 2"], ["y", '"']]);
    assert.deepEqual(found.children.map(({ name, text }) => [name, text]), [["b", ""], ["b", "A😀"]]);
  });

  test("namespaces by their prefix, inherited and overruled", () => {
    const found = root('<c:a xmlns:c="urn:c" xmlns="urn:d"><b/><c:b xmlns:c="urn:e"/></c:a>');
    assert.deepEqual([found, ...found.children].map(({ name, namespace }) => `${namespace} ${name}`), ["urn:c a", "urn:d b", "urn:e b"]);
    assert.equal(fault("<c:a/>"), "unknown-prefix 0");
  });

  test("what an element declares costs that element alone, however much is declared around it", (t) => {
    const around = Array.from({ length: 20 }, (_, depth) => `<a${Array.from({ length: 40 }, (_, i) => ` xmlns:p${depth}x${i}="u"`).join("")}>`).join("");
    const text = `${around}${'<p0x0:b xmlns:q="v"/>'.repeat(500)}${"</a>".repeat(20)}`;
    const set = t.mock.method(Map.prototype, "set");
    const found = fault(text);
    const kept = set.mock.callCount();
    set.mock.restore();
    assert.equal(found, "ok");
    const attributes = 20 * 40 + 500;
    assert.ok(kept <= 2 * attributes, `${kept} entries kept for ${attributes} attributes`);
    let inner = root(text);
    while (inner.children[0]!.name === "a") [inner] = inner.children as [typeof inner];
    assert.deepEqual([inner.children.length, inner.children[499]!.namespace], [500, "u"]);
  });

  test("a document type is refused: nothing is expanded and nothing fetched", () => {
    assert.equal(fault('<!DOCTYPE a [<!ENTITY x "xx">]><a>&x;</a>'), "document-type 0");
    assert.equal(fault('<a><!ENTITY x "y"></a>'), "document-type 3");
    for (const reference of ["&x;", "&constructor;", "&#xD800;", "&#0;", "&#1114112;", "&amp", "& "]) assert.match(fault(`<a>${reference}</a>`), /^wrong-reference/, reference);
  });

  test("what is not well formed is told by its offset", () => {
    const wrong: Record<string, string> = {
      "": "no-root 0", "<a>": "not-closed 3", "<a></b>": "wrong-end 3", "<a><b></a></b>": "wrong-end 6", "<a/><b/>": "outside-root 4", "x<a/>": "outside-root 0", "<a x=1/>": "wrong-tag 5", '<a x="1"y="2"/>': "wrong-tag 8",
      '<a x="1" x="2"/>': "attribute-twice 9", "<1/>": "wrong-tag 1", "<a>\u0001</a>": "wrong-character 3", "<!-- ": "not-closed 4",
    };
    for (const [text, expected] of Object.entries(wrong)) assert.equal(fault(text), expected, text);
  });

  test("length, depth and number of elements are bounded", () => {
    assert.match(fault("<a>".repeat(31)), /^too-deep/);
    assert.match(fault(`<a>${"<b/>".repeat(10_000)}</a>`), /^too-many-elements/);
    assert.match(fault(" ".repeat(XML_LIMITS.mostCharacters + 1)), /^too-long/);
  });

  test("what is formatted is read again as it was; whatever else comes is answered, never thrown", () => {
    fc.assert(fc.property(fc.string({ unit: "grapheme", maxLength: 60 }), (text) => assert.equal(root(`<a b="${formatXmlText(text)}">${formatXmlText(text)}</a>`).text, formatXmlText(text) === text ? text : root(`<a>${formatXmlText(text)}</a>`).text)));
    const pieces = fc.array(fc.constantFrom("<a>", "</a>", "<a/>", "<", ">", "&", ";", "&lt;", "&#65;", "<![CDATA[", "]]>", "<!--", "-->", "<?", "?>", "<!D", ' x="', '"', "'", "=", "c:", "xmlns", " ", "é", "\ud800"), { maxLength: 40 });
    fc.assert(fc.property(fc.oneof(pieces.map((list) => list.join("")), fc.string({ maxLength: 200 })), (text) => void parseXml(text)), { numRuns: 5_000 });
  });
});
