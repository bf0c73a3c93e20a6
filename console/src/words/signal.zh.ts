import type { Translation } from "./catalogue.ts";
import type { en } from "./signal.en.ts";

export const zh: Translation<typeof en> = {
  hint: (priority) => `发送方定为 P${priority}`,
  unregistered: (code) => `报警点 ${code} 未登记，位置不明。`,
  cameras: (names) => `现场摄像机：${names}`,
  lastPlace: (time) => `手机未报位置，此为单位 ${time} 的位置`,
  oldPlace: (time) => `位置不明：手机未报，单位最后位置为 ${time}`,
  noPlace: "位置不明：手机和单位均未报过位置",
  kinds: {
    panic: "紧急按钮", duress: "胁迫报警", fire: "火警", smoke: "烟感", gas: "燃气", medical: "医疗呼叫", intrusion: "入侵", glass: "玻璃破碎", water: "水浸", tamper: "防拆", technical: "技术故障", camera: "摄像机事件",
    other: "报警", transferred: "转接来电", message: "消息", officer: "民警", "neighbouring-centre": "来自相邻中心", warning: "其他机构的预警",
  },
};
