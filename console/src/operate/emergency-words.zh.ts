import type { Translation } from "../words/catalogue.ts";
import type { en } from "./emergency-words.en.ts";

export const zh: Translation<typeof en> = {
  title: (unit) => `${unit} 紧急求助`,
  more: (n) => `另有 ${n} 起`,
  going: (n) => (n === 0 ? "无人前往" : `${n} 个单位前往`),
  units: "周围单位",
  none: "目前没有可派单位。",
  send: (units) => `派出 ${units}`,
  open: "打开",
  key: "转到紧急求助；再按一次：打开",
  noCamera: "没有摄像机能看到此处。",
};
