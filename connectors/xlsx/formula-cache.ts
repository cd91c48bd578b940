/**
 * Stored results of formulas after an edit. Excel recalculates everything when the workbook says so on opening;
 * LibreOffice does not, but computes a formula that has no stored result. So both are done, and only for formulas that
 * can depend on the edit: all others keep theirs, byte for byte.
 */

import { address } from '../../src/model/cell.ts';
import type { CellPlace } from './area-index.ts';
import { dependentsOf, type FormulaScope, type PlacedFormula } from './dependents.ts';
import { scanFormulas } from './formula-scan.ts';
import type { PackageEdit } from './package-edit.ts';
import { SheetPart } from './sheet-splice.ts';
import { PartEdit, prefixAt } from './splice.ts';
import { stampTab } from './stamp.ts';
import type { TabEdit } from './tab-edit.ts';
import { loadTables, type Table } from './tables.ts';
import { decodeText, XmlCursor } from './xml.ts';

/** A sheet that has formulas. */
interface Calculating {
  readonly part: string;
  readonly sheet: SheetPart;
  readonly edit: PartEdit;
}

/** A tab whose cells changed, as far as formulas are concerned. */
export type ChangedTab = Pick<TabEdit, 'info' | 'sheet' | 'edit' | 'tables' | 'formulas'> & {
  readonly writer: Pick<TabEdit['writer'], 'touched' | 'overwritten' | 'addedFormula'>;
};

/**
 * Takes the results out of formulas that depend on the edits, and tells the apps to calculate. Call after all cuts are
 * made. `added`: formulas were added in new tabs.
 */
export async function dropStaleResults(edit: PackageEdit, tabs: readonly ChangedTab[], added = false): Promise<void> {
  const stale = await dropDependents(edit, tabs);
  if (added || stale > 0 || tabs.some((tab) => tab.writer.addedFormula)) calculateOnLoad(edit);
  // A chain that lists a cell without a formula makes Excel repair the file; without a chain it makes a new one.
  if (tabs.some(({ writer }) => writer.overwritten.size > 0)) await edit.remove('calcChain');
}

/** How many results were taken out. */
async function dropDependents(edit: PackageEdit, tabs: readonly ChangedTab[]): Promise<number> {
  const { pkg } = edit;
  const numberOf = (part: string): number => pkg.sheets.findIndex((sheet) => sheet.part === part);
  const changed: CellPlace[] = tabs.flatMap(({ info, writer: { touched } }) =>
    info.name.toLowerCase() === stampTab ? [] : touched.map((place) => ({ sheet: numberOf(info.part), ...place })),
  );
  if (changed.length === 0) return 0;

  const sheets: (Calculating | null)[] = [];
  const formulas: PlacedFormula[] = [];
  for (const [number, { part }] of pkg.sheets.entries()) {
    const tab = tabs.find(({ info }) => info.part === part);
    const sheet = tab?.sheet ?? new SheetPart(part, await pkg.inflate(part));
    const cells = tab?.formulas ?? scanFormulas(sheet);
    const kept = cells.filter((cell) => tab?.writer.overwritten.has(address(cell.row, cell.column)) !== true);
    for (const cell of kept) formulas.push({ sheet: number, cell });
    sheets.push(kept.length === 0 ? null : { part, sheet, edit: tab?.edit ?? new PartEdit(sheet.bytes) });
  }
  const stale = formulas.length === 0 ? [] : dependentsOf(formulas, changed, await readScope(edit, tabs, formulas));
  for (const { sheet, cell } of stale) {
    const calculating = sheets[sheet];
    if (calculating !== null && calculating !== undefined) dropResult(calculating, cell.start);
  }
  for (const [number, calculating] of sheets.entries()) {
    const isOther = tabs.every(({ info }) => numberOf(info.part) !== number);
    if (isOther && calculating?.edit.changed === true) edit.set(calculating.part, calculating.edit.pieces());
  }
  return stale.length;
}

/** Takes the stored result, and its type, out of the formula cell whose tag begins at `start`. */
function dropResult({ sheet, edit }: Calculating, start: number): void {
  const cursor = new XmlCursor(sheet.bytes, start, sheet.rowsEnd);
  cursor.next();
  const cell = sheet.cellAtCursor(cursor, 0, 0);
  if (cell.value === null) return;
  edit.replace(cell.value.start, cell.value.end, '');
  edit.setAttribute(cell.start, cell.tagEnd, 't', null);
}

/** Elements of the workbook that stand before `calcPr` (ECMA-376 part 1, 18.2.27), the nearest first. */
const BEFORE_CALC = ['definedNames', 'externalReferences', 'functionGroups', 'sheets'];

function calculateOnLoad(edit: PackageEdit): void {
  const { workbook } = edit;
  const cursor = new XmlCursor(workbook.bytes);
  const ends = new Map<string, number>();
  while (cursor.next()) {
    if (cursor.opens('calcPr')) {
      if (!cursor.flag('fullCalcOnLoad')) {
        workbook.setAttribute(cursor.tagStart, cursor.tagEnd, 'fullCalcOnLoad', '1');
      }
      return;
    }
    if (cursor.closing || cursor.empty) ends.set(cursor.name, cursor.tagEnd);
  }
  const after = BEFORE_CALC.map((name) => ends.get(name)).find((end) => end !== undefined);
  if (after === undefined) return;
  const root = new XmlCursor(workbook.bytes);
  root.next();
  workbook.insert(after, `<${prefixAt(workbook.bytes, root.tagStart)}calcPr fullCalcOnLoad="1"/>`);
}

/** Tables and names, read only when a formula can use them. */
async function readScope(
  edit: PackageEdit,
  tabs: readonly ChangedTab[],
  formulas: readonly PlacedFormula[],
): Promise<FormulaScope> {
  const { pkg } = edit;
  const sheets = new Map(pkg.sheets.map(({ name }, number) => [name.toLowerCase(), number]));
  const tables = new Map<string, { sheet: number; table: Table }>();
  for (const [sheet, { part }] of pkg.sheets.entries()) {
    // Tables that grew are asked for their new size.
    const own = tabs.find(({ info }) => info.part === part)?.tables ?? (await loadTables(pkg, part));
    for (const table of own) tables.set(table.name.toLowerCase(), { sheet, table });
  }
  const names = formulas.length === 0 ? new Map<string, string>() : readNames(edit);
  return {
    sheetNumber: (name) => sheets.get(name.toLowerCase()) ?? null,
    table: (name) => tables.get(name.toLowerCase()) ?? null,
    nameText: (name, sheet) => {
      const id = pkg.sheets[sheet]?.relationshipId ?? '';
      return names.get(`${id}:${name.toLowerCase()}`) ?? names.get(`:${name.toLowerCase()}`) ?? null;
    },
  };
}

/** Defined names by `relationship id of their sheet:name`, or `:name` for those of the whole workbook. */
function readNames(edit: PackageEdit): Map<string, string> {
  const cursor = new XmlCursor(edit.workbook.bytes);
  const ids: string[] = [];
  const names = new Map<string, string>();
  while (cursor.next()) {
    if (cursor.opens('sheet')) ids.push(cursor.prefixedAttribute('id') ?? '');
    if (!cursor.opens('definedName')) continue;
    const local = cursor.attribute('localSheetId');
    const owner = local === null ? '' : (ids[Number(local)] ?? '?');
    const name = (cursor.attribute('name') ?? '').toLowerCase();
    const from = cursor.tagEnd;
    if (!cursor.empty) while (cursor.next() && !cursor.closes('definedName'));
    names.set(`${owner}:${name}`, decodeText(edit.workbook.bytes, from, Math.max(from, cursor.tagStart)));
  }
  return names;
}
