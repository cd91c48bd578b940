/** Pieces that the drawings of all kinds of charts share: fills, texts, axes. */
import { chartPalette } from '../../../src/model/chart.ts';
import { escapeXml } from '../xml.ts';

/** Colour of texts. */
export const QUIET = '595959';
/** Colour of grid lines and of the frame. */
export const GRID = 'E3E7ED';

const SHOWN = ['showLegendKey', 'showVal', 'showCatName', 'showSerName', 'showPercent', 'showBubbleSize'] as const;

/** What labels show: one thing, or nothing. `c`: prefix of the elements. */
export function shown(c: string, what: (typeof SHOWN)[number] | null): string {
  return SHOWN.map((name) => `<${c}${name} val="${name === what ? 1 : 0}"/>`).join('');
}

/** An axis; `at` is its side. */
export interface AxisWish {
  readonly id: number;
  readonly crosses: number;
  readonly at: 'b' | 'l' | 'r';
  readonly title?: string | undefined;
  readonly format?: string;
  readonly hidden?: boolean;
  readonly grid?: boolean;
  readonly reversed?: boolean;
  /** Where on the other axis it stands. */
  readonly crossing?: 'max' | number;
  readonly linked?: boolean;
  readonly fromZero?: boolean;
  readonly isLine?: boolean;
}

/** Colour of the series, or slice, of this number. */
export function palette(i: number): string {
  return chartPalette[i % chartPalette.length] as string;
}

/** A fill of one colour, `RRGGBB`. */
export function fill(colour: string): string {
  return `<a:solidFill><a:srgbClr val="${colour}"/></a:solidFill>`;
}

/** Fill and outline; null is none. */
export function shape(colour: string | null, outline: string | null): string {
  const line = outline === null ? '<a:ln><a:noFill/></a:ln>' : `<a:ln w="9525">${fill(outline)}</a:ln>`;
  return `<c:spPr>${colour === null ? '<a:noFill/>' : fill(colour)}${line}</c:spPr>`;
}

/** Size in hundredths of a point, and colour. */
export function textLook(size: number, colour = QUIET): string {
  return `<c:txPr><a:bodyPr/><a:lstStyle/><a:p><a:pPr><a:defRPr sz="${size}">${fill(colour)}</a:defRPr></a:pPr><a:endParaRPr lang="zh-CN"/></a:p></c:txPr>`;
}

/** The axes a group of series is drawn against. */
export function axisIds(...ids: readonly number[]): string {
  return ids.map((id) => `<c:axId val="${id}"/>`).join('');
}

function axisHead(wish: AxisWish): string {
  const order = wish.reversed === true ? 'maxMin' : 'minMax';
  const least = wish.fromZero === true ? '<c:min val="0"/>' : '';
  const grid =
    wish.grid === true
      ? `<c:majorGridlines><c:spPr><a:ln w="9525">${fill(GRID)}</a:ln></c:spPr></c:majorGridlines>`
      : '';
  return (
    `<c:axId val="${wish.id}"/><c:scaling><c:orientation val="${order}"/>${least}</c:scaling>` +
    `<c:delete val="${wish.hidden === true ? 1 : 0}"/><c:axPos val="${wish.at}"/>${grid}${wish.title ?? ''}`
  );
}

/** An axis of names. */
export function categoryAxis(wish: AxisWish): string {
  return (
    `<c:catAx>${axisHead(wish)}<c:numFmt formatCode="General" sourceLinked="0"/><c:majorTickMark val="none"/>` +
    `<c:minorTickMark val="none"/><c:tickLblPos val="low"/><c:spPr><a:ln w="9525">${fill('BFBFBF')}</a:ln></c:spPr>${textLook(900)}` +
    `<c:crossAx val="${wish.crosses}"/><c:crosses val="autoZero"/><c:auto val="0"/><c:lblAlgn val="ctr"/>` +
    '<c:lblOffset val="100"/><c:noMultiLvlLbl val="1"/></c:catAx>'
  );
}

/** An axis of numbers. */
export function valueAxis(wish: AxisWish): string {
  const { crossing } = wish;
  const crosses =
    typeof crossing === 'number' ? `<c:crossesAt val="${crossing}"/>` : `<c:crosses val="${crossing ?? 'autoZero'}"/>`;
  const line = wish.isLine === true ? fill('A6A6A6') : '<a:noFill/>';
  return (
    `<c:valAx>${axisHead(wish)}<c:numFmt formatCode="${escapeXml(wish.format ?? 'General')}" sourceLinked="${wish.linked === true ? 1 : 0}"/>` +
    `<c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="${crossing === 'max' ? 'nextTo' : 'low'}"/>` +
    `<c:spPr><a:ln w="9525">${line}</a:ln></c:spPr>${textLook(900)}<c:crossAx val="${wish.crosses}"/>${crosses}` +
    `<c:crossBetween val="${wish.isLine === true ? 'midCat' : 'between'}"/></c:valAx>`
  );
}
