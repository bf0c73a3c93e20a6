import type { Translation } from "../words/catalogue.ts";
import type { en } from "./wait-words.en.ts";

export const zh: Translation<typeof en> = {
  title: "时限",
  what: (longest) => `来电、警情和单位等待多久后提示、多久后上报值班长。已提示的按加倍间隔再次提示，最长每 ${longest} 一次。时限可在启动时由本市设定（--dispatch-times），未设定者按程序给定，均注明依据。`,
  own: "本市设定",
  columns: { what: "等待事项", priority: (n) => `${n} 级`, from: "依据" },
  up: (span) => `上报 ${span}`,
  neverUp: "不上报",
  beyond: (factor, unknown) => `超过道路用时 ${factor} 倍之后（未显示用时者按 ${unknown}）`,
  codes: {
    shortfall: "无人或警力不足", acknowledge: "派出的单位签收", "turn-out": "出发", arrive: "到达", heard: "途中有报告或位置", welfare: "在现场报平安",
    ring: "振铃来电有人接听", answer: "报警器或消息有人处理", "call-back": "挂断者得到回拨", watch: "警情有人负责", "hand-over": "交班有人接",
  },
  sources: {
    shortfall: "1、2 级第二次提示时上报", acknowledge: "国内公安惯例；上报时限同无人出动", "turn-out": "NFPA 1710 为 60 至 80 秒，余为按键时间", arrive: "红绿灯、停车、找门",
    heard: "与位置可信时限相同", welfare: "各地公安状态查询为 10 至 30 分钟", ring: "一分钟；NENA 要求 90% 在 15 秒内接听（此后席位标为超时）、95% 在 20 秒内", answer: "一分钟：没有人在线会再次振铃", "call-back": "挂断后两分钟",
    watch: "半分钟", "hand-over": "两分钟",
  },
};
