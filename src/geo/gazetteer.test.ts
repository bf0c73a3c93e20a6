// The place search as a call taker uses it, on a small town drawn in metres: Rivera runs east, Soca north across it, 18 de Julio is a dual carriageway.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { readNumeral } from "./chinese-query.ts";
import { formatPlusCode } from "./plus-code.ts";
import { distanceM } from "./point.ts";
import { area, cityOfFeatures, house, node, pointAt, street } from "./testing/features.ts";

const map = [
  street("Avenida General Rivera", [[0, 0], [500, 0], [1000, 0], [2000, 0]], { highway: "primary" }),
  street("Doctor Francisco Soca", [[500, -400], [500, 0], [500, 400]]),
  street("Avenida 18 de Julio", [[0, 1000], [1500, 1000]], { highway: "primary", oneway: "yes" }),
  street("Avenida 18 de Julio", [[1500, 1020], [0, 1020]], { highway: "primary", oneway: "yes" }),
  street("Ejido", [[500, 900], [500, 1000]]), street("Ejido", [[500, 1000], [500, 1020]]), street("Ejido", [[500, 1020], [500, 1100]]),
  // the carriageways share points with Ejido
  street("Avenida 18 de Julio", [[400, 1000], [500, 1000], [600, 1000]], { oneway: "yes" }),
  street("Avenida 18 de Julio", [[600, 1020], [500, 1020], [400, 1020]], { oneway: "yes" }),
  street("José Batlle y Ordóñez", [[1000, -300], [1000, 0], [1000, 300]]),
  street("Calle 1", [[-5000, -5000], [-4800, -5000]]), street("Calle 1", [[5000, 5000], [5300, 5000]]),
  node({ place: "suburb", name: "Pocitos" }, 500, 0), node({ place: "suburb", name: "Centro" }, 500, 1000), node({ place: "suburb", name: "Punta Sur" }, -5000, -5000), node({ place: "suburb", name: "Villa Norte" }, 5000, 5000),
  house("General Rivera", "100", 100, 10), house("Av. Gral. Rivera", "200", 200, 10), house("Avenida General Rivera", "201", 200, -10), house("Avenida General Rivera", "300 bis", 300, 10), house("Avenida General Rivera", "300", 310, 10),
  house("Avenida 18 de Julio", "1360", 700, 1030), house("Calle 1", "12", -4900, -4995), house("Calle 1", "12", 5100, 5005), house("Pasaje sin Mapa", "7", 1500, 300),
  node({ amenity: "school", name: "Escuela Nº 47 Washington Beltrán" }, 800, 100), node({ amenity: "hospital", name: "Hospital Maciel" }, 900, 200), node({ amenity: "police", name: "Seccional 10ª" }, 950, 60),
  area({ leisure: "park", name: "Plaza Cagancha" }, [[300, 1030], [360, 1030], [360, 1080], [300, 1080]]),
];
const town = cityOfFeatures(map);
const find = (query: string, limit = 5): readonly { label: string; kind: string; district: string | null; exact: boolean; uncertaintyM: number; notUnderstood: string | null; point: { lon: number; lat: number } }[] => town.gazetteer.search(query, { limit }).places;
const labels = (query: string): string[] => find(query).map((p) => p.label);
const isAt = (query: string, x: number, y: number, withinM: number): void => {
  const place = find(query)[0];
  assert.ok(place !== undefined, `${query}: nothing found`);
  const metres = distanceM(place.point, pointAt(x, y));
  assert.ok(metres <= withinM, `${query}: ${place.label} is ${metres.toFixed(0)} m off`);
};

describe("a street and a number", () => {
  it("is the mapped house", () => {
    isAt("rivera 200", 200, 10, 1);
    assert.equal(find("rivera 200")[0]!.exact, true);
    assert.equal(find("rivera 200")[0]!.label, "Avenida General Rivera 200");
  });
  it("has the district of the house", () => assert.equal(find("18 de julio 1360")[0]!.district, "Centro"));
  it("is told apart by its suffix", () => {
    isAt("rivera 300 bis", 300, 10, 1);
    isAt("rivera 300", 310, 10, 1);
  });
  it("between two known ones stands between them, says so, and how unsure it is", () => {
    const [place] = find("rivera 150");
    isAt("rivera 150", 150, 10, 1);
    assert.equal(place!.exact, false);
    assert.ok(place!.uncertaintyM >= 50 && place!.uncertaintyM <= 120, String(place!.uncertaintyM));
  });
  it("beyond the last known one is ever less sure", () => {
    const near = find("rivera 320")[0]!;
    const far = find("rivera 900")[0]!;
    assert.equal(near.exact, false);
    assert.ok(far.uncertaintyM > near.uncertaintyM + 300, `${near.uncertaintyM}, ${far.uncertaintyM}`);
  });
  it("of two streets of one name gives both, each with its district", () => assert.deepEqual(find("calle 1 12").map((p) => p.district).sort(), ["Punta Sur", "Villa Norte"]));
  it("narrows by a district after a comma", () => assert.equal(find("calle 1 12, villa norte")[0]!.district, "Villa Norte"));
  it("finds addresses on a street that the map does not draw", () => isAt("pasaje sin mapa 7", 1500, 300, 1));
  it("on a street without numbers is the street, not exact, as unsure as it is long", () => {
    const place = find("soca 1234")[0]!;
    assert.equal(place.label, "Doctor Francisco Soca 1234");
    assert.equal(place.exact, false);
    assert.ok(place.uncertaintyM >= 200);
  });
});

describe("two streets", () => {
  for (const query of ["rivera y soca", "soca esq. rivera", "rivera/soca", "Av. Gral. Rivera esquina Dr. Soca", "rivera & soca", "rivera and soca"]) {
    it(`"${query}" is their corner`, () => {
      isAt(query, 500, 0, 1);
      assert.equal(find(query)[0]!.kind, "crossing");
    });
  }
  it("of which one has a y in its name", () => isAt("batlle y ordoñez y rivera", 1000, 0, 1));
  it("of which one has two carriageways meet once, in the middle", () => {
    const crossings = find("18 de julio y ejido").filter((p) => p.kind === "crossing");
    assert.equal(crossings.length, 1);
    isAt("18 de julio y ejido", 500, 1010, 2);
  });
  it("that do not meet give the streets, so that one can ask again", () => assert.deepEqual([...new Set(find("soca y ejido").map((p) => p.kind))], ["street"]));
});

describe("names", () => {
  it("need no accents, no capitals", () => assert.equal(labels("jose batlle y ordonez")[0], "José Batlle y Ordóñez"));
  it("are completed", () => assert.ok(labels("escuela n 47 wash").includes("Escuela Nº 47 Washington Beltrán")));
  it("bear typing errors", () => {
    assert.equal(labels("hopsital macel")[0], "Hospital Maciel");
    isAt("riveira 200", 200, 10, 1);
  });
  it("an exact word beats a short name that is only begun or nearly so", () => {
    const streets = ["Escocia", "Escalada", "Escuchas", "Escorpion"].map((name, i) => street(name, [[0, 3000 + 100 * i], [300, 3000 + 100 * i]]));
    const { gazetteer } = cityOfFeatures([...map, ...streets]);
    const first = (query: string): string | undefined => gazetteer.search(query, { limit: 5 }).places[0]?.label;
    assert.equal(first("escuela"), "Escuela Nº 47 Washington Beltrán");
    assert.equal(first("escoc"), "Escocia", "what is begun is still completed");
    assert.ok(first("escue") === "Escuela Nº 47 Washington Beltrán", "so is a word that names hold in its short form");
  });
  it("bear a typing error in a word that is abbreviated, too", () => {
    const { gazetteer } = cityOfFeatures([...map, street("Bulevar General Artigas", [[0, 4000], [900, 4000]]), house("Bulevar General Artigas", "1480", 400, 4010)]);
    const [place] = gazetteer.search("bulevard artigas 1500").places;
    assert.equal(place?.label, "Bulevar General Artigas 1500");
    assert.equal(place?.exact, false);
    assert.ok(distanceM(place.point, pointAt(400, 4010)) < 1, "the nearest number that is known");
    isAt("abenida 18 de julio 1360", 700, 1030, 1);
  });
  it("take a number as it is said", () => assert.equal(find("dieciocho de julio 1360")[0]!.label, "Avenida 18 de Julio 1360"));
  it("are found by what else they are called, and shown once", () => {
    const british = cityOfFeatures([...map, node({ amenity: "hospital", name: "Hospital Británico", alt_name: "Sanatorio Inglés;Británico", "name:zh": "英国医院", "name:en": "Hospital Britanico" }, 700, 300)]);
    const found = (query: string) => british.gazetteer.search(query).places.filter((place) => place.kind === "hospital").map((place) => place.label);
    assert.deepEqual(found("sanatorio ingles"), ["Sanatorio Inglés (Hospital Británico)"]);
    assert.deepEqual(found("英国医院"), ["英国医院 (Hospital Británico)"]);
    assert.equal(found("hospital britanico")[0], "Hospital Británico");
    assert.equal(found("hospital britanico").length, 1);
    assert.deepEqual(british.featuresOf("hospital").map((feature) => feature.name).sort(), ["Hospital Británico", "Hospital Maciel"], "it is one hospital");
  });
  it("know their kind", () => {
    assert.equal(find("maciel")[0]!.kind, "hospital");
    assert.equal(find("seccional 10")[0]!.kind, "police");
    assert.equal(find("plaza cagancha")[0]!.kind, "landmark");
  });
});

describe("coordinates", () => {
  const { lat, lon } = pointAt(100, 100);
  it("are latitude first", () => isAt(`${lat}, ${lon}`, 100, 100, 1));
  it("are taken the other way round where only that is in the city", () => isAt(`${lon}, ${lat}`, 100, 100, 1));
  it("outside the city are a place all the same, with the reason: an incident there is still taken", () => {
    const answer = town.gazetteer.search("48.85, 2.35");
    assert.deepEqual(answer.places.map((p) => [p.kind, p.point, p.district]), [["coordinates", { lat: 48.85, lon: 2.35 }, null]]);
    assert.equal(answer.reason?.code, "outside-city");
  });
  it("a house number is no coordinate", () => assert.equal(find("rivera 200")[0]!.kind, "address"));
});

describe("coordinates in other notations", () => {
  const { lat, lon } = pointAt(100, 100);
  const sexagesimal = (value: number, plus: string, minus: string): string => {
    const [size, degrees] = [Math.abs(value), Math.floor(Math.abs(value))];
    const minutes = Math.floor((size - degrees) * 60);
    return `${degrees}°${minutes}'${((size - degrees - minutes / 60) * 3600).toFixed(2)}"${value < 0 ? minus : plus}`;
  };
  it("are a place: degrees, minutes and seconds, and a map's address", () => {
    isAt(`${sexagesimal(lat, "N", "S")} ${sexagesimal(lon, "E", "W")}`, 100, 100, 1);
    isAt(`geo:${lat},${lon}`, 100, 100, 1);
  });
  it("a plus code is a place, as large as its cell", () => {
    const code = formatPlusCode({ lat, lon });
    const [place] = find(code.toLowerCase());
    assert.deepEqual([place!.kind, place!.label, place!.notUnderstood], ["coordinates", code, null]);
    assert.ok(distanceM(place!.point, { lat, lon }) <= place!.uncertaintyM && place!.uncertaintyM < 15);
  });
  it("a short plus code is completed by the city, whose name may follow; another city's is told", () => {
    const code = formatPlusCode({ lat, lon });
    for (const query of [code.slice(4), `${code.slice(4)} Testville`, `${code.slice(4)}, testville`]) {
      assert.equal(find(query)[0]!.label, code, query);
      assert.equal(find(query)[0]!.notUnderstood, null, query);
    }
    assert.equal(find(`${code.slice(4)} Rosario`)[0]!.notUnderstood, "Rosario");
  });
  it("one so short that it stands for several places of the city gives them all, and none as the only one", () => {
    const code = formatPlusCode({ lat, lon });
    const places = town.gazetteer.search(code.slice(6), { limit: 8 }).places;
    assert.ok(places.length > 1 && places.some((place) => place.label === code));
    assert.ok(places.every((place) => place.namesakes === places.length - 1));
  });
  it("two streets with a plus between are still their corner", () => isAt("rivera+soca", 500, 0, 1));
});

describe("places of one name", () => {
  const namesakes = (query: string, label = "Calle 1"): number[] => town.gazetteer.search(query).places.filter((place) => place.label === label).map((place) => place.namesakes);
  it("are told to be several, each", () => {
    assert.deepEqual(namesakes("calle 1"), [1, 1]);
    assert.deepEqual(namesakes("calle 1 12", "Calle 1 12"), [1, 1]);
  });
  it("are counted whatever the limit", () => {
    for (const limit of [1, 2, 8]) assert.deepEqual(town.gazetteer.search("calle 1", { limit }).places.filter((place) => place.label === "Calle 1").map((place) => place.namesakes), Array.from({ length: Math.min(limit, 2) }, () => 1));
  });
  it("are one where the district was said", () => assert.equal(namesakes("calle 1 12, villa norte", "Calle 1 12")[0], 0));
  it("are one where only one of them has that house", () => {
    const { gazetteer } = cityOfFeatures([...map, house("Calle 1", "40", 5200, 5005)]);
    assert.deepEqual(gazetteer.search("calle 1 40").places.filter((place) => place.exact).map((place) => [place.district, place.namesakes]), [["Villa Norte", 0]]);
  });
  it("do not count what is another kind of place, or the same one", () => assert.ok(["rivera", "rivera y soca", "hospital maciel", "18 de julio"].every((query) => town.gazetteer.search(query).places[0]!.namesakes === 0)));
});

describe("a city in Chinese script", () => {
  const city = cityOfFeatures([
    street("解放路", [[0, 0], [500, 0], [1500, 0], [2000, 0]]), street("中山路", [[500, -400], [500, 0], [500, 400]]), street("人民东路", [[1500, -400], [1500, 0], [1500, 400]]), street("新市街", [[0, 800], [900, 800]]), street("开发区大道", [[0, -800], [900, -800]]), street("十八梯", [[0, 1600], [300, 1600]]),
    street("解放路", [[6000, 6000], [6400, 6000]]),
    house("解放路", "123", 800, 8), house("解放路", "125", 830, 8), house("解放路", "123", 6100, 6008), house("新市街", "8", 100, 808),
    node({ place: "suburb", name: "渝中区" }, 500, 0), node({ place: "suburb", name: "江北区" }, 6000, 6000),
    node({ amenity: "school", name: "解放路第一小学" }, 900, 60), node({ amenity: "hospital", name: "市第三人民医院" }, 1400, 60), area({ leisure: "park", name: "人民公园" }, [[300, 100], [360, 100], [360, 160], [300, 160]]),
  ]);
  city.gazetteer.setAdded("camera", () => [{ kind: "camera", id: 7, code: "C-0007", name: "中山路口北", point: pointAt(505, 30), district: "渝中区" }]);
  city.gazetteer.setAdded("platform", () => [{ kind: "platform", id: 3, code: "P03", name: "解放路平台", point: pointAt(700, 8), district: "渝中区" }]);
  const at = (query: string, x: number, y: number, kind: string): void => {
    const [place] = city.gazetteer.search(query).places;
    assert.ok(place !== undefined, `${query}: nothing found`);
    assert.ok(distanceM(place.point, pointAt(x, y)) < 3, `${query}: ${place.label} ${place.district}`);
    assert.deepEqual([place.kind, place.notUnderstood], [kind, null], query);
  };
  it("a street and a number are read without a space, with a district before it", () => {
    for (const query of ["渝中区解放路123号", "渝中区解放路１２３号", "渝中区解放路一百二十三号", "渝中区解放路一二三号附近", "解放路123号，渝中区", "解放路123号，渝中", "渝中区解放路123号3楼"]) at(query, 800, 8, "address");
    at("江北区解放路123号", 6100, 6008, "address");
    at("新市街8号", 100, 808, "address");
  });
  it("streets of one name are told apart by the district, and by nothing else", () => {
    const places = city.gazetteer.search("解放路123号").places.filter((place) => place.kind === "address");
    assert.deepEqual(places.map((place) => [place.district, place.namesakes]).sort(), [["江北区", 1], ["渝中区", 1]]);
  });
  it("a corner, as it is said", () => {
    for (const query of ["解放路和中山路交叉口", "解放路与中山路路口", "中山路解放路路口", "中山路、解放路", "解放路 中山路", "解放路/中山路", "渝中区解放路与中山路的十字路口旁边"]) at(query, 500, 0, "crossing");
  });
  it("names, with one wrong character, too", () => {
    for (const query of ["市第三人民医院", "市第三人名医院", "第三人民医院"]) at(query, 1400, 60, "hospital");
    at("人民公园", 330, 130, "landmark");
    at("人民公元", 330, 130, "landmark");
    at("解放路第一小学附近", 900, 60, "school");
    const streetOf = (query: string): unknown => city.gazetteer.search(query).places[0]?.label;
    assert.deepEqual(["人民东路", "人民冬路", "开发区大道", "十八梯", "中山"].map(streetOf), ["人民东路", "人民东路", "开发区大道", "十八梯", "中山路"]);
  });
  it("cameras and platforms by name and code", () => {
    at("中山路口北", 505, 30, "camera");
    at("解放路平台", 700, 8, "platform");
    at("P03", 700, 8, "platform");
  });
  it("traditional characters are the same names, and so is what is written in them", () => {
    for (const query of ["渝中區解放路123號", "解放路一百二十三號，渝中區", "渝中區解放路123號3樓"]) at(query, 800, 8, "address");
    for (const query of ["解放路與中山路的十字路口旁邊", "解放路和中山路交匯處"]) at(query, 500, 0, "crossing");
    at("市第三人民醫院", 1400, 60, "hospital");
    at("人民公園對面", 330, 130, "landmark");
    assert.equal(city.gazetteer.search("開發區大道").places[0]!.label, "开发区大道");
    const old = cityOfFeatures([street("臺灣路", [[0, 0], [500, 0]]), street("復興門外大街", [[0, 300], [500, 300]])]).gazetteer;
    assert.deepEqual(["台湾路", "臺灣路", "复兴门外大街"].map((query) => old.search(query).places[0]?.label), ["臺灣路", "臺灣路", "復興門外大街"], "the name itself stays as the map has it");
  });
  it("pinyin, with and without spaces, tones and numbers, by first letters, and mistyped", () => {
    const streetOf = (query: string): unknown => city.gazetteer.search(query).places[0]?.label;
    for (const query of ["zhongshan lu", "zhongshanlu", "Zhōngshān Lù", "zhong s lu", "zsl", "zhongsh", "zhognshan lu", "zongshan lu"]) assert.equal(streetOf(query), "中山路", query);
    assert.deepEqual(["renmin donglu", "rmdl", "kaifaqu dadao", "shiba ti", "sbt", "xinshi jie"].map(streetOf), ["人民东路", "人民东路", "开发区大道", "十八梯", "十八梯", "新市街"]);
    for (const query of ["jiefang lu 123, yuzhong", "jiefang lu 123 hao, yuzhong qu", "123 jiefang lu, yuzhongqu", "jfl 123, yuzhong"]) at(query, 800, 8, "address");
    at("jiefanglu 123, jiangbei", 6100, 6008, "address");
    for (const query of ["jiefang lu / zhongshan lu", "zhongshan lu at jiefang lu"]) at(query, 500, 0, "crossing");
    at("renmin yiyuan", 1400, 60, "hospital");
    at("renmin gongyuan", 330, 130, "landmark");
    at("zhongshan lukou bei", 505, 30, "camera");
    at("jflpt", 700, 8, "platform");
    assert.deepEqual(city.gazetteer.search("jiefang lu").places.filter(({ kind }) => kind === "street").map(({ district, namesakes }) => [district, namesakes]).sort(), [["江北区", 1], ["渝中区", 1]], "same-named streets are never chosen silently");
    assert.deepEqual(city.gazetteer.search("rivera").places, []);
  });
  it("a character that is read in two ways is found by both", () => {
    const two = cityOfFeatures([street("重庆路", [[0, 0], [500, 0]]), street("长江路", [[0, 300], [500, 300]]), street("绿地街", [[0, 600], [500, 600]])]).gazetteer;
    for (const [query, label] of [["chongqing lu", "重庆路"], ["zhongqing lu", "重庆路"], ["changjiang lu", "长江路"], ["zhangjiang lu", "长江路"], ["lvdi jie", "绿地街"], ["lüdi jie", "绿地街"]] as const) assert.equal(two.search(query).places[0]?.label, label, query);
  });
  it("a district that is none of the city's is told", () => assert.equal(city.gazetteer.search("朝阳区解放路123号").places[0]!.notUnderstood, "朝阳区"));
  it("numerals are read as they are said", () => assert.deepEqual(["十", "十五", "二十", "一百零八", "一百二十三", "两千", "一二三", "百千", "路"].map(readNumeral), [10, 15, 20, 108, 123, 2000, 123, null, null]));
});

describe("what a place does not account for", () => {
  const left = (query: string): string | null | undefined => find(query)[0]?.notUnderstood;
  it("an address of another city is told by the part that is not of this one", () => {
    for (const [query, part] of [["rivera 200, Buenos Aires", "Buenos Aires"], ["rivera 200 Buenos Aires", "Buenos Aires"], ["hospital maciel, Rosario", "Rosario"], ["rivera, Punta del Este", "Punta del Este"]] as const) assert.equal(left(query), part, query);
  });
  it("a word that the name does not hold is told", () => assert.equal(left("hospital maciel quemados"), "quemados"));
  it("this city's own name, with the country after it, a district and a comma in the name are understood", () => {
    for (const query of ["rivera 200, Testville", "rivera 200, testvile, Uruguay", "rivera 200, pocitos", "rivera, 200", "18 de julio 1360", "escuela 47, washington beltran"]) assert.equal(left(query), null, query);
    isAt("rivera 200, Testville, Uruguay", 200, 10, 1);
  });
  it("the corner near a house is understood, one that is elsewhere is not", () => {
    assert.equal(left("rivera 300, esquina soca"), null);
    assert.equal(left("rivera 300, soca"), null);
    assert.equal(left("rivera 300, ejido"), "ejido");
  });
  it("two streets with a comma between are their corner", () => isAt("soca, rivera", 500, 0, 1));
  it("what stands beside the door does not hide the door", () => {
    isAt("rivera 200 apto 3", 200, 10, 1);
    assert.equal(left("rivera 200, al lado del kiosco"), "al lado del kiosco");
  });
  it("a place that accounts for all comes before one that does not", () => {
    const places = find("calle 1 12, villa norte");
    assert.deepEqual(places.map((p) => p.notUnderstood), [null, null]);
    assert.equal(places[0]!.district, "Villa Norte");
  });
});

describe("what people say before a place", () => {
  const first = (query: string): { label: string | undefined; left: string | null | undefined; exact: boolean | undefined } => {
    const place = find(query)[0];
    return { label: place?.label, left: place?.notUnderstood, exact: place?.exact };
  };
  for (const query of ["esquina de rivera y soca", "en la esquina de soca y rivera", "corner of rivera and soca", "at the corner of soca and rivera", "esquina rivera con soca", "esq. soca y rivera", "cruce de rivera y soca"]) {
    it(`"${query}" is their corner, whole`, () => {
      isAt(query, 500, 0, 1);
      assert.deepEqual([first(query).left, first(query).exact], [null, true]);
    });
  }
  it("what says where beside a place it was is left out, and told; the place is not called the spot", () => {
    for (const [query, label, left] of [
      ["frente al hospital maciel", "Hospital Maciel", "frente al"], ["cerca del hospital maciel", "Hospital Maciel", "cerca del"], ["opposite hospital maciel", "Hospital Maciel", "opposite"],
      ["a media cuadra de rivera y soca", "Avenida General Rivera y Doctor Francisco Soca", "a media cuadra de"], ["a media cuadra de 18 de julio y ejido", "Avenida 18 de Julio y Ejido", "a media cuadra de"], ["al lado de rivera 200", "Avenida General Rivera 200", "al lado de"], ["a dos cuadras de la esquina de rivera y soca", "Avenida General Rivera y Doctor Francisco Soca", "a dos cuadras de la"],
    ] as const) {
      assert.deepEqual(first(query), { label, left, exact: false }, query);
      assert.ok(find(query)[0]!.uncertaintyM >= 80, query);
    }
  });
  it("a street between two others is the piece between them, as unsure as it is long", () => {
    for (const query of ["rivera entre soca y batlle y ordoñez", "rivera entre batlle y ordoñez y soca", "rivera between soca and batlle y ordoñez", "rivera e/ soca y batlle y ordoñez"]) {
      isAt(query, 750, 0, 1);
      assert.deepEqual([find(query)[0]!.uncertaintyM, first(query).left], [266, null], query);
    }
  });
  it("between two streets and of which is not said: their corner, with the word told", () => assert.deepEqual(first("entre rivera y soca"), { label: "Avenida General Rivera y Doctor Francisco Soca", left: "entre", exact: false }));
  it("of two streets that do not meet neither is exact, and each tells that the other is lost", () => {
    assert.deepEqual(find("soca y ejido").map((p) => [p.label, p.notUnderstood, p.exact]), [["Ejido", "soca", false], ["Doctor Francisco Soca", "ejido", false]]);
    assert.deepEqual(first("rivera entre soca y ejido").exact, false);
    assert.notEqual(first("rivera entre soca y ejido").left, null);
  });
  it("words of no place are left out from either end, and told", () => {
    assert.deepEqual(first("dos autos chocaron en rivera y soca"), { label: "Avenida General Rivera y Doctor Francisco Soca", left: "dos autos chocaron en", exact: false });
    assert.deepEqual(first("chocaron en 18 de julio y ejido"), { label: "Avenida 18 de Julio y Ejido", left: "chocaron, en", exact: false });
    assert.deepEqual(first("incendio grande rivera"), { label: "Avenida General Rivera", left: "incendio grande", exact: false });
    assert.deepEqual(first("cagancha fuegos artificiales"), { label: "Plaza Cagancha", left: "fuegos artificiales", exact: false });
  });
});

describe("what is not there", () => {
  for (const query of ["Gran Vía 1, Madrid", "zzzqqq", "!!!", "Unter den Linden 77"]) {
    it(`"${query}" is no place, with the reason`, () => {
      const answer = town.gazetteer.search(query);
      assert.deepEqual(answer.places, []);
      assert.equal(answer.reason?.code, "no-such-place");
    });
  }
});

describe("what the running system adds", () => {
  const running = cityOfFeatures(map);
  running.gazetteer.setAdded("camera", () => [{ kind: "camera", id: 7, code: "C-0007", name: "Rivera y Soca, norte", point: pointAt(510, 5), district: "Pocitos" }]);
  running.gazetteer.setAdded("platform", () => [{ kind: "platform", id: 3, code: "P03", name: "Rivera y Soca", point: pointAt(505, 8), district: "Pocitos" }]);
  running.gazetteer.setAdded("school", () => [{ kind: "school", id: 9, code: "K-001", name: "Escuela Nº 47 Washington Beltrán", point: pointAt(800, 100), district: "Pocitos" }]);
  const first = (query: string): unknown => {
    const { kind, cameraId, platformId } = running.gazetteer.search(query).places[0]!;
    return { kind, cameraId, platformId };
  };
  it("is found by its code, however written", () => {
    assert.deepEqual(first("C-0007"), { kind: "camera", cameraId: 7, platformId: null });
    assert.deepEqual(first("c0007"), { kind: "camera", cameraId: 7, platformId: null });
    assert.deepEqual(first("p03"), { kind: "platform", cameraId: null, platformId: 3 });
  });
  it("does not push the corner itself from the first place", () => assert.equal(running.gazetteer.search("rivera y soca").places[0]!.kind, "crossing"));
  it("a campus stands for the school that the map has there", () => {
    const places = running.gazetteer.search("washington beltran").places;
    assert.equal(places.length, 1);
    assert.equal(places[0]!.campusId, 9);
  });
});

it("no query throws, and every place is in the city, or said not to be, and says how sure it is", () => {
  fc.assert(fc.property(fc.oneof(fc.string({ maxLength: 60 }), fc.array(fc.constantFrom("rivera", "y", "18", "de", "julio", "/", ",", "12", "esq.", "-34.9", "calle", "º", "宁", "a", "路", "区", "一", "号", "和", "+", "48VX+2Q", "路口"), { maxLength: 8 }).map((w) => w.join(" "))), (query) => {
    const { places, reason } = town.gazetteer.search(query);
    for (const place of places) {
      assert.equal(distanceM(place.point, pointAt(0, 0)) < 15_000, reason === null, place.label);
      assert.notEqual(place.notUnderstood, "");
      assert.ok(place.uncertaintyM >= 0 && Number.isFinite(place.uncertaintyM));
    }
  }), { numRuns: 500 });
});
