/** Charts: where they stand, what they show, and their picture. */
import { Resvg } from '@resvg/resvg-js';
import { columnsOf, place, rowsOf } from './address.ts';
import { chartDrawing, seriesOf } from './drawing.ts';
import { badRequest, invalidArgument, notInWorkbook } from './failure.ts';
import type { Node } from './node.ts';
import { integer } from './range-steps.ts';
import { created, done, list, ok, pick, type Reply, type WorkbookCall } from './reply.ts';
import { leftOf, topOf } from './sizes.ts';
import type { Chart, Tab } from './tab.ts';
import type { Workbook } from './workbook.ts';

const chartObject = ({ id, name, left, top, width, height }: Chart): Record<string, unknown> => ({
  '@odata.id': `charts('${encodeURIComponent(id)}')`,
  id,
  name,
  left,
  top,
  width,
  height,
});

export function chartRoute(node: Node, { method, body, query, workbook }: WorkbookCall): Reply {
  switch (node.kind) {
    case 'charts':
      if (method === 'POST') throw invalidArgument('A chart is created with charts/add.');
      return list(node.tab.charts.map(chartObject), query);
    case 'chart':
      if (method === 'DELETE') {
        node.tab.charts = node.tab.charts.filter((each) => each !== node.chart);
        return done;
      }
      if (method === 'PATCH') Object.assign(node.chart, pick(body, ['name', 'left', 'top', 'width', 'height']));
      return ok(chartObject(node.chart));
    case 'chartPart':
      if (method === 'PATCH') node.chart[node.part] = { ...node.chart[node.part], ...body };
      return ok(node.chart[node.part]);
    case 'series':
      return list(
        seriesOf(workbook, node.chart).map(({ name }) => ({ name })),
        query,
      );
    case 'image': {
      const width = node.args?.has('width') ? integer(node.args, 'width') : Math.round(node.chart.width);
      const picture = new Resvg(chartDrawing(workbook, node.chart), { fitTo: { mode: 'width', value: width } });
      return ok({ value: Buffer.from(picture.render().asPng()).toString('base64') });
    }
    default:
      throw notInWorkbook();
  }
}

/** POST `charts/add`, `setData`, `setPosition`. */
export function chartAction(name: string, on: Node, call: WorkbookCall): Reply {
  const { workbook, body } = call;
  if (on.kind === 'charts') return add(workbook, on.tab, body);
  if (on.kind !== 'chart') throw badRequest('The action is not documented.');
  const { chart, tab } = on;
  if (name === 'setdata') {
    chart.source = source(workbook, tab, body.sourceData);
    chart.seriesBy = seriesBy(body.seriesBy, chart.source.area);
  } else if (name === 'setposition') {
    const start = cellOf(tab, body.startCell);
    const end = body.endCell === undefined ? null : cellOf(tab, body.endCell);
    chart.left = leftOf(tab, start.left);
    chart.top = topOf(tab, start.top);
    if (end !== null) {
      if (end.right < start.left || end.bottom < start.top) throw invalidArgument();
      chart.width = leftOf(tab, end.right + 1) - chart.left;
      chart.height = topOf(tab, end.bottom + 1) - chart.top;
    }
  } else throw badRequest('The action is not documented.');
  return done;
}

function cellOf(tab: Tab, given: unknown): { left: number; top: number; right: number; bottom: number } {
  if (typeof given !== 'string') throw invalidArgument();
  const found = place(given);
  if (found.tab !== null && found.tab.toLowerCase() !== tab.name.toLowerCase()) throw invalidArgument();
  return found.area;
}

function source(workbook: Workbook, tab: Tab, given: unknown): Chart['source'] {
  if (typeof given !== 'string') throw invalidArgument();
  const found = place(given);
  const target = workbook.tab(found.tab ?? tab.name);
  if (target === undefined) throw invalidArgument();
  return { tab: target.name, area: found.area };
}

/** `Auto` takes the longer side for categories, as Excel does. */
function seriesBy(given: unknown, area: Chart['source']['area']): Chart['seriesBy'] {
  if (given === 'Columns' || given === 'Rows') return given;
  if (given !== undefined && given !== 'Auto') throw invalidArgument();
  return columnsOf(area) > rowsOf(area) ? 'Rows' : 'Columns';
}

function add(workbook: Workbook, tab: Tab, body: WorkbookCall['body']): Reply {
  if (typeof body.type !== 'string' || !/^[A-Z]\w+$/.test(body.type)) throw invalidArgument();
  const data = source(workbook, tab, body.sourceData);
  const number = workbook.nextId++;
  const chart: Chart = {
    id: `{${number.toString(16).padStart(8, '0').toUpperCase()}-0000-4000-8000-0000000C4A27}`,
    name: `Chart ${tab.charts.length + 1}`,
    type: body.type,
    source: data,
    seriesBy: seriesBy(body.seriesBy, data.area),
    left: 0,
    top: 0,
    width: 360,
    height: 216,
    title: { overlay: false, text: 'Chart Title', visible: true },
    legend: { overlay: false, position: 'Right', visible: true },
    dataLabels: { showValue: false, position: 'None' },
  };
  tab.charts.push(chart);
  return created(chartObject(chart));
}
