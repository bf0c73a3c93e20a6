// Place search in memory: streets, house numbers, crossings, named places, coordinates, and what the running system adds (platforms, cameras, campuses).
// A query takes a few milliseconds on a city of 200,000 addresses because only names are searched by text; numbers are looked up on the few
// streets that match. A database with trigrams was rejected: the call taker's completion must not depend on it being up. Nothing is indexed before it is searched or prepared: after a crash, calls come first.
import { lazily } from "../base/lazily.ts";
import type { FeatureKind } from "./city/feature-kinds.ts";
import { FEATURE_KINDS } from "./city/feature-kinds.ts";
import { type CrossingFinder, createCrossingFinder } from "./crossings.ts";
import type { GazetteerParts } from "./gazetteer-parts.ts";
import { findHouse } from "./house-numbers.ts";
import { completePlusCode, decodePlusCode, parsePlusCode } from "./plus-code.ts";
import { type NameMatch, createNameIndex } from "./name-index.ts";
import { type PlaceReadings, readPlaceQuery, splitAfterNumber } from "./place-query.ts";
import { matchMistyped, matchPinyin, readName as readSpoken, toLetters } from "./pinyin.ts";
import { leaveOutWords, readSpokenLead, readStretches, type Stretch } from "./spoken-place.ts";
import { editDistance, isWeakWord, nameKey, normaliseText, wordsOf } from "./place-text.ts";
import { type Bounds, type Point, boundsContain, distanceM } from "./point.ts";
import type { RoadGraph } from "./road-graph.ts";

export type PlaceKind = "address" | "street" | "crossing" | "school" | "police" | "hospital" | "fire-station" | "platform" | "camera" | "landmark" | "coordinates";

/** As the contract's Place. */
export interface FoundPlace {
  readonly kind: PlaceKind;
  readonly label: string;
  readonly district: string | null;
  readonly point: Point;
  readonly uncertaintyM: number;
  readonly exact: boolean;
  readonly cameraId: number | null;
  readonly platformId: number | null;
  readonly campusId: number | null;
  /** The part of the query that this place does not account for ("Buenos Aires" after a street of Montevideo), or null. */
  readonly notUnderstood: string | null;
  /** How many other places of this kind bear the same name elsewhere in the city, that nothing typed tells from it: one of them is never taken silently. */
  readonly namesakes: number;
}

/** Something the running system knows: found by its code or its name. */
export interface AddedPlace {
  readonly kind: "platform" | "camera" | "school";
  readonly id: number;
  readonly code: string;
  readonly name: string;
  readonly point: Point;
  readonly district: string | null;
}

export interface PlaceSearchOptions {
  readonly limit?: number;
  /** Among equals, what is nearer to here comes first. */
  readonly near?: Point | null;
}

/** `reason`: outside-city (coordinates beyond the border; they are a place all the same, since an incident may be there), no-such-place (nothing was found). */
export interface PlaceSearchResult {
  readonly places: readonly FoundPlace[];
  readonly reason: { readonly code: "outside-city" | "no-such-place"; readonly params: Readonly<Record<string, string | number>> } | null;
}

export interface Gazetteer {
  readonly parts: GazetteerParts;
  readonly crossings: CrossingFinder;
  readonly search: (query: string, options?: PlaceSearchOptions) => PlaceSearchResult;
  /** Replaces all added places of one kind by those that `list` has when they are searched first. */
  readonly setAdded: (kind: AddedPlace["kind"], list: () => readonly AddedPlace[]) => void;
  /** For so many places of one kind that they are found by their codes alone: it is asked beside the others, and the added places of that kind are left out. Null: back to these. */
  readonly setFinder: (kind: AddedPlace["kind"], find: ((query: string, limit: number) => readonly { readonly place: AddedPlace; readonly exact: boolean }[]) | null) => void;
  readonly isFoundByCodeAlone: (kind: AddedPlace["kind"]) => boolean;
  /** Makes what the first search would wait for, a part at a step. */
  readonly prepare: () => Generator<void, void>;
  /** The district nearest to a point, or null. */
  readonly districtAt: (p: Point) => string | null;
  /** "Rivera y Soca" or "Rivera" for a point on the roads' corner or street: how to name a spot. */
  readonly crossingLabel: (streets: readonly number[]) => string;
}

interface Candidate {
  readonly place: FoundPlace;
  readonly score: number;
  /** The street that it lies on, where it was found by one. */
  readonly street: number | null;
  readonly missed: readonly string[];
}

const NO_IDS = { cameraId: null, platformId: null, campusId: null, notUnderstood: null, namesakes: 0 } as const;
const COORDINATES_M = 5;
const FEATURE_M = 25;
/** Who types a street's name means the street before the cameras that are named for it. */
const CAMERA_LOSS = 0.15;
/** As of a match of names, where 1 is every word in full: a whole code is surely meant, its beginning as surely as a word that was begun, less what cameras lose. */
const EXACT_CODE = 1.4;
const BEGUN_CODE = 0.7;
const STREETS_TRIED = 8;
/** Places that score under this share of the best are noise. */
const NOISE_SHARE = 0.78;
const DISTRICT_BONUS = 0.25;
const CORNER_BONUS = 0.15;
const NOT_UNDERSTOOD_LOSS = 0.2;
/** Streets of one name that are tried where the first few do not meet the other: "la rambla" is said of a dozen. */
const STREETS_TRIED_MORE = 60;
/** "Rivera 2000, Soca": so far from the house the corner may be. */
const CORNER_M = 350;
const LONGEST_STRETCH_M = 1_500;
const STRETCH_END_M = 15;
const IMPORTANCE_BONUS = 0.1;
const NEAR_BONUS = 0.06;
const NEAR_SCALE_M = 4_000;
/** Two of one name and kind this near are one. */
const SAME_M = 150;

export interface GazetteerOptions {
  readonly cityName: string;
  readonly bounds: Bounds;
  /** Between the streets of a crossing: "y" in Montevideo. */
  readonly cornerWord: string;
}

export function createGazetteer(parts: GazetteerParts, graph: RoadGraph, options: GazetteerOptions): Gazetteer {
  const { cityName, bounds, cornerWord } = options;
  const streets = createNameIndex(parts.streetNames);
  const features = createNameIndex(parts.featureNames);
  const finder = lazily(() => createCrossingFinder(graph));
  const crossings: CrossingFinder = { find: (a, b) => finder().find(a, b), meeting: (street) => finder().meeting(street), streetsAt: (node) => finder().streetsAt(node) };
  const added = new Map<AddedPlace["kind"], () => { places: readonly AddedPlace[]; names: ReturnType<typeof createNameIndex>; byCode: Map<string, number> }>();
  const finders = new Map<AddedPlace["kind"], NonNullable<Parameters<Gazetteer["setFinder"]>[1]>>();

  const districtName = (number: number): string | null => (number < 0 ? null : parts.districtNames[number]!);
  const districtAt = (p: Point): string | null => {
    let best: string | null = null;
    let least = 4_000;
    for (let d = 0; d < parts.districtNames.length; d++) {
      const metres = distanceM(p, { lon: parts.districtLonE7[d]! / 1e7, lat: parts.districtLatE7[d]! / 1e7 });
      if (metres >= least) continue;
      least = metres;
      best = parts.districtNames[d]!;
    }
    return best;
  };
  /** A long street with many houses is meant more often than a lane of the same name. */
  const weightOf = (s: number): number => Math.min(IMPORTANCE_BONUS, (IMPORTANCE_BONUS * Math.log(1 + parts.addressFirst[s + 1]! - parts.addressFirst[s]! + parts.streetRadiusM[s]! / 20)) / Math.log(1_000));
  const streetsNamed = (name: string, limit: number, lastIsWhole: boolean): NameMatch[] =>
    streets.search(name, limit * 4, { lastIsWhole }).map((match) => ({ ...match, score: match.score + weightOf(match.item) })).sort((a, b) => b.score - a.score || a.item - b.item).slice(0, limit);
  const streetPlace = (s: number): FoundPlace => ({
    kind: "street", label: parts.streetNames[s]!, district: districtName(parts.streetDistrict[s]!), point: { lon: parts.streetLonE7[s]! / 1e7, lat: parts.streetLatE7[s]! / 1e7 },
    uncertaintyM: Math.max(20, Math.round(parts.streetRadiusM[s]!)), exact: true, ...NO_IDS,
  });

  const featurePlace = (f: number): FoundPlace => ({
    kind: kindOfFeature(FEATURE_KINDS[parts.featureKind[f]!]!), label: parts.featureNames[f]!, district: districtName(parts.featureDistrict[f]!),
    point: { lon: parts.featureLonE7[f]! / 1e7, lat: parts.featureLatE7[f]! / 1e7 }, uncertaintyM: Math.round(Math.max(FEATURE_M, parts.featureRadiusM[f]!)), exact: true, ...NO_IDS,
  });
  const byName = (names: readonly string[]): (() => Map<string, number[]>) => lazily(() => Map.groupBy(names.keys(), (i) => names[i]!));
  const [streetsByName, featuresByName] = [byName(parts.streetNames), byName(parts.featureNames)];
  /** All that bear the name of a street or a thing, however few were asked for. */
  const listNamed = ({ kind, label }: FoundPlace): Candidate[] => [
    ...(kind === "street" ? (streetsByName().get(label) ?? []).map((s) => ({ place: streetPlace(s), score: 0, street: s, missed: [] })) : []),
    ...(kind === "street" ? [] : (featuresByName().get(label) ?? []).map((f) => ({ place: featurePlace(f), score: 0, street: null, missed: [] }))),
  ];

  const readAddress = (street: string, number: number, suffix: string, leading: boolean, out: Candidate[]): void => {
    for (const match of streetsNamed(street, STREETS_TRIED, true)) {
      const whole = streetPlace(match.item);
      const houses = findHouse(parts, match.item, number, suffix);
      // "18 de julio" is a street long before it is number 18 of another
      const base = match.score * (leading ? 0.8 : 1) + 0.05;
      if (houses.length === 0) {
        out.push({ place: { ...whole, kind: "address", label: `${whole.label} ${number}`, exact: false }, score: base - 0.12, street: match.item, missed: match.missed });
        continue;
      }
      for (const house of houses) {
        const label = `${whole.label} ${number}${house.suffix === "" ? "" : ` ${house.suffix}`}`;
        out.push({ place: { kind: "address", label, district: districtAt(house.point), point: house.point, uncertaintyM: house.uncertaintyM, exact: house.exact, ...NO_IDS }, score: base + (house.exact ? 0.05 : -Math.min(0.3, house.uncertaintyM / 3_000)), street: match.item, missed: match.missed });
      }
    }
  };
  const crossingOf = (a: NameMatch, b: NameMatch): Candidate[] => crossings.find(a.item, b.item).map((met) => ({
    place: { kind: "crossing", label: `${parts.streetNames[a.item]} ${cornerWord} ${parts.streetNames[b.item]}`, district: districtAt(met.point), point: met.point, uncertaintyM: met.uncertaintyM, exact: met.exact, ...NO_IDS },
    score: Math.min(a.score, b.score) * 0.7 + Math.max(a.score, b.score) * 0.3 + (met.exact ? 0.08 : -0.05),
    street: null, missed: [...a.missed, ...b.missed],
  }));
  const readCrossing = (left: string, right: string, out: Candidate[], most = STREETS_TRIED): void => {
    const ofLeft = streetsNamed(left, most, true);
    const ofRight = ofLeft.length === 0 ? [] : streetsNamed(right, most, false);
    const first = ofLeft.slice(0, STREETS_TRIED).flatMap((a) => ofRight.slice(0, STREETS_TRIED).flatMap((b) => crossingOf(a, b)));
    // of many streets of that name those that meet the other
    const more = most === STREETS_TRIED || first.some((one) => one.place.exact) ? [] : ofRight.slice(0, STREETS_TRIED).flatMap((b) => ofLeft.filter((a) => crossings.meeting(b.item).has(a.item)).flatMap((a) => crossingOf(a, b)))
      .concat(ofLeft.slice(0, STREETS_TRIED).flatMap((a) => ofRight.slice(STREETS_TRIED).filter((b) => crossings.meeting(a.item).has(b.item)).flatMap((b) => crossingOf(a, b))));
    out.push(...first, ...more);
  };
  /** The piece of a street between two others: its middle, as unsure as it is long. */
  const readStretch = ({ street, from, to }: Stretch, out: Candidate[]): void => {
    for (const of of streetsNamed(street, STREETS_TRIED, true)) {
      const cornersWith = (name: string, whole: boolean): { readonly with: NameMatch; readonly point: Point }[] =>
        streetsNamed(name, STREETS_TRIED, whole).flatMap((other) => crossings.find(of.item, other.item).filter((met) => met.exact).map((met) => ({ with: other, point: met.point })));
      const ends = cornersWith(to, false);
      for (const a of cornersWith(from, true)) {
        for (const b of ends) {
          const length = distanceM(a.point, b.point);
          if (a.with.item === b.with.item || length > LONGEST_STRETCH_M) continue;
          const point = { lon: (a.point.lon + b.point.lon) / 2, lat: (a.point.lat + b.point.lat) / 2 };
          out.push({
            place: { kind: "street", label: `${parts.streetNames[of.item]}, ${parts.streetNames[a.with.item]} – ${parts.streetNames[b.with.item]}`, district: districtAt(point), point, uncertaintyM: Math.ceil(length / 2) + STRETCH_END_M, exact: true, ...NO_IDS },
            score: (of.score + a.with.score + b.with.score) / 3 + 0.1 - length / LONGEST_STRETCH_M / 10, street: of.item, missed: [...of.missed, ...a.with.missed, ...b.with.missed],
          });
        }
      }
    }
  };
  const readName = (name: string, limit: number, out: Candidate[]): void => {
    for (const match of streetsNamed(name, limit, false)) out.push({ place: streetPlace(match.item), score: match.score, street: match.item, missed: match.missed });
    for (const match of features.search(name, limit)) {
      out.push({ place: featurePlace(match.item), score: match.score - 0.01, street: null, missed: match.missed });
    }
    const code = normaliseText(name).replaceAll(" ", "");
    for (const find of finders.values()) for (const { place, exact } of find(name, limit)) out.push({ place: addedPlace(place), score: exact ? EXACT_CODE : BEGUN_CODE, street: null, missed: [] });
    for (const [kind, listed] of added) {
      if (finders.has(kind)) continue;
      const group = listed();
      const exact = group.byCode.get(code);
      if (exact !== undefined) out.push({ place: addedPlace(group.places[exact]!), score: EXACT_CODE, street: null, missed: [] });
      for (const match of group.names.search(name, limit)) {
        if (match.item !== exact) out.push({ place: addedPlace(group.places[match.item]!), score: match.score - (kind === "camera" ? CAMERA_LOSS : 0.02), street: null, missed: match.missed });
      }
    }
  };

  const spokenDistricts = parts.districtNames.map(readSpoken);
  const spokenCity = readSpoken(cityName);
  const isCityName = (detail: string): boolean => (spokenCity !== null && matchPinyin(toLetters(detail), spokenCity) >= 1) || nameKey(detail) === nameKey(cityName) || editDistance(normaliseText(detail), normaliseText(cityName), 1) <= 1;
  const findDistricts = (detail: string): string[] => {
    const wanted = normaliseText(detail);
    const most = wanted.length < 5 ? 0 : 1;
    const bare = wanted.replace(/ [区县]$/u, ""); // 渝中 is 渝中区
    const letters = toLetters(detail);
    const isSpoken = (d: number): boolean => spokenDistricts[d] != null && (matchPinyin(letters, spokenDistricts[d]) > 0 || matchMistyped(letters, spokenDistricts[d]) > 0);
    return wanted === "" ? [] : parts.districtNames.map(normaliseText).filter((name, d) => name.startsWith(wanted) || name === bare || editDistance(name, wanted, most) <= most || isSpoken(d));
  };
  /** What is known of the words after a comma. What follows the city's own name is its country or region, and needs no reading. */
  const readDetails = (details: readonly string[]): { readonly words: string; readonly districts: readonly string[]; readonly streets: readonly number[] }[] => {
    const city = details.findIndex(isCityName);
    return (city < 0 ? details : details.slice(0, city)).map((words) => ({ words, districts: findDistricts(words), streets: streetsNamed(words.replace(CORNER_BEFORE, ""), STREETS_TRIED, true).filter((match) => match.missed.length === 0).map((match) => match.item) }));
  };
  const isNearCorner = ({ place, street }: Candidate, others: readonly number[]): boolean =>
    street !== null && others.some((other) => crossings.find(street, other).some((met) => distanceM(met.point, place.point) <= CORNER_M + place.uncertaintyM));
  const namesAll = (label: string, words: string): boolean => {
    const held = new Set(wordsOf(label));
    return wordsOf(words).every((word) => isWeakWord(word) || held.has(word));
  };

  const readAll = (readings: PlaceReadings, limit: number): Candidate[] => {
    const found: Candidate[] = [];
    for (const stretch of readStretches(readings.name)) readStretch(stretch, found);
    for (const { left, right } of readings.crossings) readCrossing(left, right, found, readings.crossings.length > 1 ? STREETS_TRIED : STREETS_TRIED_MORE);
    if (readings.addresses.length === 0) for (const detail of readings.details) readCrossing(readings.name, detail.replace(CORNER_BEFORE, ""), found);
    for (const { street, number, suffix, leading } of readings.addresses) readAddress(street, number, suffix, leading, found);
    readName(readings.name, limit, found);
    return found;
  };

  const readOf = (query: string, limit: number): Candidate[] => {
    const readings = readPlaceQuery(query, () => false);
    const found = readAll(readings, limit);
    return found.length > 0 ? found : readInPart(readings, limit);
  };
  /** Where all of it is no place: a corner without the first or last words, else each of two streets that do not meet, so that the caller can be asked again, else a name without its first or last words. What was lost is told, and none is exact. */
  const readInPart = ({ crossings: pairs, addresses, name }: PlaceReadings, limit: number): Candidate[] => {
    const halves = pairs.flatMap(({ left, right }) => [{ name: left, left: right }, { name: right, left }]);
    const partOf = (part: { readonly name: string; readonly left: string }, most: number): Candidate[] => {
      const found: Candidate[] = [];
      readName(part.name, most, found);
      return found.map((candidate) => besideOf(candidate, part.left, 0));
    };
    const shorter = leaveOutWords(name).filter((part) => wordsOf(part.name).some((word) => !isWeakWord(word) && /\p{L}{3}|\p{Script=Han}/u.test(word)));
    for (const part of pairs.length === 1 ? shorter : []) {
      const found: Candidate[] = [];
      for (const { left, right } of readPlaceQuery(part.name, () => false).crossings) readCrossing(left, right, found);
      if (found.length > 0) return found.map((candidate) => besideOf(candidate, part.left, 0));
    }
    const found = halves.flatMap((half) => partOf(half, 2));
    // a house of a street that the city does not have is no place of ours: "Gran" of "Gran Vía 28" would be one
    const isHouse = addresses.some(({ leading }) => !leading);
    for (const part of found.length > 0 || isHouse ? [] : shorter) {
      found.push(...partOf(part, limit).filter(({ place }) => namesAll(place.label, part.name))); // no guess on top of a guess
      if (found.length > 0) break;
    }
    return found;
  };

  const outside = (point: Point): PlaceSearchResult["reason"] => (boundsContain(bounds, point) ? null : { code: "outside-city", params: { city: cityName, lat: point.lat, lon: point.lon } });
  const describeCoded = ({ cells, rest }: PlusCodeReading): PlaceSearchResult => {
    const left = readDetails(rest).filter((detail) => detail.districts.length === 0).map((detail) => detail.words);
    const wanted = readDetails(rest).flatMap((detail) => detail.districts);
    const placed = cells.map(({ text, point, uncertaintyM }): FoundPlace => ({
      kind: "coordinates", label: text, district: outside(point) === null ? districtAt(point) : null, point, uncertaintyM, exact: true, ...NO_IDS, notUnderstood: left.length === 0 ? null : left.join(", "),
    }));
    const told = placed.filter((place) => place.district !== null && wanted.includes(normaliseText(place.district)));
    const places = told.length > 0 ? told : placed;
    return { places: places.map((place) => ({ ...place, namesakes: places.length - 1 })), reason: places.length > 0 ? outside(places[0]!.point) : { code: "no-such-place", params: { city: cityName, query: "" } } };
  };

  const search: Gazetteer["search"] = (query, searchOptions = {}) => {
    const limit = searchOptions.limit ?? 8;
    const coded = readPlusCode(query.slice(0, 200), bounds, searchOptions.near ?? null, limit);
    if (coded !== null) return describeCoded(coded);
    let readings = readPlaceQuery(query.slice(0, 200), (p) => boundsContain(bounds, p));
    if (readings.coordinates !== null) {
      const point = readings.coordinates;
      const reason = outside(point);
      return { places: [{ kind: "coordinates", label: `${point.lat.toFixed(5)}, ${point.lon.toFixed(5)}`, district: reason === null ? districtAt(point) : null, point, uncertaintyM: COORDINATES_M, exact: true, ...NO_IDS }], reason };
    }
    let found = readAll(readings, limit);
    if (readings.details.length > 0 && found.length === 0) {
      readName(query, limit, found);
      if (found.length > 0) readings = { ...readings, details: [] }; // a name with a comma in it
    }
    if (!found.some((candidate) => candidate.missed.length === 0)) {
      const lead = readSpokenLead(readings.name);
      const spoken = lead === null ? [] : readOf(lead.place, limit);
      found.push(...(lead?.beside == null ? spoken : spoken.map((candidate) => besideOf(candidate, lead.beside!, lead.withinM))));
    }
    // words after the number without a comma: "rivera 2000 al lado del kiosco"
    const split = found.length > 0 ? null : splitAfterNumber(query.slice(0, 200));
    const splitReadings = split === null ? null : readPlaceQuery(split, () => false);
    const splitFound = splitReadings === null ? [] : readAll(splitReadings, limit);
    if (splitReadings !== null && splitFound.length > 0) [readings, found] = [splitReadings, splitFound];
    if (found.length === 0) found.push(...readInPart(readings, limit));
    const details = readDetails(readings.details);
    const judge = (candidate: Candidate): { readonly place: FoundPlace; readonly score: number; readonly told: number } => {
      const { place, missed } = candidate;
      const district = place.district === null ? null : normaliseText(place.district);
      const left: string[] = [...missed];
      let told = 0;
      let score = candidate.score + (searchOptions.near == null ? 0 : NEAR_BONUS * Math.exp(-distanceM(searchOptions.near, place.point) / NEAR_SCALE_M));
      for (const detail of details) {
        if (detail.districts.length > 0) told += district !== null && detail.districts.includes(district) ? DISTRICT_BONUS : 0;
        else if (isNearCorner(candidate, detail.streets)) told += place.kind === "address" ? CORNER_BONUS : 0;
        else if (!namesAll(place.label, detail.words)) left.push(detail.words);
      }
      score += told;
      if (left.length === 0) return { place, score, told };
      return { told, place: { ...place, notUnderstood: left.join(", ") }, score: score - (left.length > missed.length ? NOT_UNDERSTOOD_LOSS : 0) }; // a missed word has cost its name already
    };
    const ranked = found.map(judge).sort((a, b) => b.score - a.score || (a.place.label < b.place.label ? -1 : 1));
    const places = distinct(ranked, limit).map((place) => ({ ...place, namesakes: countNamesakes(place, [...ranked, ...listNamed(place).map(judge)]) }));
    return { places, reason: places.length > 0 ? null : { code: "no-such-place", params: { city: cityName, query: query.slice(0, 80) } } };
  };

  const setAdded: Gazetteer["setAdded"] = (kind, list) => {
    added.set(kind, lazily(() => {
      const places = list();
      return { places, names: createNameIndex(places.map((p) => `${p.code} ${p.name}`), places.map((p) => p.name)), byCode: new Map(places.map((p, i) => [normaliseText(p.code).replaceAll(" ", ""), i])) };
    }));
  };
  function* prepare(): Generator<void, void> {
    yield streets.prepare();
    yield features.prepare();
    yield void finder();
    yield void [streetsByName(), featuresByName()];
    for (const [kind, listed] of added) if (!finders.has(kind)) yield listed().names.prepare();
  }
  const setFinder: Gazetteer["setFinder"] = (kind, find) => void (find === null ? finders.delete(kind) : finders.set(kind, find));
  const crossingLabel: Gazetteer["crossingLabel"] = (numbers) => numbers.slice(0, 2).map((s) => parts.streetNames[s]!).join(` ${cornerWord} `);
  return { parts, crossings, search, setAdded, setFinder, isFoundByCodeAlone: (kind) => finders.has(kind), prepare, districtAt, crossingLabel };
}

interface PlusCodeReading {
  readonly cells: readonly { readonly text: string; readonly point: Point; readonly uncertaintyM: number }[];
  /** What follows the code: usually the city, where the code is short. */
  readonly rest: readonly string[];
}
/** null: the query does not begin with a plus code. A short one is completed by the city; where its cells lie in the city more than once, they are all told, the nearest first. */
function readPlusCode(query: string, bounds: Bounds, near: Point | null, limit: number): PlusCodeReading | null {
  const [, first, rest] = /^\s*(\S+[+＋]\S*)[\s,]*(.*)$/u.exec(query) ?? [];
  const code = first === undefined ? null : parsePlusCode(first.replace(/,$/, ""));
  if (code === null) return null;
  const centre = { lon: (bounds.west + bounds.east) / 2, lat: (bounds.south + bounds.north) / 2 };
  const from = near !== null && boundsContain(bounds, near) ? near : centre;
  const cells = completePlusCode(code, from).map(({ text }) => {
    const { centre: point, height, width } = decodePlusCode({ text, missing: 0 });
    return { text, point, uncertaintyM: Math.ceil(distanceM(point, { lon: point.lon + width / 2, lat: point.lat + height / 2 })) };
  });
  const within = cells.filter(({ point }) => boundsContain(bounds, point));
  return { cells: (within.length > 0 ? within : cells.slice(0, 1)).slice(0, limit), rest: rest!.split(",").map((part) => part.trim()).filter((part) => part !== "") };
}

/** A place that does not stand for all that was asked. */
const besideOf = (candidate: Candidate, left: string, withinM: number): Candidate => {
  const { place } = candidate;
  return { ...candidate, place: { ...place, exact: false, uncertaintyM: Math.max(place.uncertaintyM, withinM) }, missed: [left, ...candidate.missed] };
};

/** "esquina Soca" after a comma: the street is Soca. */
const CORNER_BEFORE = /^(?:y|e|casi|esq\.?|esquina)\s+(?:de\s+|con\s+)?/iu;

function addedPlace(p: AddedPlace): FoundPlace {
  const label = wordsOf(p.name).length === 0 ? p.code : `${p.name} (${p.code})`;
  return {
    kind: p.kind, label, district: p.district, point: p.point, uncertaintyM: p.kind === "school" ? 60 : 10, exact: true,
    cameraId: p.kind === "camera" ? p.id : null, platformId: p.kind === "platform" ? p.id : null, campusId: p.kind === "school" ? p.id : null, notUnderstood: null, namesakes: 0,
  };
}

function kindOfFeature(kind: FeatureKind): PlaceKind {
  return kind === "school" || kind === "police" || kind === "hospital" || kind === "fire-station" ? kind : "landmark";
}

/** The best places, without noise and without the same thing twice: one label in one district within 150 m, or "another name (its name)" of it. An added campus stands for the mapped school. */
function distinct(ranked: readonly Pick<Candidate, "place" | "score">[], limit: number): FoundPlace[] {
  const places: FoundPlace[] = [];
  const best = ranked[0]?.score ?? 0;
  for (const { place, score } of ranked) {
    if (score < best * NOISE_SHARE) break;
    const twin = places.findIndex((p) => (bareLabel(p) === bareLabel(place) || bareLabel(p).endsWith(`(${bareLabel(place)})`) || bareLabel(place).endsWith(`(${bareLabel(p)})`)) && (p.kind === place.kind || p.campusId !== null || place.campusId !== null) && distanceM(p.point, place.point) < SAME_M);
    if (twin < 0) places.push(place);
    else if (place.campusId !== null && places[twin]!.campusId === null) places[twin] = place;
    if (places.length >= limit) break;
  }
  return places;
}

/** Others of the same name and kind elsewhere that the query tells no less of. A house that is known is told from a street where its number is not. */
function countNamesakes(place: FoundPlace, ranked: readonly { readonly place: FoundPlace; readonly told: number }[]): number {
  const told = ranked.find((one) => one.place.label === place.label && one.place.point === place.point)?.told ?? 0;
  const others: FoundPlace[] = [];
  for (const { place: other, told: otherTold } of ranked) {
    if (other.kind !== place.kind || bareLabel(other) !== bareLabel(place) || otherTold < told || (place.exact && !other.exact)) continue;
    if ([place, ...others].every((known) => distanceM(known.point, other.point) >= SAME_M)) others.push(other);
  }
  return others.length;
}

const bareLabel = (p: FoundPlace): string => (p.campusId === null ? p.label : p.label.replace(/ \([^()]*\)$/, ""));
