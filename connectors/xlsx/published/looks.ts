/** Styles of looks (`cell-looks.ts`) in a workbook's list of styles. */
import { CARD, LINK_COLOUR, lookParts } from '../../../src/model/cell-looks.ts';
import type { StyleEdit, StyleParts } from '../style-edit.ts';

/** Styles of look keys, made when first asked for. */
export function createLooks(styles: StyleEdit): (key: string) => number {
  const known = new Map<string, number>();
  return (key) => {
    const found = known.get(key) ?? (key === '' ? 0 : styles.styleOf(partsOf(key)));
    known.set(key, found);
    return found;
  };
}

function partsOf(key: string): StyleParts {
  const { look, drawing, isLink, inCard, format } = lookParts(key);
  const horizontal = inCard ? 'left' : drawing.horizontal;
  return {
    font: isLink ? { ...drawing.font, colour: LINK_COLOUR } : drawing.font,
    fill: drawing.fill ?? (inCard ? CARD : null),
    line: inCard || look === null ? null : (drawing.line ?? null),
    format: format ?? 'General',
    alignment:
      (horizontal === undefined ? '' : `horizontal="${horizontal}" `) +
      `vertical="center"${inCard ? ' indent="1"' : ''}${drawing.wrap === true ? ' wrapText="1"' : ''}`,
  };
}
