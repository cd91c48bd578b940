/** The standard tables: every field of a ticket and of a customer, its labels in both languages and the headers people use for it. */

import { contactOptions } from './contact.ts';
import { ConfigError } from './errors.ts';
import type { ChoiceOption, Field, Flow } from './field.ts';
import { fieldTypeOf, fieldTypes } from './fields/index.ts';
import { priorityOptions, statusOptions } from './status.ts';

export interface TableDefinition {
  readonly name: string;
  /** First letter of the numbers people see. */
  readonly numberPrefix: string;
  /** The number itself; the service writes it. */
  readonly idField: Field;
  /** All standard fields in their usual order, without `idField`. */
  readonly fields: readonly Field[];
}

interface Extra {
  readonly required?: boolean;
  readonly flow?: Flow;
  readonly options?: readonly ChoiceOption[];
  /** Texts for `weakHeaders`. */
  readonly weak?: string;
}

/** `headers` and `weak` are lists with commas; `labels` is `中文 / English`. */
function field(key: string, labels: string, typeName: keyof typeof fieldTypes, headers = '', extra: Extra = {}): Field {
  const [zh, en] = labels.split(' / ') as [string, string];
  return {
    key,
    label: { 'zh-CN': zh, en },
    headers: list(headers),
    weakHeaders: list(extra.weak ?? ''),
    type: fieldTypes[typeName],
    options: extra.options ?? [],
    required: extra.required ?? false,
    flow: extra.flow ?? 'two_way',
    custom: false,
  };
}

function list(texts: string): string[] {
  return texts === '' ? [] : texts.split(', ');
}

const written: Extra = { flow: 'db_to_sheet' };

const tickets: TableDefinition = {
  name: 'tickets',
  numberPrefix: 'T',
  idField: field(
    'ticket_no',
    '工单号 / Ticket No',
    'text',
    '编号, 单号, 工单编号, 服务单号, 报修单号, 流水号, No., ID, Case #',
    {
      ...written,
      weak: '序号',
    },
  ),
  fields: [
    field(
      'created_at',
      '创建时间 / Created',
      'past-datetime',
      '报修时间, 报修日期, 提交时间, 登记时间, 反馈时间, 来电时间, 日期',
      {
        weak: '受理日期',
      },
    ),
    field('channel', '来源渠道 / Channel', 'choice', '来源, 渠道, 反馈渠道, 受理方式, Source'),
    field('customer', '客户名称 / Customer', 'link', '客户, 公司, 单位, 客户单位, 使用单位, 门店, Company, Account', {
      weak: '项目名称',
    }),
    field('contact', '联系人 / Contact', 'text', '客户联系人, 报修人, 反馈人, 姓名, 对接人'),
    field('phone', '联系电话 / Phone', 'phone', '电话, 手机, 手机号, 联系方式, Tel, Mobile'),
    field('customer_level', '客户级别 / Level', 'choice', '客户等级, 等级, VIP, 是否VIP, Tier', { weak: '客户类型' }),
    field('region', '区域 / Region', 'choice', '地区, 省份, 城市, 大区, 片区, 所属区域', { weak: '地址' }),
    field('product_line', '产品线 / Product line', 'choice', '产品, 产品类别, 系统, 业务线'),
    field('product_model', '产品型号 / Model', 'text', '型号, 机型, 设备型号, 规格型号, 设备名称'),
    field('module', '功能模块 / Module', 'choice', '模块, 部件, 故障部位, 子系统'),
    field('serial_no', '设备序列号 / Serial', 'text', '序列号, SN, 机身号, 设备编号, 资产编号, S/N'),
    field('contract_no', '合同编号 / Contract', 'text', '合同号, 项目编号', { weak: '订单号' }),
    field('agreement', '服务协议 / Agreement', 'choice', '保修, 保修状态, 质保, 维保类型, SLA等级, 在保/过保'),
    field('contract_amount', '合同金额 / Amount', 'money', '金额, 合同额'),
    field('title', '问题标题 / Subject', 'text', '标题, 主题, 问题, 故障现象, 问题简述, Summary', { required: true }),
    field(
      'description',
      '详细描述 / Description',
      'long-text',
      '问题描述, 故障描述, 描述, 内容, 情况说明, 反馈内容, Detail',
    ),
    field('issue_type', '问题类型 / Type', 'choice', '类型, 问题分类, 故障类型, 类别, 服务类型, 工单类型, Category'),
    field('priority', '优先级 / Priority', 'choice', '紧急程度, 紧急度, 重要程度, 严重程度, Urgency, Severity', {
      weak: '级别',
      options: priorityOptions,
    }),
    field('status', '处理状态 / Status', 'choice', '状态, 进度, 当前状态, 处理进度, 是否完成, 是否解决, 完成情况', {
      options: statusOptions,
    }),
    field(
      'assignee',
      '负责人 / Assignee',
      'person',
      '处理人, 工程师, 跟进人, 维修人员, 售后人员, 责任人, 经办人, Owner',
      {
        weak: '受理人',
      },
    ),
    field('team', '处理部门 / Team', 'department', '部门, 责任部门, 小组, 班组'),
    field('accepted_by', '受理人 / Accepted by', 'person', '接单人, 登记人, 客服, 记录人'),
    field('first_response_at', '首次响应时间 / First response', 'past-datetime', '响应时间, 回复时间, 首次回复时间', {
      weak: '接单时间',
    }),
    field('assigned_at', '派单时间 / Assigned', 'past-datetime', '分配时间, 派工时间'),
    field('visit_at', '上门时间 / Visit', 'datetime', '预约时间, 到场时间, 服务日期'),
    field('resolved_at', '解决时间 / Resolved', 'past-datetime', '处理完成时间, 完成时间, 完成日期, 修复时间', {
      weak: '处理日期',
    }),
    field('closed_at', '关闭时间 / Closed', 'past-datetime', '结单时间, 完结时间, 办结日期, 归档时间'),
    // The service fills it in, yet a 截止时间 a person types pins it, so it can be typed into.
    field('due_at', '截止时间 / Due', 'datetime', '要求完成时间, 期限, 承诺时间, 最晚完成时间, Deadline'),
    field('sla_state', 'SLA状态 / SLA state', 'choice', '是否超时, 超时, 是否逾期', written),
    field(
      'solution',
      '解决方案 / Solution',
      'long-text',
      '处理结果, 处理方法, 处理措施, 解决办法, 维修内容, 处理情况, Resolution',
    ),
    field('root_cause', '故障原因 / Cause', 'text', '原因, 原因分析, 问题原因'),
    field('close_reason', '关闭原因 / Close reason', 'text', '结单原因, 作废原因, 关单原因, Closed because'),
    field('merged_into', '合并到 / Merged into', 'text', '合并工单, 主工单, 主单号, 并入, Duplicate of'),
    field('time_spent', '耗时记录 / Time spent', 'duration', '耗时, 工时, 用时, 处理时长, 维修工时'),
    field('parts', '更换备件 / Parts', 'text', '备件, 配件, 使用配件, 更换部件'),
    field('attachments', '附件 / Attachments', 'files', '图片, 照片, 截图, 现场照片, 日志'),
    field('csat', '满意度 / CSAT', 'rating', '评价, 客户评价, 满意度评分, 回访结果, 打分, 星级'),
    field('csat_comment', '评价意见 / Comment', 'text', '客户意见, 回访记录, 建议'),
    field('reopen_count', '重开次数 / Reopened', 'integer', '返修次数', written),
    field('note', '备注 / Note', 'long-text', '说明, 其他, Remark'),
  ],
};

const customers: TableDefinition = {
  name: 'customers',
  numberPrefix: 'C',
  idField: field('customer_no', '客户编号 / Customer No', 'text', '编号, 客户号, 客户代码, No., ID', {
    ...written,
    weak: '序号',
  }),
  fields: [
    field(
      'name',
      '客户名称 / Customer',
      'text',
      '客户, 名称, 公司, 公司名称, 单位, 单位名称, 门店, Name, Company, Account',
      {
        required: true,
      },
    ),
    field('level', '客户级别 / Level', 'choice', '客户等级, 等级, 级别, Tier', { weak: '客户类型' }),
    field('vip', '是否VIP / VIP', 'boolean', 'VIP客户, 重点客户'),
    field('region', '区域 / Region', 'choice', '地区, 省份, 城市, 大区, 片区, 所属区域'),
    field('contact', '联系人 / Contact', 'text', '客户联系人, 对接人, 姓名'),
    field('phone', '联系电话 / Phone', 'phone', '电话, 手机, 手机号, 联系方式, Tel, Mobile'),
    field('email', '邮箱 / Email', 'email', '电子邮箱, 电子邮件, 邮件, 邮箱地址, E-mail'),
    field('address', '地址 / Address', 'text', '联系地址, 详细地址, 公司地址, 单位地址'),
    field('account_manager', '客户经理 / Account manager', 'person', '负责人, 销售, 销售负责人, 业务员, Owner'),
    field('contract_no', '合同编号 / Contract', 'text', '合同号', { weak: '订单号, 项目编号' }),
    field('contract_amount', '合同金额 / Amount', 'money', '金额, 合同额'),
    field('agreement', '服务协议 / Agreement', 'choice', '保修, 保修状态, 质保, 维保类型, SLA等级, 在保/过保'),
    field('note', '备注 / Note', 'long-text', '说明, 其他, Remark'),
  ],
};

/** What was done for a ticket: the record the customer side keeps. */
const serviceRecords: TableDefinition = {
  name: 'service_records',
  numberPrefix: 'S',
  idField: field('service_no', '服务编号 / Service No', 'text', '编号, 服务记录编号, No., ID', {
    ...written,
    weak: '序号',
  }),
  fields: [
    field('ticket_no', '工单号 / Ticket No', 'text', '工单编号, 关联工单, 来源工单, Ticket'),
    field('customer', '客户名称 / Customer', 'link', '客户, 公司, 单位, Company, Account'),
    field('contact', '联系人 / Contact', 'text', '客户联系人, 对接人'),
    field('phone', '联系电话 / Phone', 'phone', '电话, 手机, 联系方式, Tel, Mobile'),
    field('product_model', '产品型号 / Model', 'text', '型号, 机型, 设备型号'),
    field('serial_no', '设备序列号 / Serial', 'text', '序列号, SN, S/N'),
    field('title', '服务内容 / Service', 'text', '标题, 问题标题, 主题, Subject', { required: true }),
    field('assignee', '服务人员 / Served by', 'person', '负责人, 工程师, 处理人, Assignee'),
    field('served_at', '服务时间 / Served', 'datetime', '完成时间, 解决时间, 服务日期, 日期'),
    field('solution', '处理结果 / Result', 'long-text', '解决方案, 处理方法, 维修内容, Solution'),
    field('time_spent', '耗时 / Time spent', 'duration', '工时, 用时, 耗时记录'),
    field('parts', '更换备件 / Parts', 'text', '备件, 配件'),
    field('note', '备注 / Note', 'long-text', '说明, 其他, Remark'),
  ],
};

/** A call back to a customer, mostly because he was not satisfied. */
const followUps: TableDefinition = {
  name: 'follow_ups',
  numberPrefix: 'F',
  idField: field('follow_up_no', '回访编号 / Follow-up No', 'text', '编号, 回访单号, No., ID', {
    ...written,
    weak: '序号',
  }),
  fields: [
    field('ticket_no', '工单号 / Ticket No', 'text', '工单编号, 关联工单, 来源工单, Ticket'),
    field('customer', '客户名称 / Customer', 'link', '客户, 公司, 单位, Company, Account'),
    field('contact', '联系人 / Contact', 'text', '客户联系人, 对接人'),
    field('phone', '联系电话 / Phone', 'phone', '电话, 手机, 联系方式, Tel, Mobile'),
    field('account_manager', '客户经理 / Account manager', 'person', '负责人, 回访人, 销售, Owner'),
    field('title', '回访事由 / Reason', 'text', '事由, 原因, 标题, Subject', { required: true }),
    field('csat', '满意度 / CSAT', 'rating', '评价, 评分'),
    field('csat_comment', '评价意见 / Comment', 'text', '客户意见, 建议'),
    field('plan_at', '计划回访时间 / Planned', 'datetime', '计划时间, 截止时间, Due'),
    field('visited_at', '回访时间 / Called back', 'datetime', '完成时间, 回访日期'),
    field('result', '回访结果 / Result', 'long-text', '结果, 回访记录'),
    field('note', '备注 / Note', 'long-text', '说明, 其他, Remark'),
  ],
};

/** What passed between the team and a customer about a ticket: answers, calls, visits, and what the customer wrote. */
const contacts: TableDefinition = {
  name: 'contacts',
  numberPrefix: 'L',
  idField: field('contact_no', '联系编号 / Contact No', 'text', '编号, 联系单号, No., ID', {
    ...written,
    weak: '序号',
  }),
  fields: [
    field('ticket_no', '工单号 / Ticket No', 'text', '工单编号, 关联工单, 来源工单, Ticket', { required: true }),
    field('contacted_at', '联系时间 / Contacted', 'past-datetime', '时间, 日期, 沟通时间, 回复时间, At'),
    field('kind', '方式 / Kind', 'choice', '联系方式, 沟通方式, 类型, 渠道, Type', {
      required: true,
      options: contactOptions,
    }),
    field('person', '联系人员 / By', 'person', '人员, 工程师, 回复人, 记录人, 跟进人, Agent'),
    field('content', '内容 / Content', 'long-text', '沟通内容, 联系内容, 回复内容, 备注, Text'),
  ],
};

/** The tables every workspace has, by name. */
export const tables: Readonly<Record<string, TableDefinition>> = {
  tickets,
  customers,
  service_records: serviceRecords,
  follow_ups: followUps,
  contacts,
};

/** A table by name. Any name that is not a standard table is a table of the team's own: it starts without fields. */
export function tableOf(name: string): TableDefinition {
  if (Object.hasOwn(tables, name)) return tables[name]!;
  return { name, numberPrefix: 'R', idField: recordNumber, fields: [] };
}

const recordNumber = field('record_no', '编号 / No', 'text', '单号, 记录编号, No., ID', { ...written, weak: '序号' });

const byKey = new Map(
  Object.values(tables).map((table) => [
    table.name,
    new Map([table.idField, ...table.fields].map((each) => [each.key, each])),
  ]),
);

/** A standard field by key, the number included; undefined when the table has none of that key. */
export function fieldOf(table: string, key: string): Field | undefined {
  return byKey.get(table)?.get(key) ?? (key === tableOf(table).idField.key ? tableOf(table).idField : undefined);
}

/**
 * A column of the team's own: `label` is its header in every language. An unknown type name is a `ConfigError`; the
 * names are those `fieldTypeOf` knows. A type the service fills in makes the field `db_to_sheet`.
 */
export function customField(
  key: string,
  label: string,
  typeName: string,
  options: readonly ChoiceOption[] = [],
): Field {
  const type = fieldTypeOf(typeName);
  if (type === undefined) {
    const names = Object.keys(fieldTypes).join(', ');
    throw new ConfigError('unknown-field-type', `${label}: ${typeName} (${names})`, { details: { key, typeName } });
  }
  return {
    key,
    label: { 'zh-CN': label, en: label },
    headers: [],
    type,
    options,
    required: false,
    flow: type.computed ? 'db_to_sheet' : 'two_way',
    custom: true,
  };
}
