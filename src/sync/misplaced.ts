/**
 * Pure: values of ours that stand where they were not meant for (W4). What is looked for are writes that do not show in
 * their own row; a cell that came to hold just such a value, and held something else before, is taken for it. In a
 * record's row the base learns it, so that the record's value is written over it like any other; in a row of nobody it
 * is taken out of what is read, and put right by a write of its own.
 */
import type { BaseCell, BindingRow, StrayRow, WriteIntent } from '../model/binding.ts';
import { rawText, shownText } from '../model/cell.ts';
import type { RecordId } from '../model/record.ts';
import { isAway, sharesText } from './likeness.ts';
import { Numbers } from './numbers.ts';
import { type DataRow, idKey } from './rows.ts';
import type { Doubted, SettleInput } from './settle-cells.ts';

/** A cell in which something of ours stands by mistake. */
export interface StrayCell {
  readonly row: DataRow;
  /** Null for the ID cell. */
  readonly field: string | null;
  readonly column: number;
  /** What stands there, and what stood there before. */
  readonly raw: string;
  readonly before: string;
  /** Nothing tells what stood there before: it is taken for empty. */
  readonly isGuess: boolean;
}

export interface MisplacedInput extends SettleInput {
  /** Column of each attached field in `DataRow.raws`. */
  readonly places: ReadonlyMap<string, number>;
  /** Writes that were not seen where they belong. */
  readonly missing: readonly WriteIntent[];
  /** Writes that were seen where they belong, but not at the place they were sent to. */
  readonly loose: ReadonlySet<WriteIntent>;
  /** Writes that were seen where they belong, and are not proven. */
  readonly home: readonly WriteIntent[];
}

interface Candidate {
  readonly intents: readonly WriteIntent[];
  readonly row: DataRow;
  readonly known: BindingRow | null;
  readonly field: string | null;
  readonly place: number;
  readonly raw: string;
  /** What stood there, where that is known. */
  readonly before: string;
  readonly isGuess: boolean;
}

/** So many cells must be the same before a row counts as one that was edited since. */
const telling = 2;
/** What a cell that differs and is not ours counts for, beside those that are. */
const edited = 100;
/** Raw text of a cell that a merge swallowed. */
const covered = '\u0001c';

export class Misplaced {
  readonly strays: StrayCell[] = [];
  readonly doubted: Doubted[] = [];
  /** Records in whose row another number of ours stands. */
  readonly displaced = new Set<RecordId>();
  readonly #input: MisplacedInput;
  readonly #numbers: Numbers;
  readonly #byRaw = new Map<string, WriteIntent[]>();
  readonly #abroad = new Set<WriteIntent>();
  readonly #absorbed = new Map<RecordId, BindingRow>();

  constructor(input: MisplacedInput) {
    this.#input = input;
    this.#numbers = new Numbers(input.rows, { rows: input.known });
    for (const intent of [...input.missing, ...input.loose]) {
      const same = this.#byRaw.get(intent.newRaw);
      if (same === undefined) this.#byRaw.set(intent.newRaw, [intent]);
      else same.push(intent);
    }
    if (this.#byRaw.size > 0) this.#sort([...this.#inRecords(), ...this.#inStrangers()]);
    for (const { recordId, field, row, newRaw } of input.home) {
      if (row < 0 || field === null) continue;
      const number = input.known.get(recordId)?.number;
      const paired = input.pairs.get(recordId);
      // The row was written with its number in it: one that has none may be another one, made like it; of several that have it, any.
      if (paired !== undefined && idKey(paired.id) === number && this.#numbers.times(number) === 1) continue;
      const place = input.places.get(field)!;
      const at = paired ?? input.rows.find(({ id, raws }) => idKey(id) === number && raws[place] === newRaw);
      if (at !== undefined) this.#tellOverwritten(at, field);
    }
  }

  /** Records whose base learnt something of ours. */
  absorbed(): ReadonlyMap<RecordId, BindingRow> {
    return this.#absorbed;
  }

  /** Something of this write stands in a row of nobody and is not put right yet. */
  isAbroad(intent: WriteIntent): boolean {
    return this.#abroad.has(intent);
  }

  /** Cells of records that came to hold a missing value. */
  *#inRecords(): Iterable<Candidate> {
    const { pairs, known, shape } = this.#input;
    for (const [recordId, row] of pairs) {
      const of = known.get(recordId);
      if (of === undefined) continue;
      // Its own number comes back as any number does; until then the one that stands there is watched.
      const ids = row.id === '' || idKey(row.id) === of.number ? [] : this.#fitting(row, idKey(row.id), null);
      for (const intent of ids) this.#abroad.add(intent);
      if (ids.length > 0) this.displaced.add(recordId);
      for (let place = 0; place < shape.columns.length; place += 1) {
        const field = shape.columns[place]!.column.field.key;
        const raw = row.raws[place]!;
        const base = of.cells[field];
        if (base === undefined || base.state === 'old' || base.raw === raw) continue;
        const intents = this.#fitting(row, raw, field);
        if (intents.length > 0) yield { intents, row, known: of, field, place, raw, before: base.raw, isGuess: false };
      }
    }
  }

  /** Cells of rows of nobody that hold a missing value and did not when the write was planned. */
  *#inStrangers(): Iterable<Candidate> {
    const { pairs, rows, shape } = this.#input;
    const paired = new Set(pairs.values());
    for (const row of rows) {
      const named = this.#numbers.namedBy(row);
      // Of copies of a row that was never seen before, nobody knows what stood there.
      const isNew = named === undefined || named.state === 'claim' || named.state === 'append';
      if (paired.has(row) || (isNew && this.#input.frozen.has(row))) continue;
      const before = this.#before(row);
      const isStray = (each: StrayRow): boolean =>
        this.#input.batches.some((batch) => batch.strays?.includes(each) === true);
      // What stood there when the batch was planned is nearer than what was known of a record before that.
      const latest = before.some(isStray) ? before.filter(isStray) : before;
      const id = agreed(before.map((each) => each.id));
      const fitting = row.id === '' || id === row.id ? [] : this.#fitting(row, idKey(row.id), null);
      const idIntents = fitting.filter(
        (intent) => !this.#isTwin(row, intent) && !before.some((each) => this.#isSentTo(each, intent)),
      );
      // A number is taken out again only where it is known what stood there: the row may be another record's.
      const isKnown = id !== null && before.every(isStray);
      const isNobodys = before.length === 0 && this.#isStrangers(row, idIntents);
      if (idIntents.length > 0 && (isKnown || isNobodys || row.raws.every((raw) => raw === ''))) {
        const candidate = { intents: idIntents, row, known: null, field: null, place: -1, raw: row.id };
        yield { ...candidate, before: id ?? '', isGuess: id === null };
      }
      for (let place = 0; place < shape.columns.length; place += 1) {
        const field = shape.columns[place]!.column.field.key;
        const raw = row.raws[place]!;
        const known = agreed(latest.map((each) => each.cells[field] ?? ''));
        // Of a copy nobody knows, likeliest what its record has there.
        const stood = known ?? named?.cells[field]?.raw ?? '';
        // An error or a formula comes back as the text it showed, and no nearer.
        if (raw === stood || raw === shownText(stood)) continue;
        const column = shape.columns[place]!.index;
        const intents = this.#fitting(row, raw, field).filter(
          // People empty cells too: only where we were to empty one it was us, or where one of ours is known to have landed
          // in a row that has moved since.
          (intent) =>
            raw !== '' ||
            (intent.column === column && (intent.row === row.row || (intent.reply !== undefined && known !== null))),
        );
        const isGuess = known === null;
        if (intents.length > 0) yield { intents, row, known: null, field, place, raw, before: stood, isGuess };
      }
    }
  }

  /**
   * The row was nobody's when a number came there. Every record has a row, and it is another one; the number stands where
   * its first write was sent to, and nobody ever saw it before: people cannot have put it there.
   */
  #isStrangers(row: DataRow, numbers: readonly WriteIntent[]): boolean {
    const { known, pairs, shape } = this.#input;
    if ([...known.values()].some((of) => !isAway(of) && !pairs.has(of.recordId))) return false;
    return numbers.some((intent) => {
      const of = known.get(intent.recordId);
      const isFirst = of?.state === 'claim' && intent.row === row.row && intent.column === shape.idColumn;
      return isFirst && !sharesText(row, of, shape);
    });
  }

  /**
   * Missing writes of a value. An emptied cell says nothing but in its own column, or in the one the write was sent to; once
   * columns were moved, nobody knows which that is.
   */
  #fitting(row: DataRow, raw: string, field: string | null): readonly WriteIntent[] {
    const same = (this.#byRaw.get(raw) ?? []).filter((intent) =>
      intent.row < 0 ? this.#isAppended(row, intent) : !this.#isCopy(row, field, intent),
    );
    if (raw !== '') return same;
    const column = this.#columnNow(field);
    return same.filter(
      (intent) => intent.field === field || intent.column === column || this.#columnNow(intent.field) !== intent.column,
    );
  }

  #columnNow(field: string | null): number | undefined {
    const { shape, places } = this.#input;
    return field === null ? shape.idColumn : shape.columns[places.get(field) ?? -1]?.index;
  }

  /** A row with the record's own number, where several have it: the value is at home there. */
  #isCopy(row: DataRow, field: string | null, intent: WriteIntent): boolean {
    const { known, pairs } = this.#input;
    if (field === null || intent.field !== field || pairs.has(intent.recordId)) return false;
    return row.id !== '' && idKey(row.id) === known.get(intent.recordId)?.number;
  }

  /** The number once stood in its row, or stands there now; another row with it and a text of the record was copied by people. */
  #isTwin(row: DataRow, { recordId }: WriteIntent): boolean {
    const { known, pairs, shape } = this.#input;
    const [of, own] = [known.get(recordId), pairs.get(recordId)];
    if (of === undefined) return false;
    const hasArrived = of.state === 'live' || of.state === 'frozen' || idKey(own?.id ?? '') === of.number;
    return hasArrived && sharesText(row, of, shape);
  }

  /** The very row the record's number was meant for, as it stood then. */
  #isSentTo(stray: StrayRow, { recordId, row }: WriteIntent): boolean {
    const of = this.#input.known.get(recordId);
    if (of === undefined || stray.row !== row) return false;
    return Object.entries(of.cells).every(([field, { raw }]) => (stray.cells[field] ?? '') === raw);
  }

  /** A row that was appended holds its number, under whatever header, or enough of the rest where it was put. */
  #isAppended(row: DataRow, { recordId }: WriteIntent): boolean {
    const number = this.#input.known.get(recordId)?.number;
    const cells = this.#input.grid.rows[row.row] ?? [];
    if (cells.some((cell) => cell === number)) return true;
    const sent = this.#input.missing.filter((intent) => intent.recordId === recordId && intent.row < 0);
    const stands = sent.filter(({ newRaw, column }) => newRaw !== '' && rawText(cells[column] ?? null) === newRaw);
    const weights = stands.map(({ field }) => this.#weightOf(field));
    return weights.length >= telling && Math.max(...weights) > 1;
  }

  /** More than 1 for free text, which is not the same by chance. */
  #weightOf(field: string | null): number {
    return this.#input.shape.columns.find(({ column }) => column.field.key === field)?.column.field.type.weight ?? 0;
  }

  /**
   * The row as it stood before, found by what is in it and is not ours. A row of nobody may have been edited since; the
   * row of a record that stands nowhere else, because people gave it another number, is known by its cells, and all the
   * rest of it must be ours. Several that are as like: one that stands nowhere any more; else nobody knows which it was.
   */
  #before(row: DataRow): readonly StrayRow[] {
    const { batches, known, pairs } = this.#input;
    const id = this.#fitting(row, idKey(row.id), null).length > 0 ? '' : row.id;
    // A record whose row had been given up when the batch was planned: had it stood somewhere, it would be among the rows of nobody.
    const lost = [...known.values()].filter((of) => of.state !== 'hidden' && !pairs.has(of.recordId));
    const records = lost.map((of): StrayRow => {
      const cells = Object.entries(of.cells).map(([field, { raw }]) => [field, raw] as const);
      return { row: of.rowHint, id, cells: Object.fromEntries(cells) };
    });
    let best: StrayRow[] = [];
    let least = Number.POSITIVE_INFINITY;
    const compare = (stray: StrayRow, otherwise: number): void => {
      const { distance, shared } = this.#distance(row, stray, otherwise);
      const enough = distance === 0 ? 0 : distance < otherwise ? 1 : telling;
      if (distance > least || distance === Number.POSITIVE_INFINITY || shared < enough) return;
      best = distance < least ? [stray] : [...best, stray];
      least = distance;
    };
    const strays = batches.flatMap((batch) => batch.strays ?? []);
    for (const stray of strays) compare(stray, edited);
    for (const stray of records) compare(stray, Number.POSITIVE_INFINITY);
    if (best.length === 0) return strays.filter((stray) => this.#hasGoneInto(row, stray));
    const gone = best.filter((stray) => records.includes(stray) || !this.#stands(stray));
    return gone.length === 0 ? best : gone;
  }

  /** Some row is just what stood there; it may have got a number since. */
  #stands(stray: StrayRow): boolean {
    return this.#input.rows.some((other) => {
      const then = stray.id === '' ? { ...stray, id: other.id } : stray;
      return this.#distance(other, then, edited).distance === 0;
    });
  }

  /** Nothing is left of what stood in a row: it may be any row of nobody that is gone and of which ours may stand there. */
  #hasGoneInto(row: DataRow, stray: StrayRow): boolean {
    return !this.#stands(stray) && this.#distance(row, stray, edited).distance < edited;
  }

  /** How far a row is from what stood somewhere before; `otherwise` counts for a cell that differs and is not ours. */
  #distance(row: DataRow, stray: StrayRow, otherwise: number): { readonly distance: number; readonly shared: number } {
    let distance = 0;
    let shared = 0;
    const judge = (raw: string, stood: string, field: string | null): void => {
      // What a merge covers is not seen.
      if (raw === covered || stood === covered) return;
      const isOurs = this.#fitting(row, raw, field).length > 0;
      if (raw !== stood) distance += isOurs ? 1 : otherwise;
      else if (raw !== '' && !isOurs) shared += 1;
    };
    if (stray.id !== row.id || row.id === '') judge(row.id, stray.id, null);
    this.#input.shape.columns.forEach(({ column }, place) => {
      judge(row.raws[place]!, stray.cells[column.field.key] ?? '', column.field.key);
    });
    return { distance, shared };
  }

  /** Where one value was found more often than it was lost, the place it was sent to counts first; else all are taken for ours. */
  #sort(found: readonly Candidate[]): void {
    const byRaw = new Map<string, Candidate[]>();
    for (const candidate of found) {
      const same = byRaw.get(candidate.raw);
      if (same === undefined) byRaw.set(candidate.raw, [candidate]);
      else same.push(candidate);
    }
    for (const [raw, candidates] of byRaw) {
      const intents = this.#byRaw.get(raw) ?? this.#byRaw.get(idKey(raw)) ?? [];
      const exact = candidates.filter(({ intents: fitting, row, place }) =>
        fitting.some((intent) => intent.row === row.row && intent.column === this.#columnOf(place)),
      );
      const ours = candidates.length > intents.length && exact.length > 0 ? exact : candidates;
      const isSure =
        ours.length <= intents.length &&
        this.#input.answersProve &&
        intents.every((intent) => intent.reply === 'answered' && !this.#input.loose.has(intent));
      for (const candidate of ours) this.#take(candidate, isSure);
    }
  }

  #columnOf(place: number): number {
    const { shape } = this.#input;
    return place < 0 ? shape.idColumn : shape.columns[place]!.index;
  }

  #take(candidate: Candidate, isSure: boolean): void {
    const { known, field, row, raw, place, before, isGuess, intents } = candidate;
    const column = this.#columnOf(place);
    const isLost = known === null ? before === '' && row.raws.some((other, at) => at !== place && other !== '') : false;
    const state = field === null ? undefined : known?.cells[field]?.state;
    // A number has one shape nobody types by chance.
    if (field !== null && (isLost || state === 'formula' || (!isSure && raw !== ''))) {
      const typed = state === 'formula' ? before : raw;
      this.doubted.push({ recordId: known?.recordId ?? null, field, row: row.row, column, raw: typed });
    }
    // Where nothing tells what stood there, what is gone from the column may have.
    if (isGuess && field !== null) this.#tellOverwritten(row, field);
    if (known === null || this.#isPersons(known, field!)) {
      for (const intent of intents) this.#abroad.add(intent);
      this.strays.push({ row, field, column, raw, before, isGuess });
      return;
    }
    const now = this.#absorbed.get(known.recordId) ?? known;
    const { state: _state, ...base } = now.cells[field!]!;
    const cell: BaseCell = { ...base, raw };
    this.#absorbed.set(known.recordId, { ...now, cells: { ...now.cells, [field!]: cell } });
  }

  /** What may have stood in a cell before ours is told. */
  #tellOverwritten({ row }: DataRow, field: string): void {
    const column = this.#columnOf(this.#input.places.get(field)!);
    for (const raw of this.#goneTexts(field)) {
      if (this.doubted.some((each) => each.row === row && each.field === field && each.raw === raw)) continue;
      this.doubted.push({ recordId: null, field, row, column, raw, isOverwritten: true });
    }
  }

  /** Texts of a column in rows of nobody that are gone, and that stand in it no more. */
  #goneTexts(field: string): readonly string[] {
    const { rows, places, batches } = this.#input;
    const place = places.get(field)!;
    const stands = (stray: StrayRow): boolean =>
      rows.some((row) => {
        const { distance, shared } = this.#distance(row, stray.id === '' ? { ...stray, id: row.id } : stray, edited);
        return distance === 0 || (distance < edited && shared > 0);
      });
    const strays = batches.flatMap((batch) => batch.strays ?? []);
    const texts = strays.filter((stray) => !stands(stray)).map(({ cells }) => cells[field] ?? '');
    return [...new Set(texts)].filter(
      (text) => text !== '' && text !== covered && !rows.some((row) => row.raws[place] === text),
    );
  }

  /** Text that is nowhere but in the sheet: it is put back as it was, not replaced by the record's value. */
  #isPersons(known: BindingRow, field: string): boolean {
    const flow = this.#input.shape.columns.find(({ column }) => column.field.key === field)?.column.flow;
    return flow === 'sheet_to_db' || known.cells[field]?.state === 'problem';
  }
}

/** What all say; null where nobody says anything, or not all the same. */
function agreed(texts: readonly string[]): string | null {
  return texts.length > 0 && texts.every((text) => text === texts[0]) ? texts[0]! : null;
}

export function sameContent(one: StrayRow, other: StrayRow): boolean {
  const fields = new Set([...Object.keys(one.cells), ...Object.keys(other.cells)]);
  return one.id === other.id && [...fields].every((field) => (one.cells[field] ?? '') === (other.cells[field] ?? ''));
}
