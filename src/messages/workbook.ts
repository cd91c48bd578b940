/** Why a workbook cannot be opened or saved. A refusal `x` has its remedy under `x-hint`. */
import type { Texts } from './catalogue.ts';

export const workbook = {
  'workbook-encrypted': {
    'zh-CN': '工作簿有打开密码，或者是旧的 .xls 格式，无法读取。',
    en: 'The workbook has a password to open, or is an old .xls file; it cannot be read.',
  },
  'workbook-encrypted-hint': {
    'zh-CN': '请在 Excel 或 WPS 中去掉打开密码，另存为 .xlsx。',
    en: 'Take the password off in Excel or WPS, and save it as .xlsx.',
  },
  'workbook-not-a-workbook': {
    'zh-CN': '这个文件不是 .xlsx 工作簿。',
    en: 'This file is not an .xlsx workbook.',
  },
  'workbook-not-a-workbook-hint': {
    'zh-CN': '请用表格软件打开它，另存为 .xlsx。',
    en: 'Open it in a spreadsheet app and save it as .xlsx.',
  },
  'workbook-empty': {
    'zh-CN': '文件是空的（0 字节）。',
    en: 'The file is empty (0 bytes).',
  },
  'workbook-empty-hint': {
    'zh-CN': '可能正在保存或同步；若一直如此，请从 backups 文件夹恢复。',
    en: 'It may be in the middle of a save; if it stays so, restore it from the backups folder.',
  },
  'workbook-damaged': {
    'zh-CN': '工作簿已损坏或不完整：{where}。',
    en: 'The workbook is damaged or incomplete: {where}.',
  },
  'workbook-damaged-hint': {
    'zh-CN': '若正在复制或同步，请等它完成；否则请用 Excel 修复后另存，或从 backups 文件夹恢复。',
    en: 'If it is being copied, wait for the end; else let Excel repair and save it, or restore it from the backups folder.',
  },
  'workbook-too-large': {
    'zh-CN': '工作簿太大：{where}，上限 {limit}。',
    en: 'The workbook is too large: {where}, the limit is {limit}.',
  },
  'workbook-too-large-hint': {
    'zh-CN': '请把旧数据移到另一个工作簿，或调高上限。',
    en: 'Move old data to another workbook, or raise the limit.',
  },
  'workbook-hostile': {
    'zh-CN': '工作簿的内部结构不安全，已拒绝打开：{where}。',
    en: 'The workbook is built in an unsafe way and was not opened: {where}.',
  },
  'workbook-hostile-hint': {
    'zh-CN': '正常的表格软件不会生成这样的文件；请核实来源，用 Excel 或 WPS 另存一份再试。',
    en: 'No ordinary spreadsheet app makes such a file; check where it came from, or save a fresh copy with Excel or WPS.',
  },
  'workbook-unsupported': {
    'zh-CN': '工作簿用了无法读取的存储方式：{where}。',
    en: 'The workbook is stored in a way that cannot be read: {where}.',
  },
  'workbook-unsupported-hint': {
    'zh-CN': '请用 Excel 或 WPS 打开，另存为 .xlsx。',
    en: 'Open it in Excel or WPS and save it as .xlsx.',
  },
  'workbook-signed': {
    'zh-CN': '工作簿带有数字签名，任何修改都会使签名失效，因此不写入。',
    en: 'The workbook carries a digital signature that any change would break; nothing was written.',
  },
  'workbook-signed-hint': {
    'zh-CN': '请在 Excel 的“文件-信息”中删除签名，或改用一份没有签名的副本。',
    en: 'Remove the signature in Excel (File, Info), or use a copy without one.',
  },
  'workbook-part-missing': {
    'zh-CN': '工作簿里没有 {part}。',
    en: 'The workbook has no part {part}.',
  },
} as const satisfies Texts;
