/** What the maker of the demo sells: its products, their lines, and what of a device a ticket is about. */
import type { DemoTicket } from './demo-data.ts';

export const PRINTER = '标签打印机 LP-420';
export const HANDHELD = '手持终端 PDA-60';
export const GATE = '门禁考勤机 AC-300';
export const TABLET = '工业平板 TB-10';
export const SCALE = '电子秤 SC-30';
export const WMS = '仓储软件 WMS 5';

const LINES: Readonly<Record<string, string>> = {
  [WMS]: '仓储软件',
  [HANDHELD]: '移动终端',
  [TABLET]: '移动终端',
  [PRINTER]: '打印设备',
  [SCALE]: '称重设备',
  [GATE]: '门禁考勤',
};

/** What of a device is concerned, by a word of the subject. */
const MODULES: readonly (readonly [RegExp, string])[] = [
  [/打印|切刀|标签|条码|面单/, '打印'],
  [/电池|充电|关机|温度|停机|手带/, '电源与机械'],
  [/联网|上传|连接|抓取|邮件|驱动/, '网络与接口'],
  [/屏|读卡|扫码|灯|识别|平板|秤|踏/, '屏幕与传感'],
  [/账号|权限|开门|安装/, '权限与安装'],
];

/** The product line of a product. */
export function productLine({ product }: DemoTicket): string {
  return LINES[product]!;
}

/** The module a ticket is about. */
export function moduleOf({ title }: DemoTicket): string {
  return MODULES.find(([words]) => words.test(title))?.[1] ?? '数据与流程';
}
