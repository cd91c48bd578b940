/** What is said about `rowkeeper.json`. Every `x` that can be a fault has an `x-hint` with the remedy. */
import type { Texts } from './catalogue.ts';

export const config = {
  'config-cron': { 'zh-CN': '“{value}”不是一个时间表。', en: '"{value}" is no schedule.' },
  'config-cron-hint': {
    'zh-CN': '写成五段：分 时 日 月 星期，例如每周一 9 点是“0 9 * * 1”。',
    en: 'Write five parts: minute hour day month weekday; every Monday at nine is "0 9 * * 1".',
  },
  'config-invalid': { 'zh-CN': '{file} 有 {count} 处需要修改：', en: '{file} has {count} fault(s):' },
  'config-invalid-hint': {
    'zh-CN': '改好 {file} 后再运行一次；在此之前什么都没有改动。',
    en: 'Mend {file} and run again; nothing was changed.',
  },
  'config-not-json': {
    'zh-CN': '{file} 第 {line} 行第 {column} 列：不是合法的 JSON。',
    en: '{file} line {line}, column {column}: this is not valid JSON.',
  },
  'config-not-json-hint': {
    'zh-CN': '检查此处前后的逗号、引号和括号（中文标点“，”“：”不能代替半角标点）。',
    en: 'Check the commas, quotes and brackets around this place.',
  },
  'config-unknown-key': { 'zh-CN': '没有“{key}”这个设置项。', en: 'There is no setting "{key}".' },
  'config-unknown-key-hint': { 'zh-CN': '这里可以写：{known}。', en: 'Known here: {known}.' },
  'config-unknown-key-near': { 'zh-CN': '没有“{key}”这个设置项。', en: 'There is no setting "{key}".' },
  'config-unknown-key-near-hint': { 'zh-CN': '是不是要写 {meant}？', en: 'Did you mean {meant}?' },
  'config-not-one-of': { 'zh-CN': '不认识 {value}。', en: '{value} is not known here.' },
  'config-not-one-of-hint': { 'zh-CN': '可选：{known}。', en: 'Use one of: {known}.' },
  'config-not-one-of-near': { 'zh-CN': '不认识 {value}。', en: '{value} is not known here.' },
  'config-not-one-of-near-hint': {
    'zh-CN': '是不是要写 {meant}？可选：{known}。',
    en: 'Did you mean {meant}? Use one of: {known}.',
  },
  'config-missing': { 'zh-CN': '缺少这一项。', en: 'This is missing.' },
  'config-missing-hint': { 'zh-CN': '补上它。', en: 'Add it.' },
  'config-missing-choice': { 'zh-CN': '缺少这一项。', en: 'This is missing.' },
  'config-missing-choice-hint': { 'zh-CN': '补上它，可选：{known}。', en: 'Add it; one of: {known}.' },
  'config-wrong-type': { 'zh-CN': '类型不对。', en: 'This has the wrong type.' },
  'config-wrong-type-hint': { 'zh-CN': '这里应为{expected}。', en: 'Expected {expected}.' },
  'config-empty': { 'zh-CN': '不能为空。', en: 'This must not be empty.' },
  'config-empty-hint': { 'zh-CN': '填上内容，或删去这一项。', en: 'Fill it in, or leave the key out.' },
  'config-too-small': { 'zh-CN': '数值太小。', en: 'The number is too small.' },
  'config-too-small-hint': { 'zh-CN': '不能小于 {limit}。', en: 'It must be at least {limit}.' },
  'config-too-big': { 'zh-CN': '数值太大。', en: 'The number is too big.' },
  'config-too-big-hint': { 'zh-CN': '不能大于 {limit}。', en: 'It must be at most {limit}.' },
  'config-type-text': { 'zh-CN': '文字（加引号）', en: 'text in quotes' },
  'config-type-number': { 'zh-CN': '数字', en: 'a number' },
  'config-type-boolean': { 'zh-CN': ' true 或 false', en: 'true or false' },
  'config-type-list': { 'zh-CN': '列表 [ … ]', en: 'a list [ … ]' },
  'config-type-object': { 'zh-CN': '对象 { … }', en: 'an object { … }' },
  'config-type-column': { 'zh-CN': '文字、由文字组成的列表或对象', en: 'text, a list of texts, or an object' },
  'config-type-other': { 'zh-CN': ' {type}', en: '{type}' },
  'config-workbook-name': { 'zh-CN': '工作簿简称“{key}”不能用。', en: 'The workbook name "{key}" cannot be used.' },
  'config-workbook-name-hint': {
    'zh-CN': '只用文字、数字、- 和 _，最多 40 个字符。',
    en: 'Use letters, digits, - and _, at most 40 of them.',
  },
  'config-time-zone': { 'zh-CN': '不认识时区“{value}”。', en: 'The time zone "{value}" is not known.' },
  'config-time-zone-hint': {
    'zh-CN': '写 IANA 名称，例如 Asia/Shanghai。',
    en: 'Write an IANA name, for example Asia/Shanghai.',
  },
  'config-database': { 'zh-CN': '这不是可用的数据库设置。', en: 'This is not a database setting.' },
  'config-database-hint': {
    'zh-CN': '写 embedded，或 postgres://用户@主机/库名。',
    en: 'Write embedded, or postgres://user@host/name.',
  },
  'config-database-password': { 'zh-CN': '密码不能写在这个文件里。', en: 'A password must not stand in this file.' },
  'config-database-password-hint': {
    'zh-CN': '把带密码的地址放进环境变量 DATABASE_URL，或去掉密码并设置 PGPASSWORD。',
    en: 'Put the URL with the password into the environment variable DATABASE_URL, or leave it out and set PGPASSWORD.',
  },
  'config-database-url': {
    'zh-CN': '环境变量 DATABASE_URL 不是 Postgres 地址。',
    en: 'The environment variable DATABASE_URL is no Postgres URL.',
  },
  'config-database-url-hint': {
    'zh-CN': '写成 postgres://用户:密码@主机/库名，或去掉这个变量改用内置数据库。',
    en: 'Write postgres://user:password@host/name, or unset it to use the embedded database.',
  },
  'config-path-outside': { 'zh-CN': '路径“{value}”不在工作区内。', en: 'The path "{value}" leaves the workspace.' },
  'config-path-outside-hint': {
    'zh-CN': '把工作簿放进工作区文件夹，写相对路径，例如 售后工单.xlsx。',
    en: 'Keep the workbook inside the workspace folder and write a relative path, for example tickets.xlsx.',
  },
  'config-path-link': {
    'zh-CN': '路径“{value}”经过链接指到了工作区外面。',
    en: 'The path "{value}" leads out of the workspace through a link.',
  },
  'config-path-link-hint': {
    'zh-CN': '把文件本身放进工作区文件夹。',
    en: 'Put the file itself into the workspace folder.',
  },
  'config-path-kind': {
    'zh-CN': '“{value}”不是可以同步的工作簿。',
    en: '"{value}" is no workbook that can be kept in step.',
  },
  'config-path-kind-hint': {
    'zh-CN': '用 Excel 或 WPS 另存为 .xlsx（或 .xlsm）。',
    en: 'Save it as .xlsx (or .xlsm) in Excel, WPS or LibreOffice.',
  },
  'config-no-path': {
    'zh-CN': '没有写文件在哪里。',
    en: 'It does not say where the file is.',
  },
  'config-no-path-hint': {
    'zh-CN': '写上 path，例如 "path": "工单.xlsx"。',
    en: 'Add path, for example "path": "tickets.xlsx".',
  },
  'config-no-url': {
    'zh-CN': '没有写表格的网址。',
    en: 'It does not say the address of the workbook.',
  },
  'config-no-url-hint': {
    'zh-CN': '在浏览器里打开表格，把地址栏里的网址抄到 url。',
    en: 'Open the workbook in a browser and copy its address into url.',
  },
  'config-needless-path': {
    'zh-CN': '{connector} 表格不在文件里，path 用不上。',
    en: 'A {connector} workbook is no file: path means nothing here.',
  },
  'config-needless-path-hint': { 'zh-CN': '删掉 path，写 url。', en: 'Remove path and give url.' },
  'config-needless-url': {
    'zh-CN': '{connector} 是工作区里的文件，url 用不上。',
    en: 'An {connector} workbook is a file in the workspace: url means nothing here.',
  },
  'config-needless-url-hint': {
    'zh-CN': '删掉 url；如果表格在飞书里，写 "connector": "feishu"。',
    en: 'Remove url, or say "connector": "feishu" if the workbook is there.',
  },
  'config-url-twice': {
    'zh-CN': '{value} 已经写在 {other} 里了。',
    en: '{value} is already given under {other}.',
  },
  'config-url-twice-hint': { 'zh-CN': '把两处的 tabs 合并成一处。', en: 'Put the tabs of both under one of them.' },
  'config-path-twice': {
    'zh-CN': '“{value}”已经由工作簿 {other} 使用。',
    en: '"{value}" is already used by the workbook {other}.',
  },
  'config-path-twice-hint': { 'zh-CN': '把两处的 tabs 合并成一处。', en: 'Put the tabs of both under one of them.' },
  'config-no-tabs': { 'zh-CN': '没有写任何标签页。', en: 'No tab is named.' },
  'config-no-tabs-hint': {
    'zh-CN': '至少写一个，例如 "工单": { "holds": "tickets" }。',
    en: 'Name at least one, for example "Tickets": { "holds": "tickets" }.',
  },
  'config-tab-name': { 'zh-CN': '标签页名“{value}”不能用。', en: 'The tab name "{value}" cannot be used.' },
  'config-tab-name-hint': {
    'zh-CN': '照抄工作簿底部的标签名：最多 31 个字，不含 [ ] : * ? / \\；“*”只能用于 kpi。',
    en: 'Copy it from the bottom of the workbook: at most 31 characters, none of [ ] : * ? / \\; "*" is for kpi only.',
  },
  'config-field': {
    'zh-CN': '“{value}”既不是标准字段，也不能作新字段的键。',
    en: '"{value}" is neither a standard field nor usable as the key of a new one.',
  },
  'config-field-hint': {
    'zh-CN': '用标准字段的英文键，或自己的键：小写字母开头，只含小写字母、数字和 _，最多 40 个。',
    en: 'Use the key of a standard field, or your own: starts with a small letter, only small letters, digits and _, at most 40.',
  },
  'config-field-unknown': { 'zh-CN': '没有字段“{value}”。', en: 'There is no field "{value}".' },
  'config-field-unknown-hint': { 'zh-CN': '可用的键：{known}。', en: 'Known keys: {known}.' },
  'config-field-near': { 'zh-CN': '没有字段“{value}”。', en: 'There is no field "{value}".' },
  'config-field-near-hint': { 'zh-CN': '是不是要写 {meant}？', en: 'Did you mean {meant}?' },
  'config-field-typo': {
    'zh-CN': '“{value}”与标准字段 {meant} 只差一点。',
    en: '"{value}" is almost the standard field {meant}.',
  },
  'config-field-typo-hint': {
    'zh-CN': '若是标准字段，写 {meant}；若真是新字段，换个不易混淆的键，或写明它的 type。',
    en: 'Write {meant} if you mean it; for a new field use a key that cannot be mistaken for it, or name its type.',
  },
  'config-field-twice': {
    'zh-CN': '字段 {value} 已由表头“{other}”占用。',
    en: 'The field {value} is already taken by the header "{other}".',
  },
  'config-field-twice-hint': {
    'zh-CN': '一个字段在一个标签页里只能对应一列。',
    en: 'A field stands in one column of a tab only.',
  },
  'config-field-type': { 'zh-CN': '没有字段类型“{value}”。', en: 'There is no field type "{value}".' },
  'config-field-type-hint': { 'zh-CN': '可选：{known}。', en: 'Use one of: {known}.' },
  'config-field-standard': {
    'zh-CN': '标准字段 {value} 的类型和选项不能改。',
    en: 'Type and options of the standard field {value} cannot be changed.',
  },
  'config-field-standard-hint': { 'zh-CN': '去掉 type 和 options。', en: 'Leave out type and options.' },
  'config-field-differs': {
    'zh-CN': '字段 {value} 在 {other} 里是另一种类型或选项。',
    en: 'The field {value} has another type or other options in {other}.',
  },
  'config-field-differs-hint': { 'zh-CN': '两处写成一样。', en: 'Write both alike.' },
  'config-field-hidden': {
    'zh-CN': '{value} 是认出每一行所必需的，不能隐藏。',
    en: '{value} tells the rows apart and cannot be hidden.',
  },
  'config-field-hidden-hint': { 'zh-CN': '从 hidden 里去掉它。', en: 'Take it out of hidden.' },
  'config-problem-columns': {
    'zh-CN': '问题清单的列由服务决定。',
    en: "The columns of a problems tab are the service's own.",
  },
  'config-problem-columns-hint': {
    'zh-CN': '去掉 columns、filter 和 hidden。',
    en: 'Leave out columns, filter and hidden.',
  },
  'config-no-workspace': {
    'zh-CN': '{dir} 里没有 {file}，不是工作区。',
    en: '{dir} holds no {file}: it is no workspace.',
  },
  'config-no-workspace-hint': {
    'zh-CN': '用 --workspace 指明文件夹，或先运行 rowkeeper init {dir}。',
    en: 'Name the folder with --workspace, or make one with: rowkeeper init {dir}',
  },
  'config-unreadable': { 'zh-CN': '读不了 {file}（{reason}）。', en: '{file} cannot be read ({reason}).' },
  'config-unreadable-hint': {
    'zh-CN': '检查文件夹和文件的权限。',
    en: 'Check the permissions of the folder and the file.',
  },
  'config-workbook-missing': { 'zh-CN': '找不到工作簿 {value}。', en: 'The workbook {value} does not exist.' },
  'config-workbook-missing-hint': {
    'zh-CN': '把文件放到 {file}，或改正路径；要一份空白的，可在新文件夹运行 rowkeeper init。',
    en: 'Put the file at {file}, or correct the path; for a blank one run rowkeeper init in a new folder.',
  },
} as const satisfies Texts;
