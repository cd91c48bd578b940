/**
 * Defined names of the workbook: read, set, and written back in one cut. A published tab is found by a hidden name that
 * points at it, because every app moves such names along when a tab is renamed or moved.
 */

import { quoteTab } from '../../../src/model/tab-names.ts';
import type { PartEdit } from '../splice.ts';
import { prefixAt } from '../splice.ts';
import { decodeText, escapeXml, XmlCursor } from '../xml.ts';
import { parseReference } from './references.ts';

interface Name {
  readonly start: number;
  readonly from: number;
  readonly to: number;
  readonly end: number;
  readonly text: string;
}

/** Longest name of a tab, in UTF-16 units. */
const MAX_NAME = 31;

const KEY_PREFIX = '_rowkeeper_tab_';

/** The hidden name of a tab; characters a name cannot have are written by their number. */
export function nameOfTab(key: string): string {
  return KEY_PREFIX + key.replace(/[^A-Za-z0-9_]/gu, (char) => `.${char.codePointAt(0)?.toString(16)}.`);
}

export class DefinedNames {
  private readonly edit: PartEdit;
  private readonly names = new Map<string, Name>();
  private readonly texts = new Map<string, string>();
  private readonly added: { readonly key: string; readonly attributes: string }[] = [];
  private closing = -1;
  private empty: { start: number; end: number } | null = null;
  private insertAt = -1;
  private prefix = '';

  constructor(workbook: PartEdit) {
    this.edit = workbook;
    const { bytes } = workbook;
    const cursor = new XmlCursor(bytes);
    cursor.next();
    this.prefix = prefixAt(bytes, cursor.tagStart);
    while (cursor.next()) {
      const ends = cursor.closing || cursor.empty;
      // Elements that stand before the names (ECMA-376 part 1, 18.2.27).
      if (ends && ['sheets', 'functionGroups', 'externalReferences'].includes(cursor.name))
        this.insertAt = cursor.tagEnd;
      if (cursor.closes('definedNames')) this.closing = cursor.tagStart;
      else if (cursor.opens('definedNames') && cursor.empty) {
        this.empty = { start: cursor.tagStart, end: cursor.tagEnd };
      } else if (cursor.opens('definedName') && !cursor.empty) {
        const key = keyOf(cursor.attribute('name') ?? '', cursor.attribute('localSheetId'));
        const { tagStart: start, tagEnd: from } = cursor;
        while (cursor.next() && !cursor.closes('definedName'));
        const text = decodeText(bytes, from, cursor.tagStart);
        this.names.set(key, { start, from, to: cursor.tagStart, end: cursor.tagEnd, text });
      }
    }
  }

  /** What a name stands for; null when there is no such name. `position` for a name of one sheet. */
  text(name: string, position: number | null = null): string | null {
    const key = keyOf(name, position === null ? null : String(position));
    return this.texts.get(key) ?? this.names.get(key)?.text ?? null;
  }

  /** The tab the hidden name of a key points at; null when it points nowhere, undefined when there is no such name. */
  tabOf(key: string): string | null | undefined {
    const text = this.text(nameOfTab(key));
    if (text === null) return undefined;
    return parseReference(text.replace(/#REF!$/, '$A$1'))?.tab ?? null;
  }

  /** Sets a hidden name. */
  set(name: string, text: string, position: number | null = null): void {
    const key = keyOf(name, position === null ? null : String(position));
    const known = this.names.get(key);
    if (this.text(name, position) === text) return;
    this.texts.set(key, text);
    if (known !== undefined) return;
    const local = position === null ? '' : ` localSheetId="${position}"`;
    this.added.push({ key, attributes: `name="${escapeXml(name)}"${local} hidden="1"` });
  }

  /** Takes a name out that was there before. */
  remove(name: string): void {
    const key = keyOf(name, null);
    const known = this.names.get(key);
    if (known === undefined) return;
    this.names.delete(key);
    this.edit.replace(known.start, known.end, '');
  }

  /** Points the name of a key at a whole tab: rows put in or taken out do not lead it astray. */
  point(key: string, tab: string): void {
    this.set(nameOfTab(key), `${quoteTab(tab)}!$1:$1048576`);
  }

  /** Makes the cuts. Once, last. */
  finish(): void {
    for (const [key, text] of this.texts) {
      const known = this.names.get(key);
      if (known !== undefined) this.edit.replace(known.from, known.to, escapeXml(text));
    }
    if (this.added.length === 0) return;
    const tag = `${this.prefix}definedName`;
    const xml = this.added
      .map(({ key, attributes }) => `<${tag} ${attributes}>${escapeXml(this.texts.get(key) ?? '')}</${tag}>`)
      .join('');
    const list = `<${this.prefix}definedNames>${xml}</${this.prefix}definedNames>`;
    if (this.closing >= 0) this.edit.insert(this.closing, xml);
    else if (this.empty !== null) this.edit.replace(this.empty.start, this.empty.end, list);
    else this.edit.insert(this.insertAt, list);
  }
}

function keyOf(name: string, local: string | null): string {
  return `${local ?? ''}:${name.toLowerCase()}`;
}

/** A name a tab may have: what apps do not allow is left out, and one that is taken gets a number. */
export function freeName(wanted: string, taken: ReadonlySet<string>): string {
  const allowed = wanted
    .replace(/[\0-\x1f\ufffe\uffff]|\p{Cs}/gu, '')
    .replace(/[:\\/?*[\]]/g, '_')
    .trim()
    .replace(/^'+|'+$/g, '');
  const plain = allowed === '' || allowed.toLowerCase() === 'history' ? `${allowed}_` : allowed;
  for (let n = 1; ; n++) {
    const ending = n === 1 ? '' : ` (${n})`;
    const name = `${shortened(plain, MAX_NAME - ending.length)}${ending}`;
    if (!taken.has(name.toLowerCase())) return name;
  }
}

/** At most so many UTF-16 units, without half a character or a quote at the end. */
function shortened(name: string, units: number): string {
  let text = '';
  for (const char of name) {
    if (text.length + char.length > units) break;
    text += char;
  }
  return text.replace(/'+$/, '');
}
