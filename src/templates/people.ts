/** The 人员 tab of the demo: the people of its history, those they answer to, and the groups rules give tickets to. */

import { peopleTab } from '../config/tabs/people.ts';
import { checkColumn } from '../config/tabs/reading/tab.ts';
import { type Locale, say } from '../messages/index.ts';
import type { ListPlace, TemplateTab } from '../model/template-tab.ts';
import { ALWAYS, OFFICE } from './calendar.ts';
import { configTab, type Row, type Words, withHeaders, wordsIn, yesNo } from './config-tab.ts';
import { frontDesk } from './demo-data.ts';

export const roles = {
  desk: ['客服', 'Front desk'],
  engineer: ['工程师', 'Engineer'],
  lead: ['组长', 'Team lead'],
  technical: ['技术总监', 'Technical director'],
  service: ['服务总监', 'Service director'],
  account: ['客户经理', 'Account manager'],
} as const satisfies Readonly<Record<string, Words>>;

export const teams = {
  desk: ['客服组', 'Desk'],
  hardware: ['硬件组', 'Hardware'],
  software: ['软件组', 'Software'],
  shanghai: ['上海现场组', 'Shanghai field'],
  urgent: ['应急组', 'Emergency'],
} as const satisfies Readonly<Record<string, Words>>;

/** Who approves what costs more than a lead may decide, and who calls customers back. */
export const serviceDirector = '郑海涛';
export const accountManagers = ['王芳', '何莉'] as const;

/** Several words in one cell. */
export function listed(...words: readonly (readonly [zh: string, en: string])[]): Words {
  return [words.map(([zh]) => zh).join('、'), words.map(([, en]) => en).join(', ')];
}

interface Known {
  readonly name: string;
  readonly aliases: string;
  readonly roles: Words;
  readonly teams?: Words;
  readonly regions?: string;
  readonly skills?: string;
  readonly capacity?: number;
  readonly substitute?: string;
  readonly shift?: Words;
  /** Before the @ of the mail address, and the account in the chat apps. */
  readonly account: string;
  /** Last four digits of a number nobody has. */
  readonly mobile: string;
}

const { desk, engineer, lead } = roles;

const people: readonly Known[] = [
  {
    name: frontDesk,
    aliases: '小林',
    roles: desk,
    teams: teams.desk,
    capacity: 30,
    substitute: '许诺',
    shift: OFFICE,
    account: 'lin.xiao',
    mobile: '1301',
  },
  {
    name: '许诺',
    aliases: '小许',
    roles: desk,
    teams: teams.desk,
    capacity: 30,
    substitute: frontDesk,
    shift: ALWAYS,
    account: 'xu.nuo',
    mobile: '1302',
  },
  {
    name: '张伟',
    aliases: '张工、老张',
    roles: listed(engineer, lead),
    teams: listed(teams.hardware, teams.shanghai, teams.urgent),
    skills: '打印机、条码:3、电气',
    capacity: 8,
    substitute: '刘洋',
    shift: ALWAYS,
    account: 'zhang.wei',
    mobile: '1303',
  },
  {
    name: '刘洋',
    aliases: '刘工',
    roles: engineer,
    teams: listed(teams.hardware, teams.shanghai),
    regions: '上海、华东、华中',
    skills: '门禁、布线',
    capacity: 8,
    substitute: '张伟',
    shift: ALWAYS,
    account: 'liu.yang',
    mobile: '1304',
  },
  {
    name: '陈静',
    aliases: '陈工',
    roles: listed(engineer, lead),
    teams: listed(teams.software, teams.urgent),
    skills: '仓储软件:3、数据库',
    capacity: 10,
    substitute: '孙倩',
    shift: OFFICE,
    account: 'chen.jing',
    mobile: '1305',
  },
  {
    name: '赵磊',
    aliases: '赵工',
    roles: engineer,
    teams: listed(teams.hardware, teams.urgent),
    regions: '华南、西南',
    skills: '手持终端、平板',
    capacity: 8,
    substitute: '周强',
    shift: OFFICE,
    account: 'zhao.lei',
    mobile: '1306',
  },
  {
    name: '孙倩',
    aliases: '孙工、小孙',
    roles: engineer,
    teams: teams.software,
    skills: '仓储软件、培训',
    capacity: 10,
    substitute: '陈静',
    shift: ALWAYS,
    account: 'sun.qian',
    mobile: '1307',
  },
  {
    name: '周强',
    aliases: '周工',
    roles: engineer,
    teams: teams.hardware,
    skills: '电子秤、手持终端',
    capacity: 8,
    substitute: '赵磊',
    shift: OFFICE,
    account: 'zhou.qiang',
    mobile: '1308',
  },
  {
    name: '吴敏',
    aliases: '吴总',
    roles: roles.technical,
    substitute: serviceDirector,
    account: 'wu.min',
    mobile: '1309',
  },
  {
    name: serviceDirector,
    aliases: '郑总',
    roles: roles.service,
    substitute: '吴敏',
    account: 'zheng.haitao',
    mobile: '1310',
  },
  {
    name: '王芳',
    aliases: '王经理',
    roles: roles.account,
    regions: '上海、华东、华中、华北',
    account: 'wang.fang',
    mobile: '1311',
    substitute: '何莉',
  },
  {
    name: '何莉',
    aliases: '何经理',
    roles: roles.account,
    regions: '华南、西南',
    account: 'he.li',
    mobile: '1312',
    substitute: '王芳',
  },
];

/** Names as a dropdown of another tab offers them: always those that stand in the tab. */
export function peopleList(locale: Locale): ListPlace {
  return { tab: say(locale, 'template-people-tab'), column: 0 };
}

export function peopleTabOf(locale: Locale, isDemo: boolean): TemplateTab {
  const text = (words: Words): string => String(wordsIn(words, locale));
  const columns = withHeaders(
    [
      { key: 'name', width: 10 },
      { key: 'check', width: 18, isSystem: true },
      { key: 'aliases', width: 13 },
      { key: 'roles', width: 20, options: Object.values(roles).map(text) },
      { key: 'teams', width: 26, options: Object.values(teams).map(text) },
      { key: 'regions', width: 22 },
      { key: 'skills', width: 24 },
      { key: 'capacity', width: 9, look: 'number' },
      { key: 'weight', width: 8, look: 'plain' },
      { key: 'leaves', width: 18 },
      { key: 'substitute', width: 11, options: peopleList(locale) },
      { key: 'shift', width: 13, options: [OFFICE, ALWAYS].map(text) },
      { key: 'mail', width: 27 },
      { key: 'mobile', width: 14 },
      { key: 'feishuId', width: 14 },
      { key: 'dingtalkId', width: 14 },
      { key: 'wecomId', width: 14 },
      { key: 'quietHours', width: 14 },
      { key: 'active', width: 8, options: yesNo(locale) },
    ],
    [...peopleTab.columns, checkColumn],
    locale,
  );
  const rows = people.map(({ account, mobile, ...known }): Row => {
    return {
      ...known,
      mail: mailOf(account),
      mobile: `1380000${mobile}`,
      feishuId: account,
      dingtalkId: account,
      wecomId: account,
      quietHours: '22:00-08:00',
      active: ['是', 'Yes'],
    };
  });
  return configTab(
    { name: say(locale, 'template-people-tab'), columns, rows: isDemo ? rows : [], frozenColumns: 2, pagesWide: 2 },
    locale,
  );
}

function mailOf(account: string): string {
  return `${account}@example.com`;
}

/** The demo's people by the mail address the 人员 tab has of them. */
export const demoPeople: readonly { readonly name: string; readonly mail: string }[] = people.map(
  ({ name, account }) => ({ name, mail: mailOf(account) }),
);
