/**
 * Changes to a package as a whole: parts replaced, added with their content type and relationship, removed with both,
 * and the workbook part that lists them.
 */
import { Buffer } from 'node:buffer';
import type { XlsxPackage } from './package.ts';
import { PartLinks } from './part-links.ts';
import { refuse } from './refusal.ts';
import { attributeSpans, PartEdit, prefixAt } from './splice.ts';
import { escapeXml, XmlCursor } from './xml.ts';
import type { Pieces } from './zip.ts';

const CONTENT_TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml.';
const TRANSITIONAL = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const STRICT = 'http://purl.oclc.org/ooxml/spreadsheetml/main';

/** A new part of the workbook. */
export interface NewPart {
  /** Name below the workbook's folder, for example `worksheets/sheet{n}.xml`; `{n}` becomes the first free number. */
  readonly name: string;
  /** Last word of the content type, and of the relationship type. */
  readonly type: 'worksheet' | 'styles';
  readonly content: Uint8Array;
}

export class PackageEdit {
  readonly pkg: XlsxPackage;
  readonly workbook: PartEdit;
  private readonly parts = new Map<string, Pieces | null>();
  private readonly types: PartEdit;
  private readonly typesPart: string;
  private readonly links: PartEdit;
  private readonly linksPart: string;
  private readonly linkIds = new Set<string>();
  private readonly partLinks = new Map<string, PartLinks>();
  private listed = 0;

  private constructor(
    pkg: XlsxPackage,
    workbook: Uint8Array,
    types: Uint8Array,
    links: Uint8Array,
    names: [string, string],
  ) {
    this.pkg = pkg;
    this.workbook = new PartEdit(workbook);
    this.types = new PartEdit(types);
    this.links = new PartEdit(links);
    [this.typesPart, this.linksPart] = names;
    const cursor = new XmlCursor(this.links.bytes);
    while (cursor.find('Relationship')) this.linkIds.add(cursor.attribute('Id') ?? '');
  }

  /** Reads the parts that list others. */
  static async open(pkg: XlsxPackage): Promise<PackageEdit> {
    const typesPart =
      pkg.partNames.find((name) => name.toLowerCase() === '[content_types].xml') ?? '[Content_Types].xml';
    const linksPart = relationshipsOf(pkg.workbookPart);
    const [workbook, types, links] = await Promise.all(
      [pkg.workbookPart, typesPart, linksPart].map((part) => pkg.inflate(part)),
    );
    return new PackageEdit(pkg, workbook as Uint8Array, types as Uint8Array, links as Uint8Array, [
      typesPart,
      linksPart,
    ]);
  }

  /** Main namespace of the workbook. */
  get namespace(): string {
    const cursor = new XmlCursor(this.workbook.bytes);
    cursor.next();
    const root = this.workbook.bytes.toString('utf8', cursor.tagStart, cursor.tagEnd);
    return root.includes(STRICT) ? STRICT : TRANSITIONAL;
  }

  set(part: string, content: Pieces): void {
    this.parts.set(part, content);
  }

  /** Adds a part of the workbook and returns the id of the relationship that leads to it. */
  add({ name, type, content }: NewPart): string {
    return this.linkWorkbook(type, this.addPart(name, `${CONTENT_TYPE}${type}+xml`, content));
  }

  /** Leads from the workbook to a part below its folder; returns the relationship's id. */
  linkWorkbook(type: NewPart['type'], part: string): string {
    const target = part.slice(this.folder.length);
    let id = 1;
    while (this.linkIds.has(`rId${id}`)) id++;
    this.linkIds.add(`rId${id}`);
    const link = `Id="rId${id}" Type="${this.linkRoot()}${type}" Target="${escapeXml(target)}"`;
    append(this.links, 'Relationships', (prefix) => `<${prefix}Relationship ${link}/>`);
    return `rId${id}`;
  }

  /** Folder of the workbook part, its slash included; empty at the root. */
  private get folder(): string {
    return this.pkg.workbookPart.slice(0, this.pkg.workbookPart.lastIndexOf('/') + 1);
  }

  /** Adds a part below the workbook's folder that nothing leads to yet; returns its name. `{n}` becomes the first free number. */
  addPart(name: string, contentType: string, content: Pieces): string {
    let number = 1;
    const named = (): string => this.folder + name.replace('{n}', String(number));
    const isTaken = (): boolean => {
      const key = named().toLowerCase();
      return this.pkg.has(named()) || [...this.parts.keys()].some((part) => part.toLowerCase() === key);
    };
    while (isTaken()) number++;
    this.parts.set(named(), content);
    const override = `PartName="/${named()}" ContentType="${contentType}"`;
    append(this.types, 'Types', (prefix) => `<${prefix}Override ${override}/>`);
    return named();
  }

  /** Takes out a part with its content type and its own relationships. What leads to it is the caller's to cut. */
  removePart(part: string): void {
    this.parts.set(part, null);
    const links = relationshipsOf(part);
    if (this.pkg.has(links)) this.parts.set(links, null);
    const named = `/${part}`.toLowerCase();
    cutTags(this.types, 'Override', (cursor) => cursor.attribute('PartName')?.toLowerCase() === named);
  }

  /** The relationships of a part that is there or was added, to be changed. Not those of the workbook itself. */
  async linksOf(part: string): Promise<PartLinks> {
    const known = this.partLinks.get(part);
    if (known !== undefined) return known;
    const name = relationshipsOf(part);
    const found = this.pkg.partNames.find((one) => one.toLowerCase() === name.toLowerCase());
    const bytes = found === undefined ? null : await this.pkg.inflate(found);
    const links = this.partLinks.get(part) ?? new PartLinks(part, found ?? name, bytes, this.linkRoot());
    this.partLinks.set(part, links);
    return links;
  }

  /** Strict files name relationship types differently: what the workbook's own sheets use is used again. */
  private linkRoot(): string {
    const cursor = new XmlCursor(this.links.bytes);
    while (cursor.find('Relationship')) {
      const type = cursor.attribute('Type') ?? '';
      if (type.endsWith('/worksheet')) return type.slice(0, -'worksheet'.length);
    }
    return 'http://schemas.openxmlformats.org/officeDocument/2006/relationships/';
  }

  /** Takes out the workbook's part of a relationship type, with what names it. Does nothing when there is none. */
  async remove(type: string): Promise<void> {
    const links = await this.pkg.relationships(this.pkg.workbookPart);
    const link = links.find((one) => one.type === type && !one.external);
    if (link === undefined) return;
    if (this.pkg.has(link.target)) this.parts.set(link.target, null);
    cutTags(this.links, 'Relationship', (cursor) => cursor.attribute('Id') === link.id);
    const named = `/${link.target}`.toLowerCase();
    cutTags(this.types, 'Override', (cursor) => cursor.attribute('PartName')?.toLowerCase() === named);
  }

  /** Sheets of every kind, new ones included. */
  get sheetCount(): number {
    return this.sheetIds().length + this.listed;
  }

  /** Place of a sheet in the workbook's list, chart sheets counted: what `localSheetId` means. -1 when it is not listed. */
  positionOf(relationshipId: string): number {
    return this.sheetIds().indexOf(relationshipId);
  }

  private sheetIds(): string[] {
    const cursor = new XmlCursor(this.workbook.bytes);
    const ids: string[] = [];
    while (cursor.next() && !cursor.closes('sheets')) {
      if (cursor.opens('sheet')) ids.push(cursor.prefixedAttribute('id') ?? '');
    }
    return ids;
  }

  /** Lists a sheet behind the others. It is a clone of an entry that is there, so that its namespaces fit. */
  listSheet(name: string, relationshipId: string, state: string): void {
    const { bytes } = this.workbook;
    const cursor = new XmlCursor(bytes);
    let highest = 0;
    let last: { start: number; tagEnd: number; end: number; empty: boolean } | null = null;
    while (cursor.next() && !cursor.closes('sheets')) {
      if (!cursor.opens('sheet')) continue;
      highest = Math.max(highest, Number(cursor.attribute('sheetId') ?? 0));
      const { tagStart: start, tagEnd, empty } = cursor;
      if (!empty) while (cursor.next() && !cursor.closes('sheet'));
      last = { start, tagEnd, end: cursor.tagEnd, empty };
    }
    if (last === null) throw refuse('damaged', this.pkg.workbookPart);
    const kept = attributeSpans(bytes, last.start, last.tagEnd)
      .filter((span) => span.name.startsWith('xmlns:'))
      .map((span) => bytes.toString('utf8', span.start, span.end))
      .join('');
    const idName = attributeSpans(bytes, last.start, last.tagEnd).find((span) => /^[^:]+:id$/.test(span.name))?.name;
    const sheetId = highest + ++this.listed;
    const tag = `<${prefixAt(bytes, last.start)}sheet${kept} name="${escapeXml(name)}" sheetId="${sheetId}"`;
    this.workbook.insert(last.end, `${tag} state="${state}" ${idName ?? 'r:id'}="${relationshipId}"/>`);
  }

  /** Everything that changed; empty when nothing did. */
  changes(): ReadonlyMap<string, Pieces | null> {
    const all = new Map(this.parts);
    for (const links of this.partLinks.values()) if (links.changed) all.set(links.name, links.apply());
    if (this.workbook.changed) all.set(this.pkg.workbookPart, this.workbook.apply());
    if (this.types.changed) all.set(this.typesPart, this.types.apply());
    if (this.links.changed) all.set(this.linksPart, this.links.apply());
    return all;
  }
}

function relationshipsOf(part: string): string {
  const slash = part.lastIndexOf('/') + 1;
  return `${part.slice(0, slash)}_rels/${part.slice(slash)}.rels`;
}

function append(edit: PartEdit, root: string, xml: (prefix: string) => string): void {
  const cursor = new XmlCursor(edit.bytes);
  while (cursor.next()) {
    if (!cursor.closes(root)) continue;
    edit.insert(cursor.tagStart, xml(prefixAt(edit.bytes, cursor.tagStart)));
    return;
  }
  throw refuse('damaged', root);
}

function cutTags(edit: PartEdit, name: string, matches: (cursor: XmlCursor) => boolean): void {
  const cursor = new XmlCursor(edit.bytes);
  while (cursor.find(name)) {
    if (!matches(cursor)) continue;
    const start = cursor.tagStart;
    if (!cursor.empty) while (cursor.next() && !cursor.closes(name));
    edit.replace(start, cursor.tagEnd, Buffer.alloc(0));
  }
}
