/**
 * The page people use by hand: the workbooks of the library to look at and to edit, charts drawn, and the place where a
 * device code is typed. It acts through the same hands as tests do and knows nothing else.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { address } from '../../../src/model/cell.ts';
import { type Area, ROWS, WHOLE_TAB } from './address.ts';
import { formulaOf } from './cell.ts';
import { chartDrawing } from './drawing.ts';
import type { Drive, File } from './drive.ts';
import { GraphFailure } from './failure.ts';
import type { FileReply } from './file-routes.ts';
import type { FakeFile } from './people.ts';
import { isDateFormat, shown } from './shown.ts';
import { columnPoints, rowPoints } from './sizes.ts';
import type { Tab } from './tab.ts';

const FILES: Readonly<Record<string, readonly [string, string]>> = {
  '/': ['page.html', 'text/html; charset=utf-8'],
  '/devicelogin': ['page.html', 'text/html; charset=utf-8'],
  '/page/page.css': ['page.css', 'text/css; charset=utf-8'],
  '/page/page.js': ['page.js', 'text/javascript; charset=utf-8'],
  '/page/words.js': ['words.js', 'text/javascript; charset=utf-8'],
};

/** Rows of a tab that are shown at most. */
const MOST_ROWS = 1000;

export interface PageTools {
  readonly drive: Drive;
  hands(file: File): FakeFile;
  /** A device code is typed. */
  answer(userCode: string, state: 'approved' | 'declined'): void;
}

/** Answers a request of the page; null when the path is none of its own. */
export async function pageRoute(
  method: string,
  path: string,
  query: URLSearchParams,
  body: unknown,
  tools: PageTools,
): Promise<FileReply | null> {
  const file = FILES[path];
  if (method === 'GET' && file !== undefined) {
    const bytes = readFileSync(join(import.meta.dirname, 'page', file[0]));
    return { status: 200, body: null, bytes, headers: { 'content-type': file[1], 'cache-control': 'no-store' } };
  }
  if (path === '/page/state' && method === 'GET') return state(query, tools);
  if (path === '/page/download' && method === 'GET') {
    const found = fileOf(tools.drive, query.get('file'));
    const name = encodeURIComponent(found.name);
    return {
      status: 200,
      body: null,
      bytes: await tools.hands(found).download(),
      headers: {
        'content-type': 'application/octet-stream',
        'content-disposition': `attachment; filename*=UTF-8''${name}`,
      },
    };
  }
  // A form of another site cannot send JSON, so that nobody's browser acts here unasked.
  if (method !== 'POST' || typeof body !== 'object' || body === null) return null;
  const act = body as Readonly<Record<string, string>>;
  try {
    if (path === '/page/device') tools.answer(act.code ?? '', act.agree === 'yes' ? 'approved' : 'declined');
    else if (path === '/page/act') perform(act, tools);
    else return null;
  } catch (error) {
    const code = error instanceof GraphFailure ? error.code : 'Failed';
    return { status: 409, body: { code, message: error instanceof Error ? error.message : String(error) } };
  }
  return { status: 200, body: {} };
}

function fileOf(drive: Drive, id: string | null | undefined): File {
  const file = id == null || id === '' ? drive.files.find(({ isDeleted }) => !isDeleted) : drive.file(id);
  if (file === undefined) throw new GraphFailure(404, 'itemNotFound', 'There is no such file.');
  return file;
}

function perform(act: Readonly<Record<string, string>>, { drive, hands }: PageTools): void {
  const file = hands(fileOf(drive, act.file));
  const { tab = '', editor } = act;
  const row = Number(act.row) + 1;
  const column = Number(act.column);
  const at = address(row - 1, column);
  const moves: Readonly<Record<string, () => void>> = {
    type: () => file.type(tab, { [at]: act.text ?? '' }, editor),
    insert: () => file.insertRows(tab, row, 1, editor),
    delete: () => file.deleteRows(tab, row, 1, editor),
    sort: () => file.sortRows(tab, headerOf(file.tab(tab), column), act.order === 'ascending', editor),
  };
  const move = moves[act.act ?? ''];
  if (move === undefined) throw new Error('nobody knows what to do');
  move();
}

/** The header of the column a cell stands in: of its table, or of row 1. */
function headerOf(tab: Tab, column: number): string {
  const table = tab.tables.find(({ area }) => column >= area.left && column <= area.right);
  return shown(tab.cell(table?.area.top ?? 0, column));
}

function state(query: URLSearchParams, { drive, hands }: PageTools): FileReply {
  const files = drive.files.filter(({ isDeleted }) => !isDeleted);
  if (files.length === 0) return { status: 200, body: { files: [] } };
  const file = fileOf(drive, query.get('file'));
  const tabs = file.live?.tabs ?? [];
  const tab = file.live?.tab(query.get('tab') ?? '') ?? tabs.find(({ visibility }) => visibility === 'Visible');
  const mark = `${file.id} ${tab?.id} ${file.revision} ${files.length}`;
  if (query.get('known') === mark) return { status: 204, body: null };
  return {
    status: 200,
    body: {
      mark,
      files: files.map(({ id, name }) => ({ id, name })),
      file: file.id,
      shareUrl: hands(file).shareUrl,
      savedAt: file.current.at.toISOString(),
      savedBy: file.current.by.user?.displayName ?? file.current.by.application?.displayName ?? '',
      tabs: tabs.filter(({ visibility }) => visibility === 'Visible').map(({ id, name }) => ({ id, name })),
      tab: tab === undefined || file.live === null ? null : shownTab(file, tab),
    },
  };
}

function shownTab(file: File, tab: Tab): object {
  const used = tab.used(WHOLE_TAB, false);
  const bottom = Math.min(used.bottom, MOST_ROWS - 1);
  const cells: object[] = [];
  tab.each({ top: 0, left: 0, bottom, right: WHOLE_TAB.right }, (cell, row, column) => {
    const { fill, font, alignment } = cell.style ?? {};
    const color = fill?.type === 'pattern' ? fill.fgColor?.argb?.slice(-6) : undefined;
    const isRight = typeof cell.content === 'number' || isDateFormat(cell.format);
    cells.push({
      row,
      column,
      text: shown(cell),
      typed: cell.isQuoted ? `'${formulaOf(cell)}` : String(formulaOf(cell)),
      align: alignment?.horizontal ?? (isRight ? 'right' : typeof cell.content === 'boolean' ? 'center' : 'left'),
      ...(color === undefined ? {} : { fill: `#${color}` }),
      ...(font?.color?.argb === undefined ? {} : { color: `#${font.color.argb.slice(-6)}` }),
      ...(font?.bold === true ? { bold: true } : {}),
    });
  });
  const columns = Math.max(used.right + 2, 20);
  const rows = Math.max(bottom + 6, 40);
  return {
    id: tab.id,
    rows,
    cells,
    more: used.bottom > bottom ? used.bottom - bottom : 0,
    widths: Array.from({ length: columns }, (_, column) =>
      tab.hiddenColumns.has(column) ? 0 : (columnPoints(tab, column) * 4) / 3,
    ),
    heights: Array.from({ length: rows }, (_, row) => (tab.isHiddenRow(row) ? 0 : (rowPoints(tab, row) * 4) / 3)),
    merges: tab.merges.filter((merge: Area) => merge.bottom < ROWS - 1),
    tables: tab.tables.map(({ area, name }) => ({ ...area, name })),
    isProtected: tab.protection !== null,
    charts: tab.charts.map((chart) => ({
      left: (chart.left * 4) / 3,
      top: (chart.top * 4) / 3,
      width: (chart.width * 4) / 3,
      height: (chart.height * 4) / 3,
      picture: chartDrawing(file.live!, chart),
    })),
  };
}
