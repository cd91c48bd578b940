/** Words of the page, in both languages side by side. */

const words = {
  brand: ['飞书', 'Feishu'],
  local: ['本地演示', 'Local demo'],
  actAs: ['以谁的身份操作', 'Act as'],
  language: ['English', '中文'],
  insertRow: ['插入行', 'Insert row'],
  deleteRow: ['删除行', 'Delete row'],
  ascending: ['升序', 'Sort A→Z'],
  descending: ['降序', 'Sort Z→A'],
  revision: ['版本 {n}', 'Revision {n}'],
  edited: ['最近由 {name} 修改', 'Last edited by {name}'],
  connected: ['长连接已接通', 'Connected'],
  notConnected: ['长连接未接通', 'Not connected'],
  events: ['已推送事件 {n}', 'Events delivered: {n}'],
  waiting: ['待推送 {n}', 'waiting: {n}'],
  trashed: ['已移到回收站', 'In the trash'],
  noFiles: ['还没有文档', 'No documents yet'],
  noMessages: ['还没有消息', 'No messages yet'],
  changed: ['已更新', 'Updated'],
  recalled: ['消息已撤回', 'This message was recalled'],
  choose: ['请选择', 'Choose'],
  submit: ['提交', 'Submit'],
  private: ['与机器人的单聊', 'Chat with the bot'],
  robot: ['群机器人', 'Group robot'],
  protected: ['该区域受保护，只有指定的人可以编辑', 'This area is protected: only some people may edit it'],
  protectedBy: ['受保护：{names} 可编辑', 'Protected: {names} may edit'],
  more: ['只显示前 {n} 行', 'Only the first {n} rows are shown'],
  embedded: ['这里嵌入了一个多维表格', 'A Base is embedded here'],
  error200340: ['应用没有接收卡片回调的地方', 'The app is not listening for card clicks'],
  error200341: ['应用没有在 3 秒内回应', 'The app did not answer within 3 seconds'],
  error200671: ['应用处理时出错', 'The app failed'],
  error200672: ['应用的回应无法识别', 'The app answered something unknown'],
  error200673: ['应用返回的卡片有误', 'The app answered with a faulty card'],
};

let language = localStorage.getItem('language') === 'en' ? 1 : 0;

export const isEnglish = () => language === 1;

export function switchLanguage() {
  language = 1 - language;
  localStorage.setItem('language', language === 1 ? 'en' : 'zh');
}

/** The words of a key, with its places filled. */
export function say(key, places = {}) {
  const text = words[key]?.[language] ?? key;
  return text.replace(/\{(\w+)\}/g, (_, name) => String(places[name] ?? ''));
}
