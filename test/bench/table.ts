/** Turns measured figures into ratios, verdicts and one table. Pure. */
import type { Target, Work } from './works.ts';

/** Medians over the runs of one measurement. */
export interface Figure {
  readonly ms: number;
  readonly peakMb: number;
  readonly counts: Readonly<Record<string, number>>;
}

export interface Line {
  readonly rows: number;
  readonly work: string;
  readonly ours: Figure;
  readonly against: readonly {
    readonly name: string;
    readonly figure: Figure;
    readonly time: number;
    readonly memory: number;
  }[];
  readonly target: string | null;
  /** Null when nothing is demanded at this size. */
  readonly met: boolean | null;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? (sorted[middle] as number)
    : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}

/** `time` and `memory` are theirs divided by ours: above 1 we are the better ones. */
export function judge(work: Work, rows: number, ours: Figure, theirs: ReadonlyMap<string, Figure>): Line {
  const against = [...theirs].map(([name, figure]) => ({
    name,
    figure,
    time: figure.ms / ours.ms,
    memory: figure.peakMb / ours.peakMb,
  }));
  const { target } = work;
  const other = against.find(({ name }) => name === target?.against);
  const demanded = target !== null && target.rows === rows && (target.against === undefined || other !== undefined);
  return {
    rows,
    work: work.title,
    ours,
    against,
    target: target === null ? null : describe(target),
    met: demanded ? isMet(target, ours, other) : null,
  };
}

function isMet(target: Target, ours: Figure, other: { time: number; memory: number } | undefined): boolean {
  const {
    faster = 0,
    smaller = 0,
    within = Number.POSITIVE_INFINITY,
    ms = Number.POSITIVE_INFINITY,
    counts = {},
  } = target;
  const time = other?.time ?? Number.POSITIVE_INFINITY;
  const memory = other?.memory ?? Number.POSITIVE_INFINITY;
  const counted = Object.entries(counts).every(([key, most]) => (ours.counts[key] ?? Number.NaN) <= most);
  return time >= faster && memory >= smaller && 1 / time <= within && ours.ms <= ms && counted;
}

function describe({ faster, smaller, within, ms, counts }: Target): string {
  const parts: string[] = [];
  if (faster !== undefined) parts.push(`>= ${faster}x faster`);
  if (smaller !== undefined) parts.push(`<= 1/${smaller} memory`);
  if (within !== undefined) parts.push(`<= ${within}x`);
  if (ms !== undefined) parts.push(`<= ${ms} ms`);
  if (counts !== undefined)
    parts.push(
      Object.entries(counts)
        .map(([key, most]) => `${key} <= ${most}`)
        .join(', '),
    );
  return parts.join(', ');
}

const time = (ms: number): string =>
  ms >= 1_000 ? `${(ms / 1_000).toFixed(2)} s` : `${ms.toFixed(ms < 10 ? 2 : 0)} ms`;
const ratio = (value: number): string => `${value.toFixed(value < 10 ? 2 : 1)}x`;

/** One text line per comparison; ratios are theirs over ours. */
export function format(lines: readonly Line[]): string {
  const table = [['rows', 'work', 'ours', 'peak', 'against', 'theirs', 'peak', 'time', 'memory', 'target', '']];
  for (const { rows, work, ours, against, target, met } of lines) {
    const counts = Object.entries(ours.counts).map(([key, count]) => `${key} ${count}`);
    const verdict = met === null ? '' : met ? 'met' : 'MISSED';
    const head = [rows.toLocaleString('en'), work, time(ours.ms), `${ours.peakMb.toFixed(0)} MB`];
    const shown = against.length > 0 ? against : [null];
    for (const [n, other] of shown.entries()) {
      table.push([
        ...(n === 0 ? head : ['', '', '', '']),
        ...(other === null
          ? [counts.join(', '), '', '', '', '']
          : [
              other.name,
              time(other.figure.ms),
              `${other.figure.peakMb.toFixed(0)} MB`,
              ratio(other.time),
              ratio(other.memory),
            ]),
        ...(n === 0 ? [met === null ? '' : (target ?? ''), verdict] : ['', '']),
      ]);
    }
  }
  const widths = (table[0] as string[]).map((_, column) => Math.max(...table.map((row) => (row[column] ?? '').length)));
  return table
    .map((row) =>
      row
        .map((text, column) => text.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
