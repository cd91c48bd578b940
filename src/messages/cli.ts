/** What the command line and the running service say. Faults of `rowkeeper.json` stand in `config.ts`. */
import type { Texts } from './catalogue.ts';

export const cli = {
  'cli-internal': { 'zh-CN': '程序内部错误：{message}', en: 'Internal error: {message}' },
  'cli-internal-hint': {
    'zh-CN': '未完成的操作没有写入。请带上 ROWKEEPER_LOG=debug 的输出反馈。',
    en: 'What was not finished was not stored. Please report it together with the output of ROWKEEPER_LOG=debug.',
  },
  'cli-other-version': {
    'zh-CN': '正在运行的服务与这个命令版本不同；请停下服务后重新启动。',
    en: 'The running service is of another version than this command; stop it and start it again.',
  },

  'cli-about': {
    'zh-CN': '表格工单管家：让团队已经在用的表格变成真正的工单平台。',
    en: 'Turns the spreadsheet a service team already uses into a real ticket platform.',
  },
  'cli-init': { 'zh-CN': '新建工作区：工作簿、设置和数据库', en: 'make a workspace: workbooks, settings and database' },
  'cli-start': { 'zh-CN': '启动服务并一直同步，Ctrl-C 停止', en: 'start the service and keep syncing until Ctrl-C' },
  'cli-sync': { 'zh-CN': '同步工作簿和数据库', en: 'keep workbooks and database in step' },
  'cli-status': { 'zh-CN': '每个标签页和数据库的状态', en: 'how each tab and the database stand' },
  'cli-tickets': { 'zh-CN': '列出工单', en: 'list tickets' },
  'cli-set': { 'zh-CN': '修改一张工单（数据库一侧）', en: 'change a ticket on the database side' },
  'cli-problems': { 'zh-CN': '列出需要人处理的问题', en: 'list what needs a person' },
  'cli-log': { 'zh-CN': '一张工单的全部变更：谁、何时、何处、从什么到什么', en: 'the whole history of a ticket' },
  'cli-release': { 'zh-CN': '放行被拦下的标签页或规则', en: 'let go what a guard holds' },
  'cli-doctor': {
    'zh-CN': '检查运行环境、设置、数据库和工作簿',
    en: 'check environment, settings, database and workbooks',
  },
  'cli-xlsx': {
    'zh-CN': '读写任意 .xlsx 工作簿，其他内容一字不动',
    en: 'read and write any .xlsx workbook, all else left as it is',
  },
  'cli-xlsx-get': { 'zh-CN': '读取单元格', en: 'read cells' },
  'cli-xlsx-set': {
    'zh-CN': '写入单元格（整体替换保存，旧文件留备份）',
    en: 'write cells (saved atomically, the old file kept as backup)',
  },
  'cli-arg-dir': { 'zh-CN': '新工作区的文件夹', en: 'folder of the new workspace' },
  'cli-arg-ticket': { 'zh-CN': '工单号，例如 T-000012-QK', en: 'number of the ticket, for example T-000012-QK' },
  'cli-arg-assignments': {
    'zh-CN': '字段=值，字段用英文键或中文名；空值清除',
    en: 'field=value, the field by key or label; an empty value clears',
  },
  'cli-arg-binding': {
    'zh-CN': '工作簿/标签页，例如 team/工单；或 rules/规则名',
    en: 'workbook/tab, for example team/Tickets; or rules/NAME',
  },
  'cli-arg-file': { 'zh-CN': '工作簿文件', en: 'the workbook file' },
  'cli-arg-range': {
    'zh-CN': "标签页!A1:D20，或只写标签页；有空格的名字写成 'My Tab'!A1",
    en: "Tab!A1:D20, or a tab alone; names with blanks as 'My Tab'!A1",
  },
  'cli-arg-cells': {
    'zh-CN': '标签页!B2=内容；数字、日期（2026-03-10）、TRUE/FALSE 按其类型写入',
    en: 'Tab!B2=value; numbers, dates (2026-03-10) and TRUE/FALSE are written as such',
  },
  'cli-option-workspace': {
    'zh-CN': '工作区文件夹（默认：当前文件夹，若它不是工作区则 ./workspace）',
    en: 'folder of the workspace (default: the current one if it is a workspace, else ./workspace)',
  },
  'cli-option-json': { 'zh-CN': '只输出一个 JSON 文档', en: 'print exactly one JSON document' },
  'cli-option-template': {
    'zh-CN': 'demo（带两个月的示例）或 blank（空白）',
    en: 'demo (with two months of history) or blank',
  },
  'cli-option-locale': { 'zh-CN': 'zh-CN 或 en', en: 'zh-CN or en' },
  'cli-option-once': { 'zh-CN': '同步一遍就结束', en: 'make one pass and end' },
  'cli-option-dry-run': { 'zh-CN': '只列出会改哪些单元格，不做任何改动', en: 'only list the cells that would change' },
  'cli-option-confirm': {
    'zh-CN': '确认首次接管：把没有工单号的现有行建成工单',
    en: 'confirm a first contact: make tickets of rows that have no number yet',
  },
  'cli-option-where': {
    'zh-CN': '条件，例如 状态=处理中、priority!=低、title~打印机、created_at>2026-03-01；用逗号或重复本选项表示“并且”',
    en: 'a condition such as status=New, priority!=Low, title~printer, created_at>2026-03-01; commas or repeated options mean AND',
  },
  'cli-option-text': { 'zh-CN': '一律按文字写入', en: 'write everything as text' },
  'cli-option-version': { 'zh-CN': '显示版本', en: 'show the version' },
  'cli-option-help': { 'zh-CN': '显示帮助', en: 'show help' },

  'cli-usage-unknownCommand': { 'zh-CN': '没有命令“{subject}”。', en: 'There is no command "{subject}".' },
  'cli-usage-unknownOption': { 'zh-CN': '没有选项“{subject}”。', en: 'There is no option "{subject}".' },
  'cli-usage-missingArgument': { 'zh-CN': '缺少参数 {subject}。', en: 'The argument {subject} is missing.' },
  'cli-usage-optionMissingArgument': {
    'zh-CN': '选项“{subject}”后面缺少内容。',
    en: 'The option "{subject}" lacks its value.',
  },
  'cli-usage-excessArguments': { 'zh-CN': '参数太多。', en: 'Too many arguments.' },
  'cli-usage-help': { 'zh-CN': '没有写命令。', en: 'No command was given.' },
  'cli-usage-hint': { 'zh-CN': '运行 rowkeeper --help 查看用法。', en: 'Run rowkeeper --help for the usage.' },
  'cli-did-you-mean': { 'zh-CN': '是不是要写 {meant}？', en: 'Did you mean {meant}?' },
  'cli-json-needs-once': {
    'zh-CN': '一直运行的服务没有单个 JSON 结果；请用 sync --once --json。',
    en: 'A service that keeps running has no single JSON result; use sync --once --json.',
  },
  'cli-usage-invalidArgument': { 'zh-CN': '{subject} 不能是“{value}”。', en: '{subject} cannot be "{value}".' },
  'cli-bad-choice-hint': { 'zh-CN': '可选：{known}。', en: 'Use one of: {known}.' },

  'cli-unknown-field': { 'zh-CN': '没有字段“{name}”。', en: 'There is no field "{name}".' },
  'cli-unknown-field-hint': { 'zh-CN': '可用的字段：{known}。', en: 'Known fields: {known}.' },
  'cli-unknown-number': {
    'zh-CN': '没有编号为 {number} 的工单或客户。',
    en: 'There is no ticket or customer {number}.',
  },
  'cli-unknown-number-hint': {
    'zh-CN': '运行 rowkeeper tickets 查看编号。',
    en: 'Run rowkeeper tickets to see the numbers.',
  },
  'cli-bad-condition': { 'zh-CN': '看不懂条件“{text}”。', en: 'The condition "{text}" cannot be read.' },
  'cli-bad-condition-hint': {
    'zh-CN': '写成 字段=值、字段!=值、字段~文字、字段>值，例如 状态=处理中。',
    en: 'Write field=value, field!=value, field~text or field>value, for example status=New.',
  },
  'cli-bad-condition-value-hint': {
    'zh-CN': '只按文字查找可写 {field}~文字。',
    en: 'To search by text only, write {field}~text.',
  },
  'cli-bad-assignment': { 'zh-CN': '“{text}”不是 字段=值。', en: '"{text}" is not field=value.' },
  'cli-fixed-field': {
    'zh-CN': '编号由服务给出，不能改。',
    en: 'The number is given by the service and cannot be changed.',
  },
  'cli-required-field': { 'zh-CN': '此项必填，不能清空。', en: 'It is required and cannot be cleared.' },
  'cli-assigned-twice': { 'zh-CN': '同一字段写了两次。', en: 'The field is given twice.' },
  'cli-bad-values': { 'zh-CN': '{number} 没有改动，因为：', en: '{number} was not changed:' },
  'cli-bad-values-hint': { 'zh-CN': '改好后整条命令重新运行一次。', en: 'Mend them and run the whole command again.' },
  'cli-deleted-record': { 'zh-CN': '{number} 已删除，不能修改。', en: '{number} is deleted and cannot be changed.' },
  'cli-unknown-binding': { 'zh-CN': '没有同步中的标签页“{name}”。', en: 'No tab "{name}" is kept in step.' },
  'cli-unknown-binding-hint': { 'zh-CN': '可用：{known}。', en: 'Known: {known}.' },
  'cli-bad-range': { 'zh-CN': '“{text}”不是单元格范围。', en: '"{text}" is no range of cells.' },
  'cli-bad-range-hint': { 'zh-CN': '写成 A1、A1:D20、A:C 或 1:5。', en: 'Write A1, A1:D20, A:C or 1:5.' },
  'cli-bad-cell-assignment': { 'zh-CN': '“{text}”不是 标签页!单元格=内容。', en: '"{text}" is not Tab!Cell=value.' },
  'cli-bad-cell-assignment-hint': {
    'zh-CN': "例如 '工单!B2=已解决'；标签页名有空格或感叹号时加单引号。",
    en: "For example 'Tickets!B2=done'; put single quotes around a tab name with blanks or exclamation marks.",
  },
  'cli-bad-cells': { 'zh-CN': '{file} 没有改动，因为：', en: '{file} was not changed:' },
  'cli-file-not-found': { 'zh-CN': '找不到文件 {file}。', en: 'There is no file {file}.' },
  'cli-tab-not-found': { 'zh-CN': '没有标签页“{tab}”。', en: 'There is no tab "{tab}".' },
  'cli-tab-not-found-hint': { 'zh-CN': '这本工作簿有：{known}。', en: 'The workbook has: {known}.' },
  'cli-tab-empty': { 'zh-CN': '标签页“{tab}”是空的。', en: 'The tab "{tab}" is empty.' },
  'cli-workbook-changed': {
    'zh-CN': '{file} 刚被别人保存过，没有改动。',
    en: '{file} was saved by somebody else just now; it was not changed.',
  },
  'cli-workbook-changed-hint': { 'zh-CN': '再运行一次即可。', en: 'Run the command again.' },
  'cli-xlsx-written': {
    'zh-CN': '已写入 {file} 的 {count} 个单元格：{cells}',
    en: 'Wrote {count} cell(s) of {file}: {cells}',
  },

  'cli-database-embedded': { 'zh-CN': '内置数据库', en: 'embedded database' },
  'cli-database-postgres': { 'zh-CN': 'Postgres', en: 'Postgres' },
  'cli-time-for-postgres': {
    'zh-CN': '数据已经不小，建议设置 DATABASE_URL 换用 Postgres。',
    en: 'There is a lot of data by now: set DATABASE_URL and move to Postgres.',
  },
  'cli-status-head': {
    'zh-CN': '工作区 {dir}\n{database}，{size} MB；工单 {tickets}，客户 {customers}',
    en: 'Workspace {dir}\n{database}, {size} MB; {tickets} ticket(s), {customers} customer(s)',
  },
  'cli-status-service': {
    'zh-CN': '服务运行中：进程 {pid}，自 {since}',
    en: 'The service is running: process {pid}, since {since}',
  },
  'cli-status-no-service': { 'zh-CN': '服务没有运行', en: 'The service is not running' },
  'cli-status-window': {
    'zh-CN':
      '{workbook}/{tab}：写入时从最后一次核对到得到答复，最近一次 {last} 毫秒，最长 {longest} 毫秒；这段时间里别人改动同一格可能被覆盖',
    en: '{workbook}/{tab}: from the last check to the answer to a write it took {last} ms, at most {longest} ms; what somebody types into the same cell meanwhile can be overwritten',
  },
  'cli-mode-new': { 'zh-CN': '尚未同步', en: 'not synced yet' },
  'cli-mode-live': { 'zh-CN': '正常', en: 'live' },
  'cli-mode-hold': { 'zh-CN': '已暂停', en: 'held' },
  'cli-mode-idle': { 'zh-CN': '不同步', en: 'not mirrored' },
  'cli-column-workbook': { 'zh-CN': '工作簿', en: 'Workbook' },
  'cli-column-tab': { 'zh-CN': '标签页', en: 'Tab' },
  'cli-column-mode': { 'zh-CN': '状态', en: 'Mode' },
  'cli-column-rows': { 'zh-CN': '行', en: 'Rows' },
  'cli-column-problems': { 'zh-CN': '问题', en: 'Problems' },
  'cli-column-pending': { 'zh-CN': '待写', en: 'Pending' },
  'cli-column-read': { 'zh-CN': '读', en: 'Read' },
  'cli-column-read-at': { 'zh-CN': '上次读取', en: 'Last read' },
  'cli-column-created': { 'zh-CN': '新建', en: 'Created' },
  'cli-column-applied': { 'zh-CN': '采用', en: 'Applied' },
  'cli-column-written': { 'zh-CN': '写回', en: 'Written' },
  'cli-column-conflicts': { 'zh-CN': '冲突', en: 'Conflicts' },
  'cli-column-held': { 'zh-CN': '暂停原因', en: 'Held because' },
  'cli-column-time': { 'zh-CN': '时间', en: 'Time' },
  'cli-column-who': { 'zh-CN': '谁', en: 'Who' },
  'cli-column-where': { 'zh-CN': '从哪里', en: 'Source' },
  'cli-column-field': { 'zh-CN': '字段', en: 'Field' },
  'cli-column-old': { 'zh-CN': '原值', en: 'Old' },
  'cli-column-new': { 'zh-CN': '新值', en: 'New' },
  'cli-column-cell': { 'zh-CN': '单元格', en: 'Cell' },
  'cli-column-what': { 'zh-CN': '做什么', en: 'What' },
  'cli-column-place': { 'zh-CN': '位置', en: 'Place' },
  'cli-column-id': { 'zh-CN': '编号', en: 'No' },
  'cli-column-message': { 'zh-CN': '说明', en: 'Message' },
  'cli-actor-person': { 'zh-CN': '有人', en: 'someone' },
  'cli-actor-operator': { 'zh-CN': '操作员', en: 'operator' },
  'cli-actor-rule': { 'zh-CN': '规则', en: 'rule' },
  'cli-actor-customer': { 'zh-CN': '客户', en: 'customer' },
  'cli-actor-api': { 'zh-CN': '接口', en: 'API' },
  'cli-actor-system': { 'zh-CN': '系统', en: 'system' },
  'cli-planned-write': { 'zh-CN': '写入', en: 'write' },
  'cli-planned-append': { 'zh-CN': '追加一行', en: 'append' },
  'cli-planned-apply': { 'zh-CN': '采用', en: 'apply' },
  'cli-planned-create': { 'zh-CN': '新建', en: 'create' },
  'cli-nothing-planned': { 'zh-CN': '没有要改的单元格。', en: 'No cell would change.' },
  'cli-no-tickets': { 'zh-CN': '没有符合条件的工单。', en: 'No ticket matches.' },
  'cli-ticket-count': { 'zh-CN': '共 {count} 张', en: '{count} ticket(s)' },
  'cli-no-problems': { 'zh-CN': '没有待处理的问题。', en: 'Nothing needs a person.' },
  'cli-set-unchanged': { 'zh-CN': '{number}：内容本来就是这样，没有改动', en: '{number}: already so, nothing changed' },
  'cli-set-done': { 'zh-CN': '{number} 已修改：', en: '{number} changed:' },
  'cli-released': {
    'zh-CN': '已放行 {binding}：{guards}。下一次同步照做。',
    en: 'Released {binding}: {guards}. The next run goes ahead.',
  },
  'cli-nothing-held': { 'zh-CN': '{binding} 没有被拦下的内容。', en: 'Nothing is held in {binding}.' },
  'cli-busy': {
    'zh-CN': '有工作簿暂时不能处理（正被打开、正在保存或被别的进程占用），约 {seconds} 秒后再试。',
    en: 'A workbook cannot be handled now (open, being saved, or held by another process); try again in about {seconds} s.',
  },

  'init-step-workbooks': { 'zh-CN': '制作工作簿', en: 'Making the workbooks' },
  'init-step-tabs': { 'zh-CN': '布置《{title}》的工作表', en: 'Laying out the tabs of {title}' },
  'init-left-behind': {
    'zh-CN': '没有做完。已经在线上建好的表格还在，不需要可以删除：\n  {addresses}',
    en: 'It was not finished. The workbooks made online are still there; delete them if they are not wanted:\n  {addresses}',
  },
  'init-step-database': { 'zh-CN': '准备数据库', en: 'Preparing the database' },
  'init-step-history': { 'zh-CN': '写入两个月的示例工单', en: 'Filling in two months of tickets' },
  'init-step-sync': { 'zh-CN': '第一次同步', en: 'First sync' },
  'cli-option-connector': {
    'zh-CN': '工作簿放在哪里：xlsx（工作区里的文件）、feishu（飞书表格）、bitable（多维表格）',
    en: 'where the workbooks live: xlsx (files in the workspace), feishu, bitable',
  },
  'cli-option-folder': {
    'zh-CN': '线上表格建在哪个文件夹（文件夹网址最后一段）',
    en: 'folder online workbooks are made in (last part of its address)',
  },
  'cli-option-manager': {
    'zh-CN': '谁来管理线上表格（邮箱或手机号）；不写就只有应用自己能打开',
    en: 'who manages online workbooks (mail or mobile number); without it only the app itself can open them',
  },
  'init-done': { 'zh-CN': '工作区已建好：{dir}', en: 'The workspace is ready: {dir}' },
  'init-next': {
    'zh-CN': '接着运行：rowkeeper start --workspace {dir}',
    en: 'Next: rowkeeper start --workspace {dir}',
  },
  'init-exists': {
    'zh-CN': '{dir} 已经是工作区，没有改动。',
    en: '{dir} is a workspace already; nothing was changed.',
  },
  'init-exists-hint': {
    'zh-CN': '直接运行 rowkeeper start --workspace {dir}，或换一个文件夹。',
    en: 'Run rowkeeper start --workspace {dir}, or choose another folder.',
  },
  'init-not-empty': { 'zh-CN': '{dir} 不是空文件夹，没有改动。', en: '{dir} is not empty; nothing was changed.' },
  'init-not-empty-hint': { 'zh-CN': '换一个新的或空的文件夹。', en: 'Choose a new or an empty folder.' },
  'init-not-folder': {
    'zh-CN': '{dir} 不能用作文件夹（{reason}）。',
    en: '{dir} cannot be used as a folder ({reason}).',
  },
  'init-database-used': {
    'zh-CN': 'DATABASE_URL 指向的数据库里已有工单，示例不会写进去。',
    en: 'The database of DATABASE_URL already holds tickets; the demo is not put into it.',
  },
  'init-database-used-hint': {
    'zh-CN': '换一个空数据库，或用 --template blank。',
    en: 'Use an empty database, or --template blank.',
  },

  'start-welcome': {
    'zh-CN':
      '工作簿在 {dir}：{files}\n打开 {team}，在工单页新增一行、改个状态，保存，一两秒后看看文件里的变化（LibreOffice 里要重新载入）。\n填错的内容会标红，并列在“问题清单”里。\n另开一个终端可以运行：npx rowkeeper tickets、npx rowkeeper set {example} 状态=已解决、npx rowkeeper log {example}\n服务运行中，按 Ctrl-C 停止；下次用同样的命令继续。',
    en: 'The workbooks are in {dir}: {files}\nOpen {team}, add a row to the tickets tab or change a status, save, and look at the file a second later (reload it in LibreOffice).\nWhat cannot be taken turns red and is listed in the problems tab.\nIn another terminal try: npx rowkeeper tickets, npx rowkeeper set {example} status=Resolved, npx rowkeeper log {example}\nThe service is running; Ctrl-C stops it, the same command goes on later.',
  },
  'start-welcome-online': {
    'zh-CN':
      '工作区在 {dir}，在线表格：\n{addresses}\n打开团队的表格，在工单页新增一行、改个状态，几秒后就有回应。\n填错的内容会列在“问题清单”里。\n另开一个终端可以运行：npx rowkeeper tickets、npx rowkeeper set {example} 状态=已解决、npx rowkeeper log {example}\n服务运行中，按 Ctrl-C 停止；下次用同样的命令继续。',
    en: "The workspace is in {dir}, the workbooks are online:\n{addresses}\nOpen the team's workbook, add a row to the tickets tab or change a status: the answer comes within seconds.\nWhat cannot be taken is listed in the problems tab.\nIn another terminal try: npx rowkeeper tickets, npx rowkeeper set {example} status=Resolved, npx rowkeeper log {example}\nThe service is running; Ctrl-C stops it, the same command goes on later.",
  },
  'demo-excel-page': {
    'zh-CN':
      'Microsoft 365 由本机的替身扮演，在浏览器里打开 {address} 改表格（证书是自签的，浏览器会提醒）；结束后什么都不留下。',
    en: 'A local stand-in plays Microsoft 365: open {address} in a browser to edit the workbooks (the browser warns about its certificate); nothing is left behind at the end.',
  },
  'demo-page': {
    'zh-CN': '飞书由本机的替身扮演，在浏览器里打开 {address} 改表格、点卡片按钮；结束后什么都不留下。',
    en: 'A local stand-in plays Feishu: open {address} in a browser to edit sheets and press the buttons of cards; nothing is left behind at the end.',
  },
  'start-cycle': {
    'zh-CN': '{time} {workbook}/{tab}：新建 {created}，采用 {applied}，写回 {written}，问题 {problems}',
    en: '{time} {workbook}/{tab}: created {created}, applied {applied}, written {written}, problems {problems}',
  },
  'start-held': { 'zh-CN': '{time} {workbook}/{tab} 已暂停：{held}', en: '{time} {workbook}/{tab} is held: {held}' },
  'start-freed': { 'zh-CN': '{time} {workbook}/{tab} 恢复正常', en: '{time} {workbook}/{tab} goes on' },
  'start-failed': {
    'zh-CN': '{time} {workbook} 这一轮没有完成：{message}（稍后自动再试）',
    en: '{time} {workbook} could not be handled: {message} (tried again shortly)',
  },
  'start-recovered': { 'zh-CN': '{time} {workbook} 恢复正常', en: '{time} {workbook} goes on' },
  'start-stopping': { 'zh-CN': '正在停止……', en: 'Stopping …' },
  'start-stopped': { 'zh-CN': '已停止，数据都在。', en: 'Stopped; everything is kept.' },

  'doctor-platform': { 'zh-CN': '{workbook}：{message}', en: '{workbook}: {message}' },
  'doctor-node': { 'zh-CN': 'Node {version}', en: 'Node {version}' },
  'doctor-node-old': { 'zh-CN': 'Node {version} 太旧', en: 'Node {version} is too old' },
  'doctor-node-old-hint': { 'zh-CN': '安装 Node 20.19 或更新的版本。', en: 'Install Node 20.19 or newer.' },
  'doctor-folder': { 'zh-CN': '工作区 {dir} 可读可写', en: 'the workspace {dir} can be read and written' },
  'doctor-folder-access': { 'zh-CN': '工作区 {dir} 不能写入', en: 'the workspace {dir} cannot be written' },
  'doctor-folder-access-hint': { 'zh-CN': '检查文件夹权限。', en: 'Check the permissions of the folder.' },
  'doctor-config': { 'zh-CN': '{file} 没有问题', en: '{file} is in order' },
  'doctor-file': { 'zh-CN': '{file} 在', en: '{file} is there' },
  'doctor-lock': { 'zh-CN': '{file} 旁边有锁文件 {lock}', en: 'a lock file {lock} stands beside {file}' },
  'doctor-lock-hint': {
    'zh-CN': '若没有人打开这本工作簿，请删除它；否则关闭工作簿即可。',
    en: 'If nobody has the workbook open, delete it; else close the workbook.',
  },
  'doctor-service': { 'zh-CN': '服务运行中（进程 {pid}）', en: 'the service is running (process {pid})' },
  'doctor-database': { 'zh-CN': '{kind}可用，结构版本 {migration}', en: '{kind} is reachable, schema {migration}' },
  'doctor-clock': { 'zh-CN': '时钟与数据库一致', en: 'the clock agrees with the database' },
  'doctor-clock-skew': {
    'zh-CN': '本机时钟与数据库相差 {seconds} 秒',
    en: 'the clock differs from the database by {seconds} s',
  },
  'doctor-clock-skew-hint': {
    'zh-CN': '在两台机器上都打开自动校时。',
    en: 'Turn on time synchronisation on both machines.',
  },
  'doctor-chain': { 'zh-CN': '变更记录完整', en: 'the log of changes is whole' },
  'doctor-chain-broken': {
    'zh-CN': '变更记录有 {count} 处对不上：{numbers}',
    en: 'the log of changes does not fit in {count} place(s): {numbers}',
  },
  'doctor-chain-broken-hint': {
    'zh-CN': '有人绕过服务改过数据库；请与备份核对。',
    en: 'Somebody changed the database behind the service; compare with a backup.',
  },
  'doctor-tab': { 'zh-CN': '{tab}：表头找到，{rows} 行', en: '{tab}: header found, {rows} row(s)' },
  'doctor-header': {
    'zh-CN': '{tab}：前 20 行里没有“{header}”这一列',
    en: '{tab}: no column "{header}" in the first 20 rows',
  },
  'doctor-header-hint': {
    'zh-CN': '恢复表头“{header}”，或在 rowkeeper.json 的 columns 里写明哪一列是编号。',
    en: 'Put the header "{header}" back, or name the column of the number under columns in rowkeeper.json.',
  },
  'doctor-tab-missing': { 'zh-CN': '没有标签页“{tab}”', en: 'there is no tab "{tab}"' },
  'doctor-tab-missing-hint': {
    'zh-CN': '这本工作簿有：{known}。恢复标签页，或改正 rowkeeper.json。',
    en: 'The workbook has: {known}. Bring the tab back, or correct rowkeeper.json.',
  },
  'doctor-tab-foreign': {
    'zh-CN': '标签页“{tab}”是嵌入的多维表格，不是普通工作表',
    en: 'the tab "{tab}" is an embedded base, not a tab of cells',
  },
  'doctor-tab-foreign-hint': {
    'zh-CN':
      '在 rowkeeper.json 里改用普通工作表，这本工作簿有：{known}。或把这张多维表格另作一本工作簿，用 bitable 连接。',
    en: 'Name a tab of cells in rowkeeper.json; the workbook has: {known}. Or connect the base as a workbook of its own, with the connector bitable.',
  },
  'start-configured': {
    'zh-CN': '{time}  {workbook}：{tabs} 的新内容已生效',
    en: '{time}  {workbook}: what {tabs} now says is in force',
  },
  'start-answered': {
    'zh-CN': '{time}  规则与时限处理了 {answered} 张工单，改动 {changed} 处',
    en: '{time}  rules and clocks looked at {answered} tickets and changed {changed}',
  },
  'start-accounts-left': {
    'zh-CN': '这些消息账户还没有密钥（环境变量没有设置），先不发送：{names}',
    en: 'These message accounts have no secrets yet (environment variables are not set) and send nothing: {names}',
  },
} as const satisfies Texts;
