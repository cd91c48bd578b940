import { describe, expect, test } from 'vitest';
import { bindWorkspace } from '../../src/config/bindings.ts';
import { workspaceJsonSchema } from '../../src/config/schema.ts';
import { type ConfigFault, parseWorkspace } from '../../src/config/workspace.ts';
import { ConfigError } from '../../src/model/errors.ts';
import { nearest } from '../../src/model/nearest.ts';

const tab = (more: object = {}): string =>
  JSON.stringify({ workbooks: { team: { path: 'a.xlsx', tabs: { 工单: { holds: 'tickets', ...more } } } } });

/** The faults of a text, as `path: what it must mention`. */
function faultsOf(text: string): readonly ConfigFault[] {
  try {
    bindWorkspace(parseWorkspace(text));
  } catch (error) {
    if (error instanceof ConfigError) return error.details.problems as readonly ConfigFault[];
    throw error;
  }
  return [];
}

describe('rowkeeper.json', () => {
  test('every key has a default', () => {
    const settings = parseWorkspace('{}');
    expect(settings).toMatchObject({ locale: 'zh-CN', timeZone: 'Asia/Shanghai', database: 'embedded' });
    expect(settings.workbooks.map(({ key, place }) => [key, place])).toEqual([
      ['team', '售后工单.xlsx'],
      ['admin', '管理配置.xlsx'],
      ['boss', 'KPI看板.xlsx'],
    ]);
    expect(parseWorkspace('{"locale":"en"}').workbooks[0]?.place).toBe('service-tickets.xlsx');
  });

  test('a byte order mark, as Windows editors leave it, is no fault', () => {
    expect(parseWorkspace('\uFEFF{}').locale).toBe('zh-CN');
  });

  test('text that is no JSON is refused with its place', () => {
    const [fault] = faultsOf('{\n  "locale": "en",\n  "timeZone" "UTC"\n}');
    expect(fault?.message).toContain('第 3 行');
  });

  test('all faults are told at once, each with its key path and a remedy', () => {
    const faults = faultsOf(
      JSON.stringify({
        local: 'en',
        timeZone: 'Asia/Shanghia',
        workbooks: {
          team: { connector: 'xslx', path: 'a.xlsx', tabs: { 工单: { hold: 'tickets', readOnly: 'yes' } } },
          'a b': { path: 7, tabs: {} },
        },
      }),
    );
    expect(faults.map((fault) => fault.path)).toEqual([
      'workbooks.team.connector',
      'workbooks.team.tabs.工单.holds',
      'workbooks.team.tabs.工单.readOnly',
      'workbooks.team.tabs.工单.hold',
      'workbooks.a b',
      'local',
      'timeZone',
      'workbooks.a b.tabs',
    ]);
    expect(faults.every((fault) => fault.message !== '' && fault.hint !== '')).toBe(true);
    expect(faults.find((fault) => fault.path === 'local')?.hint).toContain('locale');
    expect(faults.find((fault) => fault.path.endsWith('.hold'))?.hint).toContain('holds');
  });

  test('messages follow the language the file asks for', () => {
    const [fault] = faultsOf('{"locale":"en","databse":"embedded"}');
    expect(fault).toEqual({
      path: 'databse',
      message: 'There is no setting "databse".',
      hint: 'Did you mean database?',
    });
  });

  test.each(['../a.xlsx', 'sub/../../a.xlsx', '..\\a.xlsx', '/etc/a.xlsx', 'C:\\a.xlsx', '\\\\host\\a.xlsx', '.'])(
    'a path that leaves the workspace is refused: %s',
    (path) => {
      const text = JSON.stringify({ workbooks: { team: { path, tabs: { 工单: { holds: 'tickets' } } } } });
      expect(faultsOf(text)).toMatchObject([{ path: 'workbooks.team.path' }]);
    },
  );

  test('a path with blanks, folders and backslashes inside the workspace is fine', () => {
    const text = JSON.stringify({
      workbooks: { team: { path: '共享 盘\\x\\..\\工单 1.xlsx', tabs: { 工单: { holds: 'tickets' } } } },
    });
    expect(parseWorkspace(text).workbooks[0]?.place).toBe('共享 盘/工单 1.xlsx');
  });

  test.each([
    [{ workbooks: { a: { tabs: { T: { holds: 'tickets' } } } } }, 'workbooks.a.path'],
    [
      {
        workbooks: {
          a: { connector: 'feishu', url: 'https://x.feishu.cn/sheets/shtcn', tabs: { T: { holds: 'tickets' } } },
          b: {
            connector: 'feishu',
            url: 'https://x.feishu.cn/sheets/shtcn?sheet=1',
            tabs: { T: { holds: 'tickets' } },
          },
        },
      },
      'workbooks.b.url',
    ],
    [{ workbooks: { a: { connector: 'feishu', tabs: { T: { holds: 'tickets' } } } } }, 'workbooks.a.url'],
    [
      {
        workbooks: {
          a: { path: 'x.xlsx', url: 'https://x.feishu.cn/sheets/shtcn', tabs: { T: { holds: 'tickets' } } },
        },
      },
      'workbooks.a.url',
    ],
    [{ workbooks: { a: { path: 'x.xls', tabs: { T: { holds: 'tickets' } } } } }, 'workbooks.a.path'],
    [{ workbooks: { a: { path: 'x.xlsx', tabs: { 'a/b': { holds: 'tickets' } } } } }, 'workbooks.a.tabs.a/b'],
    [{ workbooks: { a: { path: 'x.xlsx', tabs: { '*': { holds: 'tickets' } } } } }, 'workbooks.a.tabs.*'],
    [{ workbooks: { a: { path: 'x.xlsx', tabs: {} } } }, 'workbooks.a.tabs'],
    [{ database: 'mysql://x' }, 'database'],
    [{ database: 'postgres://me:secret@host/name' }, 'database'],
  ])('refused: %j', (data, path) => {
    const faults = faultsOf(JSON.stringify(data));
    expect(faults.map((fault) => fault.path)).toEqual([path]);
    expect(JSON.stringify(faults)).not.toContain('secret');
  });

  test('one file under two names is refused', () => {
    const workbook = (path: string) => ({ path, tabs: { 工单: { holds: 'tickets' } } });
    expect(faultsOf(JSON.stringify({ workbooks: { a: workbook('X.xlsx'), b: workbook('./x.xlsx') } }))).toMatchObject([
      { path: 'workbooks.b.path' },
    ]);
  });

  test('the JSON Schema says what the check says', () => {
    const schema = JSON.stringify(workspaceJsonSchema());
    for (const key of ['holds', 'onMissing', 'timeZone', 'readOnly']) expect(schema).toContain(`"${key}"`);
    expect(schema).toContain('"additionalProperties":false');
  });
});

describe('bindings', () => {
  const bind = (more: object = {}) => bindWorkspace(parseWorkspace(tab(more))).workbooks[0]!.bindings[0]!;
  const column = (more: object, key: string) => bind(more).columns.find((each) => each.field.key === key);

  test('a tab without columns takes all standard fields under all usual headers', () => {
    const binding = bind();
    expect(binding).toMatchObject({ id: 'team/工单', table: 'tickets', onMissing: 'hide', readOnly: false });
    expect(binding.idColumn.headers.slice(0, 2)).toEqual(['工单号', 'Ticket No']);
    expect(column({}, 'title')?.headers).toEqual(expect.arrayContaining(['问题标题', 'Subject', '故障现象']));
    expect(column({}, 'sla_state')?.flow).toBe('db_to_sheet');
    expect(binding.hintColumn?.headers).toEqual(['系统提示', 'System note']);
  });

  test('a weak header belongs to the field whose own name it is', () => {
    expect(column({}, 'accepted_by')?.headers).toContain('受理人');
    expect(column({}, 'assignee')?.headers).not.toContain('受理人');
    expect(column({}, 'priority')?.headers).toContain('级别');
    expect(bind().idColumn.headers).not.toContain('序号');
  });

  test('a header given to one field is taken from all others', () => {
    const columns = { 类型: 'product_line' };
    expect(column({ columns }, 'product_line')?.headers[0]).toBe('类型');
    expect(column({ columns }, 'issue_type')?.headers).not.toContain('类型');
  });

  test("a key that is no standard field becomes a column of the team's own", () => {
    const columns = {
      机房: 'machine_room',
      温度: { field: 'temperature', type: 'number', flow: 'sheet_to_db', rank: 7 },
    };
    expect(column({ columns }, 'machine_room')).toMatchObject({
      headers: ['机房'],
      flow: 'two_way',
      field: { custom: true },
    });
    expect(column({ columns }, 'temperature')).toMatchObject({ flow: 'sheet_to_db', rank: 7 });
    expect(bindWorkspace(parseWorkspace(tab({ columns }))).fields.tickets?.at(-1)?.key).toBe('temperature');
  });

  test('hidden fields and read-only tabs', () => {
    expect(column({ hidden: ['phone'] }, 'phone')).toBeUndefined();
    expect(bind({ readOnly: true }).columns.every((each) => each.flow === 'db_to_sheet')).toBe(true);
  });

  test('a filter may use any word of an option', () => {
    expect(bind({ filter: { status: ['进行中', 'new'], region: '华东' } }).filter).toEqual({
      status: ['处理中', '待受理'],
      region: ['华东'],
    });
  });

  test('the hash tells when what is remembered of the tab is no use any more', () => {
    expect(bind().configHash).toBe(bind({ rank: 5, guards: { bulkCount: 9 } }).configHash);
    expect(bind({ filter: { region: '华东' } }).configHash).not.toBe(bind().configHash);
    expect(bind({ columns: { 机房: 'machine_room' } }).configHash).not.toBe(bind().configHash);
  });

  test.each([
    [{ columns: { 负责: 'asignee' } }, 'assignee'],
    [{ columns: { 负责: 'Title!' } }, 'title'],
    [{ columns: { 甲: 'title', 乙: 'title' } }, '甲'],
    [{ columns: { 标题: { field: 'title', type: 'number' } } }, 'title'],
    [{ columns: { 温度: { field: 'temperature', type: 'numbr' } } }, 'number'],
    [{ filter: { regoin: '华东' } }, 'region'],
    [{ hidden: ['ticket_no'] }, 'hidden'],
  ])('refused with the remedy: %j', (more, mention) => {
    const faults = faultsOf(tab(more));
    expect(faults).toHaveLength(1);
    expect(`${faults[0]?.message} ${faults[0]?.hint}`).toContain(mention);
  });

  test("a team's own field means the same in every tab", () => {
    const own = (type: string) => ({ holds: 'tickets', columns: { 温度: { field: 'temperature', type } } });
    const text = JSON.stringify({ workbooks: { a: { path: 'a.xlsx', tabs: { 甲: own('number'), 乙: own('text') } } } });
    expect(faultsOf(text)).toMatchObject([{ path: 'workbooks.a.tabs.乙.columns.温度' }]);
  });
});

test.each([
  ['prioritty', 'priority'],
  ['titel', 'title'],
  ['负责人员', '负责人'],
  ['xyz', null],
])('did you mean: %s', (typed, meant) => {
  expect(nearest(typed, ['priority', 'title', 'status', '负责人'])).toBe(meant);
});

test('two documents of one SharePoint site differ in what their addresses ask for', () => {
  const at = (id: string) => `https://contoso.sharepoint.com/sites/s/_layouts/15/Doc.aspx?sourcedoc=%7B${id}%7D`;
  const book = (id: string) => ({ connector: 'msgraph', url: at(id), tabs: { T: { holds: 'tickets' } } });
  const { workbooks } = parseWorkspace(JSON.stringify({ workbooks: { a: book('1'), b: book('2') } }));
  expect(workbooks.map(({ place }) => place)).toEqual([at('1'), at('2')]);
});
