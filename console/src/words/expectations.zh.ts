import type { Translation } from "./catalogue.ts";
import type { en } from "./expectations.en.ts";

export const zh: Translation<typeof en> = {
  number: "数字", "whole-number": "整数", text: "文字", "true-or-false": "true 或 false", object: "对象", list: "列表", value: "一个值",
  "one-of": "以下之一：{values}", exactly: "{value}", "no-field": "不应有字段 {names}", "known-form": "文档中的形式之一", "known-kind": "已知的 {name}", utf8: "UTF-8 编码的文字",
  "at-least": "至少 {n}", "more-than": "大于 {n}", "at-most": "至多 {n}", "less-than": "小于 {n}",
  "least-characters": "至少 {n} 个字符", "most-characters": "至多 {n} 个字符", "not-empty": "不能为空", "not-empty-list": "至少一项", "least-items": "至少 {n} 项", "most-items": "至多 {n} 项",
  pattern: "形如 {form} 的文字",
  "camera-code": "1 至 40 个 A-Z a-z 0-9 . _ - 字符", "code-free": "尚未被其他摄像机使用的编号", login: "2 至 40 个 a-z 0-9 . _ - 字符", "login-free": "尚未被使用的用户名",
  "layout-exists": "存在且本人可见的布局", "camera-once": "每个摄像机只出现一次", "unit-exists": "存在的警力单元", "unit-on-duty": "在勤的警力单元", "unit-role": "留空，或具有民警、保安角色", "unit-not-speaking": "自身手机未上报位置的警力单元", "incident-exists": "存在的警情", "call-exists": "存在的来电",
  "rtsp-scheme": "以 rtsp:// 或 rtsps:// 开头的地址", "rtsp-form": "rtsp://主机[:端口]/路径", "rtsp-host": "主机：rtsp://主机[:端口]/路径", "no-blanks": "不含空格和控制字符的地址",
  "rtsp-ascii": "不含空格的可打印 ASCII 字符；其他字符用百分号编码",
  "rtsp-escapes": "rtsp://主机[:端口]/路径，端口为 1 至 65535；密码中的特殊字符写作：@ 为 %40，: 为 %3A，# 为 %23，/ 为 %2F", "no-fragment": "地址中不含 #；密码中的 # 写作 %23",
  port: "1 至 65535 的端口", 
  "host-not-an-address": "摄像机的地址；{host} 不是地址：请写四个 0 至 255 的数字、方括号中的 IPv6，或主机名",
  "host-unspecified": "摄像机的地址；{host} 是未指定地址，摄像机不得使用", "host-link-local": "摄像机的地址；{host} 是链路本地地址，摄像机不得使用",
  "host-metadata-service": "摄像机的地址；{host} 是云元数据服务地址，摄像机不得使用", "host-multicast": "摄像机的地址；{host} 是组播地址，摄像机不得使用",
  "host-reserved": "摄像机的地址；{host} 是保留地址，摄像机不得使用",
  "host-loopback": "摄像机的地址；{host} 是本机回环地址，不在此处允许的摄像机网段内：{networks}；可用选项 --camera-networks 更改",
  "host-outside": "摄像机的地址；{host} 不在此处允许的摄像机网段内：{networks}；可用选项 --camera-networks 更改",
  "percent-signs": "用户名和密码中的 % 写作 %25",
  "lon-lat": "经度,纬度（度）", latitude: "纬度，-90 至 90", longitude: "经度，-180 至 180", "city-latitude": "本市及周边的纬度，{from} 至 {to}", "city-longitude": "本市及周边的经度，{from} 至 {to}",
  "no-range": "不带时间范围：实时查看没有范围", "range-start": "范围的开始（毫秒）", "range-end": "范围的结束（毫秒）", "time-after": "晚于 {t} 的时间", "time-not-after": "不晚于 {t} 的时间",
  "range-of-a-day": "不超过开始后 24 小时", "time-past": "已经过去的时间",
  "csv-row": "一行 CSV：{problem}", "csv-quotes": "每个引号都闭合；该行之后未读取", "csv-column": "首行中要有此列", "csv-column-once": "每列只出现一次", "call-sign-once": "每个呼号只出现一次",
};
