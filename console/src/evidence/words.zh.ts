import type { Translation } from "../words/catalogue.ts";
import type { en } from "./words.en.ts";

export const zh: Translation<typeof en> = {
  exports: {
    title: "导出为证据", button: "导出为证据", intro: "这些摄像机的录像原始字节将作为一个证据包导出，并附有签名的文件清单。您的导出及其理由会按每台摄像机记录。",
    cameras: "摄像机", none: "未选择摄像机。", range: "时间范围", length: (span) => `时长 ${span}`, from: "自", to: "至", purpose: "用途", pickPurpose: "选择用途", words: "说明", wordsExample: "例如案件编号", incident: "警情", pickIncident: "选择警情", byNumber: "按编号查找其他警情…", byNumberWhat: "包括已结束的警情", number: "警情编号", numberFault: "只填数字，例如 1042。", noSuchNumber: (n) => `没有警情 ${n}。`, endedOn: (when) => `已于 ${when} 结束`,
    forIncident: (n) => `用于警情 ${n}`,
    purposeFault: "请选择用途。", wordsFault: "请写明理由。", incidentFault: "请选择警情。", rangeFault: "结束必须晚于开始。", longFault: "一个证据包最多 24 小时。", futureFault: "该时间范围尚未开始。", mostFault: "一个证据包最多 16 台摄像机。",
    withSound: "含声音", withMetadata: "含摄像机元数据", besideWhat: "仅限登记中有相应用途的摄像机。案件不需要的请不要导出。", metadataWhat: "元数据会描述人和物。",
    start: "导出", cancel: "取消", close: "关闭", refused: (camera) => `未导出：${camera}`,
    several: "摄像机分属多台录像服务器：各出一个证据包。",
    goesOn: "浏览器正在把证据包写入下载目录。可以关闭此窗口；督察中的列表会显示结果。", stop: "停止导出",
    package: (id) => `证据包 ${id}`, of: (done, all) => `${done} / ${all}`, sha: "证据包的 SHA-256", copy: "复制", copied: "已复制",
  },
  states: { waiting: "等待下载", running: "传输中", complete: "完成", failed: "失败", cancelled: "已停止", lapsed: "未完成" },
  faults: {
    "nothing-recorded": "该时间范围内没有录像。", "recorder-away": "录像服务器未连接。", "browser-left": "浏览器中断了下载。", "segment-gone": "其间有录像被删除。请先保全该范围，再次导出。",
    "disk-failed": "无法读取录像服务器的磁盘。", "not-signed": "中心未签名。请再次导出。", "too-large": "片段过多，无法放入一个证据包。请缩短范围。", "page-missing": "录像服务器缺少程序的一部分（证据包页面）。", "recorder-stopped": "录像服务器已停止。",
  },
  keep: {
    title: "保全为证据", button: "保全", intro: "这些摄像机在该时间范围内的录像在有人解除之前不会被删除。", review: "复查日期", reviewHint: "过后该保全会显示为逾期，但仍然有效。", save: "保全", kept: (n) => `已保全，保全号 ${n}。`, reviewFault: "请选择今后一年之内的日期。",
  },
  list: {
    title: "证据", when: "时间", who: "人员", cameras: "摄像机", range: "时间范围", why: "理由", state: "状态", size: "大小", sha: "SHA-256", empty: "尚未导出证据。", older: "显示更早的",
    exports: "已导出的证据包", holds: "保全中的录像", noHolds: "没有保全的录像。", review: "复查", until: (day) => `${day} 复查`, overdue: (day) => `复查逾期，应于 ${day}`, released: "已解除", release: "解除", open: (n) => `保全中 ${n} 项`, overdueCount: (n) => `${n} 项复查逾期`, releasedCount: (n) => `已解除 ${n} 项`, back: "上一页", on: "下一页", page: (from, to, all) => `第 ${from}–${to} 项，共 ${all} 项`,
    byAnother: "须由他人解除", ownHold: "此保全由您设立，须由他人解除", reviewed: "仍需保全", steps: "经过", releaseWhy: "为何不再需要", reviewWhy: "为何仍然需要", releaseTitle: (id) => `解除保全 ${id}`, reviewTitle: (id) => `保全 ${id} 仍然需要`, waiting: (n) => `${n} 台录像服务器尚未确认`,
    incident: (n) => `警情 ${n}`, count: (n) => `${n} 台摄像机`,
    key: "证据包签名密钥", keyWhat: "请公布其指纹，以便收到证据包的人对照。命令 citywatch evidence-key 也会显示。", copyKey: "复制密钥",
  },
  verify: {
    title: "核验证据包", what: "把证据包拖到这里（ZIP，或解压后文件夹中的文件）。只在本机读取，不会发送。", choose: "选择 ZIP", chooseFolder: "选择解压后的文件夹", known: "已知的指纹", knownHint: "应来自证据包之外，例如本市的公布。留空则签名不能证明来源。", knownFault: "64 位 0-9 和 a-f。",
    reading: (done, all) => `已读取 ${done} / ${all}`, notPackage: "这不是证据包。", again: "核验另一个",
    broken: "与签名时不符", unchecked: "无法检查", remark: "关于录像须知", madeBy: (who, when) => `导出人 ${who}，${when}`, pictures: (n) => `${n} 帧画面`, fingerprint: "签名密钥", worker: "核验中断。",
  },
  grades: {
    "whole-known-key": "完整，且由您所知的密钥签名。",
    "whole-unknown-key": "在随附的密钥下完整。密钥属于谁，此核验无法说明：请与本市公布的指纹对照。",
    unverifiable: "没有矛盾，但无法判断签名。这不能证明什么。",
    altered: "已被改动：这不是当初签名的证据包。",
  },
  findings: {
    "manifest-missing": "缺失；没有它就无法核验", "manifest-broken": "不是清单", "signature-missing": "缺失或不全", "signature-wrong": "被改动，或由另一密钥签名", "signature-unchecked": "此浏览器无法检查",
    "key-bad": "所列密钥不能证明什么", "key-other": "由您所知之外的另一密钥签名", "key-file-other": "不是清单中的密钥", "file-missing": "缺失", "file-extra": "是后来加入的：清单中没有", "file-of-system": "由操作系统留下，不属于证据包", "file-changed": "被改动", "file-length": "长度不同",
    "file-unreadable": "无法读取", "not-playable": "不是完整的 MP4", "frames-differ": "画面数量与清单不符", "time-differs": "画面时长与时钟不符", "derived-changed": "被改动", "parts-wrong": "在清单中加总不符",
    "gaps-wrong": "录像时间与中断加总不等于时间范围", "source-mismatch": "取自写入之后在录像服务器磁盘上发生变化的录像", "source-no-hash": "取自没有自身哈希的录像：当时仍在写入，或其间发生过崩溃", "source-missing": "录像服务器磁盘上已没有", "source-left-out": "缺少一段已录制的内容：存储的文件无法读取，或格式不同", "clock-off": "摄像机自身的时钟不准",
  },
  page: {
    title: (id, city) => `证据包 ${id} · ${city}`, language: "English", missing: "无法读取 manifest.js。请解压整个证据包，再从其文件夹打开此页。",
    asked: "导出人", why: "理由", range: "时间范围", made: "生成", program: "程序", recorder: (id) => `录像服务器 ${id}`, key: "密钥", zone: (city, zone, offset) => `时间均为 ${city} 当地时间：${zone}，${offset}。`, zoneNone: "时间为 UTC：证据包未注明此浏览器认识的时区。", incident: (n) => `警情 ${n}`,
    notChecked: "尚未核验。从磁盘打开的页面不能读取旁边的文件：请让它读取文件夹或 ZIP。", signature: { good: "清单带有下列密钥的有效签名。文件尚未对照。", bad: "清单的签名不成立。请勿依赖此页所示内容。", unknown: "此浏览器无法检查签名。" },
    trust: "此页随证据包而来。若怀疑来源，请用 citywatch verify 或 README.txt 中的命令，并使用另行取得的密钥核验。",
    sound: "声音", soundWhat: "仅 1× 播放时，按摄像机发出的原样", play: "播放", pause: "暂停", speed: "速度", step: "前进一帧", stepBack: "后退一帧", now: "时刻", gap: "无录像", notOpened: "此浏览器无法播放", recorded: "有录像", files: "文件", gaps: "中断", noGaps: "该时间范围内没有中断。", within: "在文件时间之内：画面停留在前一帧", file: "文件", from: "自", to: "至", pictures: "画面", cause: "原因", camera: "摄像机", hash: "SHA-256", keys: "空格：播放。左右键：5 秒。逗号、句号：一帧。J、L：一分钟。",
  },
};
