/** What the service could not take or had to decide, and what a person can do about it. */
import type { Texts } from './catalogue.ts';

export const problems = {
  'problem.required': {
    'zh-CN': '此项必填，不能清空，已恢复为「{value}」。要改就填写新内容。',
    en: 'This cell is required and cannot be cleared; it was put back to “{value}”. Type a new value to change it.',
  },
  'problem.contact-ticket': {
    'zh-CN': '没有工单“{number}”，这条联系记录还不算在任何工单上。请改成正确的工单号。',
    en: 'There is no ticket “{number}”, so this contact counts for none yet. Type the right ticket number.',
  },
  'problem.conflict-sheet': {
    'zh-CN':
      '两边同时改了这一格：采用了表格里的「{current}」，系统里的「{typed}」（{by}）未采用。要用它，请在「处理」选「采用我的」。',
    en: 'Both sides changed this cell: the sheet’s “{current}” was taken, the database’s “{typed}” ({by}) was not. To use it, answer “Use mine”.',
  },
  'problem.conflict-database': {
    'zh-CN':
      '两边同时改了这一格：保留了系统里的「{current}」（{by}），表格里填的「{typed}」未采用。要用它，请在「处理」选「采用我的」。',
    en: 'Both sides changed this cell: the database’s “{current}” ({by}) was kept, “{typed}” from the sheet was not taken. To use it, answer “Use mine”.',
  },
  'problem.formula-in-service-column': {
    'zh-CN': '这一列由系统填写，但这一格是公式，系统不会覆盖公式。系统值是「{current}」，请删除公式。',
    en: 'The service fills this column, but a formula stands here and is never overwritten. The value is “{current}”; delete the formula.',
  },
  'problem.reverted': {
    'zh-CN': '这一列由系统填写，填入的「{typed}」已还原为「{current}」。',
    en: 'The service fills this column; “{typed}” was put back to “{current}”.',
  },
  'problem.figure-replaced': {
    'zh-CN':
      '「{tab}」是系统发布的统计表，{cell} 里填的「{typed}」已换回统计数字。批注请写在统计区域的右边或新建的工作表里。',
    en: '“{tab}” is a tab of figures: “{typed}” in {cell} was replaced by the figure. Write notes to the right of the figures or in a tab of your own.',
  },
  'problem.figures-replaced': {
    'zh-CN': '「{workbook}」的统计表里还有 {count} 格被改过，也已换回统计数字。',
    en: '{count} more cells in the tabs of figures of “{workbook}” had been changed and were replaced by the figures.',
  },
  'problem.figures-missing': {
    'zh-CN':
      '工作簿「{workbook}」里的统计表 {tabs} 被删除了，不会自动恢复。要恢复，请运行 rowkeeper kpi --restore {name}。',
    en: 'The tabs of figures {tabs} were deleted from “{workbook}” and are not made again by themselves. To have them back, run: rowkeeper kpi --restore {name}',
  },
  'problem.reverted-often': {
    'zh-CN':
      '这一列由系统填写，但 10 分钟内被改了三次，现在保留「{typed}」（系统值是「{current}」）。请检查是否有宏或公式在写这一格，再在「处理」选「采用系统」。',
    en: 'The service fills this column, but it was changed three times in 10 minutes; “{typed}” is left standing (the value is “{current}”). Check for a macro, then answer “Use system”.',
  },
  'problem.formula-differs': {
    'zh-CN': '这一格是公式（结果「{typed}」），系统不会覆盖公式；系统里现在是「{current}」。要显示系统值，请删除公式。',
    en: 'A formula stands here (result “{typed}”) and is never overwritten; the database now has “{current}”. Delete the formula to see it.',
  },
  'problem.covered': {
    'zh-CN': '这一格被合并单元格盖住，无法读写；系统里是「{current}」。请取消合并。',
    en: 'This cell is covered by a merged range and cannot be read or written; the database has “{current}”. Unmerge the cells.',
  },
  'problem.sheet-error': {
    'zh-CN': '这一格是错误值 {typed}，没有采用；系统里是「{current}」。请改正公式或直接填写内容。',
    en: 'This cell shows the error {typed} and was not taken; the database has “{current}”. Mend the formula or type the value.',
  },
  'problem.missing-hide': {
    'zh-CN':
      '{number} 的行已不在表中。工单仍在系统里，只是不再显示。要放回表格，请选「恢复」；确认不再显示，请选「忽略」。',
    en: 'The row of {number} is gone from the tab. The ticket is kept, only no longer shown. Answer “Restore” to bring it back, “Ignore” to leave it out.',
  },
  'problem.missing-close': {
    'zh-CN': '{number} 的行已不在表中。选「采用我的」将关闭它，选「恢复」放回表格。',
    en: 'The row of {number} is gone from the tab. Answer “Use mine” to close it, “Restore” to bring the row back.',
  },
  'problem.missing-delete': {
    'zh-CN': '{number} 的行已不在表中。选「采用我的」将删除它（可恢复），选「恢复」放回表格。',
    en: 'The row of {number} is gone from the tab. Answer “Use mine” to delete it (it can be restored), “Restore” to bring the row back.',
  },
  'problem.unknown-id': {
    'zh-CN':
      '第 {row} 行的编号「{typed}」不是本表发出的。要新建，请清空编号或在「处理」选「采用我的」；否则请填回正确的编号。',
    en: 'Row {row}: the number “{typed}” was never given out in this tab. Clear it (or answer “Use mine”) to make a new ticket, or type the right number.',
  },
  'problem.unreadable-id': {
    'zh-CN': '第 {row} 行的编号格里是公式、日期或错误值「{typed}」，这一行没有读取。请清空编号或填回正确的编号。',
    en: 'Row {row}: the number cell holds a formula or an error (“{typed}”), so the row was not read. Clear it or type the right number.',
  },
  'problem.maybe-ticket': {
    'zh-CN':
      '第 {row} 行像是 {number}，但不能确定，先没有处理。是它请在「处理」选「采用系统」，是新工单请选「采用我的」。',
    en: 'Row {row} looks like {number}, but not surely enough, so it was left alone. Answer “Use system” if it is that ticket, “Use mine” if it is a new one.',
  },
  'problem.copy': {
    'zh-CN':
      '第 {row} 行是 {number} 的副本，没有读取。要另建一张工单，请清空这一行的编号，或在「处理」选「采用我的」。',
    en: 'Row {row} is a copy of {number} and was not read. To make a ticket of its own, clear the number in this row or answer “Use mine”.',
  },
  'problem.frozen': {
    'zh-CN': '编号 {number} 出现在第 {rows} 行，分不清哪一行是它，先不读也不写。请只留一行有这个编号，其余清空编号。',
    en: 'The number {number} stands in rows {rows}, and nobody can tell which is meant: none is read or written. Keep the number in one row only and clear it in the others.',
  },
  'problem.incomplete': {
    'zh-CN': '第 {row} 行还缺 {fields}，补齐后会自动生成编号。',
    en: 'Row {row} still lacks {fields}; it gets its number as soon as that is filled in.',
  },
  'problem.header-missing': {
    'zh-CN': '找不到列「{header}」，这一列暂停读写，系统里的内容不变。请恢复表头「{header}」。',
    en: 'The column “{header}” is gone; it is neither read nor written and nothing is cleared. Put the header “{header}” back.',
  },
  'problem.header-doubled': {
    'zh-CN': '表头「{header}」出现了两次，分不清用哪一列，暂停读写。请只留一列叫这个名字。',
    en: 'The header “{header}” stands twice, and nobody can tell which column is meant: neither is used. Keep one.',
  },
  'problem.header-renamed': {
    'zh-CN': '列「{header}」已改名为「{now}」，内容一致，继续使用。',
    en: 'The column “{header}” is now called “{now}”; its content is the same, so it is still used.',
  },
  'problem.no-header': {
    'zh-CN': '工作表「{tab}」前 20 行里找不到表头（要有「{header}」列），整张表暂停读写。请恢复表头。',
    en: 'No header row (with the column “{header}”) in the first 20 rows of “{tab}”: nothing is read or written. Put the header back.',
  },
  'problem.id-header-doubled': {
    'zh-CN': '工作表「{tab}」里「{header}」列出现了两次，整张表暂停读写。请只留一列。',
    en: 'The column “{header}” stands twice in “{tab}”: nothing is read or written. Keep one.',
  },
  'problem.merged-header': {
    'zh-CN': '工作表「{tab}」的表头里有合并单元格，整张表暂停读写。请取消合并。',
    en: 'The header of “{tab}” has merged cells: nothing is read or written. Unmerge them.',
  },
  'problem.merged-id': {
    'zh-CN': '工作表「{tab}」的「{header}」列里有合并单元格，整张表暂停读写。请取消合并。',
    en: 'The column “{header}” of “{tab}” has merged cells: nothing is read or written. Unmerge them.',
  },
  'problem.tab-missing': {
    'zh-CN': '工作簿里没有工作表「{tab}」，暂停读写。请恢复它，或改 rowkeeper.json 里的名字。',
    en: 'The workbook has no tab “{tab}”: nothing is read or written. Put it back, or change its name in rowkeeper.json.',
  },
  'problem.tab-foreign': {
    'zh-CN':
      '「{tab}」是嵌入的多维表格，不是普通工作表，暂停读写。请在 rowkeeper.json 里写上普通工作表的名字，或把这张多维表格另作一本工作簿，用 bitable 连接。',
    en: '“{tab}” is an embedded base, not a tab of cells: nothing is read or written. Put the name of a tab of cells into rowkeeper.json, or connect the base as a workbook of its own, with the connector bitable.',
  },
  'problem.stale-copy': {
    'zh-CN': '「{tab}」被旧的副本覆盖保存过。旧副本里新改的内容已采用，后来的内容已写回，没有丢失。',
    en: 'An older copy of “{tab}” was saved over a newer one. What was typed in it was taken, what came later was written back; nothing is lost.',
  },
  'problem.misplaced': {
    'zh-CN':
      '系统写入时有人正好移动了行，「{typed}」可能写到了别的单元格，这里已恢复原来的内容。如果「{typed}」是您输入的，请再输入一次。',
    en: 'Rows were moved while the service was writing, so “{typed}” may have landed in a wrong cell; what stood here was put back. If you typed “{typed}” yourself, please type it again.',
  },
  'problem.overwritten': {
    'zh-CN':
      '系统写入时有人正好移动或删除了行，这里原来的「{typed}」可能被盖掉了。如果还需要「{typed}」，请再输入一次。',
    en: 'Rows were moved or removed while the service was writing, so “{typed}” may have been overwritten here. If it is still needed, please type “{typed}” again.',
  },
  'problem.workbook': {
    'zh-CN': '工作簿现在不能读写：{reason}',
    en: 'The workbook cannot be read or written now: {reason}',
  },
  'problem.record-deleted': {
    'zh-CN': '{number} 已在系统中删除，这一行不再读写。不需要了可以删掉这一行；要当新工单，请清空编号。',
    en: '{number} was deleted in the database; this row is neither read nor written any more. Delete the row, or clear its number to make a new ticket.',
  },
  'problem.unknown-answer': {
    'zh-CN': '{message}（看不懂的处理「{text}」，请从下拉中选择）',
    en: '{message} (the answer “{text}” is not understood; pick one from the list)',
  },

  'guard.empty-tab': {
    'zh-CN':
      '「{tab}」现在一行数据都没有，而系统里有 {count} 行，像是误删，已暂停。恢复数据后自动继续；确实要清空，请运行 rowkeeper release {binding}。',
    en: '“{tab}” has no data rows, but {count} are known: that looks like an accident, so it is held. Put the rows back, or run: rowkeeper release {binding}',
  },
  'guard.rows-missing': {
    'zh-CN': '「{tab}」少了 {count} 行（共 {total} 行），先不当作删除。确实要删，请运行 rowkeeper release {binding}。',
    en: '{count} of {total} rows are gone from “{tab}”; they are not taken as removed. If they are, run: rowkeeper release {binding}',
  },
  'guard.most-rows-missing': {
    'zh-CN':
      '「{tab}」少了 {count} 行（共 {total} 行），像是误删，整张表已暂停。恢复后自动继续；确实要删，请运行 rowkeeper release {binding}。',
    en: '{count} of {total} rows are gone from “{tab}”: that looks like an accident, so the tab is held. Put them back, or run: rowkeeper release {binding}',
  },
  'guard.column-sorted': {
    'zh-CN':
      '列「{header}」有 {count} 格变了，但只是换了顺序，像是单独排序了这一列，已暂停这一列。撤销排序后自动继续；在「处理」选「采用系统」可还原；确实要这样改，请运行 rowkeeper release {binding}。',
    en: '{count} cells of “{header}” changed, but only in order: it looks as if this column was sorted alone, so it is held. Undo the sort, answer “Use system” to put it back, or run: rowkeeper release {binding}',
  },
  'guard.rows-shuffled': {
    'zh-CN':
      '「{tab}」各列一起换了顺序而编号没有动（{count} 行），像是排序时漏选了编号列，整张表已暂停。撤销排序后自动继续；确实要这样改，请运行 rowkeeper release {binding}。',
    en: 'The columns of “{tab}” changed order together while the numbers stayed ({count} rows): it looks as if the number column was left out of a sort, so the tab is held. Undo it, or run: rowkeeper release {binding}',
  },
  'guard.column-cleared': {
    'zh-CN':
      '列「{header}」有 {count} 格被清空（共 {total} 行），像是误删，已暂停这一列。恢复后自动继续；在「处理」选「采用系统」可还原；确实要清空，请运行 rowkeeper release {binding}。',
    en: '{count} of {total} cells of “{header}” were cleared: that looks like an accident, so the column is held. Put them back, answer “Use system”, or run: rowkeeper release {binding}',
  },
  'guard.column-changed': {
    'zh-CN':
      '列「{header}」一次改了 {count} 格（共 {total} 行），先不采用。确认无误，请运行 rowkeeper release {binding}；在「处理」选「采用系统」可还原。',
    en: '{count} of {total} cells of “{header}” changed at once and were not taken. If that is right, run: rowkeeper release {binding}; answer “Use system” to put them back.',
  },
  'guard.first-contact': {
    'zh-CN':
      '「{tab}」第一次接入，有 {count} 行没有编号，将新建为工单。先用 rowkeeper sync --dry-run 预览，确认后运行 rowkeeper release {binding}。',
    en: 'First contact with “{tab}”: {count} rows without a number would become tickets. Preview with rowkeeper sync --dry-run, then run: rowkeeper release {binding}',
  },

  'kind.invalid-value': { 'zh-CN': '填写有误', en: 'Wrong value' },
  'kind.conflict': { 'zh-CN': '两边都改了', en: 'Conflict' },
  'kind.incomplete-row': { 'zh-CN': '新行不完整', en: 'Incomplete row' },
  'kind.unknown-id': { 'zh-CN': '编号不认识', en: 'Unknown number' },
  'kind.duplicate-id': { 'zh-CN': '编号重复', en: 'Doubled number' },
  'kind.maybe-ticket': { 'zh-CN': '可能是已有工单', en: 'Maybe a known ticket' },
  'kind.missing-row': { 'zh-CN': '行不见了', en: 'Row gone' },
  'kind.unreadable-cell': { 'zh-CN': '无法读写', en: 'Unreadable cell' },
  'kind.deleted-record': { 'zh-CN': '已删除', en: 'Deleted' },
  'kind.reverted': { 'zh-CN': '系统列被改', en: 'Service column typed into' },
  'kind.header': { 'zh-CN': '表头问题', en: 'Header' },
  'kind.guard': { 'zh-CN': '已暂停', en: 'Held' },
  'kind.stale-copy': { 'zh-CN': '旧副本', en: 'Old copy' },
  'kind.misplaced': { 'zh-CN': '写错位置', en: 'Misplaced value' },
  'kind.workbook': { 'zh-CN': '工作簿', en: 'Workbook' },
  'kind.config': { 'zh-CN': '配置', en: 'Configuration' },
  'kind.rule': { 'zh-CN': '规则', en: 'Rule' },
  'kind.message': { 'zh-CN': '消息', en: 'Message' },

  'answer.use-mine': { 'zh-CN': '采用我的', en: 'Use mine' },
  'answer.use-system': { 'zh-CN': '采用系统', en: 'Use system' },
  'answer.restore': { 'zh-CN': '恢复', en: 'Restore' },
  'answer.ignore': { 'zh-CN': '忽略', en: 'Ignore' },

  'problems.number': { 'zh-CN': '编号', en: 'No.' },
  'problems.kind': { 'zh-CN': '类别', en: 'Kind' },
  'problems.workbook': { 'zh-CN': '工作簿', en: 'Workbook' },
  'problems.place': { 'zh-CN': '位置', en: 'Place' },
  'problems.ticket': { 'zh-CN': '工单号', en: 'Ticket No' },
  'problems.field': { 'zh-CN': '字段', en: 'Field' },
  'problems.typed': { 'zh-CN': '填写内容', en: 'Typed' },
  'problems.current': { 'zh-CN': '当前值', en: 'Current' },
  'problems.message': { 'zh-CN': '说明', en: 'What to do' },
  'problems.answer': { 'zh-CN': '处理', en: 'Answer' },
  'problems.since': { 'zh-CN': '发现时间', en: 'Since' },
} as const satisfies Texts;
