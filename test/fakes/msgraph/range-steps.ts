/** Steps that lead from a range to another one, or to a part of it. */
import { type Area, COLUMNS, contains, intersection, place, ROWS, WHOLE_TAB } from './address.ts';
import type { Step } from './documented.ts';
import { invalidArgument, notInWorkbook } from './failure.ts';
import type { Node, RangeNode } from './node.ts';
import type { Tab } from './tab.ts';

/** Whether a key is a number. */
export const isNumber = (text: string): boolean => /^-?\d+$/.test(text);

/** An integer argument such as `row` or `$skip`. */
export function integer(args: Step['args'], name: string): number {
  const text = args?.get(name);
  if (text === undefined || !isNumber(text)) throw invalidArgument();
  return Number(text);
}

export const rangeOf = (tab: Tab, area: Area): RangeNode => ({ kind: 'range', tab, area });

/** A cell counted from the first of a range; it may lie outside. */
export function inside({ tab, area }: RangeNode, row: number, column: number): RangeNode {
  return bounded(tab, {
    top: area.top + row,
    bottom: area.top + row,
    left: area.left + column,
    right: area.left + column,
  });
}

function bounded(tab: Tab, area: Area): RangeNode {
  const isReal = contains(WHOLE_TAB, area) && area.top <= area.bottom && area.left <= area.right;
  if (!isReal) throw invalidArgument();
  return rangeOf(tab, area);
}

export function fromRange(node: RangeNode, { name, args }: Step): Node {
  const { tab, area } = node;
  switch (name) {
    case 'cell':
      return inside(node, integer(args, 'row'), integer(args, 'column'));
    case 'row':
      return bounded(tab, { ...area, top: area.top + integer(args, 'row'), bottom: area.top + integer(args, 'row') });
    case 'column': {
      const at = area.left + integer(args, 'column');
      return bounded(tab, { ...area, left: at, right: at });
    }
    case 'entirerow':
      return rangeOf(tab, { ...area, left: 0, right: COLUMNS - 1 });
    case 'entirecolumn':
      return rangeOf(tab, { ...area, top: 0, bottom: ROWS - 1 });
    case 'lastcell':
      return rangeOf(tab, { ...area, top: area.bottom, left: area.right });
    case 'lastrow':
      return rangeOf(tab, { ...area, top: area.bottom });
    case 'lastcolumn':
      return rangeOf(tab, { ...area, left: area.right });
    case 'usedrange':
      return rangeOf(tab, tab.used(area, args?.get('valuesonly') === 'true'));
    case 'offsetrange': {
      const [rows, columns] = [integer(args, 'rowoffset'), integer(args, 'columnoffset')];
      return bounded(tab, {
        top: area.top + rows,
        bottom: area.bottom + rows,
        left: area.left + columns,
        right: area.right + columns,
      });
    }
    case 'resizedrange':
      return bounded(tab, {
        ...area,
        bottom: area.bottom + integer(args, 'deltarows'),
        right: area.right + integer(args, 'deltacolumns'),
      });
    case 'intersection':
    case 'boundingrect': {
      const other = place(args?.get('anotherrange') ?? '').area;
      const common = intersection(area, other);
      if (name === 'intersection') {
        if (common === null) throw notInWorkbook();
        return rangeOf(tab, common);
      }
      return rangeOf(tab, {
        top: Math.min(area.top, other.top),
        left: Math.min(area.left, other.left),
        bottom: Math.max(area.bottom, other.bottom),
        right: Math.max(area.right, other.right),
      });
    }
    case 'format':
      return { kind: 'format', range: node };
    case 'sort':
      return { kind: 'rangeSort', range: node };
    case 'visibleview':
      return { kind: 'visibleView', range: node };
    default:
      return { kind: 'action', name, on: node };
  }
}
