import type { Translation } from "../words/catalogue.ts";
import type { en } from "./words.en.ts";

export const zh: Translation<typeof en> = {
  title: "督察",
  recorded: "您在此处的查阅会被记录。",
  takeAway: (what) => `${what}：取消此筛选`,
  days: { from: "自", to: "至" },
  file: { button: "导出 CSV", done: (n) => `已导出 ${n} 行。导出已记录。`, cut: (n) => `文件只含最新的 ${n} 行。请按日期缩小范围，分批导出。` },
  looks: {
    title: "谁看过什么", when: "时间", who: "人员", camera: "摄像机", what: "内容", long: "时长", purpose: "用途", why: "理由", live: "实时", past: "回放", ofIt: (span) => `，其中 ${span}`, opened: (range) => `打开范围 ${range}`, pastWhat: "打开范围：其中任何部分都可能被查看，为所选时刻前后约一小时",
    sentWhat: "录像机实际发出的时间段；播放器会提前获取数秒", nothingSent: "，录像机未报告发送", nothingSentWhat: "录像机没有报告发出过画面", untoldWhat: "录像机在最后一次发送半分钟后报告，持续查看时每五分钟报告一次",
    heard: "含声音", heardWhat: "本次查看获准收听该摄像机的声音", described: "含元数据", describedWhat: "证据包中可包含摄像机自身对人和物的描述（ONVIF 元数据）", pastOnly: "仅回放", downloadsOnly: "仅下载", download: "下载", downloadUntold: "下载", asked: (range) => `请求范围 ${range}`, downloadedWhat: "请求范围内的录像以文件形式取走", exportsOnly: "仅证据", exported: (range) => `证据，导出 ${range}`, exportedWhat: "此时间范围的录像已随证据包导出", liveAndPast: "全部查看",
    open: "查看中", openWhat: "画面此刻正打开着", downloading: "下载中", downloadingWhat: "文件正在发送，或尚未收到结束通知", noEnd: "未收到结束通知；最后的许可在此时失效",
    incident: (number) => `警情 ${number}`, openIncident: "打开", call: (id) => `来电 ${id}，立警情之前`, search: "人员、摄像机、地点或文字", allPurposes: "全部用途", person: (id) => `${id} 号人员`, oneCamera: (id) => `${id} 号摄像机`, clear: "清除筛选",
    none: "自昨天起没有人查看过摄像机。清空起始日期可查看全部。", nothing: "没有相符的查看。", older: "显示更早的",
  },
  picture: {
    title: "查看情况图示", total: (n) => `${n} 次查看`, looks: (n) => `${n} 次查看`, parts: (live, past, downloaded, exported) => `实时 ${live}，回放 ${past}，下载 ${downloaded}，证据 ${exported}`,
    perHour: "按小时", perDay: "按天", most: (n) => `最多 ${n}`, byPurpose: "用途", byPerson: "人员", byCamera: "摄像机",
  },
  changes: {
    title: "谁改过什么", readings: "谁查阅过", when: "时间", who: "人员", action: "操作", subject: "对象", body: "改动", filter: "查阅内容", none: "还没有任何记录。", nothing: "没有相符的记录。", older: "显示更早的",
    search: "人员、摄像机或内容", allSubjects: "账号和摄像机", showAll: "显示全部", by: (name) => `${name} 所做`, system: "系统本身", oneChange: "所选记录", close: "关闭",
    field: "项目", before: "改动前", after: "改动后", value: "内容", everything: "全部，从新到旧", nothingThere: "无", yes: "是", no: "否", secretChanged: "已更改（不显示）", unit: (id) => `${id} 号单位`,
    days: (n) => `${n} 天`,
    actions: {
      "camera.add": "添加摄像机", "camera.change": "修改摄像机", "camera.move": "摄像机迁至另一主机", "camera.move-recorder": "摄像机改由另一录像服务器录像", "camera.remove": "删除摄像机", "camera.recording-event": "向摄像机通报事件", "camera.return": "恢复摄像机", "camera.add-many": "导入摄像机", "account.create": "建立账号", "account.change": "修改账号", "account.first": "建立首个账号",
      "account.password": "修改本人密码", "account.sessions-end": "全部退出登录",
      "hold.make": "录像保全", "hold.review": "保全复核", "hold.release": "解除保全",
      "platform.add": "登记平台", "platform.change": "修改平台", "platform.retire": "撤销平台", "alarm-point.add": "登记报警点", "alarm-point.change": "修改报警点", "alarm-point.remove": "删除报警点", "webhook.add": "建立推送", "webhook.change": "修改推送", "webhook.remove": "删除推送", "webhook.resend": "重新投递",
      "run-cards.propose": "提出出动方案", "run-cards.approve": "启用出动方案", "run-cards.discard": "放弃出动方案",
      "warning.draft": "起草公众预警", "warning.change": "修改预警草稿", "warning.approve": "批准公众预警", "warning.discard": "放弃预警草稿", "warning.cancel": "撤销公众预警", "warning.update": "更新公众预警",
      "tracker.add": "登记定位器", "tracker.remove": "删除定位器",
      "machine-account.create": "生成外部系统密钥", "machine-account.revoke": "吊销外部系统密钥",
      "access-record.read": "查阅查看记录", "access-record.export": "导出查看记录", "export.read": "查阅证据包", "audit.read": "查阅改动记录", "audit.export": "导出改动记录", "sharing.read": "其他机构读取警情", "sharing.make": "共享警情", "sharing.end": "终止共享",
    },
    subjects: {
      platform: "警务平台", "alarm-point": "报警点", webhook: "推送", "run-cards": "出动方案", warning: "公众预警", sharing: "共享", "shared-incident": "共享", tracker: "定位器", "machine-account": "外部系统",
      camera: "摄像机", account: "账号", session: "会话", hold: "证据保全" },
    many: {
      platform: "警务平台", "alarm-point": "报警点", webhook: "推送", "run-cards": "出动方案", warning: "公众预警", sharing: "共享", "shared-incident": "已共享的警情", tracker: "定位器", "machine-account": "外部系统",
      camera: "摄像机", account: "账号", hold: "证据保全", "access-record": "查看登记册", export: "证据包清单", "audit-entry": "改动登记册" },
    modes: { live: "实时", playback: "回放", download: "下载", export: "证据" },
    fields: {
      agency: "机构", deviceId: "设备号", headline: "标题", siteName: "场所", door: "门", pointKind: "类别", camerasAt: "摄像机", recorder: "录像服务器", topics: "事件", format: "格式", targetHost: "主机", deliveries: "投递",
      interface: "接口", name: "名称", login: "登录名", roles: "角色", unitId: "单位", disabled: "停用", password: "密码", credential: "用户名和密码", code: "编号", kind: "类型", place: "地点", district: "区", imageWidthPx: "画面宽度（像素）", nightView: "夜间",
      purpose: "用途", owner: "所有者", address: "地址", subAddress: "子码流地址", transport: "传输方式", certificateSha256: "固定的证书", soundPurpose: "录音用途", metadataPurpose: "元数据用途", recording: "录像", schedule: "每周时段", preRollS: "事件之前（秒）", postRollS: "事件之后（秒）", keyFrameIntervalS: "关键帧间隔（秒）", until: "录像至", leastDays: "至少保存", mostGigabytes: "至多占用（GB）", retentionDays: "保存", lon: "经度", lat: "纬度", mountHeightM: "高度", bearingDeg: "方向", tiltDeg: "俯角", horizontalFovDeg: "水平视角",
      verticalFovDeg: "垂直视角", rangeM: "有效距离", count: "数量", cameras: "摄像机", before: "改动前", after: "改动后", ended: "结束的会话", rows: "行数",
      from: "自", to: "至", reviewAt: "复核期限", incidentId: "警情号", words: "理由",
      "filter.cameraId": "摄像机号", "filter.accountId": "人员号", "filter.incidentId": "警情号", "filter.purpose": "用途", "filter.mode": "实时或回放", "filter.from": "自", "filter.to": "早于", "filter.q": "文字",
      "filter.kind": "登记册", "filter.exportId": "证据包编号", "filter.actorId": "操作人号", "filter.subjectKind": "对象", "filter.subjectId": "对象编号",
    },
  },
};
