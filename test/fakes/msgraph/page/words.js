/** Every text of the page, in Chinese and in English. */
export const words = {
  brand: ['Excel 网页版', 'Excel for the web'],
  local: ['本地演示', 'local demo'],
  download: ['下载副本', 'Download a copy'],
  actAs: ['以谁的身份编辑', 'Editing as'],
  addRow: ['末尾加行', 'Add row'],
  insertRow: ['上方插入行', 'Insert row above'],
  deleteRow: ['删除行', 'Delete row'],
  ascending: ['升序', 'Sort ascending'],
  descending: ['降序', 'Sort descending'],
  saved: ['{at} 由 {who} 保存', 'Saved at {at} by {who}'],
  more: ['下面还有 {count} 行没有显示', '{count} more rows are not shown'],
  protected: ['工作表受保护', 'The sheet is protected'],
  none: ['文档库里还没有工作簿', 'There is no workbook in the library yet'],
  deviceTitle: ['登录到这台设备', 'Sign in to this device'],
  deviceText: [
    '输入应用里显示的代码，服务账号就会授权它读写工作簿。',
    'Type the code the application shows: the service account then lets it read and write workbooks.',
  ],
  agree: ['同意', 'Agree'],
  decline: ['拒绝', 'Decline'],
  agreed: ['已授权，可以关掉这个页面了。', 'Done. You may close this page.'],
  declined: ['已拒绝。', 'Declined.'],
  wrongCode: ['没有应用在等这个代码，请检查后重新输入。', 'No application is waiting for this code. Please check it.'],
  AccessDenied: ['这里受保护，不能修改。', 'This place is protected and cannot be changed.'],
  InvalidArgument: ['Excel 不接受这个内容。', 'Excel does not take this content.'],
  InsertDeleteConflict: ['这样会打乱表格里的单元格。', 'That would shift cells in a table.'],
  FilteredRangeConflict: ['请先清除筛选。', 'Please clear the filter first.'],
  Failed: ['没有成功，请再试一次。', 'That did not work. Please try again.'],
};

let language = globalThis.localStorage?.getItem('language') === 'en' ? 1 : 0;

export const isEnglish = () => language === 1;

export function switchLanguage() {
  language = 1 - language;
  localStorage.setItem('language', language === 1 ? 'en' : 'zh');
}

/** A text in the language that is chosen, with its places filled. */
export function word(name, places = {}) {
  const text = (words[name] ?? words.Failed)[language];
  return text.replace(/\{(\w+)\}/g, (_, place) => places[place]);
}
