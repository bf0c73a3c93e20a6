import type { Translation } from "./catalogue.ts";
import type { en } from "./fields.en.ts";

export const zh: Translation<typeof en> = {
  address: "地址", userName: "用户名", password: "密码", name: "名称", code: "编号", kind: "类型", place: "地点", lat: "纬度", lon: "经度", bearingDeg: "朝向", tiltDeg: "俯角",
  horizontalFovDeg: "水平视角", verticalFovDeg: "垂直视角", mountHeightM: "安装高度", rangeM: "可视距离", imageWidthPx: "画面宽度", nightView: "夜间", purpose: "用途", owner: "所有者", retentionDays: "保存天数",
  subAddress: "子码流地址", transport: "传输方式", certificateSha256: "自有证书", soundPurpose: "录音用途", metadataPurpose: "元数据用途", schedule: "每周时段", preRollS: "事件之前", postRollS: "事件之后",
  keyFrameIntervalS: "关键帧间隔", leastDays: "至少", mostGigabytes: "至多",
  recording: "录像", login: "用户名", unitId: "警力单位", roles: "角色", incidentId: "警情", words: "理由", csv: "列表", row: "行", from: "开始", to: "结束",
};
