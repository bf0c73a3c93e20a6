// 询问卡框架的中文；问题本身的措辞由中心提供。
import type { Translation } from "../words/catalogue.ts";
import type { en } from "./triage.en.ts";

export const zh: Translation<typeof en> = {
  title: "询问",
  hint: "数字作答，上下键换题，退格撤回。不答也可继续。",
  none: "该类型没有询问卡。",
  answered: (n, of) => (n === 0 ? `${of} 个问题，尚未作答` : `已答 ${n}/${of}`),
  grade: (determinant, priority) => `${determinant}，P${priority}`,
  usual: "按类型的通常情况",
  byAnswers: "按答复",
  byHand: (priority) => `人工定为 P${priority}`,
  key: "到询问",
  runCard: (code, version) => `出动方案 ${code}，第 ${version} 版`,
};
