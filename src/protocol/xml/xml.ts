// XML 1.0 as messages use it, and no more: elements, attributes, text, CDATA, comments, namespaces by their prefix. A document type is refused outright, so there are no
// entities to expand and nothing to fetch; of references there are the five predefined ones and characters by number. Depth, elements and length are bounded, and what is
// wrong is told by its offset. Rejected: a general parser from npm (the well-kept ones read document types and have had several faults in bounding what these expand to).
export interface XmlElement {
  /** Without its prefix. */
  readonly name: string;
  /** Of its prefix, or the default one; empty where there is none. */
  readonly namespace: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  /** All text directly inside, CDATA included, as it stands. */
  readonly text: string;
}
export interface XmlLimits {
  readonly mostCharacters: number;
  readonly mostElements: number;
  readonly mostDepth: number;
}
export const XML_LIMITS: XmlLimits = { mostCharacters: 500_000, mostElements: 10_000, mostDepth: 30 };
export type XmlFault = "too-long" | "too-many-elements" | "too-deep" | "document-type" | "not-closed" | "wrong-end" | "wrong-tag" | "wrong-reference" | "wrong-character" | "outside-root" | "no-root" | "attribute-twice" | "unknown-prefix";
export type XmlParsed = { readonly ok: true; readonly root: XmlElement } | { readonly ok: false; readonly fault: XmlFault; readonly offset: number };

const NAME = /[A-Za-z_\u00c0-\ufffd][\w.\-\u00b7\u00c0-\ufffd]*(?::[A-Za-z_\u00c0-\ufffd][\w.\-\u00b7\u00c0-\ufffd]*)?/y;
// oxlint-disable-next-line no-control-regex -- the characters that XML 1.0 does not have
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;
const PREDEFINED: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };
const MOST_ATTRIBUTES = 50;

class Fault extends Error {
  readonly fault: XmlFault;
  readonly offset: number;
  constructor(fault: XmlFault, offset: number) {
    super(fault);
    this.fault = fault;
    this.offset = offset;
  }
}
/** The prefixes that an element declares itself, and those around it: what is declared further out is looked up, not copied into each element. */
interface Scope {
  readonly declared: ReadonlyMap<string, string>;
  readonly outer: Scope | null;
}
interface Open {
  readonly qualified: string;
  readonly name: string;
  readonly namespace: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly scope: Scope | null;
  readonly children: XmlElement[];
  text: string;
}

/** Never throws. */
export function parseXml(given: string, limits: XmlLimits = XML_LIMITS): XmlParsed {
  const text = given.startsWith("\ufeff") ? given.slice(1) : given;
  if (text.length > limits.mostCharacters) return { ok: false, fault: "too-long", offset: limits.mostCharacters };
  try {
    return { ok: true, root: read(text, limits) };
  } catch (error) {
    if (error instanceof Fault) return { ok: false, fault: error.fault, offset: error.offset };
    throw error;
  }
}

function read(text: string, limits: XmlLimits): XmlElement {
  const forbidden = FORBIDDEN.exec(text);
  if (forbidden !== null) throw new Fault("wrong-character", forbidden.index);
  const open: Open[] = [];
  let root: XmlElement | null = null;
  let elements = 0;
  let at = 0;
  const end = (mark: string, from: number): number => {
    const found = text.indexOf(mark, from);
    if (found < 0) throw new Fault("not-closed", from);
    return found;
  };
  const close = (): void => {
    const { name, namespace, attributes, children, text: inside } = open.pop()!;
    const element: XmlElement = { name, namespace, attributes, children, text: inside };
    const parent = open.at(-1);
    if (parent === undefined) root = element;
    else parent.children.push(element);
  };
  while (at < text.length) {
    const inner = open.at(-1);
    if (text[at] !== "<") {
      const next = text.indexOf("<", at);
      const piece = text.slice(at, next < 0 ? text.length : next);
      if (inner !== undefined) inner.text += decode(piece, at);
      else if (piece.trim() !== "") throw new Fault("outside-root", at);
      at += piece.length;
    } else if (text.startsWith("<!--", at)) at = end("-->", at + 4) + 3;
    else if (text.startsWith("<![CDATA[", at)) {
      if (inner === undefined) throw new Fault("outside-root", at);
      const stop = end("]]>", at + 9);
      inner.text += text.slice(at + 9, stop);
      at = stop + 3;
    } else if (text.startsWith("<?", at)) at = end("?>", at + 2) + 2;
    else if (text.startsWith("<!", at)) throw new Fault("document-type", at);
    else if (text.startsWith("</", at)) {
      const stop = end(">", at);
      if (inner === undefined || text.slice(at + 2, stop).trimEnd() !== inner.qualified) throw new Fault("wrong-end", at);
      close();
      at = stop + 1;
    } else {
      if (inner === undefined && root !== null) throw new Fault("outside-root", at);
      if (++elements > limits.mostElements) throw new Fault("too-many-elements", at);
      if (open.length >= limits.mostDepth) throw new Fault("too-deep", at);
      const tag = readTag(text, at, inner?.scope ?? null);
      open.push(tag.opened);
      if (tag.isEmpty) close();
      at = tag.stop;
    }
  }
  if (open.length > 0) throw new Fault("not-closed", text.length);
  if (root === null) throw new Fault("no-root", text.length);
  return root;
}

function readTag(text: string, start: number, outer: Scope | null): { opened: Open; isEmpty: boolean; stop: number } {
  let at = start + 1;
  const name = (): string => {
    NAME.lastIndex = at;
    const found = NAME.exec(text)?.[0];
    if (found === undefined) throw new Fault("wrong-tag", at);
    at += found.length;
    return found;
  };
  const skip = (): boolean => {
    const before = at;
    while (at < text.length && " \t\r\n".includes(text[at]!)) at++;
    return at > before;
  };
  const qualified = name();
  const attributes = new Map<string, string>();
  for (;;) {
    const spaced = skip();
    if (text[at] === ">" || text.startsWith("/>", at)) break;
    if (!spaced || attributes.size >= MOST_ATTRIBUTES) throw new Fault("wrong-tag", at);
    const nameAt = at;
    const attribute = name();
    skip();
    if (text[at] !== "=") throw new Fault("wrong-tag", at);
    at++;
    skip();
    const quote = text[at];
    if (quote !== '"' && quote !== "'") throw new Fault("wrong-tag", at);
    const stop = text.indexOf(quote, at + 1);
    if (stop < 0) throw new Fault("not-closed", at);
    const value = text.slice(at + 1, stop);
    if (value.includes("<")) throw new Fault("wrong-tag", at);
    if (attributes.has(attribute)) throw new Fault("attribute-twice", nameAt);
    attributes.set(attribute, decode(value, at + 1));
    at = stop + 1;
  }
  const isEmpty = text[at] === "/";
  const declared = [...attributes].filter(([key]) => key === "xmlns" || key.startsWith("xmlns:"));
  const scope: Scope | null = declared.length === 0 ? outer : { declared: new Map(declared.map(([key, value]): [string, string] => [key === "xmlns" ? "" : key.slice(6), value])), outer };
  const [prefix, local] = qualified.includes(":") ? (qualified.split(":") as [string, string]) : ["", qualified];
  const namespace = findNamespace(scope, prefix) ?? "";
  if (prefix !== "" && namespace === "") throw new Fault("unknown-prefix", start);
  return { opened: { qualified, name: local, namespace, attributes, scope, children: [], text: "" }, isEmpty, stop: at + (isEmpty ? 2 : 1) };
}

function findNamespace(scope: Scope | null, prefix: string): string | undefined {
  for (let at = scope; at !== null; at = at.outer) {
    const found = at.declared.get(prefix);
    if (found !== undefined) return found;
  }
  return undefined;
}

function decode(piece: string, offset: number): string {
  if (!piece.includes("&")) return piece;
  return piece.replace(/&([^;&\s]{0,12});?/g, (whole, name: string, at: number) => {
    const fault = (): Fault => new Fault("wrong-reference", offset + at);
    if (!whole.endsWith(";")) throw fault();
    const known = PREDEFINED[name];
    if (known !== undefined && Object.hasOwn(PREDEFINED, name)) return known;
    const number = /^#(?:(\d{1,7})|x([0-9A-Fa-f]{1,6}))$/.exec(name);
    if (number === null) throw fault();
    const code = number[1] === undefined ? Number.parseInt(number[2]!, 16) : Number(number[1]);
    if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) throw fault();
    const character = String.fromCodePoint(code);
    if (FORBIDDEN.test(character)) throw fault();
    return character;
  });
}

const ESCAPES: Readonly<Record<string, string>> = { "<": "&lt;", ">": "&gt;", "&": "&amp;", '"': "&quot;" };
/** Text as it may stand in an element or an attribute; characters that XML does not have become U+FFFD. */
export const formatXmlText = (text: string): string => text.toWellFormed().replace(new RegExp(FORBIDDEN.source, "g"), "\ufffd").replace(/[<>&"]/g, (one) => ESCAPES[one]!);

export const findChild = (element: XmlElement, name: string): XmlElement | undefined => element.children.find((child) => child.name === name);
export const listChildren = (element: XmlElement, name: string): readonly XmlElement[] => element.children.filter((child) => child.name === name);
