/**
 * The page people use by hand: spreadsheets and bases to edit, the bot's messages with buttons that work. It shows what
 * stands in the local Feishu and acts through the same moves tests make.
 */
import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { CellInput } from '../../../src/model/cell.ts';
import type { FakePerson, FakeTable } from '../feishu.ts';
import type { Base } from './base.ts';
import type { Chat } from './chat.ts';
import type { Events } from './events.ts';
import { plainText, shownValue } from './field-values.ts';
import type { Aside } from './server.ts';
import { shownCells } from './shown-tab.ts';
import type { Spreadsheet } from './spreadsheet.ts';
import type { World } from './world.ts';

const FILES: Readonly<Record<string, readonly [string, string]>> = {
  '/': ['page.html', 'text/html; charset=utf-8'],
  '/page/page.css': ['page.css', 'text/css; charset=utf-8'],
  '/page/page.js': ['page.js', 'text/javascript; charset=utf-8'],
  '/page/grid.js': ['page-grid.js', 'text/javascript; charset=utf-8'],
  '/page/chat.js': ['page-chat.js', 'text/javascript; charset=utf-8'],
  '/page/place.js': ['page-place.js', 'text/javascript; charset=utf-8'],
  '/page/card.js': ['page-card.js', 'text/javascript; charset=utf-8'],
  '/page/words.js': ['page-words.js', 'text/javascript; charset=utf-8'],
};

export interface Page {
  readonly aside: Aside;
  close(): void;
}

type Act = Readonly<Record<string, unknown>>;

export function page(world: World, chat: Chat, events: Events, connections: () => number): Page {
  const streams = new Set<ServerResponse>();
  let isTold = false;

  function look(): void {
    // However much changes in one turn, people are told once.
    if (isTold) return;
    isTold = true;
    setImmediate(() => {
      isTold = false;
      for (const stream of streams) stream.write('data: changed\n\n');
    });
  }
  world.onlookers.add(look);

  const nameOf = (openId: string): string => world.personOf(openId)?.name ?? '';
  const files = (): (Spreadsheet | Base)[] =>
    [...world.spreadsheets.values(), ...world.bases.values()].filter(({ isDeleted }) => !isDeleted);

  const summary = () => ({
    files: files().map((file) => ({
      token: file.token,
      title: file.title,
      url: file.url,
      kind: world.bases.has(file.token) ? 'base' : 'sheet',
      revision: file.revision,
      editor: nameOf(file.lastEditor),
      isTrashed: file.isTrashed,
      role: file.role,
      isSubscribed: world.subscribed.has(file.token),
      tabs:
        'tables' in file
          ? file.tables.map(({ id, name }) => ({ id, title: name }))
          : file.tabs.filter(({ hidden }) => !hidden).map(({ id, title }) => ({ id, title })),
    })),
    people: [world.owner, ...world.people].map(({ openId, name }) => ({ openId, name })),
    chats: world.chats,
    messages: chat.messages.map(({ messageId, chatId, person, type, content, createdMs, updatedMs, isRecalled }) => ({
      id: messageId,
      chatId,
      to: person?.openId ?? null,
      type,
      content,
      createdMs,
      isChanged: updatedMs !== createdMs,
      isRecalled,
    })),
    bot: world.bot.name,
    connections: connections(),
    events: {
      delivered: events.all.filter(({ state }) => state === 'delivered').length,
      waiting: events.all.filter(({ state }) => state === 'waiting' || state === 'sent').length,
    },
  });

  function tabOf(token: string, id: string) {
    const file = world.spreadsheets.get(token);
    const base = world.bases.get(token);
    if (base !== undefined) return tableShown(base.table(id));
    if (file === undefined) throw new Error('no such file');
    const tab = file.tab(id);
    return {
      revision: file.revision,
      rows: tab.cells.length,
      columns: tab.columnCount,
      frozenRows: tab.frozenRows,
      frozenColumns: tab.frozenColumns,
      embedded: tab.embedded !== null,
      width: 105,
      widths: Object.fromEntries([...tab.columnLines].map(([line, { size, visible }]) => [line, visible ? size : 0])),
      heights: Object.fromEntries([...tab.rowLines].map(([line, { size, visible }]) => [line, visible ? size : 0])),
      merges: tab.merges,
      dropdowns: tab.dropdowns,
      protections: tab.protections.map(({ axis, first, last, editors }) => ({
        axis,
        first,
        last,
        editors: editors.map(nameOf),
      })),
      images: tab.floatImages,
      cells: shownCells(file, tab, world.now().getTime()),
    };
  }

  function tableShown(table: FakeTable) {
    const header = table.fields.map(({ name }, column) => ({ row: 0, column, text: name, style: 'font-weight:600' }));
    const cells = table.records.flatMap((record, n) =>
      table.fields.map((field, column) => ({
        row: n + 1,
        column,
        text: baseText(field.type, shownValue(world, field, record, 'open_id')),
      })),
    );
    return {
      revision: table.revision,
      rows: table.records.length + 1,
      columns: table.fields.length,
      frozenRows: 1,
      frozenColumns: 1,
      embedded: false,
      width: 160,
      widths: {},
      heights: {},
      merges: [],
      dropdowns: table.fields.flatMap((field, column) => {
        const options = (field.property as { options?: readonly { name: string }[] } | null)?.options;
        if (options === undefined || field.type !== 3) return [];
        const range = { top: 1, bottom: table.records.length, left: column, right: column };
        return [{ range, values: options.map(({ name }) => name), multiple: false, highlight: false, colors: [] }];
      }),
      protections: [],
      images: [],
      cells: [...header, ...cells],
    };
  }

  function baseText(type: number, shown: unknown): string {
    const isMoment = type === 5 || type === 1001 || type === 1002;
    if (isMoment && typeof shown === 'number')
      return new Date(shown + 28_800_000).toISOString().slice(0, 16).replace('T', ' ');
    return plainText(shown);
  }

  async function act(given: Act): Promise<unknown> {
    const person = world.personOf(String(given.person)) ?? world.owner;
    if (given.do === 'click') return click(given, person);
    const base = world.bases.get(String(given.file));
    if (base !== undefined) return actOnBase(base, base.table(String(given.tab)), given, person);
    const file = world.spreadsheets.get(String(given.file));
    if (file === undefined) throw new Error('no such file');
    const tab = file.tab(String(given.tab));
    const [row, column] = [Number(given.row), Number(given.column)];
    switch (given.do) {
      case 'type': {
        const value = typedValue(String(given.text ?? ''), tab.styleAt(row, column).formatter === '@');
        file.type(tab.id, [{ row, column, value }], person);
        return {};
      }
      case 'insert':
        file.insertRows(tab.id, row, 1, person);
        return {};
      case 'delete':
        file.deleteRows(tab.id, row, 1, person);
        return {};
      case 'sort': {
        const key = (cells: readonly ({ readonly content: unknown } | undefined)[]) => cells[column]?.content ?? null;
        const turn = given.descending === true ? -1 : 1;
        file.sortRows(tab.id, (one, other) => inOrder(key(one), key(other), turn), person);
        return {};
      }
      default:
        throw new Error('unknown act');
    }
  }

  function actOnBase(base: Base, table: FakeTable, given: Act, person: FakePerson): unknown {
    const record = table.records[Number(given.row) - 1];
    const field = table.fields[Number(given.column)];
    if (given.do === 'insert') base.addRecord(table.id, {}, person);
    else if (given.do === 'delete' && record !== undefined) base.deleteRecord(table.id, record.id, person);
    else if (given.do === 'type' && record !== undefined && field !== undefined) {
      base.editRecord(table.id, record.id, { [field.name]: baseValue(field.type, String(given.text ?? '')) }, person);
    }
    return {};
  }

  async function click(given: Act, person: FakePerson): Promise<unknown> {
    const message = chat.messages.find(({ messageId }) => messageId === given.message);
    if (message === undefined) throw new Error('no such message');
    return chat.click(message, person, given.value ?? {}, (given.more ?? {}) as Record<string, unknown>);
  }

  async function aside(request: IncomingMessage, response: ServerResponse, body: Buffer): Promise<boolean> {
    const url = new URL(request.url ?? '/', 'http://localhost');
    if (url.pathname !== '/' && !url.pathname.startsWith('/page/')) return false;
    const send = (type: string, content: string | Buffer, status = 200): void => {
      response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' });
      response.end(content);
    };
    const json = (content: unknown, status = 200): void => send('application/json', JSON.stringify(content), status);
    const file = FILES[url.pathname];
    if (file !== undefined) send(file[1], await readFile(join(import.meta.dirname, 'page', file[0])));
    else if (url.pathname === '/page/state') json(summary());
    else if (url.pathname === '/page/changes') {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
      response.write('data: changed\n\n');
      streams.add(response);
      response.on('close', () => streams.delete(response));
    } else {
      try {
        const media = world.media.get(url.pathname.replace('/page/media/', ''));
        if (media !== undefined) send('image/png', media.bytes);
        else if (url.pathname === '/page/tab')
          json(tabOf(url.searchParams.get('file') ?? '', url.searchParams.get('tab') ?? ''));
        else if (url.pathname === '/page/act' && request.method === 'POST')
          json(await act(JSON.parse(body.toString()) as Act));
        else json({ error: 'not found' }, 404);
      } catch (error) {
        json({ error: (error as Error).message }, 400);
      }
    }
    return true;
  }

  return {
    aside,
    close() {
      world.onlookers.delete(look);
      for (const stream of streams) stream.end();
    },
  };
}

const MOMENT = /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[ T](\d{1,2}):(\d{2})(?::(\d{2}))?)?$/;

/** What a sheet makes of typed text. */
function typedValue(text: string, isText: boolean): CellInput {
  if (text === '') return null;
  if (isText) return text;
  if (/^-?\d+(\.\d+)?$/.test(text)) return Number(text);
  if (/^(true|false)$/i.test(text)) return text.toLowerCase() === 'true';
  const moment = MOMENT.exec(text);
  if (moment === null) return text;
  const [year, month, day, hour = '0', minute = '0', second = '0'] = moment.slice(1).map((part) => part ?? '0');
  const wallMs = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second));
  return { kind: 'date', wallMs, hasTime: moment[4] !== undefined };
}

function baseValue(type: number, text: string): unknown {
  if (text === '') return null;
  if (type === 2) return Number.isNaN(Number(text)) ? null : Number(text);
  if (type === 4) return text.split(/[,，]/);
  if (type === 5) return Date.parse(`${text.replace(' ', 'T')}${text.length > 10 ? '' : 'T00:00'}+08:00`) || null;
  if (type === 7) return /^(true|1|是|✓)$/i.test(text);
  if (type === 15) return { text, link: text };
  return text;
}

/** Numbers before text, blanks last whichever way. */
function inOrder(one: unknown, other: unknown, turn: number): number {
  if (one === null || other === null) return one === other ? 0 : one === null ? 1 : -1;
  if (typeof one === 'number' && typeof other === 'number') return (one - other) * turn;
  return plainText(one).localeCompare(plainText(other), 'zh-CN', { numeric: true }) * turn;
}
