/**
 * The oracle: knows what was typed where, because it sees the world's uids, and holds the engine to the invariants I1-I16. It knows
 * nothing of how the engine works; it sees the sheet, the store's committed state, and the calls.
 */
import type { Operation, Push } from '../../../connectors/connector.ts';
import type { Binding } from '../../../src/model/binding.ts';
import { address, type CellValue, rawText, shownText } from '../../../src/model/cell.ts';
import type { ChangeDraft, Problem, ProblemAnswer } from '../../../src/model/change.ts';
import type { FieldValue } from '../../../src/model/field.ts';
import type { KeptRecord, RecordId } from '../../../src/model/record.ts';
import type { Lease } from '../../../src/store.ts';
import { checkTabAtRest, type Ending, shownMeaning } from './at-rest.ts';
import { type DeskTab, FIELDS, meaning, shown, TABLE } from './fields.ts';
import type { Landing } from './online-model.ts';
import { type Book, columnOf, gridOf, HEADER, isBlank, type Sheet, type SheetRow } from './sheet.ts';
import type { PlacedRow, Watched } from './watched.ts';

/** An invariant that did not hold. `id` is its name in the specification. */
export interface Violation {
  readonly id: string;
  readonly message: string;
}

interface Typing {
  readonly raw: string;
  /** What the cell means; undefined when the field cannot take it. */
  readonly value: FieldValue | undefined;
  /** False when nothing tells whether a person typed it or an old content came back. */
  readonly certain: boolean;
}

interface Overwritten {
  /** As it stood there, and as the value it meant. */
  readonly texts: readonly string[];
  readonly field: string;
  readonly binding: string;
  readonly place: string;
  /** Uid of its row. */
  readonly row: number;
  /** It was hit by mistake: it may as well be put back. */
  readonly mayReturn: boolean;
}

type CellWrite = Extract<Operation, { kind: 'cell' }>;
type AppendWrite = Extract<Operation, { kind: 'append' }>;

const READS_AT_ONCE = 2;

/** Fields whose texts tell one row from another. */
const TELLING = ['title', 'note'] as const;

/** A row below the header of a tab. */
interface ReadRow extends PlacedRow {
  readonly binding: string;
  readonly id: CellValue;
}

export class Oracle {
  readonly violations: Violation[] = [];
  /** How often something interesting was met; a generator that never meets one of them is too tame. */
  readonly counters = new Map<string, number>();
  readonly #watched: Watched;
  readonly #typings = new Map<string, Typing[]>();
  /** Rows in which a title was ever typed. */
  readonly #titleRows = new Map<string, Set<number>>();
  readonly #kin = new Map<number, number>();
  /** Rows in whose ID cell a number ever stood. */
  readonly #rowsOf = new Map<string, Set<number>>();
  /** Rows a ticket may have been made of, by its number. */
  readonly #madeOf = new Map<string, ReadonlySet<number>>();
  /** Tickets that ever had a text in a telling field. */
  readonly #texts = new Map<string, Set<string>>();
  /** Numbers that ever stood in an ID cell, with the uid of its column: each tab has its own. */
  readonly #written = new Set<string>();
  readonly #replayed = new Map<RecordId, Record<string, FieldValue>>();
  readonly #deleted = new Set<RecordId>();
  readonly #applied = new Map<string, number>();
  readonly #created = new Map<string, number>();
  /** Every text the log or a problem ever named: what became of a typed text is known. */
  readonly #accounted = new Set<string>();
  readonly #overwritten: Overwritten[] = [];
  readonly #read = new Map<string, readonly Book[]>();
  readonly #replaced = new Set<string>();
  readonly #seenSheets = new WeakSet<Sheet>();
  readonly #seenRows = new WeakSet<SheetRow>();
  /** Rows in which a title ever stood, whoever put it there. */
  readonly #titleStood = new Map<string, Set<number>>();
  readonly #seenProblems = new WeakSet<Problem>();
  #logRead = 0;
  #guardRead = 0;
  #settledRead = 0;
  /** Values people answered with, by `record|field`: each may be applied once more than it was typed. */
  readonly #answers = new Map<string, number>();
  /** Fields of which a person said that what a guard held is meant. */
  readonly #meant = new Set<string>();
  /** Fields of which a person said that what stands in the sheet is to go. */
  readonly #givenUp = new Set<string>();
  /** Bindings of which a person ever let go what was held. */
  readonly #released = new Set<string>();
  /** Records whose closing or deletion a person agreed to. */
  readonly #given = new Set<RecordId>();
  #rebased = false;
  /** Numbers of rows that are just being appended. */
  readonly #arriving = new Set<string>();
  /** Columns that were not read at the last look, as `binding|field`. */
  #detached: ReadonlySet<string> = new Set();
  /** Rows that a problem was told of, by its key, and the place it was told with. */
  readonly #toldOf = new Map<string, { readonly place: number; readonly rows: readonly PlacedRow[] }>();
  /** Numbers that a write put into a row they were not meant for, as `number|row`. */
  readonly #astray = new Set<string>();
  /** Cells in which a value stands that was not meant for them, as `row|column`. */
  readonly #misplaced = new Set<string>();
  /** What came with an appended row into a column that was not mapped then, as `binding|column|text`. */
  readonly #unread = new Set<string>();

  constructor(watched: Watched) {
    this.#watched = watched;
  }

  count(name: string): void {
    this.counters.set(name, (this.counters.get(name) ?? 0) + 1);
  }

  fail(id: string, message: string): void {
    this.violations.push({ id, message });
  }

  /** The configuration changed: what was last agreed on counts no more. */
  rebased(): void {
    this.#rebased = true;
  }

  /** A person answered a problem, or wrote something into its answer cell. */
  answered(problem: Problem, answer: ProblemAnswer): void {
    const { recordId, field, kind } = problem;
    if (answer === 'use-system' && kind === 'guard' && field !== null) this.#givenUp.add(field);
    if (answer !== 'use-mine') return;
    if (recordId !== null && field !== null) {
      const key = `${recordId}|${field}`;
      this.#answers.set(key, (this.#answers.get(key) ?? 0) + 1);
    } else if (kind === 'guard' && field !== null) this.#meant.add(field);
    if (kind === 'missing-row' && recordId !== null) this.#given.add(recordId);
  }

  /**
   * A person changed a tab, in the file or in his copy: every cell that differs was typed by him. `certain` is false for a whole
   * old content put in the file's place that nothing tells from edits.
   */
  typed(before: Sheet, after: Sheet, kin: readonly (readonly [number, number])[], certain = true): void {
    for (const [copy, source] of kin) {
      this.#kin.set(copy, source);
      this.#copiedHit(after, copy, source);
    }
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
        // Whatever brought a number there before: now a person has put it there.
        if (isPut) this.#astray.delete(`${rawText(is)}|${row.uid}`);
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
        const isOurs = this.#isRelated(rawText(is), row.uid) || this.#misplaced.has(`${row.uid}|${uid}`);
        if (
          (reassigned && !(field === 'title' && isErased(after, row))) ||
          old === undefined ||
          (was !== is && rawText(was) !== rawText(is))
        )
          this.#note(row.uid, field, is, certain && !(was === is && isOurs));
      });
    }
    this.sheetStands(after);
  }

  /** A row was copied while a value of ours stood in it that was not meant for it (X2): it may be read as what stood there before. */
  #copiedHit(sheet: Sheet, copy: number, source: number): void {
    for (const { uid, field } of sheet.columns) {
      if (field === null || !this.#misplaced.has(`${source}|${uid}`)) continue;
      const typing = this.#typings.get(`${source}|${field}`)?.at(-1);
      if (typing === undefined) continue;
      this.count('row hit by mistake was copied');
      this.#typings.set(`${copy}|${field}`, [{ ...typing, certain: false }]);
      if (field === 'title' && typeof typing.value === 'string') this.#titleRows.get(typing.value)?.add(copy);
    }
  }

  /** Content that stands in a sheet from the start counts as typed once: somebody put it there. */
  stoodFromTheStart(sheet: Sheet): void {
    this.sheetStands(sheet);
  }

  /** A tab as it now stands in a file or copy: whatever number is in an ID cell makes the row that record's. */
  sheetStands(sheet: Sheet): void {
    if (this.#seenSheets.has(sheet)) return;
    this.#seenSheets.add(sheet);
    const column = columnOf(sheet, 'title');
    for (const row of sheet.rows) {
      if (this.#seenRows.has(row)) continue;
      this.#seenRows.add(row);
      // A row of the service is that record's, also when columns were moved meanwhile and its number stands under another header.
      for (const cell of row.cells)
        if (typeof cell === 'string' && this.#arriving.delete(cell)) this.#relate(cell, row.uid);
      const title = rawText(row.cells[column] ?? null);
      const rows = this.#titleStood.get(title);
      if (rows === undefined) this.#titleStood.set(title, new Set([row.uid]));
      else rows.add(row.uid);
    }
    sheet.columns.forEach(({ field }, c) => {
      if (field !== 'id') return;
      for (const row of sheet.rows) {
        const id = row.cells[c] ?? null;
        if (id === null || row.uid === HEADER) continue;
        if (this.#astray.has(`${rawText(id)}|${row.uid}`)) continue;
        this.#relate(rawText(id), row.uid);
        this.#written.add(`${rawText(id)}|${idUid(sheet)}`);
      }
    });
  }

  /**
   * Before a push of the engine that will land on this book. `fenced`: its runner lost the lease since it last asked; only the
   * version stands between it and the file, and people may have put the very content back it had read.
   */
  beforePush(workbook: string, push: Push, fenced: boolean): void {
    const book = this.#watched.book(workbook);
    for (const operation of push.operations) {
      const tab = this.#watched.tabs.find((of) => of.workbook === workbook && of.tab === operation.tab);
      const sheet = book.tabs.get(operation.tab);
      if (tab === undefined || sheet === undefined) {
        this.#checkPlain(operation.kind === 'cell' ? [operation.value] : operation.cells.map(({ value }) => value));
        continue;
      }
      const binding = this.#watched.widestBinding(`${tab.workbook}/${tab.tab}`);
      if (operation.kind === 'append') {
        this.#checkPlain(operation.cells.map(({ value }) => value));
        this.count('append');
        for (const { column } of operation.cells) this.#checkColumn(sheet, column, binding, 'append');
        continue;
      }
      this.#checkPlain([operation.value]);
      this.#checkOverwrite(sheet, tab, binding, operation.row, operation.column, operation.value);
      if (!fenced) this.#checkIntent(binding, sheet, operation.row, operation.column, rawText(operation.value));
    }
  }

  /**
   * A request of the engine is about to be carried out on a workbook without compare-and-set. What was planned is held to the
   * content it was planned on; what it hits instead is outside the promise, and counted: a person's edit of the very cell (X1), a
   * cell that is not the one meant (X2).
   */
  landing(workbook: string, { operations, planned, late }: Landing, fenced: boolean): void {
    const now = this.#watched.book(workbook);
    if (late) this.count('late write landed');
    for (const { asked, hits } of operations) {
      const tab = this.#watched.tabs.find((of) => of.workbook === workbook && of.tab === asked.tab);
      const sheet = now.tabs.get(asked.tab);
      this.#checkPlain(asked.kind === 'cell' ? [asked.value] : asked.cells.map(({ value }) => value));
      if (tab === undefined || sheet === undefined) continue;
      const binding = this.#watched.widestBinding(`${tab.workbook}/${tab.tab}`);
      const meant = planned?.tabs.get(asked.tab) ?? sheet;
      if (asked.kind === 'append') {
        this.count('append');
        for (const { column } of asked.cells) this.#checkColumn(meant, column, binding, 'append');
        for (const { column, value } of asked.cells) {
          if (meant.columns[column]?.field === 'id') this.#arriving.add(rawText(value));
        }
        if (hits?.kind === 'append') this.#noteUnread(binding.id, meant, sheet, asked, hits);
        continue;
      }
      const { row, column, value } = asked;
      if (!late) {
        this.#checkTarget(meant, tab, binding, row, column, value);
        if (!fenced) this.#checkIntent(binding, meant, row, column, rawText(value));
      }
      if (hits?.kind === 'cell') this.#noteHit(binding, meant, sheet, [asked, hits]);
    }
  }

  /** Cells of an appended row that come under another header (X2), into a column that is not mapped at the time. */
  #noteUnread(binding: string, meant: Sheet, sheet: Sheet, asked: AppendWrite, hits: AppendWrite): void {
    const known = this.#watched.store.root.bindings.get(binding)?.head.columns ?? {};
    const aimed = new Set(asked.cells.map(({ column }) => meant.columns[column]?.uid));
    for (const { column, value } of hits.cells) {
      const { uid, field } = sheet.columns[column] ?? { uid: -1, field: null };
      if (field === null || field === 'id' || known[field]?.attached === true || aimed.has(uid)) continue;
      this.#unread.add(`${binding}|${uid}|${rawText(value)}`);
    }
  }

  /** What a write overwrites, and whether it is what it was meant for. */
  #noteHit(binding: Binding, meant: Sheet, sheet: Sheet, [asked, hits]: readonly [CellWrite, CellWrite]): void {
    this.count('cell written');
    const { row, column, value } = hits;
    const [aimed, hit] = [meant.rows[asked.row], sheet.rows[row]];
    const isMeant = aimed?.uid === hit?.uid && meant.columns[asked.column]?.uid === sheet.columns[column]?.uid;
    const stood = hit?.cells[column] ?? null;
    const place = hit === undefined ? undefined : meant.rows.find(({ uid }) => uid === hit.uid);
    const before = meant.columns.findIndex(({ uid }) => uid === sheet.columns[column]?.uid);
    // What a merge covers is not read, whatever stands under it.
    const read = gridOf(asked.tab, meant).rows[place === undefined ? -1 : meant.rows.indexOf(place)]?.[before] ?? null;
    const wasRead = place !== undefined && before >= 0 && rawText(read) === rawText(stood);
    if (hit !== undefined && this.#misplaced.delete(`${hit.uid}|${sheet.columns[column]?.uid}`))
      this.count('a misplaced value was put right');
    if (!isMeant) {
      this.count('X2');
      this.#misplaced.add(`${hit?.uid}|${sheet.columns[column]?.uid}`);
      if (hit !== undefined && sheet.columns[column]?.field === 'id') this.#astray.add(`${rawText(value)}|${hit.uid}`);
    }
    const field = sheet.columns[column]?.field ?? null;
    const raw = rawText(stood);
    const flow = binding.columns.find((of) => of.field.key === field)?.flow;
    if (hit === undefined || field === null || raw === '' || raw === rawText(value)) return;
    if (flow !== 'two_way') return;
    if (!wasRead) this.count('X1');
    else this.#noteOverwritten(hit, field, stood, binding.id, address(row, column), !isMeant);
  }

  /** A transaction asked for with this lease has just committed. */
  checkFence(lease: Lease | null): void {
    if (lease !== null && this.#watched.store.fence(lease.workbook) !== lease.fence) {
      this.fail('I10', `a transaction with fence ${lease.fence} committed although the lease was taken over`);
    }
  }

  /** A person let go what a binding's guards hold. */
  released(bindingId: string): void {
    this.#released.add(bindingId);
  }

  /** A runner read the workbook; two of them may be at work. */
  read(workbook: string, book: Book): void {
    const before = (this.#read.get(workbook) ?? []).filter((other) => other !== book);
    this.#read.set(workbook, [...before, book].slice(-READS_AT_ONCE));
  }

  /** A whole older content was put in a workbook's place. */
  replaced(workbook: string): void {
    this.#replaced.add(workbook);
  }

  /** The store changed. */
  committed(): void {
    this.readLog();
    this.#checkGuards();
    const { store } = this.#watched;
    for (; this.#settledRead < store.root.settledLength; this.#settledRead++) this.count('batch settled');
    for (const problem of store.root.problems.values()) {
      if (this.#seenProblems.has(problem)) continue;
      this.#seenProblems.add(problem);
      this.#accountTexts(problem);
      this.#noteToldOf(problem);
      this.count(`problem ${problem.kind}`);
      if (problem.kind === 'conflict') this.#checkConflict(problem);
      const workbook = problem.binding.slice(0, problem.binding.indexOf('/'));
      if (problem.kind === 'stale-copy' && !this.#replaced.has(workbook))
        this.fail('I15', `an old copy of ${workbook} is told of, and nobody saved one`);
    }
  }

  /** Checks what was logged since the last look: I2, I3, I4, I14 as they can be seen at once. */
  readLog(): void {
    const { store } = this.#watched;
    for (; this.#logRead < store.root.logLength; this.#logRead++) this.#readEntry(store.log[this.#logRead]!);
  }

  /** I8: one look takes no more clearings or changes of one column than its guards let pass, whatever the rest of the tab. */
  #checkGuards(): void {
    const { store } = this.#watched;
    const changes = new Map<string, FieldValue[]>();
    const back = this.#columnsBack();
    for (; this.#guardRead < store.root.logLength; this.#guardRead++) {
      const { actor, kind, source, field, newValue, oldValue } = store.log[this.#guardRead]!;
      const bang = source.indexOf('!');
      if (actor.kind !== 'person' || kind !== 'set' || bang < 0) continue;
      const key = `${source.slice(0, bang)}|${field}`;
      // A column that was gone comes back: what stands there and nowhere else is filled in, which overwrites nothing (F).
      if (oldValue === null && back.has(key)) continue;
      changes.set(key, [...(changes.get(key) ?? []), newValue]);
    }
    if (this.#rebased) return;
    const records = store.root.tables.get(TABLE)?.size ?? 0;
    for (const [key, values] of changes) {
      const binding = key.slice(0, key.indexOf('|'));
      if (this.#released.has(binding)) continue;
      const { clearedCount, clearedShare, bulkCount, bulkShare } = this.#watched.binding(binding).guards;
      const cleared = values.filter((value) => value === null).length;
      const isBulk = values.length > Math.max(bulkCount, bulkShare * records) && new Set(values).size > 1;
      if (isBulk || cleared > Math.max(clearedCount, clearedShare * records))
        this.fail('I8', `${values.length} changes of ${key} were taken at once, ${cleared} of them clearings`);
    }
  }

  /** Columns that are read again since the last look, as `binding|field`. */
  #columnsBack(): ReadonlySet<string> {
    const detached = new Set<string>();
    for (const [id, { head }] of this.#watched.store.root.bindings) {
      for (const [field, { attached }] of Object.entries(head.columns)) if (!attached) detached.add(`${id}|${field}`);
    }
    const back = new Set([...this.#detached].filter((key) => !detached.has(key)));
    this.#detached = detached;
    return back;
  }

  #note(row: number, field: string, cell: CellValue, certain: boolean): void {
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

  #relate(number: string, row: number): void {
    const rows = this.#rowsOf.get(number);
    if (rows === undefined) this.#rowsOf.set(number, new Set([row]));
    else rows.add(row);
  }

  #isRelated(number: string, row: number): boolean {
    const rows = this.#rowsOf.get(number);
    for (let at: number | undefined = row; at !== undefined; at = this.#kin.get(at)) if (rows?.has(at)) return true;
    return false;
  }

  /** Typings into the rows of a record that mean this value. */
  #typingsOf(number: string, field: string, fits: (typing: Typing) => boolean): number {
    let count = 0;
    for (const [key, list] of this.#typings) {
      const bar = key.indexOf('|');
      if (key.slice(bar + 1) !== field || !this.#isRelated(number, Number(key.slice(0, bar)))) continue;
      count += list.filter(fits).length;
    }
    return count;
  }

  #typedAnywhere(field: string, value: FieldValue): boolean {
    for (const [key, list] of this.#typings) {
      if (key.endsWith(`|${field}`) && list.some((typing) => typing.value === value)) return true;
    }
    return false;
  }

  #readEntry(entry: ChangeDraft): void {
    const record = this.#watched.store.root.tables.get(entry.table)?.get(entry.recordId);
    if (record === undefined) {
      this.fail('I14', `the log names record ${entry.recordId}, which does not exist`);
      return;
    }
    for (const text of [entry.typed, entry.newValue, ...Object.values(entry.newValues)]) {
      if (text !== null) this.#accounted.add(String(text));
    }
    if (entry.kind === 'create') {
      if (this.#replayed.has(record.id)) this.fail('I14', `${record.number} was created twice in the log`);
      this.#replayed.set(record.id, { ...entry.newValues });
      if (entry.actor.kind === 'person') this.#checkCreation(entry, record);
    } else if (entry.kind === 'set' && entry.field !== null) {
      const values = this.#replayed.get(record.id) ?? {};
      if ((values[entry.field] ?? null) !== entry.oldValue) {
        this.fail(
          'I14',
          `${record.number}.${entry.field}: the log says it was ${entry.oldValue}, it was ${values[entry.field] ?? null}`,
        );
      }
      this.#replayed.set(record.id, { ...values, [entry.field]: entry.newValue });
      if (entry.actor.kind === 'person') this.#checkApplied(entry, record);
    } else if (entry.kind === 'delete') {
      this.#deleted.add(record.id);
      if (entry.actor.kind === 'person' && !this.#given.has(record.id))
        this.fail('I8', `${record.number} was deleted in the name of a person in a sheet`);
    } else {
      this.#deleted.delete(record.id);
    }
    // Only now: a text that is just applied does not make the row it was taken from the ticket's.
    for (const key of TELLING) {
      const text = entry.kind === 'create' ? entry.newValues[key] : entry.field === key ? entry.newValue : null;
      if (typeof text === 'string') this.#texts.set(text, (this.#texts.get(text) ?? new Set()).add(record.number));
    }
  }

  #checkCreation(entry: ChangeDraft, record: KeptRecord): void {
    this.count('created from a row');
    const title = entry.newValues.title;
    const orphans = typeof title === 'string' ? this.#orphans(title) : new Set<number>();
    const rows = typeof title === 'string' ? this.#titleRows.get(title) : undefined;
    if (typeof title !== 'string' || rows === undefined) {
      this.fail('I4', `${record.number} was created with the title ${title}, which nobody typed`);
      return;
    }
    const times = (this.#created.get(title) ?? 0) + 1;
    this.#created.set(title, times);
    if (times > rows.size + orphans.size)
      this.fail('I4', `${times} tickets were made of ${rows.size} row(s) titled ${title}`);
    // A copy and its source are interchangeable: either may be the row the ticket was made from.
    this.#madeOf.set(record.number, rows);
    for (const row of rows) {
      this.#relate(record.number, row);
      const source = this.#kin.get(row);
      if (source !== undefined) this.#relate(record.number, source);
    }
    for (const [field, value] of Object.entries(entry.newValues)) {
      if (
        value === null ||
        FIELDS[field] === undefined ||
        this.#typingsOf(record.number, field, (typing) => typing.value === value) > 0
      )
        continue;
      const elsewhere = this.#typedAnywhere(field, value);
      this.fail(elsewhere ? 'I3' : 'I2', `${record.number} was created with ${field} = ${value}, not typed in its row`);
    }
  }

  /**
   * Rows of a title whose number a person took away: without it they are rows like any other once the number stands in another row,
   * the ticket was taken for another row that has a text of it, or people were told that its row is gone.
   */
  #orphans(title: string): Set<number> {
    const found = new Set<number>();
    for (const { binding, sheet, id, row } of this.#rows('any')) {
      if (!isBlank(id) || this.#titleStood.get(title)?.has(row.uid) !== true) continue;
      const before = [...this.#rowsOf].filter(([, rows]) => rows.has(row.uid)).map(([number]) => number);
      if (!before.some((number) => this.#standing(sheet).has(number) || this.#isElsewhere(number, binding, sheet, row)))
        continue;
      found.add(row.uid);
      this.#note(row.uid, 'title', title, true);
    }
    return found;
  }

  /**
   * A ticket whose number has not reached the sheet yet, and whose row is gone from it or was given another number: whether a row without a number is that row,
   * retyped, or a new one, nobody who reads the sheet can tell. Whichever it is taken for counts as its row from then on.
   */
  #adopts(number: string, field: string, value: FieldValue, source: string): boolean {
    const made = this.#madeOf.get(number);
    const rows = this.#rows('last').filter(({ binding }) => source.startsWith(`${binding}!`));
    if (this.#isNamed(number, rows)) return false;
    if (this.#recognised(number, field, rows, (cell) => meaning(field, cell) === value)) return true;
    if (made === undefined || rows.some(({ sheet }) => this.#written.has(`${number}|${idUid(sheet)}`))) return false;
    // Copies of one row are interchangeable: one of them is missing when more tickets wait than rows stand there.
    const waiting = [...this.#madeOf].filter(
      ([other, its]) =>
        [...made].some((uid) => its.has(uid)) &&
        !rows.some(({ sheet }) => this.#written.has(`${other}|${idUid(sheet)}`)),
    );
    if (rows.filter(({ row, id }) => made.has(row.uid) && isBlank(id)).length >= waiting.length) return false;
    const likely = rows.filter(({ sheet, id, row }) => {
      const raw = row.cells[columnOf(sheet, field)] ?? null;
      const isFree = ![...this.#rowsOf].some(([other, its]) => other !== number && its.has(row.uid));
      return isBlank(id) && isFree && meaning(field, raw) === value;
    });
    for (const { row } of likely) this.#relate(number, row.uid);
    if (likely.length > 0) this.count('claim taken for another row');
    return likely.length > 0;
  }

  /** The number stands in one of these rows; where a write put it by mistake it names nothing. */
  #isNamed(number: string, rows: readonly ReadRow[]): boolean {
    return rows.some(({ id, row }) => rawText(id) === number && !this.#astray.has(`${number}|${row.uid}`));
  }

  /** A ticket without a row is taken for the row that has one of its texts and no number, or one that nobody has (M6). */
  #recognised(number: string, field: string, rows: readonly ReadRow[], fits: (cell: CellValue) => boolean): boolean {
    const texts = new Set([...this.#texts].filter(([, numbers]) => numbers.has(number)).map(([text]) => text));
    const numbers = new Set([...(this.#watched.store.root.tables.get(TABLE)?.values() ?? [])].map((of) => of.number));
    const alike = rows.filter(({ sheet, id, row }) => {
      const isItsOwn = TELLING.some((key) => texts.has(rawText(row.cells[columnOf(sheet, key)] ?? null)));
      return !numbers.has(rawText(id)) && isItsOwn && fits(row.cells[columnOf(sheet, field)] ?? null);
    });
    for (const { row } of alike) this.#relate(number, row.uid);
    return alike.length > 0;
  }

  /** Rows below the headers as a runner last read the tabs, or as any of the last reads and the present have them. */
  #rows(which: 'last' | 'any'): ReadRow[] {
    return this.#watched.tabs.flatMap(({ workbook, tab }) => {
      const reads = this.#read.get(workbook) ?? [];
      const books = which === 'last' ? reads.slice(-1) : new Set([...reads, this.#watched.book(workbook)]);
      const sheets = new Set([...books].flatMap((book) => book.tabs.get(tab) ?? []));
      return [...sheets].flatMap((sheet) => {
        const header = sheet.rows.findIndex(({ uid }) => uid === HEADER);
        const column = columnOf(sheet, 'id');
        const binding = `${workbook}/${tab}`;
        return sheet.rows
          .slice(header + 1)
          .map((row): ReadRow => ({ binding, sheet, id: row.cells[column] ?? null, row }));
      });
    });
  }

  /** A ticket is not expected in a row: people were told that it is gone, or another row that has a text of it was taken for it. */
  #isElsewhere(number: string, binding: string, sheet: Sheet, row: SheetRow): boolean {
    const known = [...(this.#watched.store.root.bindings.get(binding)?.rows.values() ?? [])];
    const own = known.find((each) => each.number === number);
    if (own === undefined || own.state === 'hidden') return own !== undefined;
    const taken = sheet.rows[own.rowHint];
    const isTaken = own.state === 'live' || own.state === 'claim';
    return isTaken && taken !== undefined && taken.uid !== row.uid && this.#hasText(number, sheet, taken);
  }

  /** A telling text of the ticket stands in the row. */
  #hasText(number: string, sheet: Sheet, row: SheetRow): boolean {
    return TELLING.some(
      (key) => this.#texts.get(rawText(row.cells[columnOf(sheet, key)] ?? null))?.has(number) === true,
    );
  }

  #standing(sheet: Sheet): ReadonlySet<string> {
    const column = columnOf(sheet, 'id');
    return new Set(sheet.rows.map((row) => rawText(row.cells[column] ?? null)));
  }

  #checkApplied(entry: ChangeDraft, record: KeptRecord): void {
    const field = entry.field!;
    const key = `${record.id}|${field}|${entry.newValue}`;
    const times = (this.#applied.get(key) ?? 0) + 1;
    this.#applied.set(key, times);
    this.count('edit applied');
    const typings = this.#typingsOf(record.number, field, (typing) => typing.value === entry.newValue);
    if (times <= typings + (this.#answers.get(`${record.id}|${field}`) ?? 0) || this.#meant.has(field)) return;
    if (this.#adopts(record.number, field, entry.newValue, entry.source)) return;
    // Without a base an empty side is filled from the other (F).
    if (this.#rebased && entry.oldValue === null) return;
    const what = `${record.number}.${field} = ${entry.newValue === null ? '(empty)' : entry.newValue}`;
    if (typings > 0)
      this.fail('I2', `${what} was applied ${times} times in a person's name and typed ${typings} times`);
    else if (entry.newValue !== null && this.#typedAnywhere(field, entry.newValue)) {
      this.fail('I3', `${what} was applied, but typed in another ticket's row`);
    } else this.fail('I2', `${what} was applied in a person's name and never typed`);
  }

  #checkConflict(problem: Problem): void {
    const record = this.#record(problem.recordId);
    if (record === undefined || problem.field === null) return;
    const { typed, current, field } = problem;
    const isTyped = (text: string | null): boolean =>
      this.#typingsOf(
        record.number,
        field,
        (typing) => shownText(typing.raw) === text || shownMeaning(field, typing.value) === text,
      ) > 0;
    const isSet = (text: string | null): boolean => isTyped(text) || this.#wasValue(record.id, field, text);
    const rows = this.#rows('last').filter(({ binding }) => binding === problem.binding);
    const fits = (cell: CellValue): boolean => shownText(rawText(cell)) === typed;
    if (!isTyped(typed) && !this.#isNamed(record.number, rows)) this.#recognised(record.number, field, rows, fits);
    // Without a base nothing tells who changed what: both values are listed, whoever set them (F).
    if (!(this.#rebased || isTyped(typed) || isTyped(current)) || !isSet(typed) || !isSet(current)) {
      // No base was ever learnt of a column that was left out of the mapping: once it is mapped again, what a row of ours brought
      // into it by mistake looks typed, and is listed like anything found there (F).
      if (isSet(current) && this.#standsUnread(rows, record.number, field, fits)) {
        this.count('value put by mistake into a column left out');
        return;
      }
      const sides = `"${typed}" and "${current}"`;
      this.fail('I15', `conflict over ${record.number}.${field} between ${sides}: one of them was set by nobody`);
    }
  }

  /** In the row of this number stands, under this header, what an appended row brought there while the column was not mapped. */
  #standsUnread(rows: readonly ReadRow[], number: string, field: string, fits: (cell: CellValue) => boolean): boolean {
    return rows.some(({ binding, sheet, row }) =>
      sheet.columns.some((column, c) => {
        const cell = row.cells[c] ?? null;
        const isOurs = column.field === field && this.#unread.has(`${binding}|${column.uid}|${rawText(cell)}`);
        return isOurs && fits(cell) && row.cells.some((other) => other === number);
      }),
    );
  }

  #wasValue(recordId: RecordId, field: string, text: string | null): boolean {
    if (text === null || text === '') return true;
    const { store } = this.#watched;
    for (let i = 0; i < store.root.logLength; i++) {
      const entry = store.log[i]!;
      if (entry.recordId !== recordId) continue;
      const value = entry.field === null ? entry.newValues[field] : entry.field === field ? entry.newValue : undefined;
      if (value !== undefined && shown(field, value) === text) return true;
    }
    return false;
  }

  #accountTexts(problem: Problem): void {
    for (const text of [problem.typed, problem.current, ...Object.values(problem.params)]) {
      if (text !== null) this.#accounted.add(text);
    }
  }

  #record(id: RecordId | null): KeptRecord | undefined {
    return id === null ? undefined : this.#watched.store.root.tables.get(TABLE)?.get(id);
  }

  #checkPlain(values: readonly unknown[]): void {
    for (const value of values) {
      if (value !== null && typeof value === 'object' && (value as { kind?: unknown }).kind !== 'date') {
        this.fail('I12', `a push carries ${JSON.stringify(value)} instead of a plain value`);
      }
    }
  }

  #checkColumn(sheet: Sheet, column: number, binding: Binding, what: string): void {
    const field = sheet.columns[column]?.field ?? null;
    const known =
      field === 'id' ||
      (field === 'hint' && binding.hintColumn !== null) ||
      binding.columns.some((of) => of.field.key === field);
    if (!known) this.fail('I13', `${what} writes into column ${column}, which is not a column of ${binding.id}`);
  }

  #checkOverwrite(sheet: Sheet, tab: DeskTab, binding: Binding, row: number, column: number, value: CellValue): void {
    this.#checkTarget(sheet, tab, binding, row, column, value);
    const target = sheet.rows[row];
    const field = sheet.columns[column]?.field ?? null;
    if (target === undefined || field === null || field === 'id') return;
    const old = gridOf(tab.tab, sheet).rows[row]?.[column] ?? null;
    const flow = binding.columns.find((of) => of.field.key === field)?.flow;
    if (flow !== 'two_way' || rawText(old) === '' || rawText(old) === rawText(value)) return;
    this.#noteOverwritten(target, field, old, binding.id, address(row, column), false);
  }

  /** What a person typed is gone from its cell: it must be known elsewhere. */
  #noteOverwritten(
    row: SheetRow,
    field: string,
    old: CellValue,
    binding: string,
    place: string,
    mayReturn: boolean,
  ): void {
    const raw = rawText(old);
    if (!(this.#typings.get(`${row.uid}|${field}`) ?? []).some((typing) => typing.certain && typing.raw === raw))
      return;
    // A ticket's number is no text of a person's, wherever he copied it to.
    if ([...(this.#watched.store.root.tables.get(TABLE)?.values() ?? [])].some(({ number }) => number === raw)) return;
    const meant = meaning(field, old);
    const texts = [shownText(raw), ...(meant === undefined || meant === null ? [] : [String(meant)])];
    this.#overwritten.push({ texts, field, binding, place, row: row.uid, mayReturn });
  }

  #checkTarget(sheet: Sheet, tab: DeskTab, binding: Binding, row: number, column: number, value: CellValue): void {
    const place = `${binding.id}!${address(row, column)}`;
    this.#checkColumn(sheet, column, binding, place);
    const target = sheet.rows[row];
    if (target?.uid === HEADER) this.fail('I13', `${place} is a header`);
    const old = gridOf(tab.tab, sheet).rows[row]?.[column] ?? null;
    if (
      old !== null &&
      typeof old === 'object' &&
      (old.kind === 'formula' || old.kind === 'covered' || old.kind === 'error')
    ) {
      this.fail('I13', `${place} holds a ${old.kind} and is overwritten`);
    }
    const field = sheet.columns[column]?.field ?? null;
    if (target === undefined || field !== 'id' || value === null) return;
    this.#checkIdGiven(binding, sheet, target, rawText(value), place);
  }

  /** An ID given to a row that has nothing of the record is a wrong ticket waiting to happen. */
  #checkIdGiven(binding: Binding, sheet: Sheet, row: SheetRow, number: string, place: string): void {
    const known = this.#watched.store.root.bindings.get(binding.id)?.rows.values() ?? [];
    const isFirst = [...known].some((each) => each.number === number && each.state === 'claim');
    if (!isFirst) this.count('row recognised by its content');
    if (this.#isRelated(number, row.uid)) return;
    // One that a write put there by mistake, and another such has overwritten since (X2), is put back as it stood.
    const standing = rawText(row.cells[columnOf(sheet, 'id')] ?? null);
    if (standing !== number && [standing, number].every((each) => this.#astray.has(`${each}|${row.uid}`))) {
      this.count('number put by mistake over another such');
      return;
    }
    const texts = new Set(
      TELLING.map((key) => rawText(row.cells[columnOf(sheet, key)] ?? null)).filter((raw) => raw !== ''),
    );
    const { store } = this.#watched;
    for (let i = 0; i < store.root.logLength; i++) {
      const entry = store.log[i]!;
      const record = this.#record(entry.recordId);
      if (record?.number !== number) continue;
      const values = [entry.newValue, entry.oldValue, ...Object.values(entry.newValues)];
      if (values.some((value) => typeof value === 'string' && texts.has(value))) return;
    }
    this.fail('I3', `${place}: ${number} is written into a row that has nothing of it`);
  }

  /** W2: every cell written was announced in a committed batch. */
  #checkIntent(binding: Binding, sheet: Sheet, row: number, column: number, raw: string): void {
    if (sheet.columns[column]?.field === 'hint') return;
    const batches = this.#watched.store.root.bindings.get(binding.id)?.batches ?? new Map();
    for (const batch of batches.values()) {
      for (const intent of batch.intents) {
        if (intent.row === row && intent.column === column && intent.newRaw === raw) return;
      }
    }
    this.fail('I14', `${binding.id}!${address(row, column)} is written without a committed intent`);
  }

  /** The end: nobody acts any more, nothing fails, every runner is quiet. */
  finish(): void {
    this.readLog();
    this.#checkReplay();
    for (const { texts, field, binding, place, row, mayReturn } of this.#overwritten) {
      if (this.#givenUp.has(field) || texts.some((text) => this.#accounted.has(text))) continue;
      const isHeld = (this.#watched.store.root.bindings.get(binding)?.head.heldBy ?? null) !== null;
      if (mayReturn && (isHeld || texts.some((text) => this.#stands(field, text)))) continue;
      // Hit by mistake (X2), where there is nothing to put it back into: a person has since removed the row with all that stood
      // in it, or the column is not read any more: it was left out, doubled, renamed or deleted, which is told.
      const isRead =
        this.#watched.binding(binding).columns.some((column) => column.field.key === field) &&
        this.#watched.store.root.bindings.get(binding)?.head.columns[field]?.attached === true;
      if (mayReturn && (!isRead || !this.#standsRow(binding, row))) {
        this.count(isRead ? 'row hit by mistake was removed' : 'column hit by mistake is not read');
        continue;
      }
      this.fail(
        'I1',
        `"${texts[0]}" typed in ${binding}!${place} was overwritten and is neither in the log nor a problem`,
      );
    }
    const ending: Ending = {
      watched: this.#watched,
      toldOf: (key) => this.#toldOf.get(key)?.rows ?? [],
      count: (name) => this.count(name),
      fail: (id, message) => this.fail(id, message),
    };
    for (const tab of this.#watched.tabs) checkTabAtRest(ending, tab);
  }

  /** A row is still in its tab. */
  #standsRow(binding: string, uid: number): boolean {
    const tab = this.#watched.tabs.find(({ workbook, tab }) => `${workbook}/${tab}` === binding);
    const sheet = tab === undefined ? undefined : this.#watched.book(tab.workbook).tabs.get(tab.tab);
    return sheet?.rows.some((row) => row.uid === uid) === true;
  }

  /** A text that was overwritten stands in its column again. */
  #stands(field: string, text: string): boolean {
    return this.#watched.tabs.some(({ workbook, tab }) => {
      const sheet = this.#watched.book(workbook).tabs.get(tab);
      // A copy of its column is its column as well: until people say which one is meant, neither is read.
      const places = sheet?.columns.flatMap((column, c) => (column.field === field ? [c] : [])) ?? [];
      return sheet?.rows.some((row) => places.some((c) => shownText(rawText(row.cells[c] ?? null)) === text)) === true;
    });
  }

  #checkReplay(): void {
    for (const record of this.#watched.store.root.tables.get(TABLE)?.values() ?? []) {
      const values = this.#replayed.get(record.id) ?? {};
      for (const field of new Set([...Object.keys(values), ...Object.keys(record.values)])) {
        const [logged, kept] = [values[field] ?? null, record.values[field] ?? null];
        if (logged !== kept) this.fail('I14', `${record.number}.${field} is ${kept}; its log says ${logged}`);
      }
      if (this.#deleted.has(record.id) !== (record.deletedAt !== null))
        this.fail('I14', `${record.number}: the log disagrees over its deletion`);
    }
  }

  /** Which row a problem is about: the one that was read at its place when that was told. */
  #noteToldOf({ key, binding, row: place, field, state }: Problem): void {
    if (state === 'resolved') this.#toldOf.delete(key);
    if (state !== 'open' || place === null || field !== null || this.#toldOf.get(key)?.place === place) return;
    const tab = this.#watched.tabs.find((of) => `${of.workbook}/${of.tab}` === binding);
    const reads = tab === undefined ? [] : (this.#read.get(tab.workbook) ?? []);
    const rows = reads.flatMap((book) => {
      const sheet = book.tabs.get(tab!.tab);
      const row = sheet?.rows[place];
      return sheet === undefined || row === undefined ? [] : [{ sheet, row }];
    });
    this.#toldOf.set(key, { place, rows });
  }
}

function idUid(sheet: Sheet): number {
  return sheet.columns[columnOf(sheet, 'id')]?.uid ?? -1;
}

function isErased(sheet: Sheet, row: SheetRow): boolean {
  return isBlank(row.cells[columnOf(sheet, 'id')] ?? null);
}
