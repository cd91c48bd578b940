/** What the keeper of the config tabs says. */
import type { Texts } from './catalogue.ts';

export const admin = {
  'admin-waiting': {
    'zh-CN': '（等第二个人批准：rowkeeper rules approve）',
    en: '(waits for a second person: rowkeeper rules approve)',
  },
  'admin-unreadable': {
    'zh-CN': '配置工作簿读不了，先前的配置继续有效。{reason}',
    en: 'The config workbook cannot be read; the configuration in force stays. {reason}',
  },
  'admin-tab-missing': {
    'zh-CN':
      '工作簿里没有“{tab}”页：被删除或改名了。先前的内容继续有效；请改回原名，或在 rowkeeper.json 里写上新名字。',
    en: 'The workbook has no tab "{tab}": it was deleted or renamed. What it said before stays in force; rename it back, or put its new name into rowkeeper.json.',
  },
  'admin-tab-foreign': {
    'zh-CN':
      '“{tab}”页是嵌入的多维表格，不是普通工作表，读不了。先前的内容继续有效；请改用普通工作表，并在 rowkeeper.json 里写上它的名字。',
    en: 'The tab "{tab}" is an embedded base, not a tab of cells, and cannot be read. What it said before stays in force; use a tab of cells, and put its name into rowkeeper.json.',
  },
  'admin-tab-header': {
    'zh-CN': '“{tab}”页的表头有问题：{reason} 读不懂的部分保持先前的内容。',
    en: 'The header of "{tab}" has a fault: {reason} What cannot be read stays as it was before.',
  },
  'admin-tab-emptied': {
    'zh-CN':
      '“{tab}”页的行都没有了。先前的 {count} 行继续有效；真要全部停用，请在“启用”列填“停用”，或从 rowkeeper.json 里去掉这一页。',
    en: 'All rows of "{tab}" are gone. Its {count} rows stay in force; to end them all, switch them off in the first column or take the tab out of rowkeeper.json.',
  },
  'admin-tab-waiting': {
    'zh-CN': '“{tab}”页的修改在等第二个人批准：运行 rowkeeper rules approve。批准前先前的内容继续有效。',
    en: 'The changes of "{tab}" wait for a second person: run rowkeeper rules approve. Until then what it said before stays in force.',
  },
  'admin-cases-no-header': {
    'zh-CN': '前 10 行里没有“用例”这一列。',
    en: 'No column "Case" in the first 10 rows.',
  },
  'admin-cases-failed': {
    'zh-CN': '“{tab}”页有 {count} 个用例不通过：{names}。规则照常生效；请改规则，或改用例里期望的结果。',
    en: '{count} case(s) of "{tab}" fail: {names}. The rules stay in force; mend a rule, or what the case expects.',
  },
  'admin-cases-more': { 'zh-CN': '等', en: 'and more' },
} as const satisfies Texts;
