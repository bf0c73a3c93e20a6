import type { Translation } from "./catalogue.ts";
import type { en } from "./domain.en.ts";

export const zh: Translation<typeof en> = {
  roles: {
    "call-taker": "接警员", dispatcher: "调度员", supervisor: "值班长", "video-operator": "视频巡查员", officer: "民警", guard: "保安", planner: "规划员",
    engineer: "运维工程师", administrator: "系统管理员", inspector: "督察",
  },
  incidentTypes: {
    theft: "盗窃", robbery: "抢劫", intruder: "闯入住宅", fight: "斗殴", "fire-smoke": "火警（见烟）", "fire-building": "建筑火灾",
    "traffic-collision": "交通事故", "traffic-injury": "伤人交通事故", "traffic-obstruction": "道路受阻", medical: "医疗急救",
    "school-alarm": "校园报警", "officer-emergency": "警员紧急求助", "noise-nuisance": "噪声扰民", "person-missing": "人员走失", other: "其他",
  },
  incidentCategories: { criminal: "刑事", "public-order": "治安", fire: "火灾", traffic: "交通", medical: "急救", assistance: "群众求助" },
  determinants: { routine: "例行", minor: "轻微", moderate: "一般", serious: "严重", critical: "危急" },
  incidentStatuses: { active: "处置中", cancelled: "已取消", closed: "已结案", reopened: "已重开" },
  dispositions: {
    resolved: "已解决", "report-taken": "已受理", arrest: "已抓获", transported: "已送医", "handed-over": "已移交",
    unfounded: "不属实", "not-found": "未发现", duplicate: "重复警情", "no-need": "无需处置",
  },
  contactSources: { telephone: "电话", text: "短信", app: "应用", alarm: "报警器", "panic-button": "一键报警", "camera-event": "摄像机事件", officer: "民警" },
  contactStates: { ringing: "振铃", abandoned: "未接挂断", claimed: "已接听", ended: "已结束" },
  contactDispositions: {
    incident: "已立警情", attached: "已并入", "no-emergency": "非紧急", silent: "无声电话", "wrong-number": "误拨", prank: "骚扰电话",
    "information-given": "已答复咨询", "called-back-no-need": "已回拨，无需处置", "called-back-no-answer": "已回拨，无人接听", "answered-elsewhere": "他处已接听", transferred: "已转接",
  },
  unitKinds: { patrol: "巡逻组", "platform-crew": "平台组", "fire-engine": "消防车", ambulance: "救护车", "campus-police": "校园警" },
  skills: { foot: "步行", car: "汽车", motorbike: "摩托车", "first-aid": "急救", fire: "消防", rescue: "救援", medical: "医疗", school: "校园" },
  availabilities: { available: "空闲", "conditionally-available": "仅限紧急警情", "not-available": "不可用" },
  assignmentStates: {
    proposed: "拟派", assigned: "已指派", sent: "已发送", delivered: "已送达", acknowledged: "已签收", "en-route": "途中", staged: "待命",
    "on-scene": "到场", transporting: "转运中", cleared: "已撤离", declined: "已拒绝", recalled: "已召回", "pre-empted": "已改派", lost: "失联",
  },
  verdicts: { seen: "看到", "not-seen": "未看到", "cannot-tell": "不确定" },
  placeKinds: {
    address: "门牌", street: "街道", crossing: "路口", school: "学校", police: "派出所", hospital: "医院", "fire-station": "消防站",
    platform: "平台", camera: "摄像机", landmark: "地标", coordinates: "坐标",
  },
  services: { "telephone switch": "电话交换", "vehicle tracking": "车辆定位", recorder: "录像服务器", "command line": "命令行" },
  cameraKinds: { fixed: "枪机", ptz: "云台", dome: "半球", "multi-sensor": "多目" },
  nightViews: { unknown: "未注明", none: "看不见", "low-light": "可见灯光照亮处（低照度）", infrared: "自带红外补光" },
  cameraStates: { connected: "在线", connecting: "连接中", failing: "故障", idle: "空闲", "no-address": "无地址" },
  cameraProblems: {
    "bad-address": "地址不正确。", unresolved: "无法解析主机名。", refused: "该地址没有服务。", timeout: "摄像机没有响应。", "credentials-missing": "需要用户名和密码，但未填写。", unauthorized: "用户名或密码错误。",
    "not-found": "摄像机没有该路视频流。", "not-rtsp": "对方不是 RTSP 服务。", "no-video": "流中没有视频。", "unsupported-codec": "不是 H.264 或 H.265 编码。",
    malformed: "摄像机发送的数据无法解析。", closed: "摄像机关闭了连接。", untrusted: "摄像机的证书不受信任。",
  },
  recordingModes: { continuous: "持续录像", scheduled: "按时段录像", "on-event": "事件触发录像", "on-demand": "观看时录像" },
  purposes: { incident: "警情", call: "来电", report: "无来电报告", patrol: "视频巡查", traffic: "交通", "event-safety": "活动安保", "camera-maintenance": "设备维护", investigation: "调查", training: "培训" },
  gapCauses: {
    "recorder-stopped": "录像机停止", "recorder-crashed": "录像机崩溃", "camera-unreachable": "摄像机不可达", "camera-refused": "摄像机拒绝",
    "camera-closed": "摄像机断开", "no-data": "无数据", "bad-data": "数据无法读取", "disk-slow": "磁盘过慢", "disk-failed": "磁盘故障",
    "not-wanted": "按设定不录像", "not-scheduled": "不在录像时段", "no-event": "没有事件", "not-yet-added": "录像开始之前", deleted: "到期删除", "deleted-early": "磁盘已满，提前删除", "disk-full": "磁盘已满", damaged: "录像损坏", "index-lost": "原因不明：索引曾损坏",
    reconfigured: "摄像机设置已更改", "clock-changed": "时钟校正", "not-yet-told": "录像服务器当时尚未写入",
  },
};
