/**
 * Writes cells and rows into a person's workbook and leaves everything else as it lies: only parts that must change are
 * made anew, in them only the cells that differ, and around them what follows from an edit (ranges that end at a new
 * row, cell formats a value needs, cached results of formulas that depend on it).
 */
import type { Operation, Outcome } from '../connector.ts';
import type { Shared } from './cell-writer.ts';
import { MAX_TEXT } from './cell-xml.ts';
import { dropStaleResults } from './formula-cache.ts';
import type { XlsxPackage } from './package.ts';
import { PackageEdit } from './package-edit.ts';
import { growNames, growTable } from './ranges.ts';
import { refuse } from './refusal.ts';
import { SheetPart } from './sheet-splice.ts';
import { PartEdit } from './splice.ts';
import { addStampTab, stampPlace, stampSheet } from './stamp.ts';
import { lookUpStrings, type StringLookup } from './string-lookup.ts';
import { leastStyles, StyleEdit } from './style-edit.ts';
import { TabEdit } from './tab-edit.ts';
import { loadTables, type Table } from './tables.ts';

export interface PatchResult {
  /** The new workbook; the old one's own bytes when nothing differs. */
  readonly bytes: Uint8Array;
  /** One per operation, in order. */
  readonly outcomes: readonly Outcome[];
}

export interface PatchOptions {
  /** Stamp to leave in the workbook; null leaves the one that is there. */
  readonly generation: number | null;
  /** A formula that stands alone may be replaced by a value. For the command line only: data never overwrites a formula. */
  readonly allowFormulaOverwrite?: boolean;
}

/**
 * Carries out operations in order; one that is refused changes nothing and hides no other. `UnreadableError`: `signed`
 * when a signature would break, or what `inflate` throws for the parts concerned.
 */
export async function patchWorkbook(
  pkg: XlsxPackage,
  operations: readonly Operation[],
  { generation, allowFormulaOverwrite = false }: PatchOptions,
): Promise<PatchResult> {
  if (pkg.signed) throw refuse('signed');
  const names = new Set(operations.map(({ tab }) => tab));
  const stamped = generation === null ? undefined : stampSheet(pkg);
  const concerned = pkg.sheets.filter((sheet) => names.has(sheet.name) || sheet === stamped);
  // All at once: parts are inflated on several threads.
  const [edit, stylesPart, strings, ...sheets] = await Promise.all([
    PackageEdit.open(pkg),
    pkg.stylesPart === null ? null : pkg.inflate(pkg.stylesPart),
    loadTexts(pkg, operations),
    ...concerned.map(async ({ part }) => ({ bytes: await pkg.inflate(part), tables: await loadTables(pkg, part) })),
  ]);
  const styles = new StyleEdit(stylesPart ?? leastStyles(edit.namespace));
  const shared: Shared = { strings, styles, date1904: pkg.date1904, allowFormulaOverwrite };
  const tabs = new Map<string, TabEdit>();
  concerned.forEach((info, i) => {
    const { bytes, tables } = sheets[i] as { bytes: Uint8Array; tables: readonly Table[] };
    tabs.set(info.name, new TabEdit(info, new SheetPart(info.part, bytes), tables, shared));
  });

  const outcomes: Outcome[] = [];
  for (const operation of operations) {
    const tab = tabs.get(operation.tab);
    if (tab === undefined) {
      outcomes.push({ status: 'rejected', code: 'patch-no-tab', params: { tab: operation.tab } });
    } else if (operation.kind === 'cell') {
      outcomes.push(tab.write(operation.row, operation.column, operation.value));
    } else outcomes.push(tab.append(operation.cells));
  }
  if (generation !== null) {
    if (stamped === undefined) addStampTab(edit, generation);
    else tabs.get(stamped.name)?.overwrite(stampPlace.row, stampPlace.column, generation);
  }

  for (const tab of tabs.values()) {
    tab.finish();
    if (tab.growths.length > 0) growNames(edit.workbook, edit.positionOf(tab.info.relationshipId), tab.growths);
    for (const table of tab.tables) {
      const change = new PartEdit(table.bytes);
      growTable(table, change);
      if (change.changed) edit.set(table.part, change.apply());
    }
  }
  await dropStaleResults(edit, [...tabs.values()]);
  for (const tab of tabs.values()) if (tab.edit.changed) edit.set(tab.info.part, tab.edit.pieces());
  if (styles.changed) {
    if (pkg.stylesPart === null) edit.add({ name: 'styles.xml', type: 'styles', content: styles.apply() });
    else edit.set(pkg.stylesPart, styles.apply());
  }
  return { bytes: await pkg.save(edit.changes()), outcomes };
}

/** The string table, when a text is to be written; dropdown values are always in it. */
async function loadTexts(pkg: XlsxPackage, operations: readonly Operation[]): Promise<StringLookup> {
  const wanted = new Set<string>();
  for (const operation of operations) {
    const values = operation.kind === 'cell' ? [operation.value] : operation.cells.map(({ value }) => value);
    for (const value of values) if (typeof value === 'string' && value.length <= MAX_TEXT) wanted.add(value);
  }
  const part = pkg.sharedStringsPart;
  if (wanted.size === 0 || part === null) return { textAt: () => null, indexOf: () => null };
  return lookUpStrings(await pkg.inflate(part), part, wanted);
}
