import { plural, type Translation } from "../words/catalogue.ts";
import type { en } from "./tracker-words.en.ts";

export const zh: Translation<typeof en> = {
  title: "定位器",
  what: "上报单位位置的设备，通过 OsmAnd、Traccar 的 HTTP 或 NMEA。每台设备对应一个单位。",
  add: "登记定位器",
  save: "登记",
  cancel: "取消",
  none: "没有登记的定位器。",
  remove: "删除",
  removeTitle: (device) => `删除定位器 ${device}？`,
  removeWhat: (unit) => `它将不再上报 ${unit} 的位置，以后可重新登记。`,
  removed: (device) => `定位器 ${device} 已删除。`,
  added: (device, unit) => `${device} 现在上报 ${unit} 的位置。`,
  registered: "登记",
  by: (time, name) => `${time}，${name}`,
  lastFix: "最近定位",
  counts: "启动以来的定位",
  ago: (age) => `${age}前`,
  notHeard: "启动以来没有收到",
  columns: { unit: "单位", device: "设备", verdict: "最近定位", heard: "收到" },
  deviceHint: "设备自报的名称：IMEI、应用中的编号或网络地址。",
  deviceForm: "设备名称为 3 至 40 个字符：A-Z a-z 0-9 . _ : -",
  unitMissing: "请选择单位。",
  unknown: { title: "收到但未登记", heard: (ago, n) => plural("zh", n, { other: `# 个定位，最近 ${ago}` }) },
  faults: { title: "无法读取的语句", line: (reason, count) => `${reason}：${count}`, last: (ago, from) => `最近 ${ago}，来自 ${from}` },
  verdicts: {
    taken: "已采用", stale: "已采用，但迟到", repeated: "重复", "not-valid": "尚未定位", ahead: "设备时钟超前", "too-old": "超过一天", "out-of-order": "次序颠倒", "impossible-jump": "不可能的跳变", "outside-city": "远在城外", "unit-speaks-itself": "由民警手机上报", "unit-off-duty": "单位不在岗",
  },
};
