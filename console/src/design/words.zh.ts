import type { Translation } from "../words/catalogue.ts";
import type { en } from "./words.en.ts";

export const zh: Translation<typeof en> = {
  loading: "正在加载",
  tryAgain: "重试",
  forbidden: "您的角色无权打开此处。管理员可在“人员”中授权。",
  cancel: "取消",
  close: "关闭",
  notices: "通知",
  noMatches: "没有匹配项。",
  dayShort: "年-月-日",
  dayForm: "日期，如 2026-11-22",
  pastMomentForm: "过去的时间，如 14:03:27；或带日期，如 2026-11-22 14:03",
  notRead: (text, form) => `无法识别“${text}”。${form}。`,
  momentForm: "时间，如 14:03:27；或带日期，如 2026-11-22 14:03",
};
