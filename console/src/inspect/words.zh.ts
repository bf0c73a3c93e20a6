import type { Translation } from "../words/catalogue.ts";
import type { en } from "./words.en.ts";

export const zh: Translation<typeof en> = {
  title: "督察",
  looks: {
    title: "谁看过什么", when: "时间", who: "人员", camera: "摄像机", what: "内容", long: "时长", purpose: "用途", why: "理由", live: "实时", past: (from, to) => `回放，${from} 至 ${to}`, pastOnly: "仅回放", liveAndPast: "实时和回放", open: "查看中", noEnd: "未收到结束通知；最后的许可在此时失效",
    incident: (number) => `警情 ${number}`, call: (id) => `来电 ${id}，立警情之前`, search: "人员、摄像机或文字", allPurposes: "全部用途", only: (what) => `仅 ${what}`, count: (n) => `${n} 次查看`,
    none: "还没有人查看过摄像机。", nothing: "没有相符的查看。", older: "显示更早的",
  },
  changes: {
    title: "谁改过什么", when: "时间", who: "人员", action: "操作", subject: "对象", body: "改动", none: "还没有任何改动。", older: "显示更早的",
    actions: {
      "camera.add": "添加摄像机", "camera.change": "修改摄像机", "camera.move": "移动摄像机", "camera.remove": "删除摄像机", "camera.add-many": "导入摄像机", "account.create": "建立账号", "account.change": "修改账号", "account.first": "建立首个账号",
      "account.password": "修改本人密码",
    },
    subjects: { camera: "摄像机", account: "账号", session: "会话" },
  },
};
