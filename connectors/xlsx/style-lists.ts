/**
 * Fonts, fills and borders of a styles part: new ones are appended to their lists, once each. None is ever changed,
 * because other cells use it.
 */
import { Buffer } from 'node:buffer';
import type { PartEdit } from './splice.ts';
import { XmlCursor } from './xml.ts';

interface List {
  readonly name: 'fonts' | 'fills' | 'borders';
  readonly start: number;
  readonly tagEnd: number;
  readonly closing: number;
  readonly items: string[];
  readonly found: number;
}

export class StyleLists {
  private readonly edit: PartEdit;
  private readonly prefix: string;
  private readonly lists = new Map<string, List>();

  /** `prefix`: of the part's elements, colon included. */
  constructor(edit: PartEdit, prefix: string) {
    this.edit = edit;
    this.prefix = prefix;
    const cursor = new XmlCursor(edit.bytes);
    while (cursor.next()) {
      const name = cursor.name;
      if (cursor.opens('dxfs')) {
        // Differential formats hold fonts and fills of their own.
        if (!cursor.empty) while (cursor.next() && !cursor.closes('dxfs'));
      } else if (!cursor.closing && !cursor.empty && (name === 'fonts' || name === 'fills' || name === 'borders')) {
        this.lists.set(name, this.read(cursor, name));
      }
    }
  }

  private read(cursor: XmlCursor, name: List['name']): List {
    const { tagStart: start, tagEnd } = cursor;
    const items: string[] = [];
    let depth = 0;
    let from = 0;
    while (cursor.next()) {
      if (depth === 0 && cursor.closing) break;
      if (depth === 0) from = cursor.tagStart;
      if (cursor.closing) depth--;
      else if (!cursor.empty) depth++;
      if (depth === 0) items.push(this.edit.bytes.toString('utf8', from, cursor.tagEnd));
    }
    return { name, start, tagEnd, closing: cursor.tagStart, items, found: items.length };
  }

  private place(name: List['name'], xml: string): number {
    const list = this.lists.get(name);
    if (list === undefined) return 0;
    const known = list.items.indexOf(xml);
    return known >= 0 ? known : list.items.push(xml) - 1;
  }

  /** The workbook's own font with another size, weight or colour. */
  font(wish: { size?: number; bold?: boolean; italic?: boolean; colour: string }): number {
    const base = this.lists.get('fonts')?.items[0] ?? '';
    const p = this.prefix;
    const cursor = new XmlCursor(Buffer.from(base));
    const kept: string[] = [];
    let size = '';
    while (cursor.next()) {
      if (!cursor.empty) continue;
      const tag = cursor.bytes.toString('utf8', cursor.tagStart, cursor.tagEnd);
      if (cursor.opens('sz')) size = tag;
      else if (['name', 'rFont', 'family', 'charset', 'scheme'].includes(cursor.name)) kept.push(tag);
    }
    const marks = `${wish.bold === true ? `<${p}b/>` : ''}${wish.italic === true ? `<${p}i/>` : ''}`;
    const sized = wish.size === undefined ? size : `<${p}sz val="${wish.size}"/>`;
    return this.place(
      'fonts',
      `<${p}font>${marks}${sized}<${p}color rgb="FF${wish.colour}"/>${kept.join('')}</${p}font>`,
    );
  }

  /** One colour, or no fill. */
  fill(colour: string | null): number {
    if (colour === null) return 0;
    const p = this.prefix;
    const colours = `<${p}fgColor rgb="FF${colour}"/><${p}bgColor indexed="64"/>`;
    return this.place(
      'fills',
      `<${p}fill><${p}patternFill patternType="solid">${colours}</${p}patternFill></${p}fill>`,
    );
  }

  /** A thin line below, or no border. */
  line(colour: string | null): number {
    if (colour === null) return 0;
    const p = this.prefix;
    const bottom = `<${p}bottom style="thin"><${p}color rgb="FF${colour}"/></${p}bottom>`;
    return this.place('borders', `<${p}border><${p}left/><${p}right/><${p}top/>${bottom}<${p}diagonal/></${p}border>`);
  }

  /** Makes the cuts. Once, last. */
  finish(): void {
    for (const { start, tagEnd, closing, items, found } of this.lists.values()) {
      if (items.length === found) continue;
      this.edit.setAttribute(start, tagEnd, 'count', String(items.length));
      this.edit.insert(closing, items.slice(found).join(''));
    }
  }
}
