/** From the cells of a rule tab to rules and faults. */
import { describe, expect, test } from 'vitest';
import { readRuleTable } from '../../rules/table.ts';
import type { CellValue } from '../../src/model/cell.ts';
import { context, english, read, tab } from './desk.ts';

const header = [
  '启用',
  '名称',
  '组',
  '时机',
  '问题类型',
  '优先级',
  '分配给',
  '设置.状态',
  '通知',
  '通知模板',
  '检查',
  '解读',
];
const row = (cells: Readonly<Record<string, CellValue>>): readonly CellValue[] =>
  header.map((name) => cells[name] ?? null);

/** Codes of the faults of a single row. */
function codes(cells: Readonly<Record<string, CellValue>>): readonly string[] {
  return read([header, row(cells)]).faults.map(({ code }) => code);
}

describe('a row', () => {
  test('becomes a rule, and is told back in plain words', () => {
    const { table, faults, notes } = read([
      header,
      row({
        启用: '是',
        名称: '水电紧急',
        组: '分配',
        问题类型: '漏水,电路',
        优先级: '紧急',
        分配给: '组:水电组 轮流',
      }),
    ]);
    expect(faults).toEqual([]);
    expect(table.rows).toMatchObject([
      {
        id: '水电紧急',
        mode: 'on',
        stage: 'assign',
        timing: { events: ['create', 'update'], changed: null, daily: null },
        conditions: [
          { field: 'issue_type', cell: '漏水,电路', column: 4 },
          { field: 'priority', cell: '紧急', column: 5 },
        ],
        actions: [{ action: 'assign', cell: '组:水电组 轮流', column: 6 }],
        stop: false,
        overwrite: false,
      },
    ]);
    expect(notes[0]).toMatchObject({ row: 1, check: '✓' });
    expect(notes[0]?.reading).toBe('问题类型 为 漏水 或 电路 且 优先级 为 紧急 → 分配给 组 水电组（轮流）');
  });

  test('says in English what it says', () => {
    const { notes, faults } = read(
      [
        ['name', 'group', 'when', 'Priority', 'set.Status', 'stop'],
        ['close', 'status', 'create or update', 'Urgent', 'Closed', 'yes'],
      ],
      english,
    );
    expect(faults).toEqual([]);
    expect(notes[0]?.reading).toMatch(/^Priority .*Urgent → set Status to Closed; stop here$/);
  });

  test('without 组 belongs where the earliest of its actions does', () => {
    const stage = (cells: Readonly<Record<string, CellValue>>) =>
      read([header, row({ 名称: 'a', ...cells })]).table.rows[0]?.stage;
    expect(stage({ 通知: '张三' })).toBe('notify');
    expect(stage({ 通知: '张三', 分配给: '张三' })).toBe('assign');
    expect(stage({ '设置.状态': '处理中', 通知: '张三' })).toBe('status');
  });

  test('keeps its id and hash wherever it stands, and its hash changes with what it means', () => {
    const one = row({ 名称: 'a', 优先级: '紧急', 分配给: '张三' });
    const hash = (rows: readonly (readonly CellValue[])[]) => read(rows).table.rows.find(({ id }) => id === 'a')?.hash;
    const first = hash([header, one]);
    expect(hash([header, row({ 名称: 'b', 分配给: '李四' }), row({}), one])).toBe(first);
    expect(hash([header, row({ 名称: 'a', 优先级: ' 紧急 ', 分配给: '张工', 启用: '演练' })])).toBe(first);
    expect(hash([header, row({ 名称: 'a', 优先级: '高', 分配给: '张三' })])).not.toBe(first);
  });

  test('may be looked at in an hour of the day', () => {
    const timing = (typed: string) => {
      const { table, faults } = read([header, row({ 名称: 'a', 时机: typed, 优先级: '紧急', 通知: '张三' })]);
      return table.rows[0]?.timing ?? faults.map(({ code }) => code);
    };
    const daily = (hour: number, minute: number, days: string) => {
      return { events: ['daily'], changed: null, daily: { hour, minute, days } };
    };
    expect(timing('每天 22:00')).toEqual(daily(22, 0, 'all'));
    expect(timing('每日9：05')).toEqual(daily(9, 5, 'all'));
    expect(timing('工作日 18:30')).toEqual(daily(18, 30, 'working'));
    expect(timing('Daily at 00:00')).toEqual(daily(0, 0, 'all'));
    expect(timing('workdays 8:15')).toEqual(daily(8, 15, 'working'));
    for (const wrong of ['每天', '每天 24:00', '每天 9:60', '每天 9', '工作日 18:30 或 新建'])
      expect(timing(wrong)).toEqual(['unknown-timing']);
  });

  test('takes its id from the hidden column', () => {
    const { table } = read([
      ['规则编号', '名称', '分配给'],
      ['r-7', '甲', '张三'],
      ['r-8', '甲', '张三'],
    ]);
    expect(table.rows.map(({ id }) => id)).toEqual(['r-7', 'r-8']);
  });

  test('that is blank, or holds only what the service wrote, is none', () => {
    const { table, faults } = read([header, row({}), row({ 检查: '✓', 解读: '旧的' }), row({ 启用: ' ' })]);
    expect([table.rows, faults]).toEqual([[], []]);
  });

  test('with an age is looked at when its moment comes, unless 时机 says otherwise', () => {
    const events = (timing: string) =>
      read([
        ['名称', '时机', '创建时间', '通知'],
        ['a', timing, '超过 2小时', '张三'],
      ]).table.rows[0]?.timing.events;
    expect(events('')).toEqual(['create', 'update', 'due']);
    expect(events('到时')).toEqual(['due']);
    expect(events('更新')).toEqual(['update']);
    expect(
      read([
        ['名称', '时机', '优先级', '通知'],
        ['a', '到时', '紧急', '张三'],
      ]).faults,
    ).toMatchObject([{ code: 'incomplete', address: 'B2' }]);
  });

  test.each([
    ['新建', ['create'], null],
    ['更新、评论', ['update', 'comment'], null],
    ['新建或更新', ['create', 'update'], null],
    ['手动', ['manual'], null],
    ['优先级变更', ['create', 'update', 'due', 'manual', 'comment', 'daily'], 'priority'],
  ])('时机 %s', (timing, events, changed) => {
    const { table } = read([header, row({ 名称: 'a', 时机: timing, 分配给: '张三' })]);
    expect(table.rows[0]?.timing).toEqual({ events, changed, daily: null });
  });
});

describe('faults', () => {
  test.each([
    [{ 优先级: '紧急', 分配给: '张三' }, 'incomplete'],
    [{ 名称: 'a', 优先级: '紧急' }, 'incomplete'],
    [{ 名称: 'a', 优先级: '紧集', 分配给: '张三' }, 'unknown-value'],
    [{ 名称: 'a', 分配给: '张思' }, 'unknown-person'],
    [{ 名称: 'a', '设置.状态': '已解绝' }, 'unknown-value'],
    [{ 名称: 'a', 启用: '大概', 分配给: '张三' }, 'unknown-mode'],
    [{ 名称: 'a', 组: '分派', 分配给: '张三' }, 'unknown-stage'],
    [{ 名称: 'a', 时机: '有空', 分配给: '张三' }, 'unknown-timing'],
    [{ 名称: 'a', 通知模板: '派单通知' }, 'empty-action'],
    [{ 名称: 'a', 分配给: { kind: 'error', code: '#REF!' } }, 'sheet-error'],
    [{ 名称: 'a', 分配给: { kind: 'formula', formula: 'A1', result: '张三' } }, 'spreadsheet-formula'],
  ] as readonly (readonly [Readonly<Record<string, CellValue>>, string])[])('%o: %s', (cells, code) => {
    expect(codes(cells)).toEqual([code]);
  });

  test('name their place, and stop no other row', () => {
    const { table, faults, notes } = read([
      header,
      row({ 名称: '坏', 优先级: '紧集', 分配给: '张思' }),
      row({ 名称: '好', 优先级: '紧急', 分配给: '张三' }),
    ]);
    expect(table.rows.map(({ name }) => name)).toEqual(['好']);
    expect(faults.map(({ address, code }) => [address, code])).toEqual([
      ['F2', 'unknown-value'],
      ['G2', 'unknown-person'],
    ]);
    expect(faults[0]?.text).toMatch(/^规则!F2 优先级：.*紧集.*紧急/);
    expect(faults[1]?.text).toMatch(/^规则!G2 分配给：.*张思.*张三/);
    expect(notes[0]?.check).toMatch(/^⚠ .*F2.*G2/);
    expect(notes[0]?.reading).toBe('');
  });

  test('a faulty row keeps its last valid version, and says so', () => {
    const good = read([header, row({ 名称: 'a', 优先级: '紧急', 分配给: '张三' })]).table.rows[0]!;
    const broken = tab(header, row({}), row({ 名称: 'a', 优先级: '紧集', 分配给: '张三' }));
    const { table, notes } = readRuleTable(broken, context, 0, new Map([['a', good]]));
    expect(table.rows).toEqual([{ ...good, row: 2 }]);
    expect(notes[0]?.check).toContain('上一个正确的版本');
  });

  test('two rows of one name: the second is at fault', () => {
    const { table, faults } = read([header, row({ 名称: 'a', 分配给: '张三' }), row({ 名称: 'A ', 分配给: '李四' })]);
    expect(table.rows).toHaveLength(1);
    expect(faults).toMatchObject([{ code: 'doubled-name', address: 'B3' }]);
    expect(faults[0]?.text).toContain('第 2 行');
  });

  test('a header that is not known is told with what was meant, and rows that use it do not run', () => {
    const { table, faults } = read([
      ['名称', '优先及', '分配给'],
      ['a', '紧急', '张三'],
      ['b', null, '张三'],
    ]);
    expect(faults.map(({ code, address }) => [code, address])).toEqual([
      ['unknown-header', 'B1'],
      ['unknown-column', 'B2'],
    ]);
    expect(faults[0]?.text).toContain('优先级');
    expect(table.rows.map(({ name }) => name)).toEqual(['b']);
  });

  test.each([
    [['名称', '描述:包涵', '分配给'], 'unknown-operator'],
    [['名称', '分配给', '分配给'], 'doubled-header'],
    [['名称', '设置.状太'], 'unknown-header'],
    [['优先级', '分配给'], 'no-name-column'],
  ])('header %o: %s', (cells, code) => {
    expect(read([cells]).faults).toMatchObject([{ code }]);
  });

  test('a message that refuses belongs to 校验', () => {
    const { faults } = read([
      ['名称', '组', '提示'],
      ['a', '通知', '不行'],
    ]);
    expect(faults).toMatchObject([{ code: 'wrong-stage', address: 'C2' }]);
  });
});

describe('headers', () => {
  test('a condition may stand twice, with an operator of its own, under any name of the field', () => {
    const { table, faults } = read([
      ['名称', '描述:包含', 'description', '紧急程度', '加标签'],
      ['a', '漏水', '不包含 测试', '紧急', 'x'],
    ]);
    expect(faults).toEqual([]);
    expect(table.rows[0]?.conditions.map(({ field, test: { op } }) => [field, op])).toEqual([
      ['description', 'contains'],
      ['description', 'not'],
      ['priority', 'equals'],
    ]);
  });

  test('without a text are no columns', () => {
    expect(
      read([
        ['名称', null, '加标签'],
        ['a', '随便写', 'x'],
      ]).faults,
    ).toEqual([]);
  });
});
