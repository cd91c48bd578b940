/** What people read while they set Feishu up: `doctor` step by step, and what `init` cannot do. */
import type { Texts } from './catalogue.ts';

export const feishuSetup = {
  'feishu-unknown-person': {
    'zh-CN': '飞书里找不到 {person}，或者应用看不到这个人。',
    en: 'Feishu knows nobody called {person}, or the app cannot see this person.',
  },
  'feishu-unknown-person-hint': {
    'zh-CN': '用企业邮箱或手机号，并在开发者后台把应用的“通讯录权限范围”扩大到这个人所在的部门。',
    en: 'Give a company mail address or mobile number, and widen the contact range of the app in the developer console to the department of this person.',
  },
  'feishu-doctor-app': {
    'zh-CN': '飞书应用 {appId} 可以登录 {domain}',
    en: 'Feishu app {appId} can sign in at {domain}',
  },
  'feishu-doctor-read': { 'zh-CN': '可以读《{title}》', en: 'Can read {title}' },
  'feishu-doctor-write': { 'zh-CN': '可以写这份文档', en: 'May edit the document' },
  'feishu-doctor-no-write': { 'zh-CN': '应用只能看这份文档，不能改', en: 'The app may only look at the document' },
  'feishu-doctor-no-write-hint': {
    'zh-CN': '打开文档，右上角“…”→“更多”→“添加文档应用”，选择这个应用并给“可编辑”权限。',
    en: 'Open the document, choose "…", "More", "Add document app", pick the app and let it edit.',
  },
  'feishu-doctor-notices': { 'zh-CN': '文档有改动时飞书会通知', en: 'Feishu gives notice when the document changes' },
  'feishu-doctor-no-notices': {
    'zh-CN': '还没有订阅这份文档的改动，只能定时查看',
    en: 'Changes of the document are not subscribed to yet; it is looked at from time to time only',
  },
  'feishu-doctor-no-notices-hint': {
    'zh-CN':
      '服务启动时会自己订阅；一直没有成功时，在开发者后台的“事件与回调”里选“使用长连接接收事件”，添加“文件编辑”事件，并给应用这份文档的管理权限。',
    en: 'The service subscribes when it starts. If that never works: choose the long connection under "Events & Callbacks" in the developer console, add the event of edited files, and make the app a manager of the document.',
  },
  'feishu-doctor-people': {
    'zh-CN': '可以按邮箱和手机号找到人',
    en: 'Can find people by mail address and mobile number',
  },
  'feishu-doctor-bot': { 'zh-CN': '机器人可用，可以发消息', en: 'The bot is on and can send messages' },
} satisfies Texts;
