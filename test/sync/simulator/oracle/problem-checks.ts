/** I15: what people are told is so. Both sides of a conflict were set by somebody, and an old copy was really saved. */
import { type CellValue, rawText, shownText } from '../../../../src/model/cell.ts';
import type { Problem } from '../../../../src/model/change.ts';
import { shownMeaning } from './at-rest.ts';
import type { Decisions } from './decisions.ts';
import type { Findings } from './findings.ts';
import type { ReadRow, Reads } from './reads.ts';
import type { Recognition } from './recognition.ts';
import type { Strays } from './strays.ts';
import type { Tickets } from './tickets.ts';
import type { Typings } from './typings.ts';

interface Known {
  readonly findings: Findings;
  readonly reads: Reads;
  readonly tickets: Tickets;
  readonly strays: Strays;
  readonly typings: Typings;
  readonly recognition: Recognition;
  readonly decisions: Decisions;
}

export class ProblemChecks {
  readonly #known: Known;
  /** Workbooks of which an older content was ever saved. */
  readonly #replaced = new Set<string>();

  constructor(known: Known) {
    this.#known = known;
  }

  /** A whole older content was put in a workbook's place. */
  replaced(workbook: string): void {
    this.#replaced.add(workbook);
  }

  /** A problem as it is told now. */
  check(problem: Problem): void {
    const { findings } = this.#known;
    findings.count(`problem ${problem.kind}`);
    if (problem.kind === 'conflict') this.#checkConflict(problem);
    const workbook = problem.binding.slice(0, problem.binding.indexOf('/'));
    if (problem.kind === 'stale-copy' && !this.#replaced.has(workbook))
      findings.fail('I15', `an old copy of ${workbook} is told of, and nobody saved one`);
  }

  #checkConflict(problem: Problem): void {
    const { findings, reads, tickets, typings, recognition, decisions } = this.#known;
    const record = tickets.find(problem.recordId);
    if (record === undefined || problem.field === null) return;
    const { typed, current, field } = problem;
    const isTyped = (text: string | null): boolean =>
      typings.countFor(
        record.number,
        field,
        (typing) => shownText(typing.raw) === text || shownMeaning(field, typing.value) === text,
      ) > 0;
    const isSet = (text: string | null): boolean => isTyped(text) || tickets.everShowed(record.id, field, text);
    const rows = reads.rows('last').filter(({ binding }) => binding === problem.binding);
    const fits = (cell: CellValue): boolean => shownText(rawText(cell)) === typed;
    if (!isTyped(typed)) recognition.recognise(record.number, field, rows, fits);
    // Without a base nothing tells who changed what: both values are listed, whoever set them (F).
    if (!(decisions.isRebased || isTyped(typed) || isTyped(current)) || !isSet(typed) || !isSet(current)) {
      // No base was ever learnt of a column that was left out of the mapping: once it is mapped again, what a row of ours brought
      // into it by mistake looks typed, and is listed like anything found there (F).
      if (isSet(current) && this.#standsUnread(rows, record.number, field, fits)) {
        findings.count('value put by mistake into a column left out');
        return;
      }
      const sides = `"${typed}" and "${current}"`;
      findings.fail('I15', `conflict over ${record.number}.${field} between ${sides}: one of them was set by nobody`);
    }
  }

  /** In the row of this number stands, under this header, what an appended row brought there while the column was not mapped. */
  #standsUnread(rows: readonly ReadRow[], number: string, field: string, fits: (cell: CellValue) => boolean): boolean {
    return rows.some(({ binding, sheet, row }) =>
      sheet.columns.some((column, c) => {
        const cell = row.cells[c] ?? null;
        const isOurs = column.field === field && this.#known.strays.isUnread(binding, column.uid, rawText(cell));
        return isOurs && fits(cell) && row.cells.some((other) => other === number);
      }),
    );
  }
}
