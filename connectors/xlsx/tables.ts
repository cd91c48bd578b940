/** The tables (list objects) of a tab: where they are, what their columns are called, which columns calculate. */
import type { CellRange } from '../../src/model/cell.ts';
import { parseRange } from './a1.ts';
import type { XlsxPackage } from './package.ts';
import { bufferOf, decodeEscapes, XmlCursor } from './xml.ts';

export interface TableColumn {
  readonly name: string;
  /** Formula of a calculated column, or null. */
  readonly formula: string | null;
}

export interface Table {
  readonly part: string;
  readonly bytes: Buffer;
  /** Name used in formulas. */
  readonly name: string;
  /** Header and totals included; grows with the rows that are added. */
  range: CellRange;
  readonly headerRows: number;
  readonly totalsRows: number;
  readonly columns: readonly TableColumn[];
}

/** Tables of a sheet part; parts that are no table or have no range are passed over. */
export async function loadTables(pkg: XlsxPackage, sheetPart: string): Promise<Table[]> {
  const tables: Table[] = [];
  for (const link of await pkg.relationships(sheetPart)) {
    if (link.type !== 'table' || link.external || !pkg.has(link.target)) continue;
    const table = parseTable(link.target, bufferOf(await pkg.inflate(link.target)));
    if (table !== null) tables.push(table);
  }
  return tables;
}

function parseTable(part: string, bytes: Buffer): Table | null {
  const cursor = new XmlCursor(bytes);
  if (!cursor.find('table')) return null;
  const range = parseRange(cursor.attribute('ref') ?? '');
  if (range === null) return null;
  const count = (name: string, otherwise: number): number => Number(cursor.attribute(name) ?? otherwise);
  const head = {
    name: decodeEscapes(cursor.attribute('displayName') ?? cursor.attribute('name') ?? ''),
    headerRows: count('headerRowCount', 1),
    totalsRows: count('totalsRowCount', 0),
  };
  const columns: TableColumn[] = [];
  let open: { name: string; formula: string | null } | null = null;
  while (cursor.next()) {
    if (cursor.opens('tableColumn')) {
      open = { name: decodeEscapes(cursor.attribute('name') ?? ''), formula: null };
      columns.push(open);
    } else if (open !== null && cursor.opens('calculatedColumnFormula')) {
      // An array formula for a whole column cannot be continued row by row.
      const array = cursor.flag('array');
      const formula = cursor.text();
      if (!array) open.formula = formula;
    }
  }
  return { part, bytes, range, columns, ...head };
}
