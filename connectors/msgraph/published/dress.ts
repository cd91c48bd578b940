/**
 * Gives ranges their look through the format calls. The one rule: few calls; cells of one look that stand together are
 * dressed together. Lines between rows, conditional colours and what else the API has no call for are done without.
 */
import { CARD, LINK_COLOUR, lookParts } from '../../../src/model/cell-looks.ts';
import { type Rect, rangePath } from '../../msgraph-api.ts';
import { UNKNOWN_LOOK } from '../../published/written.ts';
import type { WorkbookSession } from '../session.ts';

/** What one range is to look like; what is left out stays. Colours `RRGGBB`, sizes in points. */
export interface Dress {
  readonly font?: {
    readonly size?: number;
    readonly colour?: string;
    readonly bold?: boolean;
    readonly italic?: boolean;
  };
  readonly fill?: string | null;
  readonly horizontal?: 'left' | 'center' | 'right';
  readonly wrap?: boolean;
  /** In characters of the default font. */
  readonly width?: number;
}

/** Margins of a cell and the width of a digit, in pixels of 0.75 points. */
const widthInPoints = (characters: number): number => Math.round((characters * 7 + 5) * 0.75 * 100) / 100;

export async function dress(session: WorkbookSession, tab: string, rect: Rect, look: Dress): Promise<void> {
  const path = `${rangePath(tab, rect)}/format`;
  const patch = (member: string, body: object): Promise<unknown> =>
    session.call({ method: 'PATCH', path: `${path}${member}`, body, isRepeatable: true });
  const { font, fill, horizontal, wrap, width } = look;
  if (font !== undefined) {
    const { size, colour, bold = false, italic = false } = font;
    await patch('/font', {
      bold,
      italic,
      ...(size === undefined ? {} : { size }),
      ...(colour === undefined ? {} : { color: `#${colour}` }),
    });
  }
  if (fill === null) await session.call({ method: 'POST', path: `${path}/fill/clear`, isRepeatable: true });
  else if (fill !== undefined) await patch('/fill', { color: `#${fill}` });
  const format = {
    ...(horizontal === undefined ? {} : { horizontalAlignment: capital(horizontal) }),
    ...(wrap === undefined ? {} : { wrapText: wrap }),
    ...(width === undefined ? {} : { columnWidth: widthInPoints(width) }),
  };
  if (Object.keys(format).length > 0) await patch('', format);
}

const capital = (word: string): string => `${word.charAt(0).toUpperCase()}${word.slice(1)}`;

/** How a published cell of a look is dressed; `before`: the look it had, where that is known. */
export function dressOf(key: string, before: string): Dress {
  const { drawing, isLink, inCard } = lookParts(key);
  const fill = drawing.fill ?? (inCard ? CARD : null);
  const old = before === '' || before === UNKNOWN_LOOK ? null : lookParts(before);
  const hadFill = before === UNKNOWN_LOOK || (old !== null && (old.drawing.fill !== undefined || old.inCard));
  const horizontal = inCard ? 'left' : drawing.horizontal;
  return {
    font: { ...drawing.font, ...(isLink ? { colour: LINK_COLOUR } : {}) },
    ...(fill !== null || hadFill ? { fill } : {}),
    ...(horizontal === undefined ? {} : { horizontal }),
    ...(drawing.wrap === true ? { wrap: true } : {}),
  };
}

/** Rectangles that cover the places which share a text; `textAt` gives null for a place that is left alone. */
export function rectsOf(
  height: number,
  width: number,
  textAt: (row: number, column: number) => string | null,
): readonly { readonly rect: Rect; readonly text: string }[] {
  const done: { rect: Rect; text: string }[] = [];
  let open: { rect: Rect; text: string }[] = [];
  for (let row = 0; row < height; row++) {
    const runs: { column: number; columns: number; text: string }[] = [];
    for (let column = 0; column < width; column++) {
      const text = textAt(row, column);
      const last = runs.at(-1);
      if (text === null) continue;
      if (last !== undefined && last.text === text && last.column + last.columns === column) last.columns++;
      else runs.push({ column, columns: 1, text });
    }
    const next: typeof open = [];
    for (const { column, columns, text } of runs) {
      const above = open.find(
        ({ rect, text: same }) => same === text && rect.column === column && rect.columns === columns,
      );
      next.push({
        text,
        rect: above === undefined ? { row, column, rows: 1, columns } : { ...above.rect, rows: above.rect.rows + 1 },
      });
      if (above !== undefined) open = open.filter((one) => one !== above);
    }
    done.push(...open);
    open = next;
  }
  return [...done, ...open];
}
