// A place as it is said in Chinese, brought to the form that the readings of place-query.ts take: "渝中区解放路一百二十三号附近" is street 解放路, number 123, in 渝中区; "中山路和人民路交叉口" is a corner.
// Traditional characters are read as simplified ones. Nothing is between the words, so what ends a part is its own last character: 区 a district, 路 a street, 号 a number. Rejected: a dictionary of words, which the names of a city are not in.
import { hasHan, toSimplified } from "./han-script.ts";

const DIGITS: Readonly<Record<string, number>> = { 〇: 0, 零: 0, 一: 1, 二: 2, 两: 2, 三: 3, 四: 4, 五: 5, 六: 6, 七: 7, 八: 8, 九: 9 };
const UNITS: Readonly<Record<string, number>> = { 十: 10, 百: 100, 千: 1_000 };
const NUMERAL = "[〇零一二两三四五六七八九十百千]+";
/** What ends a street's name; the longer ones first. */
const STREET_END = "大道|大街|公路|胡同|路|街|巷|弄|道|里";
/** The parts of a country above the street, each with its own end; a name of at least two characters before it, and more than the word "street" behind: 开发区大道 is a street. */
const ABOVE = new RegExp(String.raw`^(\p{Script=Han}{2,8}?(?:省|市|自治州|区|县|镇|街道))(?!(?:${STREET_END})\s*(?:\d|$))(?=\s*\p{Script=Han}{2,})`, "u");
/** Where it is in relation to what is named: it is that place, told less exactly. */
const BESIDE = /(?:的?(?:附近|旁边|旁|对面|门口|前面|后面|里面|那里|这里|边上))+$/u;
const CORNER_END = /(?:的?(?:十字路口|丁字路口|三岔路口|交叉路口|交叉口|交界处|交汇处|路口|拐角处|拐角))$/u;
const BETWEEN_STREETS = new RegExp(String.raw`^(.*?(?:${STREET_END}))(?:与|和|跟|及|同|、|\s)*(\p{Script=Han}+?(?:${STREET_END}))$`, "u");
const HOUSE = /^(.*?\p{Script=Han})\s*(\d{1,5})\s*号(?:院|楼)?(?:[之\-附]\s*\d+)?\s*(.*)$/u;

/** 123 for 一百二十三, 十五 or 一二三 (said digit by digit); null: it is no number. */
export function readNumeral(text: string): number | null {
  if (text === "") return null;
  const characters = [...text];
  if (characters.every((one) => DIGITS[one] !== undefined)) return characters.length > 5 ? null : characters.reduce((sum, one) => sum * 10 + DIGITS[one]!, 0);
  let sum = 0;
  let digit: number | null = null;
  let least = Infinity;
  for (const one of characters) {
    const unit = UNITS[one];
    if (unit === undefined) {
      digit = DIGITS[one] ?? NaN;
      continue;
    }
    if (unit >= least) return null; // 百千: not said in this order
    sum += (digit === null || digit === 0 ? 1 : digit) * unit;
    least = unit;
    digit = null;
  }
  sum += digit ?? 0;
  return Number.isNaN(sum) ? null : sum;
}

/** The query with commas before its details, spaces round its number and a slash between two streets; any other text as it is. */
export function readChinese(query: string): string {
  if (!hasHan(query)) return query;
  let text = toSimplified(query.normalize("NFKC")).trim().replace(new RegExp(`(${NUMERAL})(?=号)`, "gu"), (numeral) => String(readNumeral(numeral) ?? numeral)).replace(/[，。；]/gu, ",").replace(/(\p{Script=Han})\s+(?=\p{Script=Han})/gu, "$1 ");
  const details: string[] = [];
  for (let above = ABOVE.exec(text); above !== null && !isStreet(above[1]!); above = ABOVE.exec(text)) {
    details.unshift(above[1]!); // the smallest first, as after a comma
    text = text.slice(above[1]!.length).trim();
  }
  text = text.replace(BESIDE, "").trim();
  const corner = CORNER_END.test(text);
  text = text.replace(CORNER_END, "").trim();
  const streets = BETWEEN_STREETS.exec(text);
  if (streets !== null && (corner || /[与和跟及同、\s]/u.test(text.slice(streets[1]!.length, streets[1]!.length + 1)))) text = `${streets[1]!} / ${streets[2]!}`;
  else {
    const house = HOUSE.exec(text);
    if (house !== null) {
      text = `${house[1]!} ${house[2]!}`;
      const rest = house[3]!.replace(BESIDE, "").trim();
      if (rest !== "" && !/^\d*\s*(?:楼|层|室|单元|幢|栋|号楼)/u.test(rest)) details.unshift(rest);
    }
  }
  return [text, ...details].filter((part) => part !== "").join(", ");
}

/** "建设街道" is a part of a district, "新市街" is a street. */
const isStreet = (text: string): boolean => new RegExp(`(?:${STREET_END})$`, "u").test(text) && !text.endsWith("街道");
