/** The sheet part of a tab that is made: everything the plan asks for, in the order a worksheet must have. */
import { Buffer } from 'node:buffer';
import { address } from '../../../src/model/cell.ts';
import { heightFor } from '../../../src/model/cell-looks.ts';
import type { NameNow } from '../../../src/model/tab-names.ts';
import { formatRange } from '../a1.ts';
import { needsQuotePrefix } from '../cell-xml.ts';
import type { PartLinks } from '../part-links.ts';
import type { StyleEdit } from '../style-edit.ts';
import { DECLARATION, type Namespaces } from './namespaces.ts';
import { type LaidTab, rangeOf } from './plan.ts';
import { drawingXml, linkXml, ruleXml } from './tail-xml.ts';
import { cellContent } from './values.ts';

export interface NewTab {
  readonly laid: LaidTab;
  readonly now: NameNow;
  readonly links: PartLinks;
  /** Relationship that leads to the tab's drawing; null without one. */
  readonly drawing: string | null;
  readonly styles: StyleEdit;
  readonly style: (look: string) => number;
  readonly namespaces: Namespaces;
}

export function newTabPart(tab: NewTab): Buffer {
  const { laid, namespaces: ns } = tab;
  const { plan, height, width } = laid;
  const colour = plan.colour === undefined ? '' : `<tabColor rgb="FF${plan.colour}"/>`;
  const last = address(Math.max(0, height - 1), Math.max(0, width - 1));
  return Buffer.from(
    `${DECLARATION}<worksheet xmlns="${ns.main}" xmlns:r="${ns.relationships}">` +
      `<sheetPr>${colour}<pageSetUpPr fitToPage="1"/></sheetPr><dimension ref="${last === 'A1' ? 'A1' : `A1:${last}`}"/>` +
      `<sheetViews><sheetView showGridLines="0" workbookViewId="0">${pane(plan.frozenRows ?? 0)}</sheetView></sheetViews>` +
      `<sheetFormatPr defaultRowHeight="15"/>${columns(plan.widths)}${rows(tab)}${tail(tab)}</worksheet>`,
  );
}

function pane(frozenRows: number): string {
  if (frozenRows <= 0) return '';
  const first = address(frozenRows, 0);
  return `<pane ySplit="${frozenRows}" topLeftCell="${first}" activePane="bottomLeft" state="frozen"/><selection pane="bottomLeft" activeCell="${first}" sqref="${first}"/>`;
}

function columns(widths: readonly number[]): string {
  const list = widths.map((width, i) => `<col min="${i + 1}" max="${i + 1}" width="${width}" customWidth="1"/>`);
  return list.length === 0 ? '' : `<cols>${list.join('')}</cols>`;
}

function rows({ laid, styles, style }: NewTab): string {
  let xml = '';
  for (let r = 0; r < laid.height; r++) {
    let cells = '';
    for (let c = 0; c < laid.width; c++) {
      const cell = laid.cell(r, c);
      if (cell === null) continue;
      const { value, formula, look } = cell;
      const { type, xml: inner } = cellContent(value, formula, '');
      const plain = style(look);
      const marked = formula === null && typeof value === 'string' && needsQuotePrefix(value);
      const s = marked ? styles.derive(plain, { quotePrefix: true }) : plain;
      const attributes = `${s === 0 ? '' : ` s="${s}"`}${type === '' ? '' : ` t="${type}"`}`;
      if (inner !== '' || s !== 0)
        cells += `<c r="${address(r, c)}"${attributes}${inner === '' ? '/>' : `>${inner}</c>`}`;
    }
    const tall = heightFor(laid.plan.rows[r] ?? []);
    const size = tall === null ? '' : ` ht="${tall}" customHeight="1"`;
    if (cells !== '' || size !== '') xml += `<row r="${r + 1}"${size}>${cells}</row>`;
  }
  return xml === '' ? '<sheetData/>' : `<sheetData>${xml}</sheetData>`;
}

function tail({ laid, now, links, drawing, namespaces }: NewTab): string {
  const { plan, memory } = laid;
  const filter = plan.filter === undefined ? '' : `<autoFilter ref="${formatRange(rangeOf(plan.filter))}"/>`;
  const merged = memory.merges.map((ref) => `<mergeCell ref="${ref}"/>`).join('');
  const merges = merged === '' ? '' : `<mergeCells count="${memory.merges.length}">${merged}</mergeCells>`;
  const rules = plan.rules.map((rule, i) => ruleXml(rule, i + 1, '')).join('');
  const list = [...laid.links].map(([ref, link]) => linkXml(ref, link, now, links, '', namespaces.relationships) ?? '');
  const hyperlinks = list.join('') === '' ? '' : `<hyperlinks>${list.join('')}</hyperlinks>`;
  return (
    `${filter}${merges}${rules}${hyperlinks}<pageMargins left="0.4" right="0.4" top="0.5" bottom="0.5" header="0.3" footer="0.3"/>` +
    // A page of charts is one page; a long list may have several.
    `<pageSetup paperSize="9" orientation="landscape" fitToHeight="${drawing === null ? 0 : 1}"/>` +
    (drawing === null ? '' : drawingXml(drawing, '', namespaces.relationships))
  );
}
