/** The bitable connector on a local Feishu: all laws, through the vendor's SDK. */
import type { CellInput, CellValue } from '../../src/model/cell.ts';
import { connectorLaws, type LawSubject, type LawTab } from '../laws/connector.ts';
import { DAY, kept, MOMENT, openDesk, typeInto } from './bitable-desk.ts';

type Field = { name: string; type: number; property?: Record<string, unknown> };

/** Columns of every type the laws write, behind those a tab has by itself: a column of a base has one type. */
const more: readonly Field[] = [
  { name: '文字', type: 1 },
  { name: '数', type: 2 },
  { name: '日', type: 5, property: DAY },
  { name: '时', type: 5, property: MOMENT },
  { name: '勾', type: 7 },
];

const types: Readonly<Record<string, number>> = { number: 2, boolean: 7, date: 5, formula: 20 };

/** A column's type is that of the first value in it. */
function fieldsOf({ rows: [header = [], ...rows] }: LawTab): readonly Field[] {
  return header.map((name, column): Field => {
    const first: CellValue = rows.map((row) => row[column] ?? null).find((value) => value !== null) ?? null;
    const kind = typeof first === 'object' ? (first?.kind ?? '') : typeof first;
    const type = types[kind] ?? 1;
    return {
      name: name === null ? '备注' : String(name),
      type,
      ...(type === 5 ? { property: MOMENT } : {}),
    };
  });
}

function columnOf(value: CellInput): number {
  const names: Readonly<Record<string, string>> = { string: '文字', number: '数', boolean: '勾' };
  const name = typeof value === 'object' ? (value?.hasTime === true ? '时' : '日') : names[typeof value];
  return 7 + more.findIndex((field) => field.name === name);
}

connectorLaws('bitable', async (tabs): Promise<LawSubject> => {
  const desk = await openDesk(
    tabs.map((tab) => {
      const own = fieldsOf(tab);
      const records = tab.rows
        .slice(1)
        .map((row) =>
          Object.fromEntries(
            row.flatMap((value, column) => (value === null ? [] : [[own[column]!.name, kept(value)]])),
          ),
        );
      return { name: tab.name, fields: own.length < 7 ? own : [...own, ...more], records };
    }),
  );
  return {
    connector: desk.connect(),
    another: async () => desk.connect(),
    edit: async (tab, cells) => typeInto(desk.base, tab, cells),
    columnOf,
    // What two writes at a time on one table meet.
    obstruct: async () => {
      const fault = {
        kind: 'refuse' as const,
        code: 1254291,
        times: Number.POSITIVE_INFINITY,
        match: ({ path }: { readonly path: string }) => /batch_(create|update)$/.test(path),
      };
      desk.feishu.switches.faults.push(fault);
      return async () => {
        desk.feishu.switches.faults.splice(desk.feishu.switches.faults.indexOf(fault), 1);
      };
    },
    lose: async () => desk.base.erase(),
    calls: () => desk.feishu.requests.length,
    logs: () => desk.lines.join('\n'),
    dispose: () => desk.close(),
  };
});
