/** The relationships of one part, to which others are added. A part that has none gets a new list. */
import { Buffer } from 'node:buffer';
import { PartEdit, prefixAt } from './splice.ts';
import { escapeXml, XmlCursor } from './xml.ts';

const NAMESPACE = 'http://schemas.openxmlformats.org/package/2006/relationships';

export class PartLinks {
  /** Name of the part that holds the list. */
  readonly name: string;
  private readonly source: string;
  private readonly edit: PartEdit | null;
  private readonly root: string;
  /** Each id, with the place of its relationship where it was there before. */
  private readonly ids = new Map<string, { readonly start: number; readonly end: number } | null>();
  private readonly added: string[] = [];

  /** `root`: what stands before the last word of a relationship type. `bytes` null: there is no list yet. */
  constructor(source: string, name: string, bytes: Uint8Array | null, root: string) {
    this.source = source;
    this.name = name;
    this.root = root;
    this.edit = bytes === null ? null : new PartEdit(bytes);
    const cursor = new XmlCursor(this.edit?.bytes ?? Buffer.alloc(0));
    while (cursor.find('Relationship')) {
      const { tagStart: start } = cursor;
      const id = cursor.attribute('Id') ?? '';
      if (!cursor.empty) while (cursor.next() && !cursor.closes('Relationship'));
      this.ids.set(id, { start, end: cursor.tagEnd });
    }
  }

  /** Adds a relationship to a part, or to an address outside; returns its id. `type`: last word of its type. */
  add(type: string, target: string, external = false): string {
    let id = this.ids.size + 1;
    while (this.ids.has(`rId${id}`)) id++;
    this.ids.set(`rId${id}`, null);
    const place = external ? target : relative(this.source, target);
    const mode = external ? ' TargetMode="External"' : '';
    this.added.push(`Id="rId${id}" Type="${this.root}${type}" Target="${escapeXml(place)}"${mode}`);
    return `rId${id}`;
  }

  /** Takes a relationship out that was there before. */
  remove(id: string): void {
    const place = this.ids.get(id) ?? null;
    if (place === null || this.edit === null) return;
    this.edit.replace(place.start, place.end, '');
    this.ids.set(id, null);
  }

  get changed(): boolean {
    return this.added.length > 0 || this.edit?.changed === true;
  }

  /** The list with all changes. Once, last. */
  apply(): Buffer {
    const list = (prefix: string): string => this.added.map((one) => `<${prefix}Relationship ${one}/>`).join('');
    const fresh = `<Relationships xmlns="${NAMESPACE}">${list('')}</Relationships>`;
    if (this.edit === null) return Buffer.from(`<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n${fresh}`);
    const cursor = new XmlCursor(this.edit.bytes);
    while (cursor.next()) {
      if (cursor.opens('Relationships') && cursor.empty) this.edit.replace(cursor.tagStart, cursor.tagEnd, fresh);
      else if (cursor.closes('Relationships')) {
        this.edit.insert(cursor.tagStart, list(prefixAt(this.edit.bytes, cursor.tagStart)));
      }
    }
    return this.edit.apply();
  }
}

/** The way from a part to another: `../charts/chart1.xml`. */
function relative(from: string, to: string): string {
  const folders = from.split('/').slice(0, -1);
  const target = to.split('/');
  let shared = 0;
  while (shared < folders.length && shared < target.length - 1 && folders[shared] === target[shared]) shared++;
  return [...folders.slice(shared).map(() => '..'), ...target.slice(shared)].join('/');
}
