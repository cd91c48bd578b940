/** I1: what a person typed and a write took from its cell must be known elsewhere, in the log or in a problem. */
import { type CellValue, rawText, shownText } from '../../../../src/model/cell.ts';
import { meaning } from '../fields.ts';
import type { Decisions } from './decisions.ts';
import type { Findings } from './findings.ts';
import type { Tickets } from './tickets.ts';
import type { Typings } from './typings.ts';
import type { Watched } from './watched.ts';

interface Known {
  readonly watched: Watched;
  readonly findings: Findings;
  readonly tickets: Tickets;
  readonly typings: Typings;
  readonly decisions: Decisions;
}

/** The cell that is overwritten. */
interface Hit {
  readonly field: string;
  readonly binding: string;
  readonly place: string;
  /** Uid of its row. */
  readonly row: number;
  /** It was hit by mistake: it may as well be put back. */
  readonly mayReturn: boolean;
}

interface Overwritten extends Hit {
  /** As it stood there, and as the value it meant. */
  readonly texts: readonly string[];
}

export class OverwrittenTexts {
  readonly #known: Known;
  readonly #overwritten: Overwritten[] = [];
  /** Every text the log or a problem ever named: what became of a typed text is known. */
  readonly #accounted = new Set<string>();

  constructor(known: Known) {
    this.#known = known;
  }

  /** The log or a problem names these values. */
  account(values: readonly unknown[]): void {
    for (const value of values) if (value !== null) this.#accounted.add(String(value));
  }

  /** A write is about to take this from a cell. */
  note(hit: Hit, old: CellValue): void {
    const raw = rawText(old);
    if (!this.#known.typings.isCertain(hit.row, hit.field, raw)) return;
    // A ticket's number is no text of a person's, wherever he copied it to.
    if (this.#known.tickets.all().some(({ number }) => number === raw)) return;
    const meant = meaning(hit.field, old);
    const texts = [shownText(raw), ...(meant === undefined || meant === null ? [] : [String(meant)])];
    this.#overwritten.push({ ...hit, texts });
  }

  /** The end: nothing may be lost. */
  check(): void {
    const { watched, findings, decisions } = this.#known;
    for (const { texts, field, binding, place, row, mayReturn } of this.#overwritten) {
      if (decisions.isGivenUp(field) || texts.some((text) => this.#accounted.has(text))) continue;
      const head = watched.store.root.bindings.get(binding)?.head;
      const isHeld = (head?.heldBy ?? null) !== null;
      if (mayReturn && (isHeld || texts.some((text) => this.#stands(field, text)))) continue;
      // Hit by mistake (X2), where there is nothing to put it back into: a person has since removed the row with all that stood
      // in it, or the column is not read any more: it was left out, doubled, renamed or deleted, which is told.
      const isRead =
        watched.binding(binding).columns.some((column) => column.field.key === field) &&
        head?.columns[field]?.attached === true;
      if (mayReturn && (!isRead || !this.#standsRow(binding, row))) {
        findings.count(isRead ? 'row hit by mistake was removed' : 'column hit by mistake is not read');
        continue;
      }
      findings.fail(
        'I1',
        `"${texts[0]}" typed in ${binding}!${place} was overwritten and is neither in the log nor a problem`,
      );
    }
  }

  /** A row is still in its tab. */
  #standsRow(binding: string, uid: number): boolean {
    const { watched } = this.#known;
    const tab = watched.tabs.find(({ workbook, tab }) => `${workbook}/${tab}` === binding);
    const sheet = tab === undefined ? undefined : watched.book(tab.workbook).tabs.get(tab.tab);
    return sheet?.rows.some((row) => row.uid === uid) === true;
  }

  /** A text that was overwritten stands in its column again. */
  #stands(field: string, text: string): boolean {
    const { watched } = this.#known;
    return watched.tabs.some(({ workbook, tab }) => {
      const sheet = watched.book(workbook).tabs.get(tab);
      // A copy of its column is its column as well: until people say which one is meant, neither is read.
      const places = sheet?.columns.flatMap((column, c) => (column.field === field ? [c] : [])) ?? [];
      return sheet?.rows.some((row) => places.some((c) => shownText(rawText(row.cells[c] ?? null)) === text)) === true;
    });
  }
}
