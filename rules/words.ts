/** Fixed words of the tab's own columns: yes and no. */
import type { CellValue } from '../src/model/cell.ts';
import { wordKey } from '../src/model/typed.ts';

const YES = new Set(['是', '对', '√', '✓', '✔', 'y', 'yes', 'true', '1', 'on', '启用', '开']);
const NO = new Set(['否', '不', '×', '✗', 'n', 'no', 'false', '0', 'off', '停用', '关']);

/** What a cell answers; null when it is neither. */
export function yesNo(cell: CellValue): boolean | null {
  if (typeof cell === 'boolean') return cell;
  if (typeof cell !== 'string' && typeof cell !== 'number') return null;
  const word = wordKey(String(cell));
  return YES.has(word) ? true : NO.has(word) ? false : null;
}
