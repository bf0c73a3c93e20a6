import type { Translation } from "../words/catalogue.ts";
import type { en } from "./words.en.ts";

export const zh: Translation<typeof en> = {
  label: "地图",
  zoomIn: "放大",
  zoomOut: "缩小",
  whole: "全城，正北",
  failed: "此浏览器不支持 WebGL 2，无法绘制地图，其余功能正常。",
  place: { label: "查找地点", example: "街道门牌、路口、学校", none: "本市没有这个地点。", outside: "该点不在本市范围内。" },
};
