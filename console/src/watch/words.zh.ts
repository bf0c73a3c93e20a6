import type { Translation } from "../words/catalogue.ts";
import type { en } from "./words.en.ts";

export const zh: Translation<typeof en> = {
  title: "画面墙",
  layouts: "画面数",
  layout: (n) => `${n} 画面`,
  empty: "把摄像机拖到这里，或在列表中选中后按回车",
  gone: "该摄像机已删除",
  naming: "摄像机",
  list: {
    title: "摄像机",
    search: "名称、地点或街道",
    state: "状态",
    all: "全部摄像机",
    showAll: "显示全部摄像机",
    none: "没有处于此状态的摄像机。",
    nothing: (q) => `没有与“${q}”相符的摄像机。`,
    onWall: "已上墙",
    shown: (n, total) => `${total} 个中的 ${n} 个；输入以缩小范围`,
    more: "显示更多",
  },
  reason: {
    title: "为什么查看？",
    why: "每次查看都会在出现画面之前登记：何人、哪个摄像机、何时、为何。督察人员可查阅。",
    purpose: "用途",
    words: "请说明",
    wordsExample: "老城区晚间巡查",
    wordsFault: "请简要说明查看理由。",
    incident: "警情",
    pickIncident: "选择警情",
    noIncident: "没有未结的警情",
    incidentFault: "请选择警情，或改选其他用途。",
    start: "开始查看",
    change: "以此理由查看",
    keep: "保留原理由",
  },
  keys: { search: "搜索摄像机", before: "上一画面", next: "下一画面", fill: "画面占满墙 / 还原", remove: "移出画面", reason: "更改理由", back: "回到画面墙" },
};
