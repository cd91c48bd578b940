/**
 * Product line by module: how many tickets, how many came back, how long they took. A ticket that names two modules is
 * in both cells and once in every total: totals are of distinct tickets.
 */
import { say } from '../../messages/index.ts';
import { drillOf } from '../drill.ts';
import { kpiOf } from '../index.ts';
import type { Kpi } from '../kpi.ts';
import { measureBy } from '../measure.ts';
import type { Filter } from '../query.ts';
import { type Board, type Drill, type Panel, type RowLook, type TableRow, unitOf } from '../section.ts';
import { byCount, FEWEST, hoursOf, shownName } from './common.ts';

const MOST_LINES = 20;
const MOST_MODULES = 12;
/** Several values of one field are joined with this. */
const JOIN = '、';

export function heatPanels(board: Board): readonly Panel[] {
  const created = heatOf(board, kpiOf('created')!, null);
  return [
    created,
    heatOf(board, kpiOf('reopen-rate')!, created),
    heatOf(board, kpiOf('net-resolution')!, created),
  ].flatMap(({ panels }) => panels);
}

/** Sums from which counts and means come; never means of means. */
class Cell {
  n = 0;
  sum = 0;
  add(n: number, mean: number | null): void {
    this.n += n;
    this.sum += n * (mean ?? 0);
  }
}

interface Axis {
  readonly label: string;
  /** Empty: those that have none. */
  readonly names: readonly string[];
}

interface Heat {
  readonly lines: readonly Axis[];
  readonly modules: readonly Axis[];
  readonly panels: readonly Panel[];
}

/** `like`: the same lines and modules as another, so that cells can be compared by eye. */
function heatOf(board: Board, kpi: Kpi, like: Heat | null): Heat {
  const { facts, query, locale } = board;
  const width = facts.names + 1;
  const groups = measureBy(
    facts,
    kpi,
    query,
    ({ tickets }, ticket) => (tickets.productLine[ticket]! + 1) * width + tickets.module[ticket]! + 1,
  );
  const combinations = [...groups].map(([key, { n, mean }]) => ({
    lines: partsOf(facts.nameOf(Math.floor(key / width) - 1)),
    modules: partsOf(facts.nameOf((key % width) - 1)),
    n,
    mean,
  }));
  const lines =
    like?.lines ??
    axisOf(
      board,
      combinations.map((each) => [each.lines, each.n] as const),
      MOST_LINES,
    );
  const modules =
    like?.modules ??
    axisOf(
      board,
      combinations.map((each) => [each.modules, each.n] as const),
      MOST_MODULES,
    );
  // One more row and column than named: the totals.
  const cells = Array.from({ length: lines.length + 1 }, () =>
    Array.from({ length: modules.length + 1 }, () => new Cell()),
  );
  const placesOf = (axis: readonly Axis[], parts: readonly string[]): readonly number[] => [
    ...axis.flatMap(({ names }, place) => (names.some((name) => parts.includes(name)) ? [place] : [])),
    axis.length,
  ];
  const [ofLine, ofModule] = [remember(lines, placesOf), remember(modules, placesOf)];
  for (const combination of combinations) {
    for (const row of ofLine(combination.lines)) {
      for (const column of ofModule(combination.modules)) cells[row]![column]!.add(combination.n, combination.mean);
    }
  }
  const isCount = kpi.unit === 'count';
  const figureOf = ({ n, sum }: Cell): number | null => (isCount ? n : n === 0 ? null : sum / n);
  const title = say(locale, 'kpi.heat', { what: kpi.label[locale] });
  const total: Axis = { label: say(locale, 'kpi.total'), names: [] };
  const drill = (line: Axis, module: Axis): Drill => {
    const filter: Filter = {
      ...(line === total ? {} : { productLine: line.names }),
      ...(module === total ? {} : { module: module.names }),
    };
    return drillOf(kpi.name, board, { filter });
  };
  const rows = [...lines, total].map((line, row): TableRow => {
    const own = cells[row]!;
    const looks = own.map(({ n }): RowLook | null => (!isCount && n > 0 && n < FEWEST ? 'faint' : null));
    return {
      cells: [line.label, ...own.map(figureOf)],
      drill: drill(line, total),
      ...(line === total ? { isTotal: true } : {}),
      drills: [drill(line, total), ...[...modules, total].map((module) => drill(line, module))],
      ...(looks.some((look) => look !== null) ? { looks: [null, ...looks] } : {}),
    };
  });
  const unit = unitOf(kpi.unit);
  const shown = (cell: Cell): number | null => (unit === 'hours' ? hoursOf(figureOf(cell)) : figureOf(cell));
  const panels: readonly Panel[] = [
    {
      kind: 'chart',
      title,
      chart: {
        name: `heat-${kpi.name}`,
        kind: 'heat-map',
        title,
        categories: modules.map(({ label }) => label),
        series: lines.map(({ label }, row) => ({ name: label, values: cells[row]!.slice(0, -1).map(shown) })),
        xTitle: say(locale, 'kpi.column.module'),
        yTitle: say(locale, 'kpi.column.product-line'),
        format: unit === 'hours' ? '0.0' : unit === 'percent' ? '0.0%' : '0',
      },
      drills: modules.map((module) => drill(total, module)),
    },
    {
      kind: 'table',
      title,
      note: say(locale, isCount ? 'kpi.heat.note' : 'kpi.heat.note-few', { count: FEWEST }),
      columns: [
        { label: say(locale, 'kpi.column.product-line'), unit: 'text' },
        ...modules.map(({ label }) => ({ label, unit, shade: 'scale' as const })),
        { label: total.label, unit },
      ],
      rows,
    },
  ];
  return { lines, modules, panels };
}

/** Combinations share few fields: each list of parts is looked up once. */
function remember(
  axis: readonly Axis[],
  placesOf: (axis: readonly Axis[], parts: readonly string[]) => readonly number[],
): (parts: readonly string[]) => readonly number[] {
  const known = new Map<string, readonly number[]>();
  return (parts) => {
    const key = parts.join(JOIN);
    const places = known.get(key) ?? placesOf(axis, parts);
    known.set(key, places);
    return places;
  };
}

function partsOf(name: string | null): readonly string[] {
  return name === null ? [''] : [...new Set(name.split(JOIN))];
}

/** The values seen most, the others as one, those without a value last. */
function axisOf(board: Board, seen: readonly (readonly [readonly string[], number])[], most: number): readonly Axis[] {
  const counts = new Map<string, number>();
  for (const [parts, n] of seen) for (const part of parts) counts.set(part, (counts.get(part) ?? 0) + n);
  const counted = [...counts]
    .filter(([name, count]) => name !== '' && count > 0)
    .map(([name, count]) => ({ name, label: shownName(name), count }))
    .toSorted(byCount);
  const rest = counted.slice(most).map(({ name }) => name);
  return [
    ...counted.slice(0, most).map(({ name, label }) => ({ label, names: [name] })),
    ...(rest.length === 0 ? [] : [{ label: say(board.locale, 'kpi.others'), names: rest }]),
    ...((counts.get('') ?? 0) === 0 ? [] : [{ label: say(board.locale, 'kpi.blank'), names: [''] }]),
  ];
}
