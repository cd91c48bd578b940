/**
 * The table and the tickets of the rule measurements: 13 fields, 100 rules of three to six cells, always the same ones.
 * Keys and values are plain ASCII and every field is filled, because not every engine takes names in Chinese or a ticket
 * with an empty field.
 */
import { type CompiledRules, compileRules } from '../../../rules/compile.ts';
import type { RuleContext } from '../../../rules/context.ts';
import type { RuleScope, Values } from '../../../rules/scope.ts';
import { readRuleTable } from '../../../rules/table.ts';
import { createDirectory } from '../../../src/model/directory.ts';
import type { Field } from '../../../src/model/field.ts';
import { customField } from '../../../src/model/tables.ts';

export type RuleCell =
  | { readonly in: readonly string[] }
  | { readonly from: number; readonly to: number }
  | { readonly is: boolean };

export interface BenchRule {
  readonly id: string;
  readonly cells: Readonly<Record<string, RuleCell>>;
}

const CHOICES = 9;
const NUMBERS = 3;
const SIZES = [4, 5, 6, 8, 8, 10, 12, 15, 20];
export const MOST = 100;

/** Numbers from 0 to 1 that look random and are the same each time (Park and Miller's generator). */
function sequence(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 16_807) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

const choiceKeys = Array.from({ length: CHOICES }, (_, n) => `choice_${n}`);
const numberKeys = Array.from({ length: NUMBERS }, (_, n) => `number_${n}`);
const option = (n: number, at: number): string => `c${n}o${at}`;

export const benchFields: readonly Field[] = [
  ...choiceKeys.map((key, n) =>
    customField(
      key,
      key,
      'choice',
      Array.from({ length: SIZES[n]! }, (_, at) => ({ label: option(n, at), aliases: [] })),
    ),
  ),
  ...numberKeys.map((key) => customField(key, key, 'number')),
  customField('flag', 'flag', 'boolean'),
];

export function benchRules(count: number, seed = 7): readonly BenchRule[] {
  const random = sequence(seed);
  const keys = benchFields.map(({ key }) => key);
  return Array.from({ length: count }, (_, rule) => {
    const cells: Record<string, RuleCell> = {};
    const wanted = 3 + Math.floor(random() * 4);
    while (Object.keys(cells).length < wanted) {
      const key = keys[Math.floor(random() * keys.length)]!;
      if (cells[key] === undefined) cells[key] = benchCell(key, random);
    }
    return { id: `r${rule}`, cells };
  });
}

function benchCell(key: string, random: () => number): RuleCell {
  if (key === 'flag') return { is: random() < 0.5 };
  if (key.startsWith('number')) {
    const from = Math.floor(random() * MOST * 0.7);
    return { from, to: from + 10 + Math.floor(random() * MOST * 0.4) };
  }
  const n = choiceKeys.indexOf(key);
  const count = 1 + Math.floor(random() * (SIZES[n]! / 2));
  const picked = new Set(Array.from({ length: count }, () => option(n, Math.floor(random() * SIZES[n]!))));
  return { in: [...picked] };
}

export function benchTickets(count: number): readonly Values[] {
  const random = sequence(11);
  return Array.from({ length: count }, () => {
    const values: Record<string, string | number | boolean> = {};
    for (const [n, key] of choiceKeys.entries()) values[key] = option(n, Math.floor(random() * SIZES[n]!));
    for (const key of numberKeys) values[key] = Math.floor(random() * MOST);
    values.flag = random() < 0.5;
    return values;
  });
}

const directory = createDirectory([]);

export const benchContext: RuleContext = {
  locale: 'en',
  timeZone: 'Asia/Shanghai',
  now: '2026-03-10T04:00:00.000Z',
  fields: benchFields,
  idKey: 'number',
  directory,
  templates: [],
  channels: [],
  webhooks: [],
  workflows: [],
  tables: [],
};

const calendar = {
  elapsed: (from: number, to: number) => (to - from) / 1000,
  add: (from: number, seconds: number) => from + seconds * 1000,
};

export function benchScope(values: Values): RuleScope {
  return { values, before: null, now: 1_773_115_200_000, timeZone: 'Asia/Shanghai', me: null, directory, calendar };
}

/** The table as people write it, read and made ready. */
export function benchTable(rules: readonly BenchRule[]): CompiledRules {
  const header = ['name', 'group', ...benchFields.map(({ key }) => key), 'tag'];
  const text = (cell: RuleCell | undefined): string => {
    if (cell === undefined) return '';
    if ('in' in cell) return cell.in.join(',');
    return 'is' in cell ? (cell.is ? 'yes' : 'no') : `[${cell.from}..${cell.to}]`;
  };
  const rows = rules.map(({ id, cells }) => [id, 'set', ...benchFields.map(({ key }) => text(cells[key])), id]);
  const { table, faults } = readRuleTable({ tab: 'rules', rows: [header, ...rows], merges: [] }, benchContext);
  if (faults.length > 0) throw new Error(faults.map((fault) => fault.text).join('\n'));
  return compileRules(table, benchContext);
}

/** Hits of all tickets, and a number that differs when one of them does. */
export function hitCounts(rows: readonly (readonly string[])[]): Readonly<Record<string, number>> {
  let hits = 0;
  let digest = 0;
  for (const [ticket, ids] of rows.entries()) {
    hits += ids.length;
    for (const id of ids) digest = (digest + (ticket + 1) * (Number(id.slice(1)) + 1)) % 2_147_483_647;
  }
  return { hits, digest };
}
