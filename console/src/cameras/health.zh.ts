import { plural } from "../words/catalogue.ts";
import type { Translation } from "../words/catalogue.ts";
import type { en } from "./health.en.ts";

export const zh: Translation<typeof en> = {
  now: "当前故障",
  count: (open, fresh) => (fresh === 0 ? open : `${open}，${plural("zh", fresh, { other: "# 项未确认" })}`),
  none: "摄像机和录像服务器均无故障。",
  noneMatches: "没有与输入内容相符的故障。",
  history: "故障记录",
  noHistory: "暂无记录。",
  health: "运行状况",
  sinceOpened: "自打开以来",
  columns: { problem: "故障", camera: "摄像机", since: "开始", lasted: "持续", what: "测得情况", acknowledged: "确认" },
  recorder: (id, cameras) => `录像服务器 ${id}，${cameras} 台摄像机`,
  lasts: (span) => `${span}，仍在持续`,
  acknowledge: "确认",
  acknowledging: (kind, name) => `${kind}：${name}`,
  acknowledgeWhat: "说明您已知悉以及处理措施。所有人都会看到，并附您的姓名。",
  words: "处理措施",
  wordsExample: "维修人员已出发",
  cancel: "取消",
  acknowledgedBy: (name, words) => `${name}：${words}`,
  kinds: {
    offline: "无法连接", "no-pictures": "无画面", "key-interval": "关键帧间隔", "bit-rate": "码率骤降", "frame-rate": "帧率过低", clock: "时钟不准", loss: "丢包", reconnecting: "频繁断线", frozen: "画面冻结", black: "画面全黑",
    blurred: "模糊或遮挡", "sound-dropped": "声音或元数据未录", "recorder-away": "录像服务器失联",
  },
  answered: { unauthorized: "密码被拒绝", "credentials-missing": "缺少密码", "not-found": "无此码流", "not-rtsp": "对方不是 RTSP", untrusted: "证书不受信任", closed: "对方挂断" },
  found: {
    keyInterval: (value, expected) => `关键帧间隔 ${value} 秒，应为 ${expected} 秒`, bitRate: (value, expected) => `${value} Mbit/s，平时为 ${expected}`, frameRate: (value, expected) => `每秒 ${value} 帧，平时为 ${expected} 帧`,
    ahead: (span) => `比本系统快 ${span}`, behind: (span) => `比本系统慢 ${span}`, loss: (percent) => `一分钟内丢包 ${percent}%`, breaks: (n) => plural("zh", n, { other: "一小时内断线 # 次" }),
    still: (n) => plural("zh", n, { other: "画面 # 分钟无变化" }), luma: (value) => `亮度 ${value}（满 255）`, sharpness: (value, usual) => `清晰度 ${value}，平时 ${usual}`, stopped: "已连接，但画面中断", connecting: "尚未应答", dropped: (sound, metadata) => `磁盘过慢：一分钟内声音 ${sound}，元数据 ${metadata}`, away: "与中心失去联系；其摄像机可能仍在录像",
  },
  figures: {
    rate: "码率", frames: "每秒帧数", keyInterval: "关键帧间隔", set: (value) => `设定 ${value} 秒`, clock: "摄像机时钟", exact: "与本系统一致", unknown: "该摄像机未提供", loss: "最近一分钟丢包", breaks: "断线", breaksOf: (hour, day) => `最近一小时 ${hour} 次，一天 ${day} 次`,
    faults: "本次会话异常", dropped: "磁盘过慢未录", droppedOf: (sound, metadata) => `最近一分钟声音 ${sound}，元数据 ${metadata}`, noFaults: "无", picture: "画面", looked: (ago) => `${ago}检查`, notYet: "尚未检查", noFfmpeg: "未检查：录像服务器上没有 ffmpeg。画面冻结仅按帧大小判断，需 30 分钟。",
  },
  pictures: { good: "正常", black: "全黑", blurred: "模糊或遮挡", frozen: "冻结" },
};
