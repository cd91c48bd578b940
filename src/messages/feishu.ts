/** What can go wrong with Feishu or Lark as a whole: the app, its permissions, the way there. A fault `x` has its remedy under `x-hint`. */
import type { Texts } from './catalogue.ts';

export const feishu = {
  'feishu-settings-hint': {
    'zh-CN':
      '在飞书开放平台的开发者后台打开自建应用，把“凭证与基础信息”里的 App ID 和 App Secret 设为环境变量 ROWKEEPER_FEISHU_APP_ID 和 ROWKEEPER_FEISHU_APP_SECRET。',
    en: 'Open your app in the developer console and set App ID and App Secret from “Credentials & Basic Info” as the environment variables ROWKEEPER_FEISHU_APP_ID and ROWKEEPER_FEISHU_APP_SECRET.',
  },
  'feishu-variable-missing': {
    'zh-CN': '没有设置环境变量 {name}',
    en: 'The environment variable {name} is not set',
  },
  'feishu-domain-malformed': {
    'zh-CN': '环境变量 {name} 不是可用的地址（应为 https://open.feishu.cn 或 https://open.larksuite.com）',
    en: 'The environment variable {name} is not a usable address (https://open.feishu.cn or https://open.larksuite.com)',
  },
  'feishu-wrong-credentials': {
    'zh-CN': '{domain} 不认识应用 {appId}，或者它的 App Secret 不对',
    en: '{domain} does not know the app {appId}, or its App Secret is wrong',
  },
  'feishu-wrong-credentials-hint': {
    'zh-CN':
      '核对 ROWKEEPER_FEISHU_APP_ID 和 ROWKEEPER_FEISHU_APP_SECRET；飞书与 Lark 的应用互不通用，海外版请把 ROWKEEPER_FEISHU_DOMAIN 设为 https://open.larksuite.com。',
    en: 'Check ROWKEEPER_FEISHU_APP_ID and ROWKEEPER_FEISHU_APP_SECRET. An app exists on Feishu or on Lark, not on both: for Feishu in China set ROWKEEPER_FEISHU_DOMAIN to https://open.feishu.cn, for Lark to https://open.larksuite.com.',
  },
  'feishu-wrong-domain': {
    'zh-CN': '飞书不接受本服务的凭证类型（代码 {code}）',
    en: 'Feishu does not take this kind of credential (code {code})',
  },
  'feishu-wrong-domain-hint': {
    'zh-CN': '核对 ROWKEEPER_FEISHU_DOMAIN 是否指向应用所在的平台（飞书或 Lark）。',
    en: 'Check that ROWKEEPER_FEISHU_DOMAIN names the platform the app lives on (Feishu or Lark).',
  },
  'feishu-app-disabled': {
    'zh-CN': '应用没有启用，或没有装到这个企业（代码 {code}）',
    en: 'The app is disabled, or not installed in this organisation (code {code})',
  },
  'feishu-app-disabled-hint': {
    'zh-CN': '请企业管理员在管理后台启用该应用；新应用需先在开发者后台发布一个版本。',
    en: 'Have an administrator enable the app; a new app needs a published version first.',
  },
  'feishu-address-not-allowed': {
    'zh-CN': '应用设置了 IP 白名单，本机的出口地址不在其中',
    en: 'The app only takes calls from listed addresses, and this machine is not on the list',
  },
  'feishu-address-not-allowed-hint': {
    'zh-CN': '在开发者后台的“安全设置”里把本机的出口 IP 加入白名单。',
    en: 'Add the public address of this machine to the IP allow list under “Security Settings” in the developer console.',
  },
  'feishu-scope-missing': {
    'zh-CN': '应用缺少接口权限，开通其中任意一项即可：{scopes}',
    en: 'The app lacks a permission scope; any one of these will do: {scopes}',
  },
  'feishu-scope-missing-hint': {
    'zh-CN': '在开发者后台的“权限管理”里开通，再发布一个版本并由管理员审核通过。',
    en: 'Add it under “Permissions & Scopes” in the developer console, then publish a version and have it approved.',
  },
  'feishu-no-permission': {
    'zh-CN': '应用没有这份文档的权限（代码 {code}），没有读写',
    en: 'The app has no access to this document (code {code}); nothing was read or written',
  },
  'feishu-no-permission-hint': {
    'zh-CN': '请文档所有者打开文档右上角“…”→“更多”→“添加文档应用”，加入本应用并给“可编辑”；要收编辑通知则给“可管理”。',
    en: 'The owner opens “…”, “More”, “Add document app” in the document and adds this app with edit permission (manage, to be told of edits).',
  },
  'feishu-document-gone': {
    'zh-CN': '飞书里找不到这份文档（代码 {code}）：可能在回收站，或地址不对',
    en: 'Feishu does not find this document (code {code}): it may be in the trash, or the address is wrong',
  },
  'feishu-document-gone-hint': {
    'zh-CN': '从回收站恢复文档后会自动继续；或在 rowkeeper.json 里改正地址。工单都还在数据库里。',
    en: 'Restore it from the trash, and work goes on by itself; or correct the address in rowkeeper.json. All tickets are safe in the database.',
  },
  'feishu-tab-gone': {
    'zh-CN': '工作表刚刚被删除（代码 {code}）',
    en: 'The tab was deleted just now (code {code})',
  },
  'feishu-tab-gone-hint': {
    'zh-CN': '在飞书里撤销删除，或在 rowkeeper.json 里改用别的工作表。',
    en: 'Undo the deletion in Feishu, or name another tab in rowkeeper.json.',
  },
  'feishu-locked-cells': {
    'zh-CN': '要写的单元格被保护，应用不在可编辑名单里',
    en: 'The cells to be written are protected, and the app may not edit them',
  },
  'feishu-locked-cells-hint': {
    'zh-CN': '在飞书的“保护范围”里把本应用加为可编辑，或取消保护。',
    en: 'Add this app to the editors of the protected range in Feishu, or remove the protection.',
  },
  'feishu-too-many-cells': {
    'zh-CN': '工作表已到飞书的上限（每个工作表 500 万个单元格，空的也算）',
    en: 'The tab has reached what Feishu holds (5,000,000 cells a tab, empty ones too)',
  },
  'feishu-too-many-cells-hint': {
    'zh-CN': '删除多余的空行空列，或把旧工单移到另一份表格。',
    en: 'Delete empty rows and columns, or move old tickets to another workbook.',
  },
  'feishu-reply-too-big': {
    'zh-CN': '一次读取的内容超过飞书的上限',
    en: 'One read is larger than Feishu answers',
  },
  'feishu-reply-too-big-hint': {
    'zh-CN': '某些单元格过大，请缩短其中的长文字。',
    en: 'Some cells are too large; shorten the long texts in them.',
  },
  'feishu-cell-too-big': {
    'zh-CN': '有单元格超过飞书的上限（5 万个字符）',
    en: 'A cell is larger than Feishu holds (50,000 characters)',
  },
  'feishu-cell-too-big-hint': {
    'zh-CN': '请缩短该文字。',
    en: 'Shorten the text.',
  },
  'feishu-request-too-big': {
    'zh-CN': '一次写入的内容超过飞书的上限',
    en: 'One write is larger than Feishu takes',
  },
  'feishu-request-too-big-hint': {
    'zh-CN': '请缩短其中的长文字。',
    en: 'Shorten the long texts in it.',
  },
  'feishu-quota-gone': {
    'zh-CN': '本月的飞书接口调用额度已用完',
    en: 'This month’s quota of Feishu API calls is used up',
  },
  'feishu-quota-gone-hint': {
    'zh-CN': '请企业管理员在费用中心提升额度，或等到下月；也可以把轮询间隔调长。',
    en: 'Have an administrator raise the quota, or wait for the next month; a longer polling interval saves calls.',
  },
  'feishu-throttled': {
    'zh-CN': '飞书限流，稍后自动再试',
    en: 'Feishu limits the rate of calls; it is tried again shortly',
  },
  'feishu-throttled-hint': {
    'zh-CN': '一般无需处理；若经常如此，请检查是否有别的程序在用同一个应用。',
    en: 'Nothing to do; if it happens often, see whether another program uses the same app.',
  },
  'feishu-busy': {
    'zh-CN': '文档正忙（代码 {code}），稍后自动再试',
    en: 'The document is busy (code {code}); it is tried again shortly',
  },
  'feishu-busy-hint': {
    'zh-CN': '一般无需处理。',
    en: 'Nothing to do.',
  },
  'feishu-token-refused': {
    'zh-CN': '飞书连续两次不接受本应用的访问凭证（代码 {code}）',
    en: 'Feishu refused the app’s access token twice in a row (code {code})',
  },
  'feishu-token-refused-hint': {
    'zh-CN': '会自动再试；若一直如此，请在开发者后台确认应用仍启用、App Secret 未重置，并校准本机时钟。',
    en: 'It is tried again by itself; if it goes on, check that the app is enabled, its App Secret was not reset, and this machine’s clock is right.',
  },
  'feishu-fault-of-server': {
    'zh-CN': '飞书服务器出错（代码 {code}）',
    en: 'Feishu’s server reported a fault (code {code})',
  },
  'feishu-fault-of-server-hint': {
    'zh-CN': '会自动再试；持续出错时请查看飞书的服务状态。',
    en: 'It is tried again by itself; if it goes on, look at Feishu’s service status.',
  },
  'feishu-unreachable': {
    'zh-CN': '连不上 {domain}（{reason}）',
    en: '{domain} cannot be reached ({reason})',
  },
  'feishu-unreachable-hint': {
    'zh-CN':
      '检查网络、DNS 和防火墙，之后会自动再试。本服务不使用 HTTP_PROXY 等代理变量；需要中转时请把 ROWKEEPER_FEISHU_DOMAIN 指向它。',
    en: 'Check network, DNS and firewall; it is tried again by itself. Proxy variables such as HTTP_PROXY are not used; if calls must take a way round, point ROWKEEPER_FEISHU_DOMAIN there.',
  },
  'feishu-certificate': {
    'zh-CN': '无法确认 {domain} 的证书（{reason}）',
    en: 'The certificate of {domain} cannot be verified ({reason})',
  },
  'feishu-certificate-hint': {
    'zh-CN': '先校准本机的日期和时钟；若公司网络会解开 HTTPS，请用 NODE_EXTRA_CA_CERTS 指明其根证书。',
    en: 'Set this machine’s date and clock right; if the company’s network opens HTTPS, name its root certificate in NODE_EXTRA_CA_CERTS.',
  },
  'feishu-no-reply': {
    'zh-CN': '{domain} 没有回应（{reason}）',
    en: '{domain} did not answer ({reason})',
  },
  'feishu-no-reply-hint': {
    'zh-CN': '会先核对表格再决定是否重写，不会丢失或写重。',
    en: 'The document is looked at again before anything is repeated; nothing is lost or written twice.',
  },
  'feishu-refused': {
    'zh-CN': '飞书拒绝了这次调用（代码 {code}）',
    en: 'Feishu refused the call (code {code})',
  },
  'feishu-refused-hint': {
    'zh-CN': '请在飞书开放平台的“通用错误码”里查这个代码；日志里有调用编号 logId，可交给飞书客服。',
    en: 'Look the code up under “Generic error codes” on the Feishu Open Platform; the log has the call’s logId for their support.',
  },
  'feishu-address': {
    'zh-CN': '“{address}”不是飞书电子表格的地址',
    en: '“{address}” is not the address of a Feishu or Lark sheet',
  },
  'feishu-address-hint': {
    'zh-CN': '在浏览器里打开表格，复制地址栏的内容，形如 https://…/sheets/… 或 https://…/wiki/…。',
    en: 'Open the sheet in a browser and copy the address: https://…/sheets/… or https://…/wiki/….',
  },
  'feishu-not-a-sheet': {
    'zh-CN': '这个知识库页面不是电子表格（类型 {type}）',
    en: 'This wiki page is not a sheet (it is of type {type})',
  },
  'feishu-not-a-sheet-hint': {
    'zh-CN': '请换成电子表格的地址；多维表格请在 rowkeeper.json 里把 connector 写成 bitable。',
    en: 'Give the address of a sheet; for a base write bitable as the connector in rowkeeper.json.',
  },
  'feishu-stale-read': {
    'zh-CN': '飞书返回的是文档较早的状态，已忽略，稍后再读',
    en: 'Feishu answered with an older state of the document; it is ignored and read again shortly',
  },
  'feishu-stale-read-hint': {
    'zh-CN': '一般无需处理，几秒内会恢复。',
    en: 'Nothing to do; it passes within seconds.',
  },
  'feishu-changing': {
    'zh-CN': '表格正被频繁编辑，稍后再读',
    en: 'The sheet is being edited all the time; it is read again shortly',
  },
  'feishu-changing-hint': {
    'zh-CN': '一般无需处理，编辑停顿时就会读到。',
    en: 'Nothing to do; it is read when the editing pauses.',
  },
  'feishu-tab-is-base': {
    'zh-CN': '“{tab}”是嵌入的多维表格，不是普通工作表，无法读写。请改绑普通工作表，或用 bitable 连接该多维表格。',
    en: '“{tab}” is an embedded base, not a tab of cells. Bind a tab of cells, or connect the base itself with the bitable connector.',
  },
  'feishu-empty-row': {
    'zh-CN': '{tab}：要追加的行没有任何内容。',
    en: '{tab}: the row to be appended holds nothing.',
  },
  'feishu-empty-text': {
    'zh-CN': '{tab}!{cell}：飞书的单元格不能保存空文字。',
    en: '{tab}!{cell}: a cell of Feishu cannot hold empty text.',
  },
  'feishu-control-characters': {
    'zh-CN': '{tab}!{cell}：文字里有不可见的控制字符，飞书不接受。请删除后重试。',
    en: '{tab}!{cell}: the text has invisible control characters, which Feishu does not take. Remove them.',
  },
  'feishu-broken-text': {
    'zh-CN': '{tab}!{cell}：文字里有残缺的字符，无法原样保存。请删除后重试。',
    en: '{tab}!{cell}: the text has half a character and cannot be kept as it is. Remove it.',
  },
  'feishu-cell-locked': {
    'zh-CN': '{tab}!{cell} 在保护范围内，应用不在可编辑名单里。请在飞书的“保护范围”里加上本应用。',
    en: '{tab}!{cell} is protected and the app may not edit it. Add the app to the editors of the protected range in Feishu.',
  },
  'feishu-cell-refused': {
    'zh-CN': '{tab}!{cell}：飞书拒绝写入这个内容（代码 {code}）。',
    en: '{tab}!{cell}: Feishu refused this content (code {code}).',
  },
  'feishu-bad-title': {
    'zh-CN': '飞书不接受“{tab}”作为工作表名称（最多 100 字，不能有 / \\ ? * [ ] :），没有创建。',
    en: 'Feishu does not take “{tab}” as the name of a tab (at most 100 characters, none of / \\ ? * [ ] :); it was not made.',
  },
  'feishu-options-unfit': {
    'zh-CN': '{tab} 的“{column}”：有 {count} 个选项含英文逗号或超过 100 字，飞书下拉列表放不下，仍可手工输入。',
    en: '{tab}, “{column}”: {count} options have a comma or over 100 characters, which a dropdown of Feishu cannot hold; they can still be typed.',
  },
  'feishu-options-many': {
    'zh-CN': '{tab} 的“{column}”：飞书下拉列表最多 {limit} 个选项，其余的仍可手工输入。',
    en: '{tab}, “{column}”: a dropdown of Feishu holds at most {limit} options; the others can still be typed.',
  },
  'feishu-colours-left': {
    'zh-CN': '{tab}：还有 {count} 条按内容着色的规则没有加上（飞书每个工作表最多 20 条）。',
    en: '{tab}: {count} rules of colour were not added (Feishu holds 20 in a tab).',
  },
  'feishu-editor-unknown': {
    'zh-CN': '飞书里找不到 {person}（或不在应用的可见范围内），没有加为系统列的可编辑者。',
    en: 'Feishu does not know {person} (or the app may not see them); they were not made an editor of the system columns.',
  },
  'feishu-columns-open': {
    'zh-CN': '系统列没有加保护：{reason}',
    en: 'The system columns were not protected: {reason}',
  },
  'feishu-publish-stale': {
    'zh-CN': '写入看板页时表格被别人编辑了，已停下，稍后接着写。',
    en: 'Somebody edited the sheet while tabs were being published; it stopped there and goes on shortly.',
  },
} as const satisfies Texts;
