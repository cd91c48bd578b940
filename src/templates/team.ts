/** The team's workbook: tickets, customers, what was done for them, and the list of what needs a person. */
import { headersOf } from '../config/bindings.ts';
import { type Locale, type MessageKey, say } from '../messages/index.ts';
import { columnLetters } from '../model/cell.ts';
import type { Field } from '../model/field.ts';
import { optionLabel } from '../model/fields/index.ts';
import { priorityOptions, statusOptions } from '../model/status.ts';
import { fieldOf, tableOf } from '../model/tables.ts';
import type { ColumnLook, Highlight, PlainTest, TabColumn, TemplateTab } from '../model/template-tab.ts';
import { yesNo } from './config-tab.ts';
import { customers, engineers, frontDesk, tickets } from './demo-data.ts';
import { moduleOf, productLine } from './demo-products.ts';
import { ownTicketFields, tabName } from './fields.ts';
import { accountManagers, serviceDirector } from './people.ts';
import { contactColumns, customerColumns, followUpColumns, serviceColumns, ticketColumns } from './team-columns.ts';

const OWN_WIDTHS: Readonly<Record<string, number>> = { approver: 9, approval: 11, rush_visit: 12, parts_due_on: 12 };

/** Shorter names of the design for columns whose full label would widen the tab. */
const SHORT_HEADERS: Readonly<Record<string, string>> = { status: '状态', time_spent: '耗时' };

const LOOKS: Readonly<Record<string, ColumnLook>> = {
  datetime: 'datetime',
  'past-datetime': 'datetime',
  'long-text': 'wrap',
  text: 'text',
  phone: 'text',
  rating: 'number',
  money: 'money',
  date: 'date',
};

const RATINGS = ['1', '2', '3', '4', '5'];

/** The tabs of the team's workbook, in order. `isDemo` offers the demo's people and words in the dropdowns. */
export function teamTabs(locale: Locale, isDemo: boolean): readonly TemplateTab[] {
  return [
    ticketsTab(locale, isDemo),
    customersTab(locale, isDemo),
    serviceRecordsTab(locale, isDemo),
    followUpsTab(locale, isDemo),
    contactsTab(locale, isDemo),
    problemsTab(locale),
  ];
}

/** The header a template gives to a field. */
export function fieldHeader(table: string, key: string, locale: Locale): string {
  const short = locale === 'zh-CN' && table === 'tickets' ? SHORT_HEADERS[key] : undefined;
  return short ?? headersOf(table, fieldOf(table, key) as Field, locale)[0] ?? key;
}

function ticketsTab(locale: Locale, isDemo: boolean): TemplateTab {
  const options: Record<string, readonly string[]> = { csat: RATINGS };
  if (isDemo) {
    options.issue_type = distinct(tickets.map((ticket) => ticket.type));
    options.product_model = distinct(tickets.map((ticket) => ticket.product));
    options.product_line = distinct(tickets.map(productLine));
    options.module = distinct(tickets.map(moduleOf));
    options.customer_level = distinct(customers.map((customer) => customer.level));
    options.region = distinct(customers.map((customer) => customer.region));
    options.assignee = engineers;
  }
  const own = (isDemo ? ownTicketFields(locale) : []).map((field): TabColumn => {
    const words = field.options.map((option) => optionLabel(option, locale));
    const offered =
      field.key === 'approver'
        ? [serviceDirector]
        : field.key === 'rush_visit'
          ? yesNo(locale)
          : words.length > 0
            ? words
            : undefined;
    return {
      header: field.label[locale],
      width: OWN_WIDTHS[field.key]!,
      look: LOOKS[field.type.name] ?? 'plain',
      ...(offered === undefined ? {} : { options: offered }),
    };
  });
  const columns = [
    ...ticketColumns.map(([key, width]) => fieldColumn('tickets', key, width, locale, options[key])),
    ...own,
    hintColumn(locale),
  ];
  const at = (key: string): number => ticketColumns.findIndex(([each]) => each === key);
  const cell = (key: string): string => `$${columnLetters(at(key))}2`;
  const over = statusOptions
    .filter(({ category }) => ['resolved', 'closed', 'cancelled', 'merged'].includes(category))
    .map((option) => optionLabel(option, locale));
  const isOver = over.map((label) => `${cell('status')}="${label}"`).join(',');
  const resolved = optionLabel(statusOptions.find(({ category }) => category === 'resolved')!, locale);
  const priority = (category: string): string =>
    optionLabel(priorityOptions.find((option) => option.category === category)!, locale);
  const when = (key: string, test: PlainTest['test'], ...words: readonly string[]): PlainTest => {
    return { column: at(key), test, words };
  };
  const onState = (formula: string, style: Highlight['style'], plain: PlainTest): Highlight => {
    return { columns: [at('sla_state')], formula, style, when: plain };
  };
  const isInState = (key: MessageKey): PlainTest => when('sla_state', 'is', say(locale, key));
  const isState = (key: MessageKey): string => `${cell('sla_state')}="${say(locale, key)}"`;
  /** What the text says before the number; the English one has it in the middle. */
  const [low = '', lowEnd = ''] = say(locale, 'sla-state.running-low', { percent: '|' }).split('|');
  const isLow = `AND(LEFT(${cell('sla_state')},${low.length})="${low}",RIGHT(${cell('sla_state')},${lowEnd.length})="${lowEnd}")`;
  return {
    name: tabName('tickets', locale),
    color: 'FF1F4E79',
    columns,
    pagesWide: 3,
    highlights: [
      wrongValues(columns.length),
      {
        columns: [at('due_at')],
        formula: `AND(ISNUMBER(${cell('due_at')}),${cell('due_at')}<NOW(),NOT(OR(${isOver})))`,
        style: 'alarm',
      },
      onState(isState('sla-state.late'), 'alarm', isInState('sla-state.late')),
      onState(isLow, 'warning', when('sla_state', 'begins', low)),
      onState(isState('sla-state.kept'), 'good', isInState('sla-state.kept')),
      onState(isState('sla-state.paused'), 'done', isInState('sla-state.paused')),
      {
        columns: [at('priority')],
        formula: `AND(${cell('priority')}="${priority('urgent')}",NOT(OR(${isOver})))`,
        style: 'alarm',
        when: when('priority', 'is', priority('urgent')),
      },
      {
        columns: [at('priority')],
        formula: `AND(${cell('priority')}="${priority('high')}",NOT(OR(${isOver})))`,
        style: 'warning',
        when: when('priority', 'is', priority('high')),
      },
      {
        columns: [at('status')],
        formula: `${cell('status')}="${resolved}"`,
        style: 'good',
        when: when('status', 'is', resolved),
      },
      {
        columns: [at('status')],
        formula: `OR(${isOver})`,
        style: 'done',
        when: when('status', 'is', ...over.filter((label) => label !== resolved)),
      },
    ],
  };
}

function customersTab(locale: Locale, isDemo: boolean): TemplateTab {
  const options: Record<string, readonly string[]> = { vip: yesNo(locale) };
  if (isDemo) {
    options.level = distinct(customers.map((customer) => customer.level));
    options.region = distinct(customers.map((customer) => customer.region));
    options.account_manager = accountManagers;
  }
  return linkedTab('customers', customerColumns, options, 'FF548235', locale);
}

function serviceRecordsTab(locale: Locale, isDemo: boolean): TemplateTab {
  const options = isDemo
    ? { assignee: engineers, product_model: distinct(tickets.map((ticket) => ticket.product)) }
    : {};
  return linkedTab('service_records', serviceColumns, options, 'FF2E75B6', locale);
}

function followUpsTab(locale: Locale, isDemo: boolean): TemplateTab {
  const options = { csat: RATINGS, ...(isDemo ? { account_manager: accountManagers } : {}) };
  return linkedTab('follow_ups', followUpColumns, options, 'FFBF8F00', locale);
}

function contactsTab(locale: Locale, isDemo: boolean): TemplateTab {
  return linkedTab('contacts', contactColumns, isDemo ? { person: [frontDesk, ...engineers] } : {}, 'FF7030A0', locale);
}

function linkedTab(
  table: string,
  plan: readonly (readonly [key: string, width: number])[],
  options: Readonly<Record<string, readonly string[]>>,
  color: string,
  locale: Locale,
): TemplateTab {
  const columns = [
    ...plan.map(([key, width]) => fieldColumn(table, key, width, locale, options[key])),
    hintColumn(locale),
  ];
  return { name: tabName(table, locale), color, columns, pagesWide: 2, highlights: [wrongValues(columns.length)] };
}

function problemsTab(locale: Locale): TemplateTab {
  const column = (key: string, width: number, look: ColumnLook = 'text'): TabColumn => ({
    header: say(locale, key),
    width,
    look,
    isSystem: true,
  });
  return {
    name: say(locale, 'template-problems-tab'),
    color: 'FFC00000',
    columns: [
      column('problems.number', 9),
      column('problems.kind', 14),
      column('problems.workbook', 12),
      column('problems.place', 14),
      column('problems.ticket', 15),
      column('problems.field', 13),
      column('problems.typed', 22, 'wrap'),
      column('problems.current', 22, 'wrap'),
      column('problems.message', 56, 'wrap'),
      {
        header: say(locale, 'problems.answer'),
        width: 13,
        look: 'text',
        options: ['use-mine', 'use-system', 'restore', 'ignore'].map((answer) => say(locale, `answer.${answer}`)),
        note: say(locale, 'template-answer-note'),
      },
      column('problems.since', 17, 'datetime'),
    ],
  };
}

function fieldColumn(
  table: string,
  key: string,
  width: number,
  locale: Locale,
  options: readonly string[] | undefined,
): TabColumn {
  const field = fieldOf(table, key) as Field;
  const offered = options ?? field.options.map((option) => optionLabel(option, locale));
  const isNumber = key === tableOf(table).idField.key;
  return {
    header: fieldHeader(table, key, locale),
    width,
    look: LOOKS[field.type.name] ?? 'plain',
    isSystem: field.flow === 'db_to_sheet',
    ...(offered.length > 0 ? { options: offered } : {}),
    ...(isNumber ? { note: say(locale, 'template-number-note') } : {}),
  };
}

function hintColumn(locale: Locale): TabColumn {
  return {
    header: say(locale, 'template-hint-header'),
    width: 46,
    look: 'wrap',
    isSystem: true,
    note: say(locale, 'template-hint-note'),
  };
}

/** A cell is marked while the row's note names its column, so a mark never touches what a person formatted. */
function wrongValues(count: number): Highlight {
  return {
    formula: `ISNUMBER(FIND("「"&A$1&"」",$${columnLetters(count - 1)}2))`,
    style: 'wrong',
    when: { column: count - 1, test: 'contains', words: ['「'] },
  };
}

function distinct<T>(values: readonly T[]): readonly T[] {
  return [...new Set(values)];
}
