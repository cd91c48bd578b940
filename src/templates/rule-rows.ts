/**
 * The rules a workspace starts with, a row each. The first row that fits decides who gets a ticket and which value a
 * field gets, so special rows stand above general ones and a row for the rest is last.
 */
import type { Row, Words } from './config-tab.ts';
import { demoAccounts, notices } from './notifications.ts';
import { accountManagers, roles, serviceDirector, teams } from './people.ts';

const YES: Words = ['是', 'Yes'];
const NO: Words = ['否', 'No'];
const REHEARSE: Words = ['演练', 'Rehearse'];
const CREATED: Words = ['新建', 'Created'];
const UPDATED: Words = ['更新', 'Updated'];
const DUE: Words = ['到时', 'Due'];
const EVENING: Words = ['每天 18:00', 'Daily 18:00'];
const EMPTY: Words = ['为空', 'empty'];
const URGENT: Words = ['紧急', 'Urgent'];
const SOLVED_NOW: Words = ['变为 已解决', 'becomes Resolved'];

type Pair = readonly [zh: string, en: string];

const stages = {
  set: ['设值', 'Set'],
  assign: ['分配', 'Assign'],
  status: ['状态', 'Status'],
  notify: ['通知', 'Notify'],
} as const satisfies Readonly<Record<string, Words>>;

function role([zh, en]: Pair): Words {
  return [`角色:${zh}`, `role:${en}`];
}

function toGroup([zh, en]: Pair, how: 'rotate' | 'least'): Words {
  return [`组:${zh} ${how === 'rotate' ? '轮流' : '最少'}`, `group:${en} ${how}`];
}

function toRole([zh, en]: Pair, how: 'rotate' | 'least'): Words {
  return [`角色:${zh} ${how === 'rotate' ? '轮流' : '最少'}`, `role:${en} ${how}`];
}

/** The first row of a workspace without people: off, to show how a rule is written. */
export const blankRules: readonly Row[] = [
  {
    mode: NO,
    name: ['示例：停机即紧急', 'Example: standstill is urgent'],
    stage: stages.set,
    timing: CREATED,
    title: ['包含 停机，停产', 'contains standstill, stopped'],
    'set.priority': URGENT,
    note: ['把“启用”改为“是”并保存，这条规则就会生效', 'Change On to Yes and save, and the rule is in force'],
  },
];

const setting: readonly Row[] = [
  {
    name: ['停机即紧急', 'Standstill is urgent'],
    timing: CREATED,
    title: ['包含 停机，停产，整线停，全部无法', 'contains 停机, 停产, standstill, line stopped'],
    'set.priority': URGENT,
    note: ['标题里有这些字就不必等人改优先级', 'Nobody has to raise the priority by hand'],
  },
  {
    name: ['漏水冒烟至少为高', 'Water or smoke is high'],
    timing: CREATED,
    priority: EMPTY,
    title: ['包含 漏水，渗水，冒烟，异味', 'contains 漏水, 冒烟, leak, smoke'],
    'set.priority': ['高', 'High'],
  },
  {
    name: ['没填优先级按中', 'No priority means normal'],
    timing: CREATED,
    priority: EMPTY,
    'set.priority': ['中', 'Normal'],
  },
  {
    name: ['大额合同由服务总监审批', 'Large contracts need the director'],
    timing: ['新建或更新', 'Created or updated'],
    contract_amount: ['>10万', '>100000'],
    'set.approver': serviceDirector,
    tag: ['大额合同', 'large contract'],
    notify: role(roles.service),
    template: notices.amount,
    note: ['10 万以内不需要审批', 'Up to 100,000 needs no approval'],
  },
];

const assigning: readonly Row[] = [
  {
    name: ['上海漏水抢修', 'Water leaks in Shanghai'],
    title: ['包含 漏水，渗水，水浸', 'contains 漏水, 渗水, leak'],
    region: '上海',
    assign: toGroup(teams.shanghai, 'rotate'),
  },
  { name: ['紧急找应急组', 'Urgent to the emergency team'], priority: URGENT, assign: toGroup(teams.urgent, 'least') },
  {
    name: ['投诉找组长', 'Complaints to a team lead'],
    issue_type: '投诉建议',
    assign: toRole(roles.lead, 'least'),
  },
  {
    name: ['软件与咨询', 'Software and questions'],
    issue_type: ['软件问题，使用咨询', '软件问题, 使用咨询'],
    assign: toGroup(teams.software, 'rotate'),
  },
  {
    name: ['上海华东现场', 'On site in the east'],
    issue_type: ['硬件故障，备件更换，安装调试', '硬件故障, 备件更换, 安装调试'],
    region: ['上海，华东', '上海, 华东'],
    assign: toGroup(teams.shanghai, 'rotate'),
  },
  {
    name: ['其他地区硬件', 'Hardware elsewhere'],
    issue_type: ['硬件故障，备件更换，安装调试', '硬件故障, 备件更换, 安装调试'],
    assign: toGroup(teams.hardware, 'least'),
  },
  {
    name: ['其余由客服接手', 'All else to the desk'],
    assign: toGroup(teams.desk, 'rotate'),
    note: ['放在最后：上面都没接住的工单', 'Last: whatever no row above has taken'],
  },
];

const status: readonly Row[] = [
  {
    name: ['解决三天自动关闭', 'Closed after three days'],
    timing: DUE,
    status: ['已解决', 'Resolved'],
    resolved_at: ['超过 3天', 'older than 3 days'],
    'set.status': ['已关闭', 'Closed'],
  },
];

const telling: readonly Row[] = [
  {
    name: ['紧急新单短信', 'SMS for a new urgent ticket'],
    timing: CREATED,
    priority: URGENT,
    notify: role(roles.technical),
    template: notices.urgent,
    channel: demoAccounts.sms,
  },
  {
    name: ['紧急两小时无人响应', 'Urgent and silent for two hours'],
    timing: DUE,
    priority: URGENT,
    status: ['非 已解决，已关闭，已作废，已合并', 'not Resolved, Closed, Cancelled, Merged'],
    created_at: ['超过 2小时', 'older than 2 hours'],
    first_response_at: EMPTY,
    escalate: role(roles.service),
    notify: role(roles.service),
    template: notices.silence,
    channel: [demoAccounts.mail, demoAccounts.dingtalk, demoAccounts.wecom].join('、'),
    note: ['到点自己触发，不需要有人改表格', 'Fires when the time has come; nobody has to touch the sheet'],
  },
  {
    name: ['傍晚清点紧急未响应', 'Urgent and silent in the evening'],
    timing: EVENING,
    priority: URGENT,
    status: ['非 已解决，已关闭，已作废，已合并', 'not Resolved, Closed, Cancelled, Merged'],
    first_response_at: EMPTY,
    notify: role(roles.service),
    template: [
      '文本: 紧急工单 {工单号}（{问题标题}）到 18 点还没有首次响应，负责人 {负责人}',
      'text: Urgent ticket {Ticket No} ({Subject}) has no first response by six, assignee {Assignee}',
    ],
    channel: demoAccounts.mail,
    note: ['每天到这个钟点把未结的工单都看一遍', 'Every open ticket is looked at in this hour of the day'],
  },
  {
    name: ['分派提醒', 'Told when it is yours'],
    timing: ['负责人变更', 'Assignee changes'],
    status: ['非 已解决，已关闭，已作废，已合并', 'not Resolved, Closed, Cancelled, Merged'],
    assignee: ['不为空', 'not empty'],
    notify: ['负责人', 'Assignee'],
    template: notices.handed,
  },
  {
    name: ['审批通过告知负责人', 'Approved: tell the assignee'],
    timing: ['审批结果变更', 'Approval changes'],
    approval: ['同意', 'Approved'],
    notify: ['负责人', 'Assignee'],
    template: notices.approved,
    note: [
      '审批人在表格里选，或在飞书卡片上点“同意”',
      'The approver picks it in the sheet or presses a button in Feishu',
    ],
  },
  {
    name: ['审批驳回告知负责人', 'Rejected: tell the assignee'],
    timing: ['审批结果变更', 'Approval changes'],
    approval: ['驳回', 'Rejected'],
    notify: ['负责人', 'Assignee'],
    template: notices.rejected,
  },
  {
    name: ['解决后记入服务记录', 'A service record when solved'],
    timing: UPDATED,
    status: SOLVED_NOW,
    create: [
      '服务记录: 工单号={工单号}; 客户名称={客户名称}; 联系人={联系人}; 联系电话={联系电话}; 产品型号={产品型号}; 服务内容={问题标题}; 服务人员={负责人}; 服务时间=现在; 处理结果={解决方案}; 耗时={耗时记录}',
      'Service records: Ticket No={Ticket No}; Customer={Customer}; Contact={Contact}; Phone={Phone}; Model={Model}; Service={Subject}; Served by={Assignee}; Served=now; Result={Solution}; Time spent={Time spent}',
    ],
  },
  {
    name: ['不满意就回访', 'A call back to unhappy customers'],
    timing: ['满意度变更', 'CSAT changes'],
    csat: '<=3',
    notify: role(roles.account),
    template: notices.unhappy,
    create: [
      `客户回访: 工单号={工单号}; 客户名称={客户名称}; 联系人={联系人}; 联系电话={联系电话}; 客户经理=${accountManagers[0]}; 回访事由=评价 {满意度} 分：{问题标题}; 满意度={满意度}; 评价意见={评价意见}; 计划回访时间=今天+2天`,
      `Follow-ups: Ticket No={Ticket No}; Customer={Customer}; Contact={Contact}; Phone={Phone}; Account manager=${accountManagers[0]}; Reason=Rated {CSAT}: {Subject}; CSAT={CSAT}; Comment={Comment}; Planned=today+2 days`,
    ],
  },
  {
    mode: REHEARSE,
    name: ['投诉上报总监', 'Complaints to the director'],
    timing: CREATED,
    issue_type: '投诉建议',
    escalate: role(roles.service),
    note: ['演练：只计命中次数，什么也不做', 'Rehearsed: hits are counted, nothing is done'],
  },
  {
    mode: REHEARSE,
    name: ['解决后短信告知客户', 'SMS to the customer when solved'],
    timing: UPDATED,
    status: SOLVED_NOW,
    notify: ['{联系电话}', '{Phone}'],
    template: notices.solved,
    channel: demoAccounts.sms,
  },
];

export const demoRules: readonly Row[] = [
  ...setting.map((row): Row => ({ mode: YES, stage: stages.set, ...row })),
  ...assigning.map((row): Row => ({ mode: YES, stage: stages.assign, timing: CREATED, assignee: EMPTY, ...row })),
  ...status.map((row): Row => ({ mode: YES, stage: stages.status, ...row })),
  ...telling.map((row): Row => ({ mode: YES, stage: stages.notify, ...row })),
];
