// The Emergency Incident Data Object (NENA-STA-021.1): JSON of components, each with an `$id` and the time of its last update, that refer to each other by `{"$ref": id}`.
// A place is a PIDF-LO document (RFC 4119) as text inside: a point or a circle (RFC 5491), latitude first. Written is what we know; read is what a call taker needs:
// what happens, where, how it stands, in whose words. The rest of a neighbour's object is passed over.
import { parseXml, type XmlElement } from "../xml/xml.ts";

export interface EidoPlace {
  readonly lon: number;
  readonly lat: number;
  readonly uncertaintyM: number | null;
}
export interface EidoIncident {
  /** urn:emergency:uid:incidentid:LOCAL:DOMAIN */
  readonly id: string;
  readonly issuer: string;
  readonly updatedAt: number;
  readonly typeCommon: string;
  readonly typeInternal: string | null;
  readonly statuses: readonly string[];
  /** The writer's own word for it. */
  readonly statusInternal: string | null;
  /** Common to all centres: 0 to 10, 10 the most urgent (NENA-STA-021.1). Null: none, or none of that scale. */
  readonly priority: number | null;
  readonly internalId: string | null;
  readonly place: EidoPlace | null;
  readonly placeText: string | null;
  readonly notes: readonly { readonly at: number; readonly words: string }[];
  readonly callbackUris: readonly string[];
  readonly resources: readonly EidoResource[];
  /** The common code, and the writer's own word for it. */
  readonly disposition: { readonly common: string; readonly internal: string | null } | null;
  /** What the issuer is to the incident. */
  readonly roles: readonly string[];
}
/** A unit: whether it can be sent (primary) and what it does (secondary) in words of the registries; `...Internal` in the writer's own. */
export interface EidoResource {
  readonly name: string;
  readonly type: string;
  readonly typeInternal: string | null;
  readonly primary: string;
  readonly secondary: readonly string[];
  readonly statusInternal: string | null;
}
export type EidoParsed = { readonly ok: true; readonly incident: EidoIncident } | { readonly ok: false; readonly field: string; readonly value: string; readonly expected: "present" | "text" | "time" | "list" | "bounded" };

const MOST_COMPONENTS = 500;
const MOST_TEXT = 20_000;
const PIDF = "urn:ietf:params:xml:ns:pidf";

export function formatPidfLo(place: EidoPlace, at: number): string {
  const position = `<gml:pos>${place.lat.toFixed(7)} ${place.lon.toFixed(7)}</gml:pos>`;
  const shape = place.uncertaintyM === null || place.uncertaintyM === 0 ? `<gml:Point srsName="urn:ogc:def:crs:EPSG::4326">${position}</gml:Point>`
    : `<gs:Circle srsName="urn:ogc:def:crs:EPSG::4326">${position}<gs:radius uom="urn:ogc:def:uom:EPSG::9001">${Math.round(place.uncertaintyM)}</gs:radius></gs:Circle>`;
  return `<presence xmlns="${PIDF}" xmlns:gp="${PIDF}:geopriv10" xmlns:gml="http://www.opengis.net/gml" xmlns:gs="http://www.opengis.net/pidflo/1.0" entity="pres:incident"><tuple id="place"><status><gp:geopriv><gp:location-info>${shape}</gp:location-info><gp:usage-rules/></gp:geopriv></status><timestamp>${new Date(at).toISOString()}</timestamp></tuple></presence>`;
}

/** Null where there is no point or circle in it that can be read. */
export function parsePidfLo(text: string): EidoPlace | null {
  const parsed = parseXml(text);
  if (!parsed.ok) return null;
  const find = (element: XmlElement, name: string): XmlElement | null => {
    if (element.name === name) return element;
    for (const child of element.children) {
      const found = find(child, name);
      if (found !== null) return found;
    }
    return null;
  };
  const shape = find(parsed.root, "Circle") ?? find(parsed.root, "Point");
  const match = shape === null ? null : /^\s*([+-]?\d{1,2}(?:\.\d{1,15})?)\s+([+-]?\d{1,3}(?:\.\d{1,15})?)(?:\s|$)/.exec(find(shape, "pos")?.text ?? "");
  if (shape === null || match === null) return null;
  const [lat, lon] = [Number(match[1]), Number(match[2])];
  const radius = find(shape, "radius")?.text.trim() ?? "";
  if (Math.abs(lat) > 90 || Math.abs(lon) > 180) return null;
  return { lon, lat, uncertaintyM: /^\d{1,7}(?:\.\d{1,6})?$/.test(radius) ? Number(radius) : null };
}

export function formatEido(incident: EidoIncident, agency: { readonly id: string; readonly name: string }): Record<string, unknown> {
  const updated = (at: number) => ({ lastUpdateTimeStamp: new Date(at).toISOString(), updatedByAgencyReference: { $ref: agency.id } });
  const base = updated(incident.updatedAt);
  const refs = (ids: readonly string[]) => ids.map((id) => ({ $ref: id }));
  const notes = incident.notes.map((note, i) => ({ $id: `note-${i + 1}`, ...updated(note.at), notesActionComments: note.words }));
  const agentId = `dispatch@${agency.id}`;
  const hasPlace = incident.place !== null || incident.placeText !== null;
  return {
    $id: incident.id, ...base, eidoVersion: "1.0", issuingElementIdentification: incident.issuer,
    incidentComponent: {
      $id: "incident", ...base, incidentTypeCommonRegistryText: incident.typeCommon, incidentStatusCommonRegistryText: incident.statuses,
      ...(incident.statusInternal === null ? {} : { incidentStatusInternalText: [incident.statusInternal] }),
      ...(incident.typeInternal === null ? {} : { incidentTypeInternalText: incident.typeInternal }), ...(incident.priority === null ? {} : { incidentCommonPriorityNumber: incident.priority }),
      ...(incident.internalId === null ? {} : { internalIncidentId: incident.internalId }), ...(hasPlace ? { locationReference: refs(["place"]) } : {}), notesReference: refs(notes.map(({ $id }) => $id)),
      ...(incident.disposition === null ? {} : { dispositionComponent: [{ $id: "disposition", ...base, dispositionCommonRegistryCode: incident.disposition.common, dispositionPrimaryIndicator: true, ...(incident.disposition.internal === null ? {} : { dispositionCategoryText: incident.disposition.internal, dispositionDescriptionText: incident.disposition.internal }) }] }),
    },
    ...(hasPlace ? {
      locationComponent: [{
        $id: "place", ...base, locationTypeDescriptionRegistryText: "CurrentIncident", ...(incident.place === null ? {} : { locationByValue: formatPidfLo(incident.place, incident.updatedAt) }),
        ...(incident.placeText === null ? {} : { locationDescriptionText: incident.placeText }),
      }],
    } : {}),
    agencyComponent: [{ $id: agency.id, ...base, agencyRoleDescriptionRegistryText: incident.roles, agencyType: ["psap"], incidentOwningAgencyIndicator: true, agencyJcard: ["vcard", [["version", {}, "text", "4.0"], ["fn", {}, "text", agency.name]]] }],
    ...(notes.length === 0 ? {} : { notesComponent: notes }),
    ...(incident.callbackUris.length === 0 ? {} : { callbackComponent: [{ $id: "callback", ...base, callBackInformationUri: incident.callbackUris }] }),
    ...(incident.resources.length === 0 ? {} : {
      // Each resource must name an agent; no person of ours is named to others.
      agentComponent: [{ $id: agentId, ...base, agentRoleRegistryText: ["Dispatching"], agencyReference: { $ref: agency.id } }],
      emergencyResourceComponent: incident.resources.map(({ name, type, typeInternal, primary, secondary, statusInternal }, i) => ({
        $id: `resource-${i + 1}`, ...base, emergencyResourceName: name, emergencyResourceTypeCommonRegistryText: type, ...(typeInternal === null ? {} : { emergencyResourceTypeInternalText: typeInternal }),
        primaryUnitStatusRegistryText: primary, secondaryUnitStatusRegistryText: secondary, ...(statusInternal === null ? {} : { unitStatusInternal: [statusInternal] }), resourceAttributeRegistryText: [], agentReference: refs([agentId]),
      })),
    }),
  };
}

class Wrong extends Error {
  readonly field: string;
  readonly value: string;
  readonly expected: Exclude<EidoParsed, { ok: true }>["expected"];
  constructor(field: string, value: unknown, expected: Exclude<EidoParsed, { ok: true }>["expected"]) {
    super(field);
    this.field = field;
    this.value = (typeof value === "string" ? value : (JSON.stringify(value) ?? "")).slice(0, 100);
    this.expected = expected;
  }
}
type Fields = Readonly<Record<string, unknown>>;
const isFields = (value: unknown): value is Fields => typeof value === "object" && value !== null && !Array.isArray(value);

/** Never throws; the first fault is told. */
export function parseEido(input: unknown): EidoParsed {
  try {
    return { ok: true, incident: read(input) };
  } catch (error) {
    if (error instanceof Wrong) return { ok: false, field: error.field, value: error.value, expected: error.expected };
    throw error;
  }
}

function textOf(fields: Fields, name: string, path = name): string | null {
  const value = Object.hasOwn(fields, name) ? fields[name] : undefined;
  if (value === undefined || value === null || value === "") return null;
  if (typeof value !== "string") throw new Wrong(path, value, "text");
  if (value.length > MOST_TEXT) throw new Wrong(path, `${value.length} characters`, "bounded");
  return value.trim();
}
function neededText(fields: Fields, name: string, path = name): string {
  const found = textOf(fields, name, path);
  if (found === null) throw new Wrong(path, "", "present");
  return found;
}
function timeOf(fields: Fields, name: string, path = name): number {
  const text = neededText(fields, name, path);
  const at = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at) || at < 0) throw new Wrong(path, text, "time");
  return at;
}
/** A component, or a list of them: the standard has lists of most, and one incident. */
function components(fields: Fields, name: string): readonly Fields[] {
  const value = Object.hasOwn(fields, name) ? fields[name] : undefined;
  if (value === undefined || value === null) return [];
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (list.length > MOST_COMPONENTS) throw new Wrong(name, `${list.length} items`, "bounded");
  return list.map((one) => {
    if (!isFields(one)) throw new Wrong(name, one, "list");
    return one;
  });
}
const textsOf = (fields: Fields, name: string): readonly string[] => {
  const value = Object.hasOwn(fields, name) ? fields[name] : undefined;
  const list: readonly unknown[] = value === undefined || value === null ? [] : Array.isArray(value) ? value : [value];
  return list.slice(0, MOST_COMPONENTS).flatMap((one) => (typeof one === "string" && one !== "" ? [one.slice(0, MOST_TEXT)] : []));
};

/** The primary one; else the first. */
function readDisposition(incident: Fields): EidoIncident["disposition"] {
  const all = components(incident, "dispositionComponent").flatMap((one) => {
    const common = textOf(one, "dispositionCommonRegistryCode", "dispositionComponent.dispositionCommonRegistryCode");
    return common === null ? [] : [{ common, internal: textOf(one, "dispositionCategoryText", "dispositionComponent.dispositionCategoryText"), isPrimary: one["dispositionPrimaryIndicator"] === true }];
  });
  const found = all.find(({ isPrimary }) => isPrimary) ?? all[0];
  return found === undefined ? null : { common: found.common, internal: found.internal };
}

function read(input: unknown): EidoIncident {
  if (!isFields(input)) throw new Wrong("$id", input, "present");
  const [incident] = components(input, "incidentComponent");
  if (incident === undefined) throw new Wrong("incidentComponent", "", "present");
  const locations = components(input, "locationComponent");
  const referred = new Set(components(incident, "locationReference").flatMap((one) => (typeof one["$ref"] === "string" ? [one["$ref"]] : [])));
  const location = locations.find((one) => typeof one["$id"] === "string" && referred.has(one["$id"])) ?? locations[0] ?? null;
  const byValue = location === null ? null : textOf(location, "locationByValue", "locationComponent.locationByValue");
  const updatedAt = timeOf(input, "lastUpdateTimeStamp");
  const priority = incident["incidentCommonPriorityNumber"];
  return {
    id: neededText(input, "$id").slice(0, 300), issuer: neededText(input, "issuingElementIdentification").slice(0, 200), updatedAt, typeCommon: neededText(incident, "incidentTypeCommonRegistryText", "incidentComponent.incidentTypeCommonRegistryText"),
    typeInternal: textOf(incident, "incidentTypeInternalText", "incidentComponent.incidentTypeInternalText"), statuses: textsOf(incident, "incidentStatusCommonRegistryText"),
    statusInternal: textsOf(incident, "incidentStatusInternalText")[0] ?? null,
    priority: typeof priority === "number" && Number.isInteger(priority) && priority >= 0 && priority <= 10 ? priority : null, internalId: textOf(incident, "internalIncidentId", "incidentComponent.internalIncidentId"),
    place: byValue === null ? null : parsePidfLo(byValue), placeText: location === null ? null : (textOf(location, "locationDescriptionText", "locationComponent.locationDescriptionText") ?? textOf(location, "locationAddressText", "locationComponent.locationAddressText")),
    notes: components(input, "notesComponent").flatMap((note) => {
      const words = textOf(note, "notesActionComments", "notesComponent.notesActionComments");
      return words === null ? [] : [{ at: textOf(note, "lastUpdateTimeStamp", "notesComponent.lastUpdateTimeStamp") === null ? updatedAt : timeOf(note, "lastUpdateTimeStamp", "notesComponent.lastUpdateTimeStamp"), words }];
    }),
    callbackUris: components(input, "callbackComponent").flatMap((one) => textsOf(one, "callBackInformationUri")),
    resources: components(input, "emergencyResourceComponent").map((one) => ({
      name: textOf(one, "emergencyResourceName", "emergencyResourceComponent.emergencyResourceName") ?? "", type: textOf(one, "emergencyResourceTypeCommonRegistryText", "emergencyResourceComponent.emergencyResourceTypeCommonRegistryText") ?? "",
      typeInternal: textOf(one, "emergencyResourceTypeInternalText", "emergencyResourceComponent.emergencyResourceTypeInternalText"), primary: textOf(one, "primaryUnitStatusRegistryText", "emergencyResourceComponent.primaryUnitStatusRegistryText") ?? "",
      secondary: textsOf(one, "secondaryUnitStatusRegistryText"), statusInternal: textsOf(one, "unitStatusInternal")[0] ?? null,
    })),
    disposition: readDisposition(incident), roles: components(input, "agencyComponent").filter((one, _, all) => one["incidentOwningAgencyIndicator"] === true || all.length === 1).flatMap((one) => textsOf(one, "agencyRoleDescriptionRegistryText")),
  };
}
