// Traditional and simplified characters are two ways to write one name: what is compared is brought to the simplified ones, names and queries alike. The tables are OpenCC's.
import { Converter } from "opencc-js/t2cn";

const convert = Converter({ from: "t", to: "cn" });
const HAN = /\p{Script=Han}/u;

export const hasHan = (text: string): boolean => HAN.test(text);
export const toSimplified = (text: string): string => (hasHan(text) ? convert(text) : text);
