/** Pages to read, as tabs for a platform that takes tabs only as tables: the cover, and the guide to how cells are written. */
import type { ColumnLook, TabColumn, TemplateTab } from '../model/template-tab.ts';
import type { Cover } from './admin.ts';
import type { Guide } from './guide.ts';

const BLUE = 'FF1F4E79';
const COVER_WIDTH = 100;
const GUIDE_WIDTHS = [24, 44, 44, 72];

const column = (header: string, width: number, look: ColumnLook = 'wrap'): TabColumn => ({ header, width, look });

export function coverTab({ name, title, lines }: Cover): TemplateTab {
  return {
    name,
    color: BLUE,
    columns: [column(title, COVER_WIDTH)],
    rows: lines.map((line) => [line]),
    isShort: true,
    frozenColumns: 0,
  };
}

export function guideTab({ name, parts }: Guide): TemplateTab {
  const [first, ...others] = parts;
  const rows = [...(first?.rows ?? []), ...others.flatMap(({ header, rows: more }) => [[], header, ...more])];
  return {
    name,
    color: BLUE,
    columns: (first?.header ?? []).map((header, index) => column(header, GUIDE_WIDTHS[index] ?? 24)),
    rows,
    isShort: true,
  };
}
