/** Why a record went where it did, why a row did not act, and what a new table would have done. */
import { describe, expect, test } from 'vitest';
import { packDecision, unpackDecision } from '../../rules/decision.ts';
import { circleText, why, whyNot } from '../../rules/explain.ts';
import { type PastEvent, replay } from '../../rules/replay.ts';
import { runTestRows } from '../../rules/test-rows.ts';
import type { CellValue } from '../../src/model/cell.ts';
import { compiled, context, created, english, read, scopeOf, tab } from './desk.ts';

const rows = [
  ['启用', '名称', '问题类型', '优先级', '创建时间', '分配给', '通知'],
  ['是', '水电紧急', '漏水,电路', '紧急', null, '张三', null],
  ['是', '水', '漏水', null, null, '李四', null],
  ['停用', '旧', null, null, null, '王五', null],
  ['是', '底', null, null, null, '王五', null],
  ['是', '催', null, '紧急', '超过 2小时', null, '张三'],
] as const;

describe('why', () => {
  const rules = compiled(rows);
  const { decision } = created(rules, { issue_type: '漏水', priority: '紧急' });

  test('names the row, its cells with the values seen, and the rows behind it', () => {
    const [first, second] = why(rules, decision);
    expect(first?.text).toBe(
      '分配给 张三：规则!行2 «水电紧急» 命中：问题类型=漏水（单元格 漏水,电路）, 优先级=紧急（单元格 紧急）；行 3、5 也命中但在其后',
    );
    expect(first?.cells).toMatchObject([
      { field: 'issue_type', value: '漏水', column: 2 },
      { field: 'priority', value: '紧急', column: 3 },
    ]);
    expect(first?.behind.map(({ name }) => name)).toEqual(['水', '底']);
    expect(second?.text).toContain('被行 2盖过');
  });
  test('in English, and from what was stored', () => {
    const stored = unpackDecision(packDecision(decision));
    expect(why(rules, stored, 'en')[0]?.text).toBe(
      'assign to 张三: 规则!row 2 «水电紧急» matched: Type=漏水 (cell 漏水,电路), Priority=紧急 (cell 紧急); rows 3, 5 matched too but come after it',
    );
  });
  test('a circle is told row by row', () => {
    const circular = compiled([
      ['名称', '组', '状态', '优先级', '设置.状态', '设置.优先级'],
      ['a', '状态', null, '高', '处理中', null],
      ['b', '状态', '处理中', null, null, '低'],
      ['c', '状态', null, '低', '待受理', null],
      ['d', '状态', '待受理', null, null, '高'],
    ]);
    const { decision: chained } = created(circular, { priority: '高', status: '已解决' });
    expect(circleText(circular, chained)).toBe(
      '规则互相触发，已停止：行 2 → 处理状态 → 行 3 → 优先级 → 行 4 → 处理状态 → 行 5 → 优先级 → 行 2',
    );
    expect(circleText(rules, decision)).toBeNull();
  });
});

describe('why not', () => {
  const { table } = read(rows);
  const scope = scopeOf({ issue_type: '电路', priority: '高', created_at: '2026-03-10T03:30:00.000Z' });
  test('the nearest row first, with the failing cells and the values they see', () => {
    const found = whyNot(table, context, scope, 'create');
    expect(found.map(({ row, failing }) => [row.name, failing.map(({ label, value }) => `${label}=${value}`)])).toEqual(
      [
        ['旧', []],
        ['底', []],
        ['水电紧急', ['优先级=高']],
        ['水', ['问题类型=电路']],
        ['催', ['优先级=高', '创建时间=2026-03-10T03:30:00.000Z']],
      ],
    );
    expect(found.map(({ text }) => text).slice(0, 3)).toEqual([
      '规则!行4 «旧»：已停用',
      '规则!行5 «底»：条件都符合',
      '规则!行2 «水电紧急»：不符合 优先级=高（单元格 紧急）',
    ]);
  });
  test('of one row, of one stage, for another kind of event', () => {
    expect(whyNot(table, english, scope, 'create', { row: '水' })[0]?.text).toBe(
      '规则!row 3 «水»: fails at Type=电路 (cell 漏水)',
    );
    expect(whyNot(table, context, scope, 'create', { stage: 'notify' }).map(({ row }) => row.name)).toEqual(['催']);
    expect(whyNot(table, context, scope, 'comment', { row: '底' })[0]).toMatchObject({ isMeant: false });
  });
});

describe('replay', () => {
  const events: readonly PastEvent[] = [
    { issue_type: '漏水', priority: '紧急' },
    { issue_type: '漏水', priority: '低' },
    { issue_type: '地面' },
  ].map((values, n) => ({ event: { id: `e${n}`, record: `T-${n}`, kind: 'create' }, scope: scopeOf(values) }));

  test('tells ticket, field, what is, what would be, and because of which row', () => {
    const next = compiled(
      rows.map((row) => (row[1] === '水' ? ['是', '水新', '漏水', null, null, '王五', null] : row)),
    );
    const { differences, records, events: count, hits } = replay(events, compiled(rows), next);
    expect([count, records]).toEqual([3, 1]);
    expect(differences).toMatchObject([
      {
        record: 'T-1',
        event: 'e1',
        target: 'assignee',
        action: 'assign',
        now: { row: '水', value: '李四' },
        wouldBe: { row: '水新', value: '王五' },
      },
    ]);
    expect([...hits]).toEqual([
      ['水电紧急', 1],
      ['水新', 2],
      ['底', 3],
      ['催', 0],
    ]);
  });
  test('a table against itself, or with another order of rows that cannot meet, is no difference', () => {
    expect(replay(events, compiled(rows), compiled(rows)).differences).toEqual([]);
  });
  test('an effect that goes or comes is told too', () => {
    const more = compiled([
      ['名称', '加标签'],
      ['a', 'x'],
    ]);
    const none = compiled([
      ['名称', '优先级', '加标签'],
      ['a', '高', 'x'],
    ]);
    expect(replay(events.slice(0, 1), none, more).differences).toMatchObject([{ now: null, wouldBe: { row: 'a' } }]);
    expect(replay(events.slice(0, 1), more, none).differences).toMatchObject([{ now: { row: 'a' }, wouldBe: null }]);
  });
});

describe('用例', () => {
  const rules = compiled([
    ['名称', '组', '问题类型', '状态', '解决方案', '分配给', '通知', '设置.优先级', '提示'],
    ['派', '分配', '漏水', null, null, '张三', null, null, null],
    ['急', '设值', '漏水', null, null, null, null, '紧急', null],
    ['告', '通知', null, '变为 已解决', null, null, '处理人;组:客服', null, null],
    ['验', '校验', null, '已解决', '为空', null, null, null, '请写解决方案'],
  ]);
  const { values: _values, before: _before, ...world } = scopeOf({});
  const run = (...cells: readonly (readonly CellValue[])[]) =>
    runTestRows({ ...tab(...cells), tab: '用例' }, rules, world);

  test('pass, or tell what was expected and what came', () => {
    const { rows: results, faults } = run(
      ['用例', '问题类型', '期望.负责人', '期望.优先级', '期望.命中', '结果'],
      ['好', '漏水', '张三', '紧急', '派,急', null],
      ['坏', '漏水', '李四', '紧急', '派', '旧的结果'],
      ['没有', '地面', '空', null, '无', null],
      [null, null, null, null, null, '只有结果'],
    );
    expect(faults).toEqual([]);
    expect(results.map(({ name, passed }) => [name, passed])).toEqual([
      ['好', true],
      ['坏', false],
      ['没有', true],
    ]);
    expect(results[1]?.text).toBe('✗ 负责人：期望 李四，实际 张三。 期望.命中：期望 派，实际 急、派。');
  });
  test('a change is what stood before and what stands now', () => {
    const { rows: results } = run(
      ['用例', '原.状态', '状态', '解决方案', '负责人', '期望.通知', '期望.提示'],
      ['解决', '处理中', '已解决', '换阀门', '张三', '张三;group:客服', null],
      ['早已解决', '已解决', '已解决', '换阀门', '张三', '无', null],
      ['缺方案', '处理中', '已解决', null, '张三', null, '请写解决方案'],
    );
    expect(results.map(({ passed, reasons }) => [passed, reasons])).toEqual([
      [true, []],
      [true, []],
      [true, []],
    ]);
  });
  test('a cell that cannot be read fails its row only, and is told with its place', () => {
    const { rows: results, faults } = run(
      ['用例', '优先级', '期望.负责仁', '时机'],
      ['一', '紧集', null, null],
      ['二', '高', '张三', null],
      ['三', '高', null, '有空'],
      ['四', '高', null, '更新'],
    );
    expect(results.map(({ passed }) => passed)).toEqual([false, false, false, true]);
    expect(faults.map(({ code, address }) => [code, address])).toEqual([
      ['unknown-header', 'C1'],
      ['unknown-option', 'B2'],
      ['unknown-timing', 'D4'],
    ]);
    expect(faults[0]?.text).toContain('负责人');
  });
});
