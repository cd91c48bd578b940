/** Worksheets, their protection, names, the application and what else hangs on the workbook itself. */
import { fixedAddress, place } from './address.ts';
import { badRequest, invalidArgument, notInWorkbook } from './failure.ts';
import { type Node, namesOf } from './node.ts';
import { created, done, list, ok, type Reply, type WorkbookCall } from './reply.ts';
import type { Tab } from './tab.ts';
import type { DefinedName, Workbook } from './workbook.ts';

const OPTIONS = [
  'allowAutoFilter',
  'allowDeleteColumns',
  'allowDeleteRows',
  'allowFormatCells',
  'allowFormatColumns',
  'allowFormatRows',
  'allowInsertColumns',
  'allowInsertHyperlinks',
  'allowInsertRows',
  'allowPivotTables',
  'allowSort',
];

/** All options of a protected sheet, those not given false. */
export const protectionOf = (given: Readonly<Record<string, unknown>>): Record<string, boolean> =>
  Object.fromEntries(OPTIONS.map((name) => [name, given[name] === true]));

const sheetObject = (workbook: Workbook, tab: Tab): Record<string, unknown> => ({
  '@odata.id': `worksheets('${encodeURIComponent(tab.id)}')`,
  id: tab.id,
  name: tab.name,
  position: workbook.tabs.indexOf(tab),
  visibility: tab.visibility,
});

const nameObject = ({ name, comment, visible, tabId, reference }: DefinedName): Record<string, unknown> => ({
  '@odata.id': `names('${encodeURIComponent(name)}')`,
  name,
  comment,
  scope: tabId === null ? 'Workbook' : 'Worksheet',
  type: 'Range',
  value: reference.slice(1),
  visible,
});

export function sheetRoute(node: Node, call: WorkbookCall): Reply {
  const { workbook, method, body, query } = call;
  switch (node.kind) {
    case 'workbook':
      return ok({});
    case 'application':
      if (method === 'PATCH') {
        if (!['Automatic', 'AutomaticExceptTables', 'Manual'].includes(String(body.calculationMode)))
          throw invalidArgument();
        workbook.calculationMode = String(body.calculationMode);
      }
      return ok({ calculationMode: workbook.calculationMode });
    case 'comments':
    case 'pivotTables':
      return list([], query);
    case 'worksheets':
      if (method === 'POST') return addSheet(call);
      return list(
        workbook.tabs.map((tab) => sheetObject(workbook, tab)),
        query,
      );
    case 'worksheet':
      if (method === 'DELETE') {
        workbook.removeTab(node.tab);
        return done;
      }
      if (method === 'PATCH') changeSheet(node.tab, call);
      return ok(sheetObject(workbook, node.tab));
    case 'sheetProtection':
      return ok({
        protected: node.tab.protection !== null,
        options: node.tab.protection ?? protectionOf({}),
      });
    case 'names':
      if (method === 'POST') return addName(node.tab, call, body.value);
      return list(namesOf(workbook, node.tab).map(nameObject), query);
    case 'name':
      if (method === 'DELETE') {
        workbook.names = workbook.names.filter((each) => each !== node.name);
        return done;
      }
      if (method === 'PATCH') {
        if (typeof body.comment === 'string') node.name.comment = body.comment;
        if (typeof body.visible === 'boolean') node.name.visible = body.visible;
      }
      return ok(nameObject(node.name));
    default:
      throw notInWorkbook();
  }
}

function addSheet({ workbook, body }: WorkbookCall): Reply {
  const tab = workbook.addTab(typeof body.name === 'string' ? body.name : null);
  return created(sheetObject(workbook, tab));
}

function changeSheet(tab: Tab, { workbook, body }: WorkbookCall): void {
  if (typeof body.name === 'string' && body.name !== tab.name) workbook.renameTab(tab, body.name);
  if (typeof body.position === 'number') {
    if (body.position < 0 || body.position >= workbook.tabs.length) throw invalidArgument();
    const others = workbook.tabs.filter((each) => each !== tab);
    workbook.tabs = [...others.slice(0, body.position), tab, ...others.slice(body.position)];
  }
  if (body.visibility !== undefined) {
    const visibility = body.visibility;
    if (visibility !== 'Visible' && visibility !== 'Hidden' && visibility !== 'VeryHidden') throw invalidArgument();
    const others = workbook.tabs.filter((each) => each !== tab && each.visibility === 'Visible');
    if (visibility !== 'Visible' && others.length === 0) throw invalidArgument();
    tab.visibility = visibility;
  }
}

function addName(tab: Tab | null, { workbook, body }: WorkbookCall, reference: unknown): Reply {
  const { name, comment } = body;
  if (typeof name !== 'string' || !/^[\p{L}_\\][\p{L}\p{N}_.]*$/u.test(name) || typeof reference !== 'string')
    throw invalidArgument();
  if (namesOf(workbook, tab).some((each) => each.name.toLowerCase() === name.toLowerCase())) throw invalidArgument();
  const text = reference.startsWith('=') ? reference : `=${reference}`;
  const found = place(text.slice(1));
  if (found.tab === null || workbook.tab(found.tab) === undefined) throw invalidArgument();
  const added: DefinedName = {
    name,
    comment: typeof comment === 'string' ? comment : '',
    visible: true,
    tabId: tab?.id ?? null,
    reference: `=${fixedAddress(found.tab, found.area)}`,
  };
  workbook.names.push(added);
  return created(nameObject(added));
}

/** POST on the worksheets, a sheet's protection, names or the application. */
export function sheetAction(name: string, on: Node, call: WorkbookCall): Reply {
  switch (on.kind) {
    case 'worksheets':
      return addSheet(call);
    case 'names':
      return addName(on.tab, call, name === 'addformulalocal' ? call.body.formula : call.body.reference);
    case 'application':
      call.workbook.recalculate(call.now);
      return done;
    case 'sheetProtection': {
      if (name === 'protect') {
        if (on.tab.protection !== null) throw invalidArgument('The sheet is already protected.');
        on.tab.protection = protectionOf((call.body.options ?? {}) as Readonly<Record<string, unknown>>);
      } else on.tab.protection = null;
      return call.switches.oldStatuses ? { status: 200, body: null } : done;
    }
    case 'pivotTables':
      return done;
    default:
      throw badRequest('The action is not documented.');
  }
}
