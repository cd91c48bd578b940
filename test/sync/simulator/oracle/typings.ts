/** What people typed into which cell. Rows are known by their uids, so a typing stays with its row wherever that is moved. */
import { type CellValue, rawText } from '../../../../src/model/cell.ts';
import type { FieldValue } from '../../../../src/model/field.ts';
import { FIELDS, meaning } from '../fields.ts';
import { columnOf, HEADER, isBlank, type Sheet, type SheetRow } from '../sheet.ts';
import type { Findings } from './findings.ts';
import type { Relations } from './relations.ts';
import type { Strays } from './strays.ts';

export interface Typing {
  readonly raw: string;
  /** What the cell means; undefined when the field cannot take it. */
  readonly value: FieldValue | undefined;
  /** False when nothing tells whether a person typed it or an old content came back. */
  readonly certain: boolean;
}

export class Typings {
  readonly #relations: Relations;
  readonly #strays: Strays;
  readonly #findings: Findings;
  /** In the order they were typed, as `row|field`. */
  readonly #typings = new Map<string, Typing[]>();
  /** Rows in which a title was ever typed. */
  readonly #titleRows = new Map<string, Set<number>>();

  constructor(relations: Relations, strays: Strays, findings: Findings) {
    this.#relations = relations;
    this.#strays = strays;
    this.#findings = findings;
  }

  /** A person changed a tab: every cell that differs was typed by him. */
  compare(before: Sheet, after: Sheet, certain: boolean): void {
    const places = new Map(before.columns.map(({ uid }, c) => [uid, c]));
    const earlier = new Map(before.rows.map((row) => [row.uid, row]));
    for (const row of after.rows) {
      if (row.uid === HEADER) continue;
      const old = earlier.get(row.uid);
      if (old === row && before.columns === after.columns) continue;
      const reassigned = after.columns.some(({ uid, field }, c) => {
        const was = old?.cells[places.get(uid) ?? -1] ?? null;
        const is = row.cells[c] ?? null;
        const isPut = field === 'id' && old !== undefined && was !== is;
        if (isPut) this.#strays.typedNumber(rawText(is), row.uid);
        return isPut;
      });
      after.columns.forEach(({ uid, field }, c) => {
        if (field === null || FIELDS[field] === undefined) return;
        const place = places.get(uid);
        const was = old === undefined || place === undefined ? null : (old.cells[place] ?? null);
        const is = row.cells[c] ?? null;
        // Who changes a row's ID says that the row is another ticket's, with all it holds. Its title still tells it from a copy.
        // Who adds or copies a row says what every cell of it shall hold, the empty ones too.
        // The row's own number is ours under whatever header it came, and so is what came there by mistake: who leaves it
        // there has not typed it.
        const isOurs = this.#relations.isRelated(rawText(is), row.uid) || this.#strays.holdsCell(row.uid, uid);
        if (
          (reassigned && !(field === 'title' && isErased(after, row))) ||
          old === undefined ||
          (was !== is && rawText(was) !== rawText(is))
        )
          this.note(row.uid, field, is, certain && !(was === is && isOurs));
      });
    }
  }

  /** A row was copied while a value of ours stood in it that was not meant for it (X2): it may be read as what stood there before. */
  copied(sheet: Sheet, copy: number, source: number): void {
    for (const { uid, field } of sheet.columns) {
      if (field === null || !this.#strays.holdsCell(source, uid)) continue;
      const typing = this.#typings.get(`${source}|${field}`)?.at(-1);
      if (typing === undefined) continue;
      this.#findings.count('row hit by mistake was copied');
      this.#typings.set(`${copy}|${field}`, [{ ...typing, certain: false }]);
      if (field === 'title' && typeof typing.value === 'string') this.#titleRows.get(typing.value)?.add(copy);
    }
  }

  note(row: number, field: string, cell: CellValue, certain: boolean): void {
    const key = `${row}|${field}`;
    const typing = { raw: cell === null ? '' : rawText(cell), value: meaning(field, cell), certain };
    const list = this.#typings.get(key);
    if (list === undefined) this.#typings.set(key, [typing]);
    else list.push(typing);
    if (field === 'title' && typeof typing.value === 'string') {
      const rows = this.#titleRows.get(typing.value);
      if (rows === undefined) this.#titleRows.set(typing.value, new Set([row]));
      else rows.add(row);
    }
  }

  /** Typings into the rows of a record that mean this value. */
  countFor(number: string, field: string, fits: (typing: Typing) => boolean): number {
    let count = 0;
    for (const [key, list] of this.#typings) {
      const bar = key.indexOf('|');
      if (key.slice(bar + 1) !== field || !this.#relations.isRelated(number, Number(key.slice(0, bar)))) continue;
      count += list.filter(fits).length;
    }
    return count;
  }

  isTypedAnywhere(field: string, value: FieldValue): boolean {
    for (const [key, list] of this.#typings) {
      if (key.endsWith(`|${field}`) && list.some((typing) => typing.value === value)) return true;
    }
    return false;
  }

  /** A person certainly typed this text into a field of the row. */
  isCertain(row: number, field: string, raw: string): boolean {
    return (this.#typings.get(`${row}|${field}`) ?? []).some((typing) => typing.certain && typing.raw === raw);
  }

  /** Rows in which the title was ever typed; those to come are added to the same set. */
  rowsTitled(title: string): ReadonlySet<number> | undefined {
    return this.#titleRows.get(title);
  }
}

function isErased(sheet: Sheet, row: SheetRow): boolean {
  return isBlank(row.cells[columnOf(sheet, 'id')] ?? null);
}
