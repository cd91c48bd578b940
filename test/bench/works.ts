/** What the benchmark asks and what answer counts as good: the works, whom they are compared with, and their targets. */

/** `theirs / ours` must reach a figure, or `ours / theirs` must not pass one, or exact counts are demanded. */
export interface Target {
  /** Only a figure of this many rows is judged; the others are shown. */
  readonly rows: number;
  readonly against?: string;
  /** At least so many times faster than `against`. */
  readonly faster?: number;
  /** At most this part of its peak memory, as `1 / smaller`. */
  readonly smaller?: number;
  /** At most so many times its time. */
  readonly within?: number;
  readonly counts?: Readonly<Record<string, number>>;
  /** At most so many milliseconds, for work a person waits for. */
  readonly ms?: number;
}

export interface Work {
  readonly name: string;
  readonly title: string;
  /** Name of our measurement. */
  readonly ours: string;
  /** Title to measurement of what it is compared with. Several measurements joined by `+` are added up. */
  readonly against: Readonly<Record<string, string>>;
  readonly target: Target | null;
  readonly needsDatabase?: true;
  /** Measured at this size only: what it is compared with would take too long, or there is no size. */
  readonly onlyRows?: number;
  /** Counts that must be the same for all, or the comparison is worth nothing. */
  readonly same?: readonly string[];
}

/** Measurements that need a library which may be missing here; what is compared with it is then left out. */
export const peers: Readonly<Record<string, string>> = {
  'rules-json': 'json-rules-engine',
  'rules-zen': '@gorules/zen-engine',
};

export const works: readonly Work[] = [
  {
    name: 'read',
    title: 'read all values',
    ours: 'read',
    against: {
      'exceljs load': 'exceljs-load',
      'SheetJS read': 'sheetjs-read',
      'floor: inflate': 'floor-inflate',
      'floor: inflate + scan': 'floor-scan',
    },
    target: { rows: 100_000, against: 'exceljs load', faster: 14, smaller: 4 },
  },
  {
    name: 'cell',
    title: 'change 1 cell, save',
    ours: 'change-1',
    against: { 'exceljs load + save': 'exceljs-cell' },
    target: { rows: 100_000, against: 'exceljs load + save', faster: 50, smaller: 10 },
  },
  {
    name: 'cells',
    title: 'change 1,000 cells, save',
    ours: 'change-1000',
    against: { 'exceljs load + save': 'exceljs-cells' },
    target: { rows: 100_000, against: 'exceljs load + save', faster: 35 },
  },
  {
    name: 'rows',
    title: 'append 100 rows, save',
    ours: 'append-100',
    against: { 'exceljs load + save': 'exceljs-rows' },
    target: { rows: 100_000, against: 'exceljs load + save', faster: 35 },
  },
  {
    name: 'import',
    title: 'first import into Postgres',
    ours: 'import',
    against: { 'bare read + COPY': 'read+copy' },
    target: { rows: 100_000, against: 'bare read + COPY', within: 2 },
    needsDatabase: true,
  },
  {
    name: 'import-whole',
    title: '... and the numbers written back',
    ours: 'import-whole',
    against: { 'bare read + COPY + patch': 'read+copy+write-numbers' },
    target: null,
    needsDatabase: true,
  },
  {
    name: 'quiet',
    title: 'quiet cycle',
    ours: 'quiet',
    against: {},
    target: { rows: 100_000, counts: { stats: 1, reads: 0, writes: 0, tablesChanged: 0 } },
    needsDatabase: true,
  },
  {
    name: 'cycle',
    title: 'whole cycle, 1 edited cell',
    ours: 'cycle',
    against: { 'bare read': 'read' },
    target: { rows: 10_000, against: 'bare read', within: 3 },
    needsDatabase: true,
  },
  {
    name: 'sla',
    title: 'due times, calendar of China',
    ours: 'sla-due',
    against: { 'dayjs-business-time': 'sla-dayjs' },
    target: { rows: 100_000, against: 'dayjs-business-time', faster: 500 },
  },
  {
    name: 'kpi',
    title: 'figures of 10 tickets a row, after a change',
    ours: 'kpi-refresh',
    against: { 'SQL over the log': 'kpi-log' },
    target: { rows: 100_000, ms: 300 },
    needsDatabase: true,
    same: ['responses', 'responseMean', 'solved', 'solvedMean', 'backlog'],
  },
  {
    name: 'kpi-rebuild',
    title: '... every block folded anew',
    ours: 'kpi-rebuild',
    against: {},
    target: null,
    needsDatabase: true,
  },
  ...ruleWorks(),
];

/** 100 rules over as many tickets as there are rows; the same hits or no figure at all. */
function ruleWorks(): readonly Work[] {
  const engines: readonly (readonly [string, string, string, number, number])[] = [
    ['rules', 'json-rules-engine', 'rules-json', 500, 300],
    ['rules-zen', 'GoRules ZEN', 'rules-zen', 50, 40],
  ];
  const shared = { onlyRows: 10_000, same: ['hits', 'digest'] } as const;
  return [
    ...engines.flatMap(([name, title, measure, hits, explained]): readonly Work[] => [
      {
        ...shared,
        name,
        title: '100 rules, hits',
        ours: 'rules-hits',
        against: { [title]: measure },
        target: { rows: 10_000, against: title, faster: hits },
      },
      {
        ...shared,
        name: `${name}-explained`,
        title: '100 rules, explained',
        ours: 'rules-explained',
        against: { [title]: measure },
        target: { rows: 10_000, against: title, faster: explained },
      },
    ]),
    {
      name: 'checks',
      title: 'static checks of 100 rules',
      ours: 'rule-checks',
      against: {},
      target: { rows: 10_000, ms: 200, counts: { undecided: 0 } },
      onlyRows: 10_000,
    },
  ];
}
