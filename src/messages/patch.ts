/** Why a single write into a workbook was refused. `{cell}` is an address, `{tab}` a tab name. */
import type { Texts } from './catalogue.ts';

export const patch = {
  'patch-no-tab': {
    'zh-CN': '工作簿里没有名为“{tab}”的工作表。',
    en: 'The workbook has no tab named “{tab}”.',
  },
  'patch-outside': {
    'zh-CN': '{tab}!{cell} 超出了工作表的范围。',
    en: '{tab}!{cell} lies outside what a tab can hold.',
  },
  'patch-formula': {
    'zh-CN': '{tab}!{cell} 里是公式，不会被覆盖。若要写入，请先清除该公式。',
    en: '{tab}!{cell} holds a formula, which is not overwritten. Clear the formula first.',
  },
  'patch-formula-group': {
    'zh-CN': '{tab}!{cell} 属于一组共用的公式（共享公式、数组公式或模拟运算表），单独改写会破坏其余单元格。',
    en: '{tab}!{cell} belongs to a group of formulas (shared, array or data table); writing it alone would break the others.',
  },
  'patch-covered': {
    'zh-CN': '{tab}!{cell} 在合并单元格内，没有自己的内容。请先取消合并。',
    en: '{tab}!{cell} is covered by a merged cell and has no content of its own. Split the merged cell first.',
  },
  'patch-table-header': {
    'zh-CN': '{tab}!{cell} 是表格的标题，只能在表格软件中修改。',
    en: '{tab}!{cell} is a header of a table; change it in the spreadsheet app.',
  },
  'patch-totals-row': {
    'zh-CN': '{tab} 的表格“{table}”末尾有汇总行，无法在其下追加。请关闭汇总行。',
    en: 'The table “{table}” in {tab} ends with a totals row, so no row can be added below it. Turn the totals row off.',
  },
  'patch-text-too-long': {
    'zh-CN': '{tab}!{cell}：文字有 {length} 个字符，单元格最多容纳 {limit} 个。',
    en: '{tab}!{cell}: the text has {length} characters, a cell holds at most {limit}.',
  },
  'patch-number': {
    'zh-CN': '{tab}!{cell}：这个数值无法写入单元格。',
    en: '{tab}!{cell}: a cell cannot hold this number.',
  },
  'patch-date': {
    'zh-CN': '{tab}!{cell}：表格只能保存 {first} 至 9999-12-31 之间的日期。',
    en: '{tab}!{cell}: a cell can hold dates from {first} to 9999-12-31 only.',
  },
  'patch-full': {
    'zh-CN': '{tab} 已没有可用的行。',
    en: '{tab} has no row left.',
  },
  'published-tab-note': {
    'zh-CN': '本页由 Rowkeeper 使用，用来记住各看板页上次写入的内容。请保留，不要修改。',
    en: 'Rowkeeper uses this tab to remember what it last wrote on the published tabs. Please keep it as it is.',
  },
  'sync-tab-note': {
    'zh-CN': '本页由 Rowkeeper 使用，用来识别旧副本。请保留，不要修改。',
    en: 'Rowkeeper uses this tab to recognise old copies. Please keep it as it is.',
  },
} as const satisfies Texts;
