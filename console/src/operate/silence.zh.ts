import type { Translation } from "../words/catalogue.ts";
import type { en } from "./silence.en.ts";

export const zh: Translation<typeof en> = {
  doing: {
    acknowledge: () => "未签收",
    "turn-out": () => "未出发",
    arrive: () => "逾时未到",
    heard: (span) => `${span} 无消息`,
    welfare: (span) => `现场 ${span} 无回音`,
  },
  notAnswering: "无应答",
  advice: {
    acknowledge: (span) => `派出 ${span} 仍未签收，请呼叫该组`,
    "turn-out": (span) => `签收 ${span} 仍未出发，请呼叫该组`,
    arrive: (span) => `途中已 ${span}，超过道路用时，请呼叫该组`,
    heard: (span) => `${span} 既无报告也无位置，请呼叫该组`,
    welfare: (span) => `在现场 ${span} 无回音，请询问人员是否平安`,
  },
  countsNoMore: "已上报值班长，该单位不再计入前往警力：请另派单位、召回，或确认已联系上。",
  heardFrom: "已联系上",
  heardKey: "已联系上该单位，一切正常",
  recallSilent: "召回",
  recallKey: "召回无应答的单位，并说明原因",
  notMeant: {
    answers: (unit) => `所选的 ${unit} 没有漏报，未作任何操作。`,
    nobody: () => "此处没有无应答的单位。",
    several: () => "有多个单位无应答，请先选择所指的单位。",
  },
  goneUp: {
    titleMine: "上报给您",
    title: "已上报",
    contact: (what, span) => `${what}：${span} 无人接听`,
    callBack: (what, span) => `${what}：挂断 ${span}，仍未回拨`,
    watch: (incident, span) => `${incident}：${span} 无人负责`,
    unit: (unit, incident, doing) => `${unit}，${incident}：${doing}`,
    short: (incident, span) => `${incident}：${span} 警力不足`,
    handOver: (from, to, span) => `${from} 交班给 ${to}：${span} 无人接班`,
    take: "接手",
    watchOver: "由我负责",
    open: "打开",
    more: (n) => `另有 ${n} 项`,
  },
};
