/** How cells look: fill, font, borders, alignment, sizes and whether they are locked, kept as the file keeps them. */
import type { Alignment, Border, BorderStyle, Borders, Fill, Font, Style } from 'exceljs';
import { type Area, isUnbounded } from './address.ts';
import { invalidArgument, notInWorkbook, sheetProtected } from './failure.ts';
import type { Node, RangeNode } from './node.ts';
import { done, list, ok, type Reply, type WorkbookCall } from './reply.ts';
import { charactersOf, columnPoints, rowPoints } from './sizes.ts';

type Look = Readonly<Partial<Style>>;

const SIDES = ['EdgeTop', 'EdgeBottom', 'EdgeLeft', 'EdgeRight', 'InsideVertical', 'InsideHorizontal'] as const;
type Side = (typeof SIDES)[number];

/** Excel's default font, for what a cell does not say itself. */
const FONT = { bold: false, color: '#000000', italic: false, name: 'Calibri', size: 11, underline: 'None' };
const cap = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

function argb(color: unknown): string {
  if (typeof color !== 'string' || !/^#[0-9a-f]{6}$/i.test(color)) throw invalidArgument();
  return `FF${color.slice(1).toUpperCase()}`;
}

const hex = (color: Partial<{ argb: string }> | undefined): string | null =>
  color?.argb === undefined ? null : `#${color.argb.slice(-6).toUpperCase()}`;

/** A value that all cells share, else null. Looks at no more cells than a tab can reasonably have in use. */
function shared<T>({ tab, area }: RangeNode, give: (look: Look) => T): T | null {
  const first = give(tab.cell(area.top, area.left).style ?? {});
  const inUse = Math.min(area.bottom, Math.max(area.top, tab.rows.length));
  for (let row = area.top; row <= inUse; row++)
    for (let column = area.left; column <= Math.min(area.right, area.left + 500); column++)
      if (give(tab.cell(row, column).style ?? {}) !== first) return null;
  return first;
}

function change({ tab, area }: RangeNode, edit: (look: Look, row: number, column: number) => Look): void {
  // Whole columns are formatted as far down as the tab is in use.
  const bottom = isUnbounded(area) ? Math.min(area.bottom, tab.rows.length - 1) : area.bottom;
  for (let row = area.top; row <= bottom; row++)
    for (let column = area.left; column <= area.right; column++) {
      const cell = tab.cell(row, column);
      tab.set(row, column, { ...cell, style: edit(cell.style ?? {}, row, column) });
    }
}

export function formatRoute(node: Extract<Node, { readonly range: RangeNode }>, call: WorkbookCall): Reply {
  const { range } = node;
  if (call.method === 'PATCH' && range.tab.protection !== null && range.tab.protection.allowFormatCells !== true)
    throw sheetProtected();
  switch (node.kind) {
    case 'format':
      return format(range, call);
    case 'look':
      return look(range, node.part, call);
    case 'borders':
      return list(
        SIDES.map((side) => border(range, side)),
        call.query,
      );
    case 'border': {
      const side = SIDES.find((each) => each.toLowerCase() === node.side.toLowerCase());
      if (side === undefined) throw notInWorkbook();
      if (call.method === 'PATCH') setBorder(range, side, call.body);
      return ok(border(range, side));
    }
    default:
      throw notInWorkbook();
  }
}

/** POST `format/autofitColumns`, `format/autofitRows` and `format/fill/clear`. */
export function formatAction(name: string, range: RangeNode): Reply {
  const { tab, area } = range;
  if (tab.protection !== null && tab.protection.allowFormatColumns !== true) throw sheetProtected();
  if (name === 'clear') change(range, ({ fill: _gone, ...rest }) => rest);
  if (name === 'autofitrows') for (let row = area.top; row <= area.bottom; row++) tab.rowHeights.delete(row);
  if (name === 'autofitcolumns')
    for (let column = area.left; column <= area.right; column++) {
      let longest = 0;
      tab.each({ ...area, left: column, right: column }, ({ content }) => {
        const text = typeof content === 'object' ? '' : String(content);
        const width = [...text].reduce((sum, each) => sum + (each > '\u2e7f' ? 2 : 1), 0);
        longest = Math.max(longest, width);
      });
      if (longest > 0) tab.columnWidths.set(column, longest + 1);
    }
  return done;
}

function format(range: RangeNode, { method, body }: WorkbookCall): Reply {
  const { tab, area } = range;
  if (method === 'PATCH') {
    if (typeof body.columnWidth === 'number')
      for (let column = area.left; column <= area.right; column++)
        tab.columnWidths.set(column, charactersOf(body.columnWidth));
    if (typeof body.rowHeight === 'number')
      for (let row = area.top; row <= Math.min(area.bottom, 100_000); row++) tab.rowHeights.set(row, body.rowHeight);
    const alignment: Partial<Alignment> = {};
    if (typeof body.horizontalAlignment === 'string')
      alignment.horizontal = body.horizontalAlignment.toLowerCase() as 'left';
    if (typeof body.verticalAlignment === 'string')
      alignment.vertical = body.verticalAlignment.toLowerCase().replace('center', 'middle') as 'top';
    if (typeof body.wrapText === 'boolean') alignment.wrapText = body.wrapText;
    if (Object.keys(alignment).length > 0)
      change(range, (style) => ({ ...style, alignment: { ...style.alignment, ...alignment } }));
  }
  const same = (from: number, to: number, give: (at: number) => number): number | null => {
    for (let at = from + 1; at <= to; at++) if (give(at) !== give(from)) return null;
    return give(from);
  };
  return ok({
    columnWidth: same(area.left, area.right, (at) => columnPoints(tab, at)),
    horizontalAlignment: shared(range, ({ alignment }) => cap(alignment?.horizontal ?? 'general')),
    rowHeight: same(area.top, Math.min(area.bottom, 100_000), (at) => rowPoints(tab, at)),
    verticalAlignment: shared(range, ({ alignment }) =>
      cap((alignment?.vertical ?? 'bottom').replace('middle', 'center')),
    ),
    wrapText: shared(range, ({ alignment }) => alignment?.wrapText ?? false),
  });
}

function look(range: RangeNode, part: 'fill' | 'font' | 'protection', { method, body }: WorkbookCall): Reply {
  if (part === 'fill') {
    if (method === 'PATCH') {
      const fill: Fill = { type: 'pattern', pattern: 'solid', fgColor: { argb: argb(body.color) } };
      change(range, (style) => ({ ...style, fill }));
    }
    return ok({
      color: shared(range, ({ fill }) => (fill?.type === 'pattern' ? hex(fill.fgColor) : null) ?? '#FFFFFF'),
    });
  }
  if (part === 'protection') {
    if (method === 'PATCH')
      change(range, (style) => ({
        ...style,
        protection: {
          ...style.protection,
          ...(typeof body.locked === 'boolean' ? { locked: body.locked } : {}),
          ...(typeof body.formulaHidden === 'boolean' ? { hidden: body.formulaHidden } : {}),
        },
      }));
    return ok({
      locked: shared(range, ({ protection }) => protection?.locked ?? true),
      formulaHidden: shared(range, ({ protection }) => protection?.hidden ?? false),
    });
  }
  if (method === 'PATCH') {
    const font: Partial<Font> = {};
    if (typeof body.bold === 'boolean') font.bold = body.bold;
    if (typeof body.italic === 'boolean') font.italic = body.italic;
    if (typeof body.name === 'string') font.name = body.name;
    if (typeof body.size === 'number') font.size = body.size;
    if (body.color !== undefined) font.color = { argb: argb(body.color) };
    if (typeof body.underline === 'string')
      font.underline = body.underline === 'None' ? false : (body.underline.toLowerCase() as 'single');
    change(range, (style) => ({ ...style, font: { ...style.font, ...font } }));
  }
  return ok({
    bold: shared(range, ({ font }) => font?.bold ?? FONT.bold),
    color: shared(range, ({ font }) => hex(font?.color) ?? FONT.color),
    italic: shared(range, ({ font }) => font?.italic ?? FONT.italic),
    name: shared(range, ({ font }) => font?.name ?? FONT.name),
    size: shared(range, ({ font }) => font?.size ?? FONT.size),
    underline: shared(range, ({ font }) => (font?.underline ? cap(String(font.underline)) : FONT.underline)),
  });
}

const STYLES: Readonly<Record<string, BorderStyle>> = {
  Continuous: 'thin',
  Dash: 'dashed',
  DashDot: 'dashDot',
  DashDotDot: 'dashDotDot',
  Dot: 'dotted',
  Double: 'double',
  SlantDashDot: 'slantDashDot',
};
const WEIGHTS: Readonly<Record<string, BorderStyle>> = {
  Hairline: 'hair',
  Thin: 'thin',
  Medium: 'medium',
  Thick: 'thick',
};

/** The edges of a cell that make up one side of an area. */
function edgesOf(area: Area, side: Side, row: number, column: number): readonly (keyof Borders)[] {
  if (side === 'EdgeTop') return row === area.top ? ['top'] : [];
  if (side === 'EdgeBottom') return row === area.bottom ? ['bottom'] : [];
  if (side === 'EdgeLeft') return column === area.left ? ['left'] : [];
  if (side === 'EdgeRight') return column === area.right ? ['right'] : [];
  if (side === 'InsideVertical') return column < area.right ? ['right'] : [];
  return row < area.bottom ? ['bottom'] : [];
}

function setBorder(range: RangeNode, side: Side, body: WorkbookCall['body']): void {
  const isNone = body.style === 'None';
  const plain = STYLES[String(body.style ?? 'Continuous')];
  if (!isNone && plain === undefined) throw invalidArgument();
  const style = plain === 'thin' ? WEIGHTS[String(body.weight ?? 'Thin')] : plain;
  if (!isNone && style === undefined) throw invalidArgument();
  const edge: Partial<Border> = {
    ...(style === undefined ? {} : { style }),
    ...(typeof body.color === 'string' ? { color: { argb: argb(body.color) } } : {}),
  };
  change(range, (look, row, column) => {
    const next: Partial<Record<keyof Borders, Partial<Border>>> = { ...look.border };
    for (const name of edgesOf(range.area, side, row, column))
      if (isNone) delete next[name];
      else next[name] = edge;
    return { ...look, border: next as Partial<Borders> };
  });
}

function border(range: RangeNode, side: Side): object {
  const { area, tab } = range;
  const row = side === 'EdgeBottom' ? area.bottom : area.top;
  const column = side === 'EdgeRight' ? area.right : area.left;
  const name = edgesOf(area, side, row, column)[0];
  const edge = name === undefined ? undefined : tab.cell(row, column).style?.border?.[name as 'top'];
  const nameOf = (table: Readonly<Record<string, BorderStyle>>): string | undefined =>
    Object.entries(table).find(([, style]) => style === edge?.style)?.[0];
  return {
    id: side,
    sideIndex: side,
    style: edge?.style === undefined ? 'None' : (nameOf(STYLES) ?? 'Continuous'),
    weight: nameOf(WEIGHTS) ?? 'Thin',
    color: hex(edge?.color) ?? '#000000',
  };
}
