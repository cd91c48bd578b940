/** What a write may carry and where it may go: I12, I13, I14, and I3 for the numbers it puts into rows. */
import type { Operation } from '../../../../connectors/connector.ts';
import type { Binding } from '../../../../src/model/binding.ts';
import { address, rawText } from '../../../../src/model/cell.ts';
import { columnOf, gridOf, HEADER, type Sheet, type SheetRow } from '../sheet.ts';
import type { Findings } from './findings.ts';
import { tellingTexts } from './recognition.ts';
import type { Relations } from './relations.ts';
import type { Strays } from './strays.ts';
import type { Tickets } from './tickets.ts';
import type { Watched } from './watched.ts';

export type CellWrite = Extract<Operation, { kind: 'cell' }>;
export type AppendWrite = Extract<Operation, { kind: 'append' }>;

interface Known {
  readonly watched: Watched;
  readonly findings: Findings;
  readonly tickets: Tickets;
  readonly strays: Strays;
  readonly relations: Relations;
}

export class WriteChecks {
  readonly #known: Known;

  constructor(known: Known) {
    this.#known = known;
  }

  checkPlain(operation: Operation): void {
    const values: readonly unknown[] =
      operation.kind === 'cell' ? [operation.value] : operation.cells.map(({ value }) => value);
    for (const value of values) {
      if (value !== null && typeof value === 'object' && (value as { kind?: unknown }).kind !== 'date') {
        this.#known.findings.fail('I12', `a push carries ${JSON.stringify(value)} instead of a plain value`);
      }
    }
  }

  /** A row is added to a tab that looks like this. */
  checkAppend(sheet: Sheet, binding: Binding, { cells }: AppendWrite): void {
    for (const { column } of cells) this.#checkColumn(sheet, column, binding, 'append');
  }

  /** A cell is written in a tab that looks like this. */
  checkTarget(sheet: Sheet, binding: Binding, { row, column, value }: CellWrite): void {
    const { findings } = this.#known;
    const place = `${binding.id}!${address(row, column)}`;
    this.#checkColumn(sheet, column, binding, place);
    const target = sheet.rows[row];
    if (target?.uid === HEADER) findings.fail('I13', `${place} is a header`);
    const old = gridOf(binding.tab, sheet).rows[row]?.[column] ?? null;
    if (
      old !== null &&
      typeof old === 'object' &&
      (old.kind === 'formula' || old.kind === 'covered' || old.kind === 'error')
    ) {
      findings.fail('I13', `${place} holds a ${old.kind} and is overwritten`);
    }
    const field = sheet.columns[column]?.field ?? null;
    if (target === undefined || field !== 'id' || value === null) return;
    this.#checkIdGiven(binding, sheet, target, rawText(value), place);
  }

  /** W2: every cell written was announced in a committed batch. */
  checkIntent(sheet: Sheet, binding: Binding, { row, column, value }: CellWrite): void {
    if (sheet.columns[column]?.field === 'hint') return;
    const raw = rawText(value);
    const batches = this.#known.watched.store.root.bindings.get(binding.id)?.batches ?? new Map();
    for (const batch of batches.values()) {
      for (const intent of batch.intents) {
        if (intent.row === row && intent.column === column && intent.newRaw === raw) return;
      }
    }
    this.#known.findings.fail('I14', `${binding.id}!${address(row, column)} is written without a committed intent`);
  }

  #checkColumn(sheet: Sheet, column: number, binding: Binding, what: string): void {
    const field = sheet.columns[column]?.field ?? null;
    const known =
      field === 'id' ||
      (field === 'hint' && binding.hintColumn !== null) ||
      binding.columns.some((of) => of.field.key === field);
    if (!known)
      this.#known.findings.fail('I13', `${what} writes into column ${column}, which is not a column of ${binding.id}`);
  }

  /** An ID given to a row that has nothing of the record is a wrong ticket waiting to happen. */
  #checkIdGiven(binding: Binding, sheet: Sheet, row: SheetRow, number: string, place: string): void {
    const { watched, findings, tickets, strays, relations } = this.#known;
    const known = watched.store.root.bindings.get(binding.id)?.rows.values() ?? [];
    const isFirst = [...known].some((each) => each.number === number && each.state === 'claim');
    if (!isFirst) findings.count('row recognised by its content');
    if (relations.isRelated(number, row.uid)) return;
    // One that a write put there by mistake, and another such has overwritten since (X2), is put back as it stood.
    const standing = rawText(row.cells[columnOf(sheet, 'id')] ?? null);
    if (standing !== number && [standing, number].every((each) => strays.holdsNumber(each, row.uid))) {
      findings.count('number put by mistake over another such');
      return;
    }
    const texts = new Set(tellingTexts(sheet, row).filter((raw) => raw !== ''));
    if (tickets.everHeld(number, texts)) return;
    findings.fail('I3', `${place}: ${number} is written into a row that has nothing of it`);
  }
}
