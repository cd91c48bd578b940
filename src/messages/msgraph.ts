/**
 * What can go wrong with Excel Online (Microsoft Graph): the app, signing in, permissions, the file, the way there. A fault
 * `x` has its remedy under `x-hint`.
 */
import type { Texts } from './catalogue.ts';

export const msgraph = {
  'msgraph-settings-hint': {
    'zh-CN':
      '在 Microsoft Entra 管理中心打开“应用注册”里的应用，把“目录（租户） ID”和“应用程序（客户端） ID”设为环境变量 ROWKEEPER_MSGRAPH_TENANT_ID 和 ROWKEEPER_MSGRAPH_CLIENT_ID。',
    en: 'Open the app under “App registrations” in the Microsoft Entra admin center and set “Directory (tenant) ID” and “Application (client) ID” as the environment variables ROWKEEPER_MSGRAPH_TENANT_ID and ROWKEEPER_MSGRAPH_CLIENT_ID.',
  },
  'msgraph-variable-missing': {
    'zh-CN': '没有设置环境变量 {name}',
    en: 'The environment variable {name} is not set',
  },
  'msgraph-cloud-unknown': {
    'zh-CN': '环境变量 {name} 只能是：{known}',
    en: 'The environment variable {name} can only be: {known}',
  },
  'msgraph-url-malformed': {
    'zh-CN': '环境变量 {name} 应为 https:// 开头的地址，不带路径',
    en: 'The environment variable {name} must be an address beginning with https://, without a path',
  },

  'msgraph-sign-in': {
    'zh-CN': '请在浏览器里打开 {url}，输入代码 {code}，用服务账号登录（15 分钟内有效）。',
    en: 'Open {url} in a browser, type the code {code} and sign in with the service account (within 15 minutes).',
  },
  'msgraph-signed-in': { 'zh-CN': '服务账号已登录。', en: 'The service account is signed in.' },
  'msgraph-sign-in-waiting': {
    'zh-CN': '请用服务账号登录：打开 {url}，输入代码 {code}',
    en: 'Sign the service account in: open {url} and enter the code {code}',
  },
  'msgraph-sign-in-waiting-hint': {
    'zh-CN':
      '可在任何电脑或手机上操作，15 分钟内有效，过期会给出新代码。登录一次即可，之后重启不再询问；请用能编辑该工作簿的账号。',
    en: 'Any computer or phone will do. The code is good for 15 minutes, then there is a new one. Once is enough, also after restarts. Use an account that may edit the workbook.',
  },
  'msgraph-not-signed-in': {
    'zh-CN': '还没有人用服务账号登录（应用 {clientId}）',
    en: 'Nobody has signed the service account in yet (app {clientId})',
  },
  'msgraph-not-signed-in-hint': {
    'zh-CN': '用 rowkeeper start 启动服务：它会显示登录地址和代码。',
    en: 'Start the service with rowkeeper start: it shows where to sign in, and a code.',
  },
  'msgraph-sign-in-refused': {
    'zh-CN': 'Microsoft 拒绝了登录（{code}）',
    en: 'Microsoft refused the sign-in ({code})',
  },
  'msgraph-sign-in-refused-hint': {
    'zh-CN': '在 login.microsoftonline.com/error 查询这个代码，或把它交给管理员。',
    en: 'Look the code up at login.microsoftonline.com/error, or give it to an administrator.',
  },
  'msgraph-sign-in-unreachable': {
    'zh-CN': '连不上登录服务 {authority}',
    en: 'The sign-in service {authority} cannot be reached',
  },
  'msgraph-sign-in-unreachable-hint': {
    'zh-CN': '检查网络和防火墙；恢复后会自动继续。',
    en: 'Check the network and firewall; work goes on by itself afterwards.',
  },
  'msgraph-consent-missing': {
    'zh-CN': '还没有人同意应用 {clientId} 的权限（{code}）',
    en: 'Nobody has consented to the permissions of the app {clientId} ({code})',
  },
  'msgraph-consent-missing-hint': {
    'zh-CN':
      '请管理员在应用的“API 权限”里添加委托的权限 Files.ReadWrite.All、Sites.ReadWrite.All（仅用应用身份时为应用程序权限），再点“代表组织授予管理员同意”。',
    en: 'An administrator adds the delegated permissions Files.ReadWrite.All and Sites.ReadWrite.All under “API permissions” (application permissions where the app speaks for itself) and clicks “Grant admin consent”.',
  },
  'msgraph-app-disabled': {
    'zh-CN': '应用 {clientId} 在这个组织里被停用了（{code}）',
    en: 'The app {clientId} is disabled in this organisation ({code})',
  },
  'msgraph-app-disabled-hint': {
    'zh-CN': '请管理员在“企业应用程序”里允许用户登录该应用。',
    en: 'An administrator enables sign-in for it under “Enterprise applications”.',
  },
  'msgraph-wrong-secret': {
    'zh-CN': '应用 {clientId} 的客户端密码不对或已过期（{code}）',
    en: 'The client secret of the app {clientId} is wrong or has expired ({code})',
  },
  'msgraph-wrong-secret-hint': {
    'zh-CN': '在“证书和密码”里新建一个，把“值”（不是“机密 ID”）设为环境变量 ROWKEEPER_MSGRAPH_CLIENT_SECRET。',
    en: 'Make a new one under “Certificates & secrets” and set its value (not its id) as the environment variable ROWKEEPER_MSGRAPH_CLIENT_SECRET.',
  },
  'msgraph-not-public': {
    'zh-CN': '应用 {clientId} 不允许用代码登录（{code}）',
    en: 'The app {clientId} does not allow signing in with a code ({code})',
  },
  'msgraph-not-public-hint': {
    'zh-CN': '在应用的“身份验证”里把“允许公共客户端流”设为“是”。',
    en: 'Set “Allow public client flows” to Yes under “Authentication” of the app.',
  },
  'msgraph-wrong-app': {
    'zh-CN': '租户 {tenantId} 里没有应用 {clientId}（{code}）',
    en: 'The tenant {tenantId} has no app {clientId} ({code})',
  },
  'msgraph-wrong-app-hint': {
    'zh-CN':
      '核对 ROWKEEPER_MSGRAPH_CLIENT_ID 和 ROWKEEPER_MSGRAPH_TENANT_ID；世纪互联与国际版的应用互不通用，见 ROWKEEPER_MSGRAPH_CLOUD。',
    en: 'Check ROWKEEPER_MSGRAPH_CLIENT_ID and ROWKEEPER_MSGRAPH_TENANT_ID. An app exists in one national cloud only: see ROWKEEPER_MSGRAPH_CLOUD.',
  },
  'msgraph-wrong-tenant': {
    'zh-CN': '{authority} 不认识租户 {tenantId}（{code}）',
    en: '{authority} does not know the tenant {tenantId} ({code})',
  },
  'msgraph-wrong-tenant-hint': {
    'zh-CN': '核对 ROWKEEPER_MSGRAPH_TENANT_ID；世纪互联版请把 ROWKEEPER_MSGRAPH_CLOUD 设为 china。',
    en: 'Check ROWKEEPER_MSGRAPH_TENANT_ID; for a national cloud set ROWKEEPER_MSGRAPH_CLOUD (china, us-gov, us-dod).',
  },
  'msgraph-wrong-cloud': {
    'zh-CN': '应用和 Microsoft Graph 不在同一个云里（{code}）',
    en: 'The app and Microsoft Graph are not in one cloud ({code})',
  },
  'msgraph-wrong-cloud-hint': {
    'zh-CN': '核对 ROWKEEPER_MSGRAPH_CLOUD(global、china、us-gov、us-dod)。',
    en: 'Check ROWKEEPER_MSGRAPH_CLOUD (global, china, us-gov, us-dod).',
  },
  'msgraph-access-policy': {
    'zh-CN': '组织的登录策略不允许服务账号这样登录（{code}）',
    en: 'A sign-in policy of the organisation does not let the service account sign in like this ({code})',
  },
  'msgraph-access-policy-hint': {
    'zh-CN': '请管理员在条件访问策略里为该账号放行设备代码登录，或改用应用身份（ROWKEEPER_MSGRAPH_CLIENT_SECRET）。',
    en: 'An administrator allows device code sign-in for the account in Conditional Access, or the app speaks for itself (ROWKEEPER_MSGRAPH_CLIENT_SECRET).',
  },
  'msgraph-token-refused': {
    'zh-CN': 'Microsoft Graph 不接受刚取得的令牌（{code}）',
    en: 'Microsoft Graph refuses a token it has just given out ({code})',
  },
  'msgraph-token-refused-hint': {
    'zh-CN': '核对本机时间与 ROWKEEPER_MSGRAPH_CLOUD；也可能是管理员撤销了登录。',
    en: 'Check the clock of this machine and ROWKEEPER_MSGRAPH_CLOUD; an administrator may also have revoked the sign-in.',
  },

  'msgraph-unreachable': {
    'zh-CN': '连不上 {root}（{reason}）',
    en: '{root} cannot be reached ({reason})',
  },
  'msgraph-unreachable-hint': {
    'zh-CN': '检查网络和防火墙；恢复后会自动继续。',
    en: 'Check the network and firewall; work goes on by itself afterwards.',
  },
  'msgraph-certificate': {
    'zh-CN': '{root} 的证书无法验证（{reason}）',
    en: 'The certificate of {root} cannot be verified ({reason})',
  },
  'msgraph-certificate-hint': {
    'zh-CN': '检查本机时间；若公司网络会拆解加密连接，用 NODE_EXTRA_CA_CERTS 指定公司的根证书。',
    en: 'Check the clock; where the company network opens TLS connections, name its root certificate in NODE_EXTRA_CA_CERTS.',
  },
  'msgraph-no-reply': {
    'zh-CN': '{root} 没有答复（{reason}）',
    en: '{root} did not answer ({reason})',
  },
  'msgraph-no-reply-hint': {
    'zh-CN': '稍后会自动再看；经常出现请检查网络。',
    en: 'It is looked at again by itself; check the network if this goes on.',
  },
  'msgraph-throttled': {
    'zh-CN': 'Microsoft 要求放慢请求（{code}）',
    en: 'Microsoft asks for fewer requests ({code})',
  },
  'msgraph-throttled-hint': {
    'zh-CN': '会按要求等待后自动继续；经常出现可调大 lookEverySeconds。',
    en: 'Work goes on after the wait it asks for; a larger lookEverySeconds helps if this goes on.',
  },
  'msgraph-fault-of-server': {
    'zh-CN': 'Microsoft Graph 出了故障（{code}）',
    en: 'Microsoft Graph has a fault ({code})',
  },
  'msgraph-fault-of-server-hint': {
    'zh-CN': '稍后会自动再试；持续很久请看 Microsoft 365 管理中心的服务运行状况。',
    en: 'It is tried again by itself; if it lasts, see Service health in the Microsoft 365 admin center.',
  },
  'msgraph-session-lost': {
    'zh-CN': '打开着的工作簿在 Microsoft 一侧丢失了',
    en: 'The opened workbook was lost on the side of Microsoft',
  },
  'msgraph-session-lost-hint': {
    'zh-CN': '会自动重新打开并核对写入的内容。',
    en: 'It is opened again by itself, and what was written is checked.',
  },
  'msgraph-slow': {
    'zh-CN': '这张工作表计算太慢，Microsoft 没有在限定时间内给出内容',
    en: 'This tab calculates so slowly that Microsoft does not hand it out in time',
  },
  'msgraph-slow-hint': {
    'zh-CN': '减少这张表里的公式、查询或外部数据，或把工单放到另一个工作簿。',
    en: 'Have fewer formulas, queries and outside data in it, or keep the tickets in another workbook.',
  },
  'msgraph-changing': {
    'zh-CN': '工作簿正在被频繁修改，读到的内容前后不一',
    en: 'The workbook is being changed so often that its parts do not fit together',
  },
  'msgraph-changing-hint': {
    'zh-CN': '稍后会自动再读。',
    en: 'It is read again by itself.',
  },

  'msgraph-held': {
    'zh-CN': '工作簿被占用，现在不能写入（{code}）',
    en: 'Somebody holds the workbook, it cannot be written now ({code})',
  },
  'msgraph-held-hint': {
    'zh-CN': '有人签出了文件，或在不支持共同编辑的程序里打开着它：请其签入或关闭，之后会自动写入。',
    en: 'Somebody has checked the file out, or has it open in a program without co-authoring: check it in or close it, and writing goes on by itself.',
  },
  'msgraph-filtered': {
    'zh-CN': '表上开着筛选，现在不能写入（{code}）',
    en: 'A filter is on, so the tab cannot be written now ({code})',
  },
  'msgraph-filtered-hint': {
    'zh-CN': '请清除筛选，或各自用“工作表视图”筛选；之后会自动写入。',
    en: 'Clear the filter, or filter in a Sheet View of your own; writing goes on by itself.',
  },
  'msgraph-gone': {
    'zh-CN': '在 OneDrive 或 SharePoint 里找不到这个工作簿了（{code}）：可能被删除，或移到了别的文档库',
    en: 'OneDrive or SharePoint does not have this workbook any more ({code}): it may be deleted, or moved to another library',
  },
  'msgraph-gone-hint': {
    'zh-CN': '从回收站恢复后会自动继续；若移走了，在 rowkeeper.json 里改成新地址。工单都还在数据库里。',
    en: 'Restore it from the recycle bin, and work goes on by itself; if it moved, put the new address into rowkeeper.json. All tickets are safe in the database.',
  },
  'msgraph-link-dead': {
    'zh-CN': 'rowkeeper.json 里的地址打不开工作簿',
    en: 'The address in rowkeeper.json leads to no workbook',
  },
  'msgraph-link-dead-hint': {
    'zh-CN': '在 Excel 网页版里点“共享”→“复制链接”，把链接填进 url；若账号没有 OneDrive 许可证，也会这样。',
    en: 'Click “Share”, “Copy link” in Excel for the web and put the link into url. An account without a OneDrive licence gives the same.',
  },
  'msgraph-not-a-workbook': {
    'zh-CN': '{name} 不是 .xlsx 工作簿',
    en: '{name} is no .xlsx workbook',
  },
  'msgraph-not-a-workbook-hint': {
    'zh-CN': '请在 Excel 里另存为“Excel 工作簿(.xlsx)”，再用新文件的链接。',
    en: 'Save it as “Excel Workbook (.xlsx)” and use the link of the new file.',
  },
  'msgraph-no-access': {
    'zh-CN': '服务账号没有这个工作簿的权限（{code}）',
    en: 'The service account has no access to this workbook ({code})',
  },
  'msgraph-no-access-hint': {
    'zh-CN':
      '把工作簿共享给服务账号并允许编辑；若已共享，请管理员确认应用有 Files.ReadWrite.All 和 Sites.ReadWrite.All，且账号有许可证。',
    en: 'Share the workbook with the service account and let it edit. If that is so, an administrator checks that the app has Files.ReadWrite.All and Sites.ReadWrite.All and the account has a licence.',
  },
  'msgraph-edit-refused': {
    'zh-CN': 'Microsoft 不让我们以编辑方式打开这个工作簿（{code}）',
    en: 'Microsoft does not let us open this workbook for editing ({code})',
  },
  'msgraph-edit-refused-hint': {
    'zh-CN':
      '仅用应用身份时这很常见：请改用服务账号登录（去掉 ROWKEEPER_MSGRAPH_CLIENT_SECRET），或设 "mode": "file"。',
    en: 'Usual where the app speaks for itself: sign a service account in instead (remove ROWKEEPER_MSGRAPH_CLIENT_SECRET), or set "mode": "file".',
  },
  'msgraph-no-workbook-api': {
    'zh-CN': '这里不能在线编辑工作簿',
    en: 'Workbooks cannot be worked on in place here',
  },
  'msgraph-no-workbook-api-hint': {
    'zh-CN': '世纪互联版没有这项接口，仅用应用身份时也常被拒绝：把该工作簿设为 "mode": "file"。',
    en: 'The cloud in China does not have it, and an app that speaks for itself is often refused: set "mode": "file" for this workbook.',
  },
  'msgraph-unsupported': {
    'zh-CN': 'Excel 网页版打不开这个工作簿（{code}）',
    en: 'Excel for the web cannot open this workbook ({code})',
  },
  'msgraph-unsupported-hint': {
    'zh-CN': '可能加了密码或敏感度标签，或文件太大（约 25 MB 以上）：去掉它们，或减小文件。',
    en: 'It may have a password or a sensitivity label, or be too large (from about 25 MB): remove them, or make it smaller.',
  },
  'msgraph-too-much': {
    'zh-CN': '内容太大，Microsoft 不接受（{code}）',
    en: 'Too much at once for Microsoft ({code})',
  },
  'msgraph-too-much-hint': {
    'zh-CN': '减少这张表里的内容，或把它分成几张表。',
    en: 'Have less in this tab, or split it.',
  },
  'msgraph-no-room': {
    'zh-CN': '表格下面没有空位，加不了新行（{code}）',
    en: 'There is no room below the table for new rows ({code})',
  },
  'msgraph-no-room-hint': {
    'zh-CN': '请把表格下方的另一个表格或内容移开。',
    en: 'Move the other table, or whatever stands below, out of the way.',
  },
  'msgraph-quota': {
    'zh-CN': 'OneDrive 或 SharePoint 的空间满了（{code}）',
    en: 'OneDrive or SharePoint is full ({code})',
  },
  'msgraph-quota-hint': {
    'zh-CN': '清理文件或请管理员扩容。',
    en: 'Remove files, or have an administrator enlarge it.',
  },
  'msgraph-precondition': {
    'zh-CN': '别人刚刚保存了这个工作簿（{code}）',
    en: 'Somebody has just saved this workbook ({code})',
  },
  'msgraph-precondition-hint': {
    'zh-CN': '会自动重新读取再写。',
    en: 'It is read again by itself before writing.',
  },
  'msgraph-refused': {
    'zh-CN': 'Microsoft Graph 拒绝了请求（{code}）',
    en: 'Microsoft Graph refused the request ({code})',
  },
  'msgraph-refused-hint': {
    'zh-CN': '运行 rowkeeper doctor 查看哪一步出了问题。',
    en: 'Run rowkeeper doctor to see which step fails.',
  },

  'msgraph-not-a-folder': {
    'zh-CN': '{name} 不是文件夹',
    en: '{name} is no folder',
  },
  'msgraph-not-a-folder-hint': {
    'zh-CN': '在 OneDrive 或 SharePoint 里打开文件夹，点“共享”→“复制链接”。',
    en: 'Open the folder in OneDrive or SharePoint and click “Share”, “Copy link”.',
  },
  'msgraph-doctor-signed-in': {
    'zh-CN': '已用服务账号 {account} 登录',
    en: 'Signed in as {account}',
  },
  'msgraph-doctor-app-only': {
    'zh-CN': '以应用身份 {account} 工作，Microsoft 没有保证在线编辑工作簿时可用',
    en: 'The app {account} speaks for itself, which Microsoft does not promise to work for workbooks in place',
  },
  'msgraph-doctor-app-only-hint': {
    'zh-CN': '更稳妥的办法是去掉 ROWKEEPER_MSGRAPH_CLIENT_SECRET，用服务账号登录一次。',
    en: 'Signing a service account in once, without ROWKEEPER_MSGRAPH_CLIENT_SECRET, is safer.',
  },
  'msgraph-doctor-file': {
    'zh-CN': '找到了工作簿 {name}',
    en: 'The workbook {name} is there',
  },
  'msgraph-doctor-session': {
    'zh-CN': '可以打开并编辑',
    en: 'It opens, and may be edited',
  },
  'msgraph-doctor-sessionless': {
    'zh-CN': 'Microsoft 不给应用身份打开会话，只能逐次读写',
    en: 'Microsoft gives the app no session; every read and write stands alone',
  },
  'msgraph-doctor-sessionless-hint': {
    'zh-CN': '写入可能被悄悄丢掉，服务会核对并重写；更稳妥的是用服务账号登录。',
    en: 'Writes may be dropped silently; the service checks and writes again. Signing a service account in is safer.',
  },
  'msgraph-doctor-read': {
    'zh-CN': '读到 {count} 张工作表',
    en: 'It has {count} tabs',
  },
  'msgraph-doctor-whole': {
    'zh-CN': '可以整份替换（有人打开时写入会排队）',
    en: 'It may be replaced as a whole (writes wait while somebody has it open)',
  },
  'msgraph-doctor-notices': {
    'zh-CN': '有改动时 Microsoft 会通知',
    en: 'Microsoft tells of changes',
  },
  'msgraph-doctor-looks': {
    'zh-CN': '每 {seconds} 秒看一次有没有改动（给 web.url 设公网 https 地址后可由 Microsoft 通知）',
    en: 'It is looked at every {seconds} seconds (with a public https address in web.url Microsoft tells of changes)',
  },
  'msgraph-bad-tab-name': {
    'zh-CN': '“{tab}”不能作为 Excel 工作表的名称，没有建立。',
    en: '“{tab}” cannot be the name of a tab in Excel, and was not made.',
  },
  'msgraph-laid-out-plain': {
    'zh-CN':
      '这些工作表没有下拉列表、条件颜色、冻结窗格和列保护，Excel 网页版的接口做不到：{tabs}。需要时请在 Excel 里自己加，服务不会改动。',
    en: 'These tabs have no dropdowns, conditional colours, frozen panes and column protection, which the interface of Excel for the web cannot make: {tabs}. Add them in Excel where you want them; they are left alone.',
  },
  'msgraph-tab-protected': {
    'zh-CN': '工作表“{tab}”受保护，{cell} 不能写入。请在“审阅”里撤销工作表保护。',
    en: 'The tab “{tab}” is protected, {cell} cannot be written. Unprotect the sheet under Review.',
  },
  'msgraph-cell-refused': {
    'zh-CN': '{tab}!{cell}：Excel 网页版不接受这个值（{reason}）。',
    en: '{tab}!{cell}: Excel for the web does not take this value ({reason}).',
  },
  'msgraph-empty-text': {
    'zh-CN': '{tab}!{cell}：Excel 网页版分不出空文字和空单元格。',
    en: '{tab}!{cell}: Excel for the web does not tell empty text from an empty cell.',
  },
  'msgraph-characters': {
    'zh-CN': '{tab}!{cell}：文字里有单元格存不下的控制字符。',
    en: '{tab}!{cell}: the text holds control characters that a cell cannot keep.',
  },
} as const satisfies Texts;
