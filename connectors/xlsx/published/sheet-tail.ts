/**
 * What stands behind the rows of a published tab: merges, filter, colour rules, links and the drawing. Ours are known
 * by what was written last; a person's are left, and what a person took away stays away.
 */
import type { CellRange } from '../../../src/model/cell.ts';
import type { Area } from '../../../src/model/published-tab.ts';
import type { NameNow } from '../../../src/model/tab-names.ts';
import { formatRange, parseRange } from '../a1.ts';
import type { PartLinks } from '../part-links.ts';
import type { SheetPart } from '../sheet-splice.ts';
import type { PartEdit } from '../splice.ts';
import { XmlCursor } from '../xml.ts';
import type { RuleMemory, TabMemory } from './memory.ts';
import { type LaidTab, rangeOf } from './plan.ts';
import { drawingXml, linkXml, ruleType, ruleXml, sameLink } from './tail-xml.ts';

/** Children of a worksheet behind its rows, in the order they must have (ECMA-376 part 1, 18.3.1.99). */
const ORDER = (
  'sheetCalcPr sheetProtection protectedRanges scenarios autoFilter sortState dataConsolidate customSheetViews mergeCells ' +
  'phoneticPr conditionalFormatting dataValidations hyperlinks printOptions pageMargins pageSetup headerFooter rowBreaks ' +
  'colBreaks customProperties cellWatches ignoredErrors smartTags drawing legacyDrawing legacyDrawingHF drawingHF picture ' +
  'oleObjects controls webPublishItems tableParts extLst'
).split(' ');

interface Child {
  readonly name: string;
  readonly start: number;
  readonly tagEnd: number;
  /** Where its closing tag begins; `tagEnd` for an empty element. */
  readonly closing: number;
  readonly end: number;
}

export class SheetTail {
  private readonly sheet: SheetPart;
  private readonly edit: PartEdit;
  private readonly children: readonly Child[];
  private readonly endOfSheet: number;

  constructor(sheet: SheetPart, edit: PartEdit) {
    this.sheet = sheet;
    this.edit = edit;
    const cursor = new XmlCursor(sheet.bytes, sheet.rowsEnd);
    if (!sheet.dataEmpty) cursor.next();
    const children: Child[] = [];
    let end = sheet.bytes.length;
    while (cursor.next()) {
      if (cursor.closing) {
        end = cursor.tagStart;
        break;
      }
      const { name, tagStart: start, tagEnd, empty } = cursor;
      let closing = tagEnd;
      for (let depth = empty ? 0 : 1; depth > 0 && cursor.next(); ) {
        if (cursor.closing) depth--;
        else if (!cursor.empty) depth++;
        closing = cursor.tagStart;
      }
      children.push({ name, start, tagEnd, closing, end: cursor.tagEnd });
    }
    this.children = children;
    this.endOfSheet = end;
  }

  private child(name: string): Child | undefined {
    return this.children.find((one) => one.name === name);
  }

  /** Puts a new child where its kind belongs. Kinds must be put in their own order. */
  private put(name: string, xml: string): void {
    const place = ORDER.indexOf(name);
    const next = this.children.find((one) => ORDER.indexOf(one.name) > place);
    this.edit.insert(next?.start ?? this.endOfSheet, xml);
  }

  /** Elements of a name inside a child. */
  private items(parent: Child, name: string): { cursor: XmlCursor; start: number; end: number }[] {
    const found: { cursor: XmlCursor; start: number; end: number }[] = [];
    const cursor = new XmlCursor(this.sheet.bytes, parent.tagEnd, parent.closing);
    while (cursor.find(name)) {
      const tag = new XmlCursor(this.sheet.bytes, cursor.tagStart, cursor.tagEnd);
      tag.next();
      const start = cursor.tagStart;
      if (!cursor.empty) while (cursor.next() && !cursor.closes(name));
      found.push({ cursor: tag, start, end: cursor.tagEnd });
    }
    return found;
  }

  /** Takes items out of a list and adds others; a list that becomes empty goes. Returns whether anything changed. */
  private change(name: string, gone: ReadonlySet<number>, added: readonly string[], counted: boolean): boolean {
    const list = this.child(name);
    if (gone.size === 0 && added.length === 0) return false;
    const { prefix } = this.sheet;
    if (list === undefined || list.closing === list.tagEnd) {
      const count = counted ? ` count="${added.length}"` : '';
      const xml = `<${prefix}${name}${count}>${added.join('')}</${prefix}${name}>`;
      if (list === undefined) this.put(name, xml);
      else this.edit.replace(list.start, list.end, xml);
      return true;
    }
    const items = this.items(list, name === 'mergeCells' ? 'mergeCell' : 'hyperlink');
    const left = items.length - gone.size + added.length;
    if (left === 0) {
      this.edit.replace(list.start, list.end, '');
      return true;
    }
    for (const item of items) if (gone.has(item.start)) this.edit.replace(item.start, item.end, '');
    if (added.length > 0) this.edit.insert(list.closing, added.join(''));
    if (counted) this.edit.setAttribute(list.start, list.tagEnd, 'count', String(left));
    return true;
  }

  /** The filter follows its data; one that a person put elsewhere, or took away, is left as it is. */
  filter(before: TabMemory, laid: LaidTab): boolean {
    const now = laid.plan.filter ?? null;
    const found = this.child('autoFilter');
    if (found === undefined) {
      if (now === null || before.filter !== null) return false;
      this.put('autoFilter', `<${this.sheet.prefix}autoFilter ref="${formatRange(rangeOf(now))}"/>`);
      return true;
    }
    const cursor = new XmlCursor(this.sheet.bytes, found.start, found.tagEnd);
    cursor.next();
    const range = parseRange(cursor.attribute('ref') ?? '');
    const ours = before.filter ?? now;
    if (range === null || ours === null || !sameColumns(range, ours)) return false;
    if (now === null) this.edit.replace(found.start, found.end, '');
    else if (formatRange(range) === formatRange(rangeOf(now))) return false;
    else this.edit.setAttribute(found.start, found.tagEnd, 'ref', formatRange(rangeOf(now)));
    return true;
  }

  merges(before: TabMemory, laid: LaidTab): boolean {
    const { prefix } = this.sheet;
    const list = this.child('mergeCells');
    const items = list === undefined ? [] : this.items(list, 'mergeCell');
    const planned = new Set(laid.memory.merges);
    const known = new Set(before.merges);
    const refOf = (item: { cursor: XmlCursor }): string => item.cursor.attribute('ref') ?? '';
    const gone = items.filter((item) => known.has(refOf(item)) && !planned.has(refOf(item)));
    const standing = items.filter((item) => !gone.includes(item)).map((item) => parseRange(refOf(item)));
    const added = [...planned].filter((ref) => {
      const range = parseRange(ref);
      const free = standing.every(
        (one) =>
          one === null ||
          range === null ||
          one.bottom < range.top ||
          range.bottom < one.top ||
          one.right < range.left ||
          range.right < one.left,
      );
      return !known.has(ref) && free;
    });
    return this.change(
      'mergeCells',
      new Set(gone.map(({ start }) => start)),
      added.map((ref) => `<${prefix}mergeCell ref="${ref}"/>`),
      true,
    );
  }

  /** Colour rules: ours follow their data, new ones are added, those no longer planned go. */
  rules(before: TabMemory, laid: LaidTab): boolean {
    const lists = this.children.filter(({ name }) => name === 'conditionalFormatting');
    const found = lists.map((list) => {
      const tag = new XmlCursor(this.sheet.bytes, list.start, list.tagEnd);
      tag.next();
      return { list, sqref: tag.attribute('sqref') ?? '', items: this.items(list, 'cfRule') };
    });
    let priority = Math.max(
      0,
      ...found.flatMap(({ items }) => items.map(({ cursor }) => Number(cursor.attribute('priority') ?? 0))),
    );
    const taken = new Set<number>();
    const standing = (rule: RuleMemory) =>
      found.find(
        ({ list, sqref, items }) =>
          !taken.has(list.start) &&
          sameColumns(parseRange(sqref), rule.area) &&
          items.length === 1 &&
          items[0]?.cursor.attribute('type') === ruleType(rule.kind),
      );
    let changed = false;
    const added: string[] = [];
    for (const kind of ['colour-scale', 'data-bar'] as const) {
      const old = before.rules.filter((rule) => rule.kind === kind);
      const now = laid.plan.rules.filter((rule) => rule.kind === kind);
      for (let i = 0; i < Math.max(old.length, now.length); i++) {
        const [was, is] = [old[i], now[i]];
        const place = was === undefined ? undefined : standing(was);
        if (place !== undefined) taken.add(place.list.start);
        const isSame = was !== undefined && is !== undefined && was.colour === is.colour;
        if (isSame && place?.sqref === formatRange(rangeOf(is.area))) continue;
        if (was !== undefined && place === undefined) continue;
        changed = true;
        if (is === undefined && place !== undefined) this.edit.replace(place.list.start, place.list.end, '');
        else if (is !== undefined && place === undefined) added.push(ruleXml(is, ++priority, this.sheet.prefix));
        else if (is !== undefined && place !== undefined && was?.colour === is.colour) {
          const ref = formatRange(rangeOf(is.area));
          this.edit.setAttribute(place.list.start, place.list.tagEnd, 'sqref', ref);
          this.extension(place.sqref, ref);
        } else if (is !== undefined && place !== undefined) {
          const kept = Number(place.items[0]?.cursor.attribute('priority') ?? 1);
          this.edit.replace(place.list.start, place.list.end, ruleXml(is, kept, this.sheet.prefix));
        }
      }
    }
    if (added.length > 0) this.put('conditionalFormatting', added.join(''));
    return changed;
  }

  /** Apps that save a data bar keep its range a second time, in an extension. */
  private extension(was: string, now: string): void {
    const list = this.child('extLst');
    if (list === undefined) return;
    const cursor = new XmlCursor(this.sheet.bytes, list.tagEnd, list.closing);
    while (cursor.find('sqref')) {
      const from = cursor.tagEnd;
      if (cursor.text().trim() === was) this.edit.replace(from, cursor.tagStart, now);
    }
  }

  /** Links of our cells. `targets`: addresses by relationship id. Returns how many changed. */
  links(
    before: TabMemory,
    laid: LaidTab,
    now: NameNow,
    links: PartLinks,
    targets: ReadonlyMap<string, string>,
    relationships: string,
  ): number {
    const list = this.child('hyperlinks');
    const items = list === undefined ? [] : this.items(list, 'hyperlink');
    const gone = new Set<number>();
    const standing = new Set<string>();
    const old = new Set(before.links);
    for (const { cursor, start } of items) {
      const ref = cursor.attribute('ref') ?? '';
      const id = cursor.prefixedAttribute('id');
      const target = id === null ? '' : (targets.get(id) ?? '');
      const location = cursor.attribute('location');
      const leads = location === null ? target : `${target}#${location}`;
      const wanted = laid.links.get(ref);
      if (wanted !== undefined && !standing.has(ref) && sameLink(leads, wanted, now)) standing.add(ref);
      else if (wanted !== undefined || old.has(ref)) {
        gone.add(start);
        if (id !== null) links.remove(id);
      }
    }
    const added = [...laid.links].flatMap(([ref, link]) => {
      const xml = standing.has(ref) ? null : linkXml(ref, link, now, links, this.sheet.prefix, relationships);
      return xml === null ? [] : [xml];
    });
    this.change('hyperlinks', gone, added, false);
    return Math.max(gone.size, added.length);
  }

  /** Gives the sheet a drawing. */
  drawing(relationshipId: string, relationships: string): void {
    this.put('drawing', drawingXml(relationshipId, this.sheet.prefix, relationships));
  }
}

/** Rows that people put in or take out make a range of ours longer or shorter; it stays over its columns. */
function sameColumns(range: CellRange | null, area: Area): boolean {
  if (range === null || range.left !== area.column || range.right !== area.toColumn) return false;
  return range.top <= area.toRow && area.row <= range.bottom;
}
