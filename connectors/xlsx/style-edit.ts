/**
 * New cell formats for cells whose value needs one: a date in a cell that shows no date, text that must stay text.
 * A format is never changed, because other cells use it; a clone with the one difference is appended, once.
 */
import { Buffer } from 'node:buffer';
import { type DateKind, dateKindOfCode } from '../../src/model/date-format.ts';
import { PartEdit, prefixAt } from './splice.ts';
import { StyleLists } from './style-lists.ts';
import { dateKindOfBuiltIn } from './styles.ts';
import { escapeXml, XmlCursor } from './xml.ts';

/** What a value asks of its cell's format; what is not named stays. */
export interface StyleWish {
  readonly shows?: 'day' | 'time' | 'number';
  readonly quotePrefix?: boolean;
}

/** Codes that have a number in every workbook, whatever its language. */
const builtInCodes: ReadonlyMap<string, number> = new Map([
  ['General', 0],
  ['0', 1],
  ['0.00', 2],
  ['#,##0', 3],
  ['#,##0.00', 4],
  ['0%', 9],
  ['0.00%', 10],
  ['@', 49],
]);

const CODES = { day: 'yyyy\\-mm\\-dd', time: 'yyyy\\-mm\\-dd\\ hh:mm' } as const;
/** Ids below are built in or reserved. */
const FIRST_CUSTOM_ID = 164;

/** A workbook without a styles part gets the least that is valid. */
const LEAST =
  '<fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>' +
  '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>' +
  '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>' +
  '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>' +
  '<cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs>';

/** A styles part for a workbook that has none; `namespace` is the main one of the workbook. */
export function leastStyles(namespace: string): Buffer {
  return Buffer.from(
    `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<styleSheet xmlns="${namespace}">${LEAST}</styleSheet>`,
  );
}

/** A whole look, as the elements of the styles part write its pieces (without a prefix on their names). */
export interface StyleParts {
  /** What differs from the workbook's own font; its face stays. */
  readonly font: {
    readonly size?: number;
    readonly bold?: boolean;
    readonly italic?: boolean;
    readonly colour: string;
  };
  /** `RRGGBB`, or null for no fill. */
  readonly fill: string | null;
  /** A line below the cell, `RRGGBB`. */
  readonly line: string | null;
  readonly format: string;
  /** Attributes of `alignment`. */
  readonly alignment: string;
}

interface CellFormat {
  readonly xml: string;
  readonly kind: DateKind;
  readonly quotePrefix: boolean;
}

export class StyleEdit {
  private readonly edit: PartEdit;
  private readonly prefix: string;
  private readonly formats: CellFormat[] = [];
  private readonly indexes = new Map<string, number>();
  private readonly codes = new Map<number, string>();
  /** Formats found in the part; those behind them are new. */
  private readonly found: number;
  private readonly newCodes: number[] = [];
  private formatsTag: { start: number; tagEnd: number; closing: number } | null = null;
  private codesTag: { start: number; tagEnd: number; closing: number } | null = null;
  private readonly rootTagEnd: number;
  private readonly lists: StyleLists;

  /** A part without `cellXfs` keeps its look: every wish is answered with the style itself. */
  constructor(bytes: Uint8Array) {
    this.edit = new PartEdit(bytes);
    const cursor = new XmlCursor(this.edit.bytes);
    cursor.next();
    this.rootTagEnd = cursor.tagEnd;
    this.prefix = prefixAt(this.edit.bytes, cursor.tagStart);
    let within = '';
    while (cursor.next()) {
      if (cursor.opens('dxfs') || cursor.opens('cellStyleXfs')) within = cursor.empty ? '' : 'other';
      else if (cursor.closes('dxfs') || cursor.closes('cellStyleXfs')) within = '';
      else if (cursor.opens('numFmts') || cursor.opens('cellXfs')) {
        const tag = { start: cursor.tagStart, tagEnd: cursor.tagEnd, closing: -1 };
        within = cursor.empty ? '' : cursor.name;
        if (cursor.opens('numFmts')) this.codesTag = tag;
        else this.formatsTag = tag;
      } else if (cursor.closes('numFmts') || cursor.closes('cellXfs')) {
        const tag = cursor.closes('numFmts') ? this.codesTag : this.formatsTag;
        if (tag !== null) tag.closing = cursor.tagStart;
        within = '';
      } else if (within === 'numFmts' && cursor.opens('numFmt')) {
        this.codes.set(Number(cursor.attribute('numFmtId')), cursor.attribute('formatCode') ?? '');
      } else if (within === 'cellXfs' && cursor.opens('xf')) this.takeFormat(cursor);
    }
    this.found = this.formats.length;
    this.lists = new StyleLists(this.edit, this.prefix);
  }

  private takeFormat(cursor: XmlCursor): void {
    const from = cursor.tagStart;
    const id = Number(cursor.attribute('numFmtId') ?? 0);
    const quotePrefix = cursor.flag('quotePrefix');
    if (!cursor.empty) while (cursor.next() && !cursor.closes('xf'));
    this.keep({ xml: this.edit.bytes.toString('utf8', from, cursor.tagEnd), kind: this.kindOf(id), quotePrefix });
  }

  private keep(format: CellFormat): number {
    const index = this.formats.length;
    this.formats.push(format);
    if (!this.indexes.has(format.xml)) this.indexes.set(format.xml, index);
    return index;
  }

  private kindOf(id: number): DateKind {
    const code = this.codes.get(id);
    return code === undefined ? dateKindOfBuiltIn(id) : dateKindOfCode(code);
  }

  /** What a style shows a number as. */
  dateKind(style: number): DateKind {
    return this.formats[style]?.kind ?? 'none';
  }

  hasQuotePrefix(style: number): boolean {
    return this.formats[style]?.quotePrefix ?? false;
  }

  get changed(): boolean {
    return this.formats.length > this.found;
  }

  /** The style that differs from `style` in the wish alone: itself, one that is there already, or a new one. */
  derive(style: number, wish: StyleWish): number {
    const base = this.formats[style] ?? this.formats[0];
    if (base === undefined || this.formatsTag === null || this.formatsTag.closing < 0) return style;
    const xf = Buffer.from(base.xml);
    const tagEnd = base.xml.startsWith('<') ? Buffer.byteLength(base.xml.slice(0, base.xml.indexOf('>') + 1)) : 0;
    const edit = new PartEdit(xf);
    let { kind, quotePrefix } = base;
    if (wish.quotePrefix !== undefined && wish.quotePrefix !== quotePrefix) {
      quotePrefix = wish.quotePrefix;
      edit.setAttribute(0, tagEnd, 'quotePrefix', quotePrefix ? '1' : null);
    }
    if (wish.shows !== undefined) {
      const id = wish.shows === 'number' ? 0 : this.codeId(CODES[wish.shows]);
      kind = wish.shows === 'number' ? 'none' : wish.shows;
      edit.setAttribute(0, tagEnd, 'numFmtId', String(id));
      edit.setAttribute(0, tagEnd, 'applyNumberFormat', '1');
    }
    const xml = edit.apply().toString('utf8');
    return this.indexes.get(xml) ?? this.keep({ xml, kind, quotePrefix });
  }

  /** The style of a whole look: one that is there already, or a new one. 0 in a part that has no place for it. */
  styleOf({ font, fill, line, format, alignment }: StyleParts): number {
    if (this.formatsTag === null || this.formatsTag.closing < 0) return 0;
    const { prefix, lists } = this;
    const number = builtInCodes.get(format) ?? this.codeId(format);
    const ids = [number, lists.font(font), lists.fill(fill), lists.line(line)];
    const [numFmtId, fontId, fillId, borderId] = ids;
    const xml =
      `<${prefix}xf numFmtId="${numFmtId}" fontId="${fontId}" fillId="${fillId}" borderId="${borderId}" xfId="0"` +
      ' applyNumberFormat="1" applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1">' +
      `<${prefix}alignment ${alignment}/></${prefix}xf>`;
    return this.indexes.get(xml) ?? this.keep({ xml, kind: this.kindOf(number), quotePrefix: false });
  }

  /** Id of a format code, given one when the workbook does not have it. */
  private codeId(code: string): number {
    let last = FIRST_CUSTOM_ID - 1;
    for (const [id, known] of this.codes) {
      if (known.replaceAll('\\', '') === code.replaceAll('\\', '')) return id;
      last = Math.max(last, id);
    }
    this.codes.set(last + 1, code);
    this.newCodes.push(last + 1);
    return last + 1;
  }

  /** The part with the new formats at the ends of their lists. */
  apply(): Buffer {
    const { edit, prefix, formatsTag, codesTag } = this;
    if (formatsTag === null || !this.changed) return edit.bytes;
    this.lists.finish();
    edit.setAttribute(formatsTag.start, formatsTag.tagEnd, 'count', String(this.formats.length));
    edit.insert(
      formatsTag.closing,
      this.formats
        .slice(this.found)
        .map((format) => format.xml)
        .join(''),
    );
    if (this.newCodes.length > 0) {
      const xml = this.newCodes
        .map((id) => `<${prefix}numFmt numFmtId="${id}" formatCode="${escapeXml(this.codes.get(id) ?? '')}"/>`)
        .join('');
      if (codesTag !== null && codesTag.closing >= 0) {
        edit.setAttribute(codesTag.start, codesTag.tagEnd, 'count', String(this.codes.size));
        edit.insert(codesTag.closing, xml);
      } else {
        const list = `<${prefix}numFmts count="${this.newCodes.length}">${xml}</${prefix}numFmts>`;
        // An empty list is replaced: the first thing in the part, and there is only one.
        if (codesTag === null) edit.insert(this.rootTagEnd, list);
        else edit.replace(codesTag.start, codesTag.tagEnd, list);
      }
    }
    return edit.apply();
  }
}
