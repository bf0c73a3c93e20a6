// The question cards, in our own words: short enough to be said to somebody who is afraid, worst first. Which type is asked by which card, and every version that was ever in use: a timeline names the
// version of each answer, so a change of words, options or grades is a new version below the old ones, never an edit (a test holds the digest of each). They ask what decides who goes; advice to callers is none of theirs.
import type { Determinant, TriageCard, TriageOption, TriageQuestion } from "../base/triage-grade.ts";
import { gradeAnswers, usualDeterminant } from "../base/triage-grade.ts";
import type { TriageAnswers } from "../base/triage-grade.ts";
import { INCIDENT_TYPES, type IncidentType } from "./entities.ts";

const ask = (code: string, en: string, zh: string, ...options: TriageOption[]): TriageQuestion => ({ code, words: { en, zh }, options });
const say = (code: string, determinant: Determinant | null, en: string, zh: string): TriageOption => ({ code, determinant, words: { en, zh } });
const UNCLEAR = say("unclear", null, "Cannot tell", "说不清");

/** The last of a code is asked; the ones before stay for the timelines that name them. */
export const TRIAGE_CARDS: readonly TriageCard[] = [
  {
    code: "fire", version: 1, questions: [
      ask("people", "Is anybody inside, or cannot get out?", "里面有没有人出不来？", say("trapped", "critical", "Somebody cannot get out", "有人被困"), say("maybe", "serious", "Perhaps", "可能有"), say("out", "moderate", "All are out", "都出来了"), UNCLEAR),
      ask("seen", "What do you see?", "看到什么？", say("flames", "serious", "Flames", "明火"), say("thick-smoke", "serious", "Thick smoke", "浓烟"), say("thin-smoke", "moderate", "A little smoke", "少量烟"), say("smell", "minor", "Only a smell", "只有气味"), say("out", "minor", "It is out", "已经灭了"), UNCLEAR),
      ask("burns", "What burns?", "什么在烧？", say("home", "serious", "A home, shop or school", "住宅、商铺或学校"), say("dangerous", "critical", "Gas, fuel or chemicals", "燃气、油料或化学品"), say("vehicle", "moderate", "A vehicle", "车辆"), say("rubbish", "minor", "Rubbish or a container", "垃圾或垃圾箱"), say("plants", "moderate", "Grass or trees", "草木"), UNCLEAR),
      ask("spread", "Can it spread?", "会不会蔓延？", say("spreading", "critical", "It is spreading", "正在蔓延"), say("near", "serious", "Buildings are close", "紧挨建筑"), say("alone", "minor", "It stands alone", "周围空旷"), UNCLEAR),
      ask("hurt", "Is anybody hurt?", "有没有人受伤？", say("badly", "critical", "Badly", "重伤"), say("lightly", "serious", "Lightly", "轻伤"), say("nobody", "minor", "Nobody", "没有"), UNCLEAR),
    ],
  },
  {
    code: "medical", version: 1, questions: [
      ask("awake", "Is the person awake?", "人清醒吗？", say("no", "critical", "Does not wake up", "叫不醒"), say("drowsy", "serious", "Drowsy or confused", "迷糊、说胡话"), say("yes", "minor", "Awake", "清醒"), UNCLEAR),
      ask("breathing", "How is the breathing?", "呼吸怎么样？", say("none", "critical", "Does not breathe, or gasps", "没有呼吸或只是喘气"), say("hard", "critical", "Struggles to breathe", "呼吸困难"), say("normal", "minor", "Normal", "正常"), UNCLEAR),
      ask("bleeding", "Is there heavy bleeding?", "有没有大出血？", say("heavy", "critical", "Heavy, does not stop", "止不住"), say("some", "moderate", "Some", "少量"), say("none", "minor", "None", "没有"), UNCLEAR),
      ask("pain", "Chest pain, a drooping face, a weak arm?", "有没有胸痛、嘴歪、手脚无力？", say("yes", "critical", "Yes, began within hours", "有，几小时内开始"), say("earlier", "serious", "Yes, since longer", "有，更早开始"), say("no", "minor", "No", "没有"), UNCLEAR),
      ask("who", "Who is it?", "是什么人？", say("baby", "serious", "A baby", "婴儿"), say("pregnant", "serious", "Pregnant", "孕妇"), say("old", "moderate", "An old person", "老人"), say("other", "minor", "Somebody else", "其他人"), UNCLEAR),
    ],
  },
  {
    code: "traffic", version: 1, questions: [
      ask("hurt", "Is anybody hurt?", "有没有人受伤？", say("not-moving", "critical", "Somebody does not move", "有人不动了"), say("badly", "serious", "Badly", "重伤"), say("lightly", "moderate", "Lightly", "轻伤"), say("nobody", "minor", "Nobody", "没有"), UNCLEAR),
      ask("trapped", "Is anybody trapped?", "有没有人被困车内？", say("yes", "critical", "Yes", "有"), say("no", "minor", "No", "没有"), UNCLEAR),
      ask("who", "Who is in it?", "涉及什么？", say("bus", "critical", "A bus or a crowd", "公交车或人群"), say("on-foot", "serious", "Somebody on foot or on two wheels", "行人或两轮车"), say("cars", "minor", "Cars only", "只有汽车"), UNCLEAR),
      ask("danger", "Fire, fuel or a dangerous load?", "有没有起火、漏油或危险品？", say("fire", "critical", "It burns", "起火"), say("load", "critical", "A dangerous load", "危险品"), say("fuel", "serious", "Fuel runs out", "漏油"), say("none", "minor", "None", "没有"), UNCLEAR),
      ask("road", "Is the road blocked?", "道路堵住了吗？", say("fast", "serious", "A fast road, traffic runs into it", "快速路，后车易追尾"), say("blocked", "moderate", "Blocked", "堵住了"), say("free", "minor", "Free", "没有"), UNCLEAR),
    ],
  },
  {
    code: "road", version: 1, questions: [
      ask("danger", "Has anybody nearly run into it?", "有没有车险些撞上？", say("fast", "serious", "Yes, or it lies on a fast road", "有，或在快速路上"), say("sight", "moderate", "It is hard to see", "不易看见"), say("none", "minor", "No", "没有"), UNCLEAR),
      ask("live", "Cables, gas or water?", "有没有电线、燃气或水管？", say("cables", "critical", "Cables or gas", "电线或燃气"), say("water", "moderate", "Water", "水管"), say("none", "minor", "None", "没有"), UNCLEAR),
    ],
  },
  {
    code: "violence", version: 1, questions: [
      ask("now", "Is it going on now?", "现在还在打吗？", say("now", "serious", "Now", "正在发生"), say("just", "moderate", "Just over, they are near", "刚停，人还在附近"), say("over", "minor", "Over, they are gone", "已结束，人已离开"), UNCLEAR),
      ask("weapon", "Are there weapons?", "有没有凶器？", say("gun", "critical", "A firearm", "枪"), say("blade", "critical", "A knife or blade", "刀具"), say("other", "serious", "A stick, a bottle", "棍棒、酒瓶"), say("none", "minor", "None", "没有"), UNCLEAR),
      ask("hurt", "Is anybody hurt?", "有没有人受伤？", say("badly", "critical", "Badly", "重伤"), say("lightly", "moderate", "Lightly", "轻伤"), say("nobody", "minor", "Nobody", "没有"), UNCLEAR),
      ask("many", "How many are there?", "有多少人？", say("crowd", "serious", "More than five", "五人以上"), say("few", "moderate", "Three to five", "三到五人"), say("two", "minor", "One or two", "一两人"), UNCLEAR),
      ask("weak", "Is a child or a helpless person in danger?", "有没有孩子或无力自保的人？", say("yes", "critical", "Yes", "有"), say("no", "minor", "No", "没有"), UNCLEAR),
    ],
  },
  {
    code: "intruder", version: 1, questions: [
      ask("where", "Where is the stranger?", "陌生人在哪里？", say("inside", "critical", "Inside, with people", "在屋内，屋里有人"), say("empty", "serious", "Inside, nobody is there", "在屋内，屋里没人"), say("outside", "serious", "Trying to get in", "正想进来"), say("gone", "minor", "Gone", "已离开"), UNCLEAR),
      ask("weapon", "Are there weapons?", "有没有凶器？", say("yes", "critical", "Yes", "有"), say("no", "minor", "None seen", "没看到"), UNCLEAR),
      ask("safe", "Are you safe?", "您安全吗？", say("no", "critical", "No", "不安全"), say("hiding", "critical", "Hiding", "躲着"), say("yes", "minor", "Yes", "安全"), UNCLEAR),
      ask("hurt", "Is anybody hurt?", "有没有人受伤？", say("yes", "critical", "Yes", "有"), say("no", "minor", "No", "没有"), UNCLEAR),
    ],
  },
  {
    code: "missing", version: 1, questions: [
      ask("who", "Who is missing?", "谁不见了？", say("child", "critical", "A child under 12", "十二岁以下儿童"), say("confused", "serious", "Somebody confused or ill", "糊涂或生病的人"), say("youth", "moderate", "A young person", "未成年人"), say("adult", "minor", "An adult", "成年人"), UNCLEAR),
      ask("taken", "Was the person taken away?", "是不是被人带走？", say("seen", "critical", "It was seen", "有人看见"), say("feared", "serious", "It is feared", "有这个担心"), say("no", "minor", "No", "不是"), UNCLEAR),
      ask("danger", "Water, traffic, cold or medicine?", "附近有没有水、车流，天冷或需要用药？", say("near", "critical", "A danger is near", "有危险"), say("medicine", "serious", "Needs medicine", "需要按时用药"), say("none", "minor", "None known", "没有"), UNCLEAR),
      ask("since", "Since when?", "多久了？", say("minutes", "moderate", "Less than an hour", "不到一小时"), say("hours", "moderate", "Hours", "几小时"), say("days", "minor", "Days", "几天"), UNCLEAR),
    ],
  },
  {
    code: "theft", version: 1, questions: [
      ask("now", "Is the thief still there?", "小偷还在吗？", say("there", "serious", "There, or in sight", "还在或看得见"), say("just", "moderate", "Ran off just now", "刚跑"), say("gone", "minor", "Long gone", "早已离开"), UNCLEAR),
      ask("force", "Was there force or a threat?", "有没有动手或威胁？", say("weapon", "critical", "With a weapon", "有凶器"), say("force", "serious", "Yes", "有"), say("none", "minor", "No", "没有"), UNCLEAR),
      ask("hurt", "Is anybody hurt?", "有没有人受伤？", say("yes", "serious", "Yes", "有"), say("no", "minor", "No", "没有"), UNCLEAR),
    ],
  },
];

/** null: nothing is asked beyond where and what. */
export const CARD_OF_TYPE: Readonly<Record<IncidentType, string | null>> = {
  theft: "theft", robbery: "violence", intruder: "intruder", fight: "violence", "fire-smoke": "fire", "fire-building": "fire", "traffic-collision": "traffic", "traffic-injury": "traffic", "traffic-obstruction": "road", medical: "medical",
  "school-alarm": "violence", "officer-emergency": null, "noise-nuisance": null, "person-missing": "missing", other: null,
};

/** The card that a type is asked by now. */
export function cardOfType(type: IncidentType): TriageCard | null {
  const code = CARD_OF_TYPE[type];
  return code === null ? null : (TRIAGE_CARDS.findLast((card) => card.code === code) ?? null);
}
export const findCard = (named: { readonly code: string; readonly version: number }): TriageCard | null => TRIAGE_CARDS.find((card) => card.code === named.code && card.version === named.version) ?? null;

export const gradeType = (type: IncidentType, card: TriageCard | null, answers: TriageAnswers): Determinant => gradeAnswers(card, answers, usualDeterminant(INCIDENT_TYPES[type].defaultPriority));
