/** The drawing of a sheet: which charts stand on it and where their parts are, charts added to it, charts taken off. */
import { Buffer } from 'node:buffer';
import type { Area } from '../../../src/model/published-tab.ts';
import type { XlsxPackage } from '../package.ts';
import { PartEdit, prefixAt } from '../splice.ts';
import { escapeXml, XmlCursor } from '../xml.ts';
import { DECLARATION, type Namespaces } from './namespaces.ts';

export interface PlacedChart {
  /** Name of the object, as the apps' list of objects shows it. Empty where an app dropped it. */
  readonly name: string;
  readonly part: string;
  readonly relationshipId: string;
  /** Its anchor in the drawing. */
  readonly start: number;
  readonly end: number;
}

/** The drawing of a sheet, or null when it has none. */
export async function openDrawing(pkg: XlsxPackage, sheetPart: string): Promise<SheetDrawing | null> {
  const link = (await pkg.relationships(sheetPart)).find(({ type, external }) => type === 'drawing' && !external);
  if (link === undefined || !pkg.has(link.target)) return null;
  const targets = new Map((await pkg.relationships(link.target)).map(({ id, target }) => [id, target]));
  return new SheetDrawing(link.target, await pkg.inflate(link.target), (id) => {
    const target = targets.get(id);
    return target !== undefined && pkg.has(target) ? target : null;
  });
}

export class SheetDrawing {
  readonly part: string;
  readonly edit: PartEdit;
  readonly charts: readonly PlacedChart[];
  private highestId = 1;

  constructor(part: string, bytes: Uint8Array, partOf: (relationshipId: string) => string | null) {
    this.part = part;
    this.edit = new PartEdit(bytes);
    const charts: PlacedChart[] = [];
    const cursor = new XmlCursor(bytes);
    let start = -1;
    let name = '';
    let relationshipId = '';
    while (cursor.next()) {
      const isAnchor = /^(?:twoCell|oneCell|absolute)Anchor$/.test(cursor.name);
      if (isAnchor && !cursor.closing) {
        start = cursor.tagStart;
        name = '';
        relationshipId = '';
      } else if (cursor.opens('cNvPr')) {
        this.highestId = Math.max(this.highestId, Number(cursor.attribute('id') ?? 0));
        if (name === '') name = cursor.attribute('name') ?? '';
      } else if (cursor.opens('chart')) relationshipId = cursor.prefixedAttribute('id') ?? '';
      else if (isAnchor && relationshipId !== '') {
        const chartPart = partOf(relationshipId);
        if (chartPart !== null) charts.push({ name, part: chartPart, relationshipId, start, end: cursor.tagEnd });
      }
    }
    this.charts = charts;
  }

  /** Draws a chart behind those that are there. */
  add(anchor: (id: number) => string): void {
    this.highestId++;
    const cursor = new XmlCursor(this.edit.bytes);
    while (cursor.next()) {
      if (cursor.opens('wsDr') && cursor.empty) {
        const prefix = prefixAt(this.edit.bytes, cursor.tagStart);
        this.edit.replace(cursor.tagEnd - 2, cursor.tagEnd, `>${anchor(this.highestId)}</${prefix}wsDr>`);
      } else if (cursor.closes('wsDr')) this.edit.insert(cursor.tagStart, anchor(this.highestId));
    }
  }

  /** Takes a chart off. */
  cut(chart: PlacedChart): void {
    this.edit.replace(chart.start, chart.end, '');
  }
}

/** Name of the drawn object of a chart: by it the chart is found again, also after it was moved or restyled. */
export function objectName(chart: string): string {
  return `Rowkeeper ${chart}`;
}

/** Where and as what a chart is drawn. Carries its own namespaces, whatever drawing it is put into. */
export function anchorOf(
  { name, title, place, relationshipId }: { name: string; title: string; place: Area; relationshipId: string },
  ns: Namespaces,
): (id: number) => string {
  const corner = (column: number, row: number): string =>
    `<xdr:col>${column}</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>${row}</xdr:row><xdr:rowOff>0</xdr:rowOff>`;
  return (id) =>
    `<xdr:twoCellAnchor xmlns:xdr="${ns.sheetDrawing}" xmlns:a="${ns.drawing}">` +
    `<xdr:from>${corner(place.column, place.row)}</xdr:from><xdr:to>${corner(place.toColumn + 1, place.toRow + 1)}</xdr:to>` +
    `<xdr:graphicFrame macro=""><xdr:nvGraphicFramePr><xdr:cNvPr id="${id}" name="${escapeXml(objectName(name))}" descr="${escapeXml(title)}"/>` +
    '<xdr:cNvGraphicFramePr/></xdr:nvGraphicFramePr><xdr:xfrm><a:off x="0" y="0"/><a:ext cx="0" cy="0"/></xdr:xfrm>' +
    `<a:graphic><a:graphicData uri="${ns.chart}"><c:chart xmlns:c="${ns.chart}" xmlns:r="${ns.relationships}" r:id="${relationshipId}"/>` +
    '</a:graphicData></a:graphic></xdr:graphicFrame><xdr:clientData/></xdr:twoCellAnchor>';
}

/** A drawing part without anything on it. */
export function emptyDrawing(ns: Namespaces): Buffer {
  return Buffer.from(`${DECLARATION}<xdr:wsDr xmlns:xdr="${ns.sheetDrawing}" xmlns:a="${ns.drawing}"></xdr:wsDr>`);
}
