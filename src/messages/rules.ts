/** What a person is told about the 规则 tab: what is wrong in it, what its rows say in plain words, why one acted or did not. */
import type { Texts } from './catalogue.ts';

export const rules = {
  'rule.did-you-mean': { 'zh-CN': '是不是想写“{word}”？', en: ' Did you mean "{word}"?' },
  'rule.for-example': { 'zh-CN': '例如：{example}', en: ' For example: {example}' },
  'rule.list-separator': { 'zh-CN': '；', en: '; ' },
  'rule.place': { 'zh-CN': '{tab}!{address} {header}：{text}', en: '{tab}!{address} {header}: {text}' },
  'rule.place-row-only': { 'zh-CN': '{tab}!行{row}：{text}', en: '{tab}!row {row}: {text}' },
  'rule.place-row': { 'zh-CN': '{tab}!行{row} «{name}»', en: '{tab}!row {row} «{name}»' },

  'rule.example.recipients': { 'zh-CN': '处理人;组:客服', en: 'Assignee;group:Front desk' },
  'rule.example.text': { 'zh-CN': '文本: {field} 请尽快处理', en: 'text: please look at {field}' },
  'rule.example.channel': { 'zh-CN': '邮件', en: 'mail' },
  'rule.example.sla': { 'zh-CN': '响应 30分钟; 解决 2个工作日', en: 'response 30 min; resolution 2 working days' },
  'rule.example.tag': { 'zh-CN': 'VIP', en: 'VIP' },
  'rule.example.create': {
    'zh-CN': '服务记录: 工单号={number}',
    en: 'Service records: Ticket No={number}',
  },
  'rule.example.yes': { 'zh-CN': '是', en: 'Yes' },
  'rule.example.nothing': { 'zh-CN': '（留空）', en: '(leave it empty)' },

  'rule.fault.bad-amount': { 'zh-CN': '“{typed}”不是数字。', en: '"{typed}" is not a number.' },
  'rule.fault.bad-length': {
    'zh-CN': '看不出“{typed}”是多长时间，请写数字和单位。',
    en: '"{typed}" is not a length of time; write a number and its unit.',
  },
  'rule.fault.bad-mapping': {
    'zh-CN': '“{typed}”不是“字段=内容”，或者这个字段已经写过。',
    en: '"{typed}" is not "field=value", or the field was named before.',
  },
  'rule.fault.bad-target': {
    'zh-CN': '“{typed}”不能接工单：请写人、组或放人的字段。',
    en: '"{typed}" cannot take a ticket: write a person, a group or a field that holds a person.',
  },
  'rule.fault.bad-yes-no': { 'zh-CN': '“{typed}”不是“是”也不是“否”。', en: '"{typed}" is neither yes nor no.' },
  'rule.fault.cannot-copy': {
    'zh-CN': '“{typed}”与这一列的类型不同，不能这样写入。',
    en: '"{typed}" is of another kind than this column and cannot be written into it.',
  },
  'rule.fault.empty-action': {
    'zh-CN': '“{typed}”没有说给谁、做什么。',
    en: '"{typed}" does not say for whom or what.',
  },
  'rule.fault.read-only-field': {
    'zh-CN': '“{typed}”由系统编号，规则不能改。',
    en: '"{typed}" is numbered by the service; a rule cannot change it.',
  },
  'rule.fault.unknown-channel': { 'zh-CN': '没有叫“{typed}”的通知渠道。', en: 'No channel is called "{typed}".' },
  'rule.fault.unknown-clock': {
    'zh-CN': '“{typed}”没有写明是响应还是解决的时限，或者写了两次。',
    en: '"{typed}" names neither response nor resolution, or one of them twice.',
  },
  'rule.fault.unknown-field': { 'zh-CN': '没有叫“{typed}”的字段。', en: 'No field is called "{typed}".' },
  'rule.fault.unknown-group': { 'zh-CN': '没有叫“{typed}”的组。', en: 'No group is called "{typed}".' },
  'rule.fault.unknown-person': {
    'zh-CN': '人员里没有“{typed}”，或者不止一人这样称呼。',
    en: 'Nobody, or more than one, is called "{typed}".',
  },
  'rule.fault.unknown-recipient': {
    'zh-CN': '不知道“{typed}”是谁：请写人名、放人的字段、组:名称、角色:名称或 {字段}。',
    en: '"{typed}" is nobody known: write a person, a field of people, group:name, role:name or a field in braces.',
  },
  'rule.fault.unknown-role': { 'zh-CN': '没有叫“{typed}”的角色。', en: 'No role is called "{typed}".' },
  'rule.fault.unknown-strategy': {
    'zh-CN': '“{typed}”不是选人的方式，可以写：轮流、最少、权重。',
    en: '"{typed}" is no way of choosing; write rotate, least or weighted.',
  },
  'rule.fault.unknown-table': { 'zh-CN': '没有叫“{typed}”的表。', en: 'No table is called "{typed}".' },
  'rule.fault.unknown-template': {
    'zh-CN': '没有叫“{typed}”的通知模板。要直接写内容，请在前面加“文本:”。',
    en: 'No template is called "{typed}". To write the message itself, begin it with "text:".',
  },
  'rule.fault.unknown-webhook': {
    'zh-CN': '没有登记叫“{typed}”的接口；这里只写名称，不写网址。',
    en: 'No webhook is registered as "{typed}"; write its name, never an address.',
  },
  'rule.fault.unknown-workflow': { 'zh-CN': '没有叫“{typed}”的流程。', en: 'No workflow is called "{typed}".' },

  'rule.table.unknown-header': {
    'zh-CN': '列名“{typed}”不是字段，也不是动作。在改好之前，这一列填了内容的规则不会运行。',
    en: '"{typed}" is neither a field nor an action. Until it is mended, rules with something in this column do not run.',
  },
  'rule.table.unknown-operator': {
    'zh-CN': '列名“{typed}”冒号后面不是操作，可以写：包含、不包含、开头、不等于、大于、小于、变为。',
    en: 'What follows the colon in "{typed}" is no operator; write contains, not contains, starts, not, greater, less or becomes.',
  },
  'rule.table.doubled-header': {
    'zh-CN': '列名“{typed}”出现了两次，只用第一列。',
    en: '"{typed}" stands here twice; only the first column is used.',
  },
  'rule.table.no-name-column': {
    'zh-CN': '缺少“名称”列：每条规则都要有名称，历史才认得出它。',
    en: 'There is no Name column: every rule needs a name by which its history knows it.',
  },
  'rule.table.unknown-column': {
    'zh-CN': '这一列的列名看不懂，所以这条规则不运行。请改正列名，或清空这一格。',
    en: 'The header of this column is not understood, so this rule does not run. Mend the header or clear this cell.',
  },
  'rule.table.incomplete-name': {
    'zh-CN': '还没写完：缺少名称。',
    en: 'Not finished: the name is missing.',
  },
  'rule.table.incomplete-action': {
    'zh-CN': '还没写完：没有任何动作，请填写分配给、设置、通知等列中的一个。',
    en: 'Not finished: it asks for nothing; fill in one of the action columns.',
  },
  'rule.table.doubled-name': {
    'zh-CN': '名称“{typed}”在第 {row} 行已经用过，请换一个。',
    en: 'The name "{typed}" is taken by row {row}; choose another.',
  },
  'rule.table.unknown-mode': {
    'zh-CN': '“{typed}”看不懂，可以写：启用、停用、演练。',
    en: '"{typed}" is not understood; write on, off or rehearse.',
  },
  'rule.table.unknown-stage': {
    'zh-CN': '没有叫“{typed}”的组，可以写：校验、设值、分配、状态、SLA、通知。',
    en: 'No group is called "{typed}"; write validate, set, assign, status, SLA or notify.',
  },
  'rule.table.unknown-timing': {
    'zh-CN':
      '时机“{typed}”看不懂，可以写：新建、更新、新建或更新、<字段>变更、到时、每天 22:00、工作日 18:00、手动、评论。',
    en: 'The timing "{typed}" is not understood; write create, update, create or update, <field> changes, due, daily 22:00, workdays 18:00, manual or comment.',
  },
  'rule.table.due-without-age': {
    'zh-CN': '时机是“到时”，但没有按时间判断的条件，永远不会到时。请在时间字段写条件，例如：超过 2小时。',
    en: 'It waits for a moment, but no cell names one. Write an age under a date field, for example: more than 2 hours.',
  },
  'rule.table.refuse-elsewhere': {
    'zh-CN': '“提示”只能用在“校验”组。',
    en: 'A message that refuses belongs to the validate group only.',
  },
  'rule.table.formula': {
    'zh-CN': '公式看不懂（第 {at} 个字符附近）：{typed}',
    en: 'The formula is not understood near character {at}: {typed}',
  },
  'rule.table.formula-field': {
    'zh-CN': '公式里没有叫“{typed}”的字段。',
    en: 'The formula names "{typed}", which is no field.',
  },
  'rule.table.formula-unsupported': {
    'zh-CN': '公式里的“{typed}”不支持。',
    en: '"{typed}" is not supported in formulas.',
  },
  'rule.table.cell-error': { 'zh-CN': '这一格是错误值“{typed}”。', en: 'The cell holds the error "{typed}".' },
  'rule.table.cell-formula': {
    'zh-CN': '这一格是表格公式。规则要看写下的内容：请先把单元格设为“文本”格式，再重新输入。',
    en: 'The cell holds a formula of the spreadsheet. Format it as Text and type the content again.',
  },
  'rule.check.ok': { 'zh-CN': '✓', en: '✓' },
  'rule.check.off': { 'zh-CN': '停用', en: 'off' },
  'rule.check.rehearse': { 'zh-CN': '✓ 演练', en: '✓ rehearsal' },
  'rule.check.fault': { 'zh-CN': '⚠ {text}', en: '⚠ {text}' },
  'rule.check.kept': {
    'zh-CN': '⚠ {text}（上一个正确的版本仍在运行）',
    en: '⚠ {text} (the last correct version keeps running)',
  },

  'rule.event.create': { 'zh-CN': '新建', en: 'create' },
  'rule.event.update': { 'zh-CN': '更新', en: 'update' },
  'rule.event.due': { 'zh-CN': '到时', en: 'due' },
  'rule.event.manual': { 'zh-CN': '手动', en: 'manual' },
  'rule.event.comment': { 'zh-CN': '评论', en: 'comment' },
  'rule.event.daily': { 'zh-CN': '每天定时', en: 'daily' },

  'rule.strategy.rotate': { 'zh-CN': '轮流', en: 'in turn' },
  'rule.strategy.least': { 'zh-CN': '手上最少的人', en: 'the least loaded' },
  'rule.strategy.weighted': { 'zh-CN': '按权重', en: 'by weight' },
  'rule.who.one-of': { 'zh-CN': '{names}（{strategy}）', en: '{names} ({strategy})' },
  'rule.who.group': { 'zh-CN': '组 {name}', en: 'group {name}' },
  'rule.who.role': { 'zh-CN': '角色 {name}', en: 'role {name}' },
  'rule.who.me': { 'zh-CN': '操作人', en: 'whoever acts' },
  'rule.names-separator': { 'zh-CN': '、', en: ', ' },
  'rule.value.empty': { 'zh-CN': '空', en: 'empty' },
  'rule.value.today': { 'zh-CN': '今天', en: 'today' },
  'rule.value.now': { 'zh-CN': '现在', en: 'now' },
  'rule.length.years': { 'zh-CN': '{n}年', en: '{n} y' },
  'rule.length.months': { 'zh-CN': '{n}个月', en: '{n} mo' },
  'rule.length.days': { 'zh-CN': '{n}天', en: '{n} d' },
  'rule.length.hours': { 'zh-CN': '{n}小时', en: '{n} h' },
  'rule.length.working-hours': { 'zh-CN': '{n}个工作小时', en: '{n} working h' },
  'rule.length.minutes': { 'zh-CN': '{n}分钟', en: '{n} min' },
  'rule.length.working-minutes': { 'zh-CN': '{n}个工作分钟', en: '{n} working min' },
  'rule.length.seconds': { 'zh-CN': '{n}秒', en: '{n} s' },

  'rule.reading.rule': { 'zh-CN': '{when} → {asked}', en: '{when} → {asked}' },
  'rule.reading.always': { 'zh-CN': '总是', en: 'always' },
  'rule.reading.and': { 'zh-CN': ' 且 ', en: ' and ' },
  'rule.reading.advice': { 'zh-CN': '{told}（{advice}）', en: '{told} ({advice})' },
  'rule.reading.formula': { 'zh-CN': '公式 {formula}', en: 'formula {formula}' },
  'rule.reading.assign': { 'zh-CN': '分配给 {target}', en: 'assign to {target}' },
  'rule.reading.set': { 'zh-CN': '{field} 设为 {value}', en: 'set {field} to {value}' },
  'rule.reading.notify': { 'zh-CN': '通知 {people}', en: 'notify {people}' },
  'rule.reading.notify-message': { 'zh-CN': '通知 {people}：{message}', en: 'notify {people}: {message}' },
  'rule.reading.notify-channels': { 'zh-CN': '{told}（{channels}）', en: '{told} (by {channels})' },
  'rule.reading.clock-response': { 'zh-CN': '{length}内响应', en: 'respond within {length}' },
  'rule.reading.clock-next-response': { 'zh-CN': '{length}内再次响应', en: 'answer again within {length}' },
  'rule.reading.clock-resolution': { 'zh-CN': '{length}内解决', en: 'resolve within {length}' },
  'rule.reading.escalate': { 'zh-CN': '升级到 {people}', en: 'escalate to {people}' },
  'rule.reading.tag': { 'zh-CN': '加标签 {tags}', en: 'add tag {tags}' },
  'rule.reading.comment': { 'zh-CN': '评论“{text}”', en: 'comment "{text}"' },
  'rule.reading.workflow': { 'zh-CN': '启动流程 {name}', en: 'start workflow {name}' },
  'rule.reading.webhook': { 'zh-CN': '调用接口 {names}', en: 'call {names}' },
  'rule.reading.create': { 'zh-CN': '在 {table} 新建一行：{values}', en: 'add a row to {table}: {values}' },
  'rule.reading.refuse': { 'zh-CN': '拒绝并提示“{text}”', en: 'refuse with "{text}"' },
  'rule.reading.stop': { 'zh-CN': '不再看下面的规则', en: 'stop here' },

  'rule.value.yes': { 'zh-CN': '是', en: 'yes' },
  'rule.value.no': { 'zh-CN': '否', en: 'no' },
  'rule.finding.rows': { 'zh-CN': '行 {numbers}', en: 'rows {numbers}' },
  'rule.finding.row': { 'zh-CN': '行 {number}', en: 'row {number}' },
  'rule.finding.anything': { 'zh-CN': '任意工单', en: 'any ticket' },
  'rule.finding.other': { 'zh-CN': '其他', en: 'anything else' },
  'rule.finding.missing-assign': { 'zh-CN': '没有规则接住', en: 'No rule takes' },
  'rule.finding.missing-response': { 'zh-CN': '没有规则给出响应时限', en: 'No rule sets a response target for' },
  'rule.finding.missing-resolution': { 'zh-CN': '没有规则给出解决时限', en: 'No rule sets a resolution target for' },
  'rule.finding.impossible-cell': {
    'zh-CN': '没有任何值能满足“{cell}”，这条规则永远不会命中。',
    en: 'No value can satisfy "{cell}", so this rule never matches.',
  },
  'rule.finding.impossible-row': {
    'zh-CN': '同一字段的几个条件互相矛盾，这条规则永远不会命中。',
    en: 'Cells on the same field contradict each other, so this rule never matches.',
  },
  'rule.finding.unreachable': {
    'zh-CN': '永远轮不到这条规则：{rows} 已经接住所有符合它的工单。请把它移到前面，或删除。',
    en: 'This rule never gets its turn: {rows} take every ticket it would. Move it up or delete it.',
  },
  'rule.finding.identical': {
    'zh-CN': '与 {rows} 完全相同，请删除其中一条。',
    en: 'The same as {rows}; delete one of them.',
  },
  'rule.finding.contradiction': {
    'zh-CN': '与 {rows} 对“{field}”写入不同的值，而 {witness} 两条都符合；会以前一条为准。',
    en: 'It and {rows} write different values into "{field}", and both match {witness}; the earlier one wins.',
  },
  'rule.finding.overlap': { 'zh-CN': '与 {rows} 都符合：{witness}', en: 'It and {rows} both match {witness}' },
  'rule.finding.gap': { 'zh-CN': '{missing}：{witness}', en: '{missing}: {witness}' },
  'rule.finding.loop': {
    'zh-CN': '这些规则会互相触发：{way}。请在其中一条加上条件，使它写入后不再符合。',
    en: 'These rules can set each other off: {way}. Add a condition to one of them that no longer holds once it has written.',
  },
  'rule.finding.endless-time': {
    'zh-CN': '这条规则只看时间，已经关闭的工单到时也会命中。请加上条件，例如状态：非 已关闭。',
    en: 'This rule looks at nothing but time, so closed tickets match it too. Add a condition such as Status: not Closed.',
  },
  'rule.finding.inactive-assignee': {
    'zh-CN': '{name} 已离职或没有在岗的人，不能接工单。',
    en: '{name} has left, or has nobody active: nobody can take the ticket.',
  },
  'rule.finding.option-removed': {
    'zh-CN': '“{word}”已经不是“{field}”的选项。',
    en: '"{word}" is no longer an option of "{field}".',
  },
  'rule.finding.no-hits': { 'zh-CN': '最近 30 天没有命中过。', en: 'It has not matched in the last 30 days.' },
  'rule.finding.undecided': {
    'zh-CN': '条件太复杂，没能判断这条规则是否轮得到。',
    en: 'Too intricate to tell whether this rule ever gets its turn.',
  },

  'rule.case.passed': { 'zh-CN': '✓', en: '✓' },
  'rule.case.failed': { 'zh-CN': '✗ {reasons}', en: '✗ {reasons}' },
  'rule.case.differs': {
    'zh-CN': '{what}：期望 {expected}，实际 {came}。',
    en: '{what}: expected {expected}, got {came}.',
  },
  'rule.case.unknown-header': {
    'zh-CN': '列名“{typed}”不是字段，也不是 原.字段、期望.字段、期望.命中、期望.通知、期望.提示。',
    en: '"{typed}" is no field, nor before.field, expected.field, expected.hits, expected.notified or expected.message.',
  },

  'rule.why.applied': { 'zh-CN': '{done}：{place} 命中：{cells}', en: '{done}: {place} matched: {cells}' },
  'rule.why.cell': { 'zh-CN': '{field}={value}（单元格 {cell}）', en: '{field}={value} (cell {cell})' },
  'rule.why.formula': { 'zh-CN': '公式 {cell}', en: 'formula {cell}' },
  'rule.why.always': { 'zh-CN': '没有条件', en: 'no condition' },
  'rule.why.behind': { 'zh-CN': '；{rows} 也命中但在其后', en: '; {rows} matched too but come after it' },
  'rule.why.shadowed': { 'zh-CN': '，但被{row}盖过', en: ', but {row} went before' },
  'rule.why.no-change': { 'zh-CN': '，但已经如此，没有变化', en: ', but it was so already' },
  'rule.why.refused': { 'zh-CN': '，但没有人可以接', en: ', but nobody could take it' },
  'rule.why.rehearsed': { 'zh-CN': '，只是演练', en: ', only rehearsed' },
  'rule.why.failed': { 'zh-CN': '，但执行出错', en: ', but it broke off' },
  'rule.why.circle': {
    'zh-CN': '规则互相触发，已停止：{way}',
    en: 'Rules set each other off and were stopped: {way}',
  },
  'rule.why-not.matches': { 'zh-CN': '{place}：条件都符合', en: '{place}: every cell holds' },
  'rule.why-not.fails': { 'zh-CN': '{place}：不符合 {cells}', en: '{place}: fails at {cells}' },
  'rule.why-not.timing': {
    'zh-CN': '{place}：条件都符合，但时机不是 {event}',
    en: '{place}: every cell holds, but it is not for {event}',
  },
  'rule.why-not.off': { 'zh-CN': '{place}：已停用', en: '{place}: it is off' },
} as const satisfies Texts;
