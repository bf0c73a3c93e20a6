import { plural, type Translation } from "../words/catalogue.ts";
import type { en } from "./words.en.ts";

export const zh: Translation<typeof en> = {
  title: "统计", by: "按来电时间统计。每个数字旁边都说明它由多少数据得出。", clock: "哪些来电", clocks: { centre: "本中心的来电", log: "回放的记录" },
  ranges: { today: "今天", week: "7 天", month: "30 天", all: "全部" }, from: "从", to: "到",
  file: { button: "导出明细", done: (n) => `已导出 ${n} 行。`, behind: (n) => `日志最后 ${n} 条事件尚未计入。`, cut: (n) => `文件中只有最新的 ${n} 行。请缩小日期范围，分批导出。` },
  behind: (n) => `统计落后于日志 ${n} 条事件，会自动赶上。`,
  nothingYet: { centre: "还没有来电。", log: "此处还没有回放过记录。" }, nothingIn: (first, last) => `这些日子没有来电。现有来电从 ${first} 到 ${last}。`,
  spansTitle: "时段", span: "时段", missing: "缺失", excluded: "排除", missingOf: (n, of) => `${of} 个中有 ${n} 个缺少时间点`, none: "无", few: "数据太少",
  key: { half: "一半不超过此处", nine: "九成不超过此处", threshold: "标准" },
  spans: { answer: "接听", process: "处理", handling: "受理", acknowledge: "确认", turnout: "出动", travel: "行驶", response: "响应", "unit-response": "警力响应", "on-scene": "现场", commitment: "占用" },
  definitions: {
    answer: "来电 → 有人接听", process: "接听 → 建立警情", handling: "接听 → 派出第一个警力", acknowledge: "派遣 → 确认（每个警力）", turnout: "派遣 → 出发（每个警力）", travel: "出发 → 到达（每个警力）",
    response: "来电 → 第一个警力到达", "unit-response": "派遣 → 到达（每个警力）", "on-scene": "到达 → 完成（每个警力）", commitment: "派遣 → 完成（每个警力）",
  },
  values: (n) => plural("zh", n, { other: "# 个数据" }), smallN: "数据少：p90 至少需要 10 个，p95 至少需要 20 个。", mostInBar: (n) => `单柱最多 ${n}`, over: (span) => `超过 ${span}`,
  thresholds: "对照标准", noThreshold: "这一时段没有设定标准。", within: (span) => `在 ${span} 以内`, wanted: (share) => `要求 ${share}`, notReached: "未达到", ofThese: (n) => `已知 ${n} 个`,
  scopeOf: (of) => `仅计：${of}`, where: { town: "仅计城区（按地图上路口密集处）", outside: "仅计城外（按地图）" }, unplaced: (n) => `${n} 个在地图之外，未计入`,
  ifMissingFailed: (share) => `若缺失的都未达到则为 ${share}`, edition: (edition) => `${edition} 版`, entered: (day) => `${day} 录入`, sources: { "city police practice": "城市公安惯例" },
  byPriority: "按等级", priority: "等级", gradedFirst: "最初定级", gradedLast: "最终定级", notGraded: "无",
  notIn: (span) => `未计入的：${span}`, allIn: "此时段没有未计入的。", leftOutHere: (reasons) => `未计入：${reasons}`, abandoned: (n) => plural("zh", n, { other: "# 个先挂断" }), missingMilestone: (milestone) => `缺少：${milestone}`, enteredByDesk: (n, of) => `${of} 个中有 ${n} 个含席位代为录入的步骤`, missingShare: (share) => `应有的数据中缺失 ${share}。`,
  milestones: { assigned: "派遣", sent: "发出", acknowledged: "确认", "en-route": "出发", "on-scene": "到达", cleared: "完成", answered: "接听", created: "建立警情" },
  exclusions: {
    "under-way": "尚未结束", abandoned: "来电者先挂断", elsewhere: "已在别处接听", "no-call": "并非由来电建立", "nobody-needed": "无需出警", recalled: "已撤回", declined: "已拒绝", "pre-empted": "改派他处", lost: "失联", cancelled: "无需处置而结束", waited: "仅排队等候",
    "not-in-log": "回放的记录未说明", negative: "小于零", "over-a-day": "超过一天",
  },
  doubtful: "可疑数据", nothingDoubtful: "没有可疑数据。", ofAllSpans: "所有时段", onlyThis: "仅此时段", more: "最多显示 500 条", arrived: "来电时间", value: "数值", why: "原因", counts: "是否计入", counted: "计入", leftOut: "排除", unit: "警力", incident: "警情编号",
  doubts: { negative: "小于零", "over-a-day": "超过一天", "over-half-a-day": "超过半天", "same-second": "同一秒内", "after-closing": "晚于结束时间" },
};
