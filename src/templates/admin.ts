/**
 * The administration workbook and the board. Nothing is read from either yet, and both say so: the one documents what
 * the service knows and does, the other is a place for people's own charts.
 */
import { headersOf } from '../config/bindings.ts';
import { type Locale, type MessageKey, say } from '../messages/index.ts';
import { optionLabel } from '../model/fields/index.ts';
import { priorityOptions } from '../model/status.ts';
import { tables } from '../model/tables.ts';
import { SHIFTS, TARGETS } from './demo.ts';
import { engineers, frontDesk } from './demo-data.ts';
import type { Tab, TabColumn } from './sheet.ts';

/** A cover: a title and paragraphs. */
export interface Cover {
  readonly name: string;
  readonly title: string;
  readonly lines: readonly string[];
}

/** First tab of the administration workbook. */
export function adminCover(locale: Locale): Cover {
  const team = say(locale, 'template-team-file');
  return {
    name: say(locale, 'template-about-tab'),
    title: say(locale, 'template-about-admin'),
    lines: (['template-about-admin-1', 'template-about-admin-2', 'template-about-admin-3'] as const).map((key) =>
      say(locale, key, { team }),
    ),
  };
}

/** Only tab of the board. */
export function boardCover(locale: Locale): Cover {
  const team = say(locale, 'template-team-file');
  return {
    name: say(locale, 'template-about-tab'),
    title: say(locale, 'template-about-boss'),
    lines: (['template-about-boss-1', 'template-about-boss-2'] as const).map((key) => say(locale, key, { team })),
  };
}

/** The tabs after the cover. `isDemo` names the demo's people and hours. */
export function adminTabs(locale: Locale, isDemo: boolean): readonly Tab[] {
  const column = (key: MessageKey, width: number, look: TabColumn['look'] = 'text'): TabColumn => {
    return { header: say(locale, key), width, look };
  };
  const tab = (key: MessageKey, columns: readonly TabColumn[], rows: Tab['rows']): Tab => {
    return { name: say(locale, key), color: 'FF7F7F7F', columns, rows: rows ?? [], isShort: true };
  };
  const clock = (minutes: number): string =>
    `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
  const [morning, afternoon] = SHIFTS.map(({ from, to }) => `${clock(from)}–${clock(to)}`);
  const rules = ['new', 'edit', 'wrong', 'both', 'grey', 'mass'] as const;
  const notices = ['hint', 'problems', 'terminal'] as const;

  return [
    tab(
      'template-fields-tab',
      [
        column('template-column-table', 10),
        column('template-column-field', 16),
        column('template-column-key', 20),
        column('template-column-type', 14),
        column('template-column-required', 8),
        column('template-column-writer', 12),
        column('template-column-options', 62, 'wrap'),
        column('template-column-headers', 100, 'wrap'),
      ],
      fieldRows(locale),
    ),
    tab(
      'template-people-tab',
      [column('template-column-name', 14), column('template-column-role', 14)],
      isDemo
        ? [
            [frontDesk, say(locale, 'template-role-desk')],
            ...engineers.map((name) => [name, say(locale, 'template-role-engineer')]),
          ]
        : [],
    ),
    tab(
      'template-rules-tab',
      [column('template-column-when', 48, 'wrap'), column('template-column-then', 62, 'wrap')],
      rules.map((rule) => [say(locale, `template-rule-${rule}-when`), say(locale, `template-rule-${rule}-then`)]),
    ),
    tab(
      'template-sla-tab',
      [column('template-column-priority', 12), column('template-column-target', 24, 'plain')],
      isDemo
        ? priorityOptions.map((option) => [
            optionLabel(option, locale),
            TARGETS[option.category as keyof typeof TARGETS] / 60,
          ])
        : [],
    ),
    tab(
      'template-calendar-tab',
      [
        column('template-column-day', 20),
        column('template-column-morning', 16),
        column('template-column-afternoon', 16),
      ],
      isDemo
        ? [
            [say(locale, 'template-weekdays'), morning ?? '', afternoon ?? ''],
            [say(locale, 'template-weekend'), say(locale, 'template-day-off'), say(locale, 'template-day-off')],
          ]
        : [],
    ),
    tab(
      'template-notifications-tab',
      [column('template-column-where', 30), column('template-column-what', 60, 'wrap')],
      notices.map((notice) => [
        say(locale, `template-notice-${notice}`),
        say(locale, `template-notice-${notice}-what`),
      ]),
    ),
  ];
}

/** Every standard field as the service knows it. */
function fieldRows(locale: Locale): NonNullable<Tab['rows']> {
  const names: Readonly<Record<string, MessageKey>> = {
    tickets: 'template-tickets-tab',
    customers: 'template-customers-tab',
  };
  return Object.values(tables).flatMap((table) =>
    [table.idField, ...table.fields].map((field) => {
      const [label, ...headers] = headersOf(table.name, field, locale);
      return [
        say(locale, names[table.name] ?? table.name),
        label ?? field.key,
        field.key,
        field.type.name,
        field.required ? say(locale, 'template-yes') : null,
        say(locale, field.flow === 'db_to_sheet' ? 'template-writer-service' : 'template-writer-both'),
        field.options.length === 0 ? null : field.options.map((option) => optionLabel(option, locale)).join('、'),
        headers.join('、'),
      ];
    }),
  );
}
