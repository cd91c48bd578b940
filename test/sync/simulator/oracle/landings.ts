/**
 * What writes hit. A file is written only as it was read; in a workbook online a write may hit what nobody meant, which is outside the
 * promise and counted: a person's edit of the very cell (X1), a cell that is not the one meant (X2).
 */
import type { Operation, Push } from '../../../../connectors/connector.ts';
import type { Binding } from '../../../../src/model/binding.ts';
import { address, rawText } from '../../../../src/model/cell.ts';
import type { Landing } from '../online-model.ts';
import { type Book, gridOf, type Sheet } from '../sheet.ts';
import type { Findings } from './findings.ts';
import type { OverwrittenTexts } from './overwritten.ts';
import type { Relations } from './relations.ts';
import type { Strays } from './strays.ts';
import type { Watched } from './watched.ts';
import type { AppendWrite, CellWrite, WriteChecks } from './write-checks.ts';

interface Known {
  readonly watched: Watched;
  readonly findings: Findings;
  readonly strays: Strays;
  readonly relations: Relations;
  readonly overwritten: OverwrittenTexts;
  readonly checks: WriteChecks;
}

interface Aim {
  readonly sheet: Sheet;
  readonly binding: Binding;
}

export class Landings {
  readonly #known: Known;

  constructor(known: Known) {
    this.#known = known;
  }

  /**
   * Before a push of the engine that will land on this book. `fenced`: its runner lost the lease since it last asked; only the
   * version stands between it and the file, and people may have put the very content back it had read.
   */
  beforePush(workbook: string, push: Push, fenced: boolean): void {
    const { watched, findings, checks } = this.#known;
    const book = watched.book(workbook);
    for (const operation of push.operations) {
      checks.checkPlain(operation);
      const aim = this.#aimOf(workbook, book, operation);
      if (aim === null) continue;
      const { sheet, binding } = aim;
      if (operation.kind === 'append') {
        findings.count('append');
        checks.checkAppend(sheet, binding, operation);
        continue;
      }
      checks.checkTarget(sheet, binding, operation);
      this.#noteOverwritten(sheet, binding, operation);
      if (!fenced) checks.checkIntent(sheet, binding, operation);
    }
  }

  /**
   * A request of the engine is about to be carried out on a workbook without compare-and-set. What was planned is held to the
   * content it was planned on; what it hits instead is noted.
   */
  landing(workbook: string, { operations, planned, late }: Landing, fenced: boolean): void {
    const { watched, findings, relations, checks } = this.#known;
    const now = watched.book(workbook);
    if (late) findings.count('late write landed');
    for (const { asked, hits } of operations) {
      checks.checkPlain(asked);
      const aim = this.#aimOf(workbook, now, asked);
      if (aim === null) continue;
      const { sheet, binding } = aim;
      const meant = planned?.tabs.get(asked.tab) ?? sheet;
      if (asked.kind === 'append') {
        findings.count('append');
        checks.checkAppend(meant, binding, asked);
        for (const { column, value } of asked.cells) {
          if (meant.columns[column]?.field === 'id') relations.arrives(rawText(value));
        }
        if (hits?.kind === 'append') this.#noteUnread(binding.id, meant, sheet, asked, hits);
        continue;
      }
      if (!late) {
        checks.checkTarget(meant, binding, asked);
        if (!fenced) checks.checkIntent(meant, binding, asked);
      }
      if (hits?.kind === 'cell') this.#noteHit(binding, meant, sheet, asked, hits);
    }
  }

  /** The tab an operation is for; null when it is not one that the desk works in. */
  #aimOf(workbook: string, book: Book, { tab: name }: Operation): Aim | null {
    const { watched } = this.#known;
    const sheet = book.tabs.get(name);
    if (sheet === undefined || !watched.tabs.some((of) => of.workbook === workbook && of.tab === name)) return null;
    return { sheet, binding: watched.widestBinding(`${workbook}/${name}`) };
  }

  /** What a write to a file overwrites: it hits what it was meant for. */
  #noteOverwritten(sheet: Sheet, binding: Binding, { row, column, value }: CellWrite): void {
    const target = sheet.rows[row];
    const field = sheet.columns[column]?.field ?? null;
    if (target === undefined || field === null || field === 'id') return;
    const old = gridOf(binding.tab, sheet).rows[row]?.[column] ?? null;
    if (!isTwoWay(binding, field) || rawText(old) === '' || rawText(old) === rawText(value)) return;
    const place = address(row, column);
    this.#known.overwritten.note({ row: target.uid, field, binding: binding.id, place, mayReturn: false }, old);
  }

  /** What a write overwrites, and whether it is what it was meant for. */
  #noteHit(binding: Binding, meant: Sheet, sheet: Sheet, asked: CellWrite, { row, column, value }: CellWrite): void {
    const { findings, strays, overwritten } = this.#known;
    findings.count('cell written');
    const [aimed, hit] = [meant.rows[asked.row], sheet.rows[row]];
    const { uid, field = null } = sheet.columns[column] ?? {};
    const isMeant = aimed?.uid === hit?.uid && meant.columns[asked.column]?.uid === uid;
    const stood = hit?.cells[column] ?? null;
    const place = hit === undefined ? undefined : meant.rows.find((of) => of.uid === hit.uid);
    const before = meant.columns.findIndex((of) => of.uid === uid);
    // What a merge covers is not read, whatever stands under it.
    const read = gridOf(asked.tab, meant).rows[place === undefined ? -1 : meant.rows.indexOf(place)]?.[before] ?? null;
    const wasRead = place !== undefined && before >= 0 && rawText(read) === rawText(stood);
    if (hit !== undefined && strays.overwrite(hit.uid, uid)) findings.count('a misplaced value was put right');
    if (!isMeant) {
      findings.count('X2');
      if (hit !== undefined) strays.hitCell(hit.uid, uid);
      if (hit !== undefined && field === 'id') strays.hitNumber(rawText(value), hit.uid);
    }
    const raw = rawText(stood);
    if (hit === undefined || field === null || raw === '' || raw === rawText(value)) return;
    if (!isTwoWay(binding, field)) return;
    if (!wasRead) findings.count('X1');
    else {
      const found = { row: hit.uid, field, binding: binding.id, place: address(row, column), mayReturn: !isMeant };
      overwritten.note(found, stood);
    }
  }

  /** Cells of an appended row that come under another header (X2), into a column that is not mapped at the time. */
  #noteUnread(binding: string, meant: Sheet, sheet: Sheet, asked: AppendWrite, hits: AppendWrite): void {
    const { watched, strays } = this.#known;
    const known = watched.store.root.bindings.get(binding)?.head.columns ?? {};
    const aimed = new Set(asked.cells.map(({ column }) => meant.columns[column]?.uid));
    for (const { column, value } of hits.cells) {
      const { uid, field } = sheet.columns[column] ?? { uid: -1, field: null };
      if (field === null || field === 'id' || known[field]?.attached === true || aimed.has(uid)) continue;
      strays.cameUnread(binding, uid, rawText(value));
    }
  }
}

function isTwoWay(binding: Binding, field: string): boolean {
  return binding.columns.find((of) => of.field.key === field)?.flow === 'two_way';
}
