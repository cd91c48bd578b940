/**
 * Which rows without a number a ticket may be taken for, by what stands in them. Nobody who reads the sheet can tell more than that:
 * whichever row it is taken for counts as its row from then on.
 */
import { type CellValue, rawText } from '../../../../src/model/cell.ts';
import type { ChangeDraft } from '../../../../src/model/change.ts';
import type { FieldValue } from '../../../../src/model/field.ts';
import type { KeptRecord } from '../../../../src/model/record.ts';
import { meaning } from '../fields.ts';
import { columnOf, isBlank, type Sheet, type SheetRow } from '../sheet.ts';
import type { Findings } from './findings.ts';
import type { ReadRow, Reads } from './reads.ts';
import type { Relations } from './relations.ts';
import type { Strays } from './strays.ts';
import type { Tickets } from './tickets.ts';
import type { Watched } from './watched.ts';

/** Fields whose texts tell one row from another. */
const TELLING = ['title', 'note'] as const;

interface Known {
  readonly watched: Watched;
  readonly findings: Findings;
  readonly reads: Reads;
  readonly tickets: Tickets;
  readonly strays: Strays;
  readonly relations: Relations;
}

export class Recognition {
  readonly #known: Known;
  /** Rows a ticket may have been made of, by its number. */
  readonly #madeOf = new Map<string, ReadonlySet<number>>();
  /** Tickets that ever had a text in a telling field. */
  readonly #texts = new Map<string, Set<string>>();

  constructor(known: Known) {
    this.#known = known;
  }

  /** A ticket was made of one of these rows. */
  createdFrom(number: string, rows: ReadonlySet<number>): void {
    this.#madeOf.set(number, rows);
    for (const row of rows) this.#known.relations.relateWithSource(number, row);
  }

  /** What the log says tells the ticket from now on. */
  noteTexts(entry: ChangeDraft, { number }: KeptRecord): void {
    for (const key of TELLING) {
      const text = entry.kind === 'create' ? entry.newValues[key] : entry.field === key ? entry.newValue : null;
      if (typeof text === 'string') this.#texts.set(text, (this.#texts.get(text) ?? new Set()).add(number));
    }
  }

  /**
   * Rows of a title whose number a person took away, once for every content they stand in: without it they are rows like any other
   * once the number stands in another row, the ticket was taken for another row that has a text of it, or people were told that its
   * row is gone.
   */
  orphans(title: string): readonly number[] {
    const { reads, relations } = this.#known;
    return reads.rows('any').flatMap(({ binding, sheet, id, row }) => {
      if (!isBlank(id) || !relations.titleStood(title, row.uid)) return [];
      const isFree = relations
        .numbersOf(row.uid)
        .some((number) => standing(sheet).has(number) || this.#isElsewhere(number, binding, sheet, row));
      return isFree ? [row.uid] : [];
    });
  }

  /**
   * A ticket whose number has not reached the sheet yet, and whose row is gone from it or was given another number: whether a row
   * without a number is that row, retyped, or a new one, nobody who reads the sheet can tell.
   */
  adopts(number: string, field: string, value: FieldValue, source: string): boolean {
    const { findings, reads, relations } = this.#known;
    const made = this.#madeOf.get(number);
    const rows = reads.rows('last').filter(({ binding }) => source.startsWith(`${binding}!`));
    if (this.#isNamed(number, rows)) return false;
    if (this.#isAlike(number, field, rows, (cell) => meaning(field, cell) === value)) return true;
    if (made === undefined || rows.some(({ sheet }) => relations.wasWritten(number, sheet))) return false;
    // Copies of one row are interchangeable: one of them is missing when more tickets wait than rows stand there.
    const waiting = [...this.#madeOf].filter(
      ([other, its]) =>
        [...made].some((uid) => its.has(uid)) && !rows.some(({ sheet }) => relations.wasWritten(other, sheet)),
    );
    if (rows.filter(({ row, id }) => made.has(row.uid) && isBlank(id)).length >= waiting.length) return false;
    const likely = rows.filter(({ sheet, id, row }) => {
      const raw = row.cells[columnOf(sheet, field)] ?? null;
      const isFree = relations.numbersOf(row.uid).every((other) => other === number);
      return isBlank(id) && isFree && meaning(field, raw) === value;
    });
    for (const { row } of likely) relations.relate(number, row.uid);
    if (likely.length > 0) findings.count('claim taken for another row');
    return likely.length > 0;
  }

  /** Takes a ticket whose number stands in none of the rows for those that are like it, where there are such. */
  recognise(number: string, field: string, rows: readonly ReadRow[], fits: (cell: CellValue) => boolean): void {
    if (!this.#isNamed(number, rows)) this.#isAlike(number, field, rows, fits);
  }

  /** The number stands in one of these rows; where a write put it by mistake it names nothing. */
  #isNamed(number: string, rows: readonly ReadRow[]): boolean {
    return rows.some(({ id, row }) => rawText(id) === number && !this.#known.strays.holdsNumber(number, row.uid));
  }

  /** A ticket without a row is taken for the row that has one of its texts and no number, or one that nobody has (M6). */
  #isAlike(number: string, field: string, rows: readonly ReadRow[], fits: (cell: CellValue) => boolean): boolean {
    const { tickets, relations } = this.#known;
    const texts = new Set([...this.#texts].filter(([, numbers]) => numbers.has(number)).map(([text]) => text));
    const numbers = new Set(tickets.all().map((of) => of.number));
    const alike = rows.filter(({ sheet, id, row }) => {
      const isItsOwn = tellingTexts(sheet, row).some((text) => texts.has(text));
      return !numbers.has(rawText(id)) && isItsOwn && fits(row.cells[columnOf(sheet, field)] ?? null);
    });
    for (const { row } of alike) relations.relate(number, row.uid);
    return alike.length > 0;
  }

  /** A ticket is not expected in a row: people were told that it is gone, or another row that has a text of it was taken for it. */
  #isElsewhere(number: string, binding: string, sheet: Sheet, row: SheetRow): boolean {
    const known = [...(this.#known.watched.store.root.bindings.get(binding)?.rows.values() ?? [])];
    const own = known.find((each) => each.number === number);
    if (own === undefined || own.state === 'hidden') return own !== undefined;
    const taken = sheet.rows[own.rowHint];
    const isTaken = own.state === 'live' || own.state === 'claim';
    const hasText = (of: SheetRow): boolean =>
      tellingTexts(sheet, of).some((text) => this.#texts.get(text)?.has(number) === true);
    return isTaken && taken !== undefined && taken.uid !== row.uid && hasText(taken);
  }
}

/** What stands in the telling fields of a row. */
export function tellingTexts(sheet: Sheet, row: SheetRow): string[] {
  return TELLING.map((key) => rawText(row.cells[columnOf(sheet, key)] ?? null));
}

function standing(sheet: Sheet): ReadonlySet<string> {
  const column = columnOf(sheet, 'id');
  return new Set(sheet.rows.map((row) => rawText(row.cells[column] ?? null)));
}
