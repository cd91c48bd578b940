/** Which cell styles show a number as a date (ECMA-376 part 1, 18.8.30). */
import { type DateKind, dateKindOfCode } from '../../src/model/date-format.ts';
import type { XlsxPackage } from './package.ts';
import { XmlCursor } from './xml.ts';

export interface CellStyles {
  /** By index into `cellXfs`, the `s` of a cell. An index beyond the end is `none`. */
  readonly dateKinds: readonly DateKind[];
}

/** Reads the styles part; a workbook without one has no dates. */
export async function loadStyles(pkg: XlsxPackage): Promise<CellStyles> {
  if (pkg.stylesPart === null) return { dateKinds: [] };
  const cursor = new XmlCursor(await pkg.inflate(pkg.stylesPart));
  const custom = new Map<number, DateKind>();
  const dateKinds: DateKind[] = [];
  let inCellXfs = false;
  let inDifferential = false;
  while (cursor.next()) {
    if (cursor.opens('cellXfs')) inCellXfs = !cursor.empty;
    else if (cursor.closes('cellXfs')) inCellXfs = false;
    // Differential formats may define number formats of their own under ids that mean something else here.
    else if (cursor.opens('dxfs')) inDifferential = !cursor.empty;
    else if (cursor.closes('dxfs')) inDifferential = false;
    else if (!inDifferential && cursor.opens('numFmt')) {
      custom.set(Number(cursor.attribute('numFmtId')), dateKindOfCode(cursor.attribute('formatCode') ?? ''));
    } else if (inCellXfs && cursor.opens('xf')) {
      const id = Number(cursor.attribute('numFmtId') ?? 0);
      dateKinds.push(custom.get(id) ?? dateKindOfBuiltIn(id));
    }
  }
  return { dateKinds };
}

/** Built-in formats have ids and no code in the file; 27-36 and 50-58 are those of East Asian locales. */
export function dateKindOfBuiltIn(id: number): DateKind {
  if ((id >= 18 && id <= 22) || (id >= 32 && id <= 35) || (id >= 45 && id <= 47) || id === 55 || id === 56)
    return 'time';
  if ((id >= 14 && id <= 17) || (id >= 27 && id <= 36) || (id >= 50 && id <= 58)) return 'day';
  return 'none';
}
