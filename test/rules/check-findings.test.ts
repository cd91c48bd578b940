/** What the checks say of small tables, each kind once or more. */
import { describe, expect, test } from 'vitest';
import { type CheckOptions, checkRules, type Finding } from '../../rules/check/index.ts';
import type { CellValue } from '../../src/model/cell.ts';
import { customField } from '../../src/model/tables.ts';
import { compiled, context, created, english, fields, now, read } from './desk.ts';

function findings(
  rows: readonly (readonly CellValue[])[],
  options: CheckOptions = {},
  given = context,
): readonly Finding[] {
  const { table, faults } = read(rows, given);
  if (faults.length > 0) throw new Error(faults.map(({ text }) => text).join('\n'));
  return checkRules(table, given, options);
}

const told = (all: readonly Finding[]) =>
  all.map(({ code, row, others }) => [code, row?.name ?? null, others.map(({ name }) => name)]);
const only = (all: readonly Finding[], code: Finding['code']) => all.filter((each) => each.code === code);

describe('rows that cannot match', () => {
  test('a cell beyond what the field holds', () => {
    const [found] = findings([
      ['名称', '满意度', '加标签'],
      ['a', '>6', 'x'],
    ]);
    expect(found).toMatchObject({ level: 'error', code: 'impossible-cell', column: 1 });
    expect(found?.text).toContain('>6');
  });
  test('below what a count can be, unless a rule takes it there', () => {
    const header = ['名称', '重开次数', '加标签', '设置.重开次数'];
    const below = ['a', '<0', 'x', null];
    expect(told(findings([header, below]))).toEqual([['impossible-cell', 'a', []]]);
    expect(told(findings([header, below, ['b', null, null, '0']]))).toEqual([['impossible-cell', 'a', []]]);
    expect(only(findings([header, below, ['b', null, null, '-1']]), 'impossible-cell')).toEqual([]);
  });
  test('between the marks of a score there is nothing', () => {
    const scored = { ...context, fields: [...context.fields, customField('score', '得分', 'score')] };
    const said = findings(
      [
        ['名称', '得分', '得分', '加标签'],
        ['a', '>0.5', '<1', 'x'],
        ['b', '>0', '<1', 'x'],
        ['c', '>100', null, 'y'],
      ],
      {},
      scored,
    );
    expect(told(said)).toEqual([
      ['impossible-row', 'a', []],
      ['impossible-cell', 'c', []],
    ]);
  });
  test('cells of one field that contradict each other', () => {
    expect(
      told(
        findings([
          ['名称', '优先级', '优先级', '加标签'],
          ['a', '紧急', '非 紧急', 'x'],
        ]),
      ),
    ).toEqual([['impossible-row', 'a', []]]);
    expect(
      findings([
        ['名称', '合同金额', '合同金额', '加标签'],
        ['a', '>5', '<6', 'x'],
      ]),
    ).toEqual([]);
    expect(
      told(
        findings([
          ['名称', '重开次数', '重开次数', '加标签'],
          ['a', '>5', '<6', 'x'],
        ]),
      ),
    ).toEqual([['impossible-row', 'a', []]]);
  });
});

describe('rows that never get their turn', () => {
  test('behind one row, and behind several together', () => {
    const all = findings([
      ['名称', '问题类型', '优先级', '分配给'],
      ['水', '漏水', null, '张三'],
      ['水急', '漏水', '紧急', '李四'],
      ['非水', '非 漏水', null, '李四'],
      ['底', null, null, '王五'],
    ]);
    expect(told(only(all, 'unreachable'))).toEqual([
      ['unreachable', '水急', ['水']],
      ['unreachable', '底', ['水', '非水']],
    ]);
    expect(all[0]?.text).toContain('行 2');
  });
  test('a look inside a text covers nothing, and can be covered', () => {
    expect(
      told(
        only(
          findings([
            ['名称', '描述', '分配给'],
            ['含', '包含 漏水', '张三'],
            ['底', null, '李四'],
            ['再', '包含 渗水', '王五'],
          ]),
          'unreachable',
        ),
      ),
    ).toEqual([['unreachable', '再', ['底']]]);
  });
  test('in stages where all rows act: the field is written before, or 停止 stands above', () => {
    expect(
      told(
        only(
          findings([
            ['名称', '组', '优先级', '设置.区域', '加标签', '停止'],
            ['a', '设值', null, '东区', null, null],
            ['b', '设值', '紧急', '西区', null, null],
            ['c', '设值', '紧急', '西区', 'x', null],
            ['d', '设值', '高', null, null, '是'],
            ['e', '设值', '高', null, 'y', null],
          ]),
          'unreachable',
        ),
      ),
    ).toEqual([
      ['unreachable', 'b', ['a']],
      ['unreachable', 'e', ['d']],
    ]);
  });
  test('a row of another time, a rehearsed row and one that overwrites are in nobody’s way', () => {
    const all = findings([
      ['启用', '名称', '组', '时机', '设置.区域', '覆盖'],
      ['演练', 'a', '设值', null, '东区', null],
      ['是', 'b', '设值', '新建', '东区', null],
      ['是', 'c', '设值', null, '西区', null],
      ['是', 'd', '设值', null, '东区', '是'],
    ]);
    expect(only(all, 'unreachable')).toEqual([]);
  });
  test('two rows that mean the same are told as such, however they are written', () => {
    const all = findings([
      ['名称', '优先级', '分配给'],
      ['a', '紧急,高', '张三'],
      ['b', '高、紧急', '张工'],
      ['c', '高', '张三'],
    ]);
    expect(told(only(all, 'identical'))).toEqual([['identical', 'b', ['a']]]);
    expect(told(only(all, 'unreachable'))).toEqual([['unreachable', 'c', ['a']]]);
  });
});

describe('records', () => {
  test('nobody takes, with one that shows it', () => {
    const rows = [
      ['名称', '问题类型', '优先级', '分配给'],
      ['水', '漏水', null, '张三'],
      ['电', '电路', '紧急', '李四'],
    ];
    const [gap] = only(findings(rows), 'gap');
    expect(created(compiled(rows), gap!.witness!).decision.matched).toEqual([]);
    expect(gap?.text).toMatch(/^没有规则接住：问题类型=/);
    expect(only(findings(rows, {}, english), 'gap')[0]?.text).toMatch(/^No rule takes: Type=/);
  });
  test('without a target for a clock', () => {
    const all = findings([
      ['名称', '优先级', '超时'],
      ['急', '紧急', '响应 30分钟; 解决 4小时'],
      ['都', null, '解决 2个工作日'],
    ]);
    expect(only(all, 'gap').map(({ text }) => text)).toEqual([expect.stringContaining('响应时限')]);
  });
  test('that two rows move to different states', () => {
    const rows = [
      ['名称', '优先级', '问题类型', '设置.状态', '覆盖'],
      ['a', '紧急', null, '处理中', null],
      ['b', null, '漏水', '等待客户', null],
      ['c', null, '漏水', '已解决', '是'],
    ];
    const all = only(findings(rows), 'contradiction');
    expect(told(all)).toEqual([['contradiction', 'b', ['a']]]);
    expect(all[0]?.witness).toEqual({ priority: '紧急', issue_type: '漏水' });
    expect(created(compiled(rows), all[0]!.witness!).decision.matched).toEqual(expect.arrayContaining(['a', 'b']));
  });
  test('of overlapping assignments are told on request only', () => {
    const rows = [
      ['名称', '优先级', '分配给'],
      ['a', '紧急', '张三'],
      ['b', null, '李四'],
    ];
    expect(only(findings(rows), 'contradiction')).toEqual([]);
    expect(only(findings(rows, { overlaps: true }), 'contradiction')).toHaveLength(1);
  });
});

describe('loops', () => {
  test('are named row by row', () => {
    const all = findings([
      ['名称', '组', '状态', '优先级', '设置.状态', '设置.优先级'],
      ['a', '状态', null, '高', '处理中', null],
      ['b', '状态', '处理中', null, null, '低'],
      ['c', '状态', null, '低', '待受理', null],
      ['d', '状态', '待受理', null, null, '高'],
    ]);
    const [loop] = only(all, 'loop');
    expect(only(all, 'loop')).toHaveLength(1);
    expect(loop?.text).toContain('行 2 → 处理状态 → 行 3 → 优先级 → 行 4 → 处理状态 → 行 5 → 优先级 → 行 2');
  });
  test('are none where what is written cannot satisfy the next cell', () => {
    const all = findings([
      ['名称', '组', '状态', '优先级', '负责人', '设置.状态', '设置.优先级', '分配给'],
      ['a', '状态', null, '高', null, '处理中', null, null],
      ['b', '状态', '已解决', null, null, null, '高', null],
      ['c', '分配', '处理中', null, '为空', null, null, '张三'],
    ]);
    expect(only(all, 'loop')).toEqual([]);
  });
});

describe('remarks', () => {
  test('time without any other condition', () => {
    const rows = (status: string | null) => [
      ['名称', '时机', '创建时间', '状态', '通知'],
      ['a', '到时', '超过 2天', status, '张三'],
    ];
    expect(told(findings(rows(null)))).toEqual([['endless-time', 'a', []]]);
    expect(findings(rows('待受理'))).toEqual([]);
  });
  test('nobody there to take it', () => {
    const all = findings([
      ['名称', '优先级', '分配给'],
      ['a', '紧急', '钱七'],
      ['b', '高', '组:旧组'],
      ['c', null, '组:水电组'],
    ]);
    expect(only(all, 'inactive-assignee').map(({ row, text }) => [row?.name, text.slice(0, 4)])).toEqual([
      ['a', '钱七 已'],
      ['b', '组 旧组'],
    ]);
  });
  test('an option that is gone', () => {
    const { table } = read([
      ['名称', '问题类型', '分配给'],
      ['a', '漏水,地面', '张三'],
      ['b', null, '李四'],
    ]);
    const fewer = fields.map((field) =>
      field.key === 'issue_type' ? { ...field, options: field.options.filter(({ label }) => label !== '地面') } : field,
    );
    const all = checkRules(table, { ...context, fields: fewer });
    expect(told(all)).toEqual([['option-removed', 'a', []]]);
    expect(all[0]).toMatchObject({ level: 'warning', column: 1 });
  });
  test('no hits for 30 days', () => {
    const rows = [
      ['名称', '加标签'],
      ['a', 'x'],
      ['b', 'y'],
      ['c', 'z'],
    ];
    const day = 86_400_000;
    const hits = new Map([
      ['a', { hits: 0, since: now - 31 * day }],
      ['b', { hits: 0, since: now - 29 * day }],
      ['c', { hits: 3, since: now - 90 * day }],
    ]);
    expect(told(findings(rows, { hits, now }))).toEqual([['no-hits', 'a', []]]);
  });
});

test('a table in good order has nothing to be told, the gravest comes first', () => {
  const good = [
    ['名称', '问题类型', '分配给'],
    ['a', '漏水,电路', '组:水电组 轮流'],
    ['b', null, '王五'],
  ];
  expect(findings(good)).toEqual([]);
  const levels = findings([
    ['名称', '满意度', '优先级', '分配给'],
    ['a', null, '紧急', '钱七'],
    ['b', '>6', null, '张三'],
  ]).map(({ level }) => level);
  expect(levels).toEqual(['error', 'warning', 'info']);
});
