/** Answers a call on the workbook: walks its path and hands it to the file that keeps that part. */

import { chartAction, chartRoute } from './chart-routes.ts';
import type { Step } from './documented.ts';
import { badRequest } from './failure.ts';
import { formatAction, formatRoute } from './format-routes.ts';
import { type Node, walk } from './node.ts';
import { rangeReply, visibleView } from './range-object.ts';
import { patchRange, rangeAction, sortRange } from './range-routes.ts';
import { ok, type Reply, type WorkbookCall } from './reply.ts';
import { sheetAction, sheetRoute } from './sheet-routes.ts';
import type { Table } from './tab.ts';
import { tableAction, tableRoute } from './table-routes.ts';
import { bodyOf } from './workbook.ts';

export function workbookRoute(steps: readonly Step[], call: WorkbookCall): Reply {
  const node = walk(call.workbook, steps);
  switch (node.kind) {
    case 'range':
      return call.method === 'PATCH' ? patchRange(node, call) : rangeReply(node, call);
    case 'visibleView':
      return ok(visibleView(node.range));
    case 'format':
    case 'look':
    case 'borders':
    case 'border':
      return formatRoute(node, call);
    case 'tables':
    case 'table':
    case 'rows':
    case 'row':
    case 'columns':
    case 'column':
    case 'count':
      return tableRoute(node, call);
    case 'tableSort':
      return ok({ fields: node.of.table.sort, matchCase: false, method: 'PinYin' });
    case 'charts':
    case 'chart':
    case 'chartPart':
    case 'series':
    case 'image':
      return chartRoute(node, call);
    case 'action':
      return action(node.name, node.on, call);
    default:
      return sheetRoute(node, call);
  }
}

function action(name: string, on: Node, call: WorkbookCall): Reply {
  const { workbook, body } = call;
  switch (on.kind) {
    case 'range':
      return rangeAction(name, on, call);
    case 'rangeSort':
      return sortRange(on.range, call, false);
    case 'format':
    case 'look':
      return formatAction(name, on.range);
    case 'tableSort': {
      const { tab, table } = on.of;
      if (name === 'clear') return tableAction(name, on, call);
      const fields = name === 'reapply' ? table.sort : (body.fields as Table['sort'] | undefined);
      const reply = sortRange(
        { kind: 'range', tab, area: bodyOf(table) },
        { ...call, body: { ...body, fields } },
        true,
      );
      table.sort = fields!;
      workbook.applyFilters(tab);
      return reply;
    }
    case 'tables':
    case 'table':
    case 'rows':
    case 'columns':
    case 'filter':
      return tableAction(name, on, call);
    case 'charts':
    case 'chart':
      return chartAction(name, on, call);
    case 'worksheets':
    case 'names':
    case 'application':
    case 'sheetProtection':
    case 'pivotTables':
      return sheetAction(name, on, call);
    default:
      throw badRequest('The action is not documented.');
  }
}
