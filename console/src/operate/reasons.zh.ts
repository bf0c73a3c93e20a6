import type { Translation } from "../words/catalogue.ts";
import type { en } from "./reasons.en.ts";

export const zh: Translation<typeof en> = {
  "sees-the-spot": "能看到现场，{distanceM} 米，无遮挡",
  "sees-middle": "可见其中部，{distanceM} 米",
  "sees-part": "可见其一部分，偏 {offM} 米",
  "facing-away": "朝向他处",
  "out-of-range": "距离过远",
  "above-or-below-view": "视野过高或过低",
  "behind-building": "被建筑遮挡",
  "too-few-pixels": "画面中过小",
  "not-healthy": "当前无画面",
  "by-road": "按道路",
  nearest: "道路最近",
  "on-patrol": "巡逻中",
  "at-platform": "在平台",
  "at-home": "在驻地，无位置",
  "conditionally-available": "必要时可用",
  "leaves-platform-empty": "平台将无人",
  "wrong-kind": "类型不符",
  "off-shift": "未当班",
  "in-emergency": "自身紧急求助",
  committed: "执行其他任务",
  "not-available": "不可用",
  "stale-fix": "位置过旧",
  unreachable: "道路不通",
  farther: "比上列更远",
};
