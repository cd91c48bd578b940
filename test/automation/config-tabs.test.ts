/** Bad input in the config tabs: it is told beside the row, what was in force stays, and nothing else stops. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { explain } from '../../src/app/explain.ts';
import { type Cells, type Desk, openDesk } from './desk.ts';

let desk: Desk;
beforeAll(async () => {
  desk = await openDesk();
});
afterAll(() => desk.database.close());

const check = (name: string): string => desk.shown('规则', desk.find('规则', '名称', name), '检查');

/** Edits a rule, lets the service look, and returns what stands in 检查. */
async function rule(name: string, cells: Cells): Promise<string> {
  desk.set('规则', desk.find('规则', '名称', name), cells);
  await desk.settle();
  return check(name);
}

/** Files a ticket and returns who got it. */
let count = 0;
async function assigneeOf(cells: Cells): Promise<unknown> {
  count += 1;
  const title = `${cells.问题标题 ?? '单'} ${count}`;
  await desk.file({ ...cells, 问题标题: title });
  return (await desk.ticket(title)).assignee;
}

describe('a broken row', () => {
  test('says why beside it, and its last sound version stays in force', async () => {
    const before = check('停机即紧急');
    expect(before).toContain('✓');
    const told = await rule('停机即紧急', { '设置.优先级': '紧集' });
    expect(told).toMatch(/⚠.*紧集.*紧急/s);
    await desk.file({ 问题标题: '一号线停机' });
    expect((await desk.ticket('一号线停机')).priority).toBe('紧急');
    expect(await rule('停机即紧急', { '设置.优先级': '紧急' })).toBe(before);
  });

  test('keeps what it said though columns are moved, added or lose their titles', async () => {
    const column = desk.column('规则', '问题标题');
    await rule('停机即紧急', { '设置.优先级': '紧集' });
    desk.edit('规则', (rows) => {
      for (const row of rows) row.splice(2, 0, null);
    });
    await desk.settle();
    await desk.file({ 问题标题: '二号线停机' });
    expect((await desk.ticket('二号线停机')).priority).toBe('紧急');
    desk.edit('规则', (rows) => {
      for (const row of rows) row.splice(2, 1);
      rows[0]![column] = '没有这样的列';
    });
    await desk.settle();
    expect(check('上海漏水抢修')).toContain('⚠');
    await desk.file({ 问题标题: '三号线停机' }, { 问题标题: '漏水', 区域: '上海' }, { 问题标题: '普通' });
    expect((await desk.ticket('三号线停机')).priority).toBe('紧急');
    expect((await desk.ticket('漏水')).assignee).toMatch(/张伟|刘洋/);
    expect((await desk.ticket('普通')).priority).toBe('中');
    desk.edit('规则', (rows) => {
      rows[0]![column] = '问题标题';
    });
    expect(await rule('停机即紧急', { '设置.优先级': '紧急' })).toContain('✓');
  });

  test('half typed does nothing yet', async () => {
    desk.add('规则', { 名称: '还没写完', 时机: '新建' });
    await desk.settle();
    expect(check('还没写完')).toContain('⚠');
    await desk.file({ 问题标题: '普通单' });
    expect((await desk.ticket('普通单')).priority).toBe('中');
    desk.set('规则', desk.find('规则', '名称', '还没写完'), { 加标签: '写完了' });
    await desk.settle();
    expect(check('还没写完')).toContain('✓');
    await desk.file({ 问题标题: '普通单二' });
    expect((await desk.ticket('普通单二')).note).toBe('#写完了');
    desk.edit('规则', (rows) => rows.splice(desk.find('规则', '名称', '还没写完'), 1));
    await desk.settle();
  });

  const faults: readonly (readonly [code: string, cells: Cells])[] = [
    ['ambiguous-comma', { 合同金额: '>100,000' }],
    ['bool', { 停止: '也许' }],
    ['bracket', { 合同金额: '[1..5' }],
    ['date', { 创建时间: '>2026-02-30' }],
    ['date-incomplete', { 创建时间: '>3月' }],
    ['duration', { 创建时间: '超过 很久' }],
    ['duration-unit', { 创建时间: '超过 2' }],
    ['empty-item', { 优先级: '紧急,,高' }],
    ['excel-date', { 合同金额: { kind: 'date', serial: 46082 } as never }],
    ['feel-syntax', { 合同金额: '公式: ? > > 3' }],
    ['hyphen-range', { 合同金额: '1-5' }],
    ['incomplete', { 合同金额: '>' }],
    ['number', { 合同金额: '>很多' }],
    ['operator-not-for-type', { 合同金额: '包含 3' }],
    ['quote', { 优先级: '“紧急' }],
    ['range-order', { 合同金额: '5..1' }],
    ['regex', { 问题标题: '匹配 (' }],
    ['regex-unsafe', { 问题标题: '匹配 (a)\\1' }],
    ['sheet-error', { 优先级: { kind: 'error', code: '#REF!' } as never }],
    ['spreadsheet-formula', { 优先级: { kind: 'formula', text: '=A1', value: '紧急' } as never }],
    ['unknown-field', { 合同金额: '>{没有这列}' }],
    ['unknown-person', { 负责人: '没有这人' }],
    ['unknown-value', { 优先级: '紧集' }],
  ];

  test('with any fault of the language stops no other row', async () => {
    const row = desk.rows('规则').length;
    const blank = Object.fromEntries(desk.rows('规则')[0]!.map((header) => [String(header), null]));
    desk.addColumns('规则', '停止');
    const silent: string[] = [];
    for (const [code, cells] of faults) {
      desk.set('规则', row, { ...blank, 名称: `错 ${code}`, 时机: '新建', 加标签: '错', ...cells });
      await desk.main.pass();
      if (!desk.shown('规则', row, '检查').includes('⚠')) silent.push(`${code}: ${desk.shown('规则', row, '检查')}`);
    }
    expect(silent).toEqual([]);
    expect(await assigneeOf({ 问题标题: '漏水', 区域: '上海' })).toMatch(/张伟|刘洋/);
    expect(desk.lines('工单').filter((line) => line.备注?.includes('#错'))).toEqual([]);
    desk.edit('规则', (rows) => rows.splice(row, 1));
    await desk.settle();
  });

  test('with ten thousand characters, or a pattern made to hang, is answered at once', async () => {
    const long = '漏'.repeat(10_000);
    const started = performance.now();
    await rule('上海漏水抢修', { 问题标题: long });
    await rule('上海漏水抢修', { 问题标题: `匹配 ^(a+)+$` });
    await desk.file({ 问题标题: `${'a'.repeat(5_000)}!`, 区域: '上海' });
    expect(performance.now() - started).toBeLessThan(30_000);
    expect(await rule('上海漏水抢修', { 问题标题: '包含 漏水，渗水，水浸' })).toContain('✓');
  });
});

describe('a whole tab', () => {
  const stillRules = async (): Promise<void> => {
    await desk.file({ 问题标题: `检查停机 ${++count}` });
    expect((await desk.ticket(`检查停机 ${count}`)).priority).toBe('紧急');
  };

  test('that is emptied, renamed or without its header keeps what was in force and says so', async () => {
    const rows = desk.rows('规则').map((row) => [...row]);
    desk.edit('规则', (all) => all.splice(1));
    await desk.settle();
    expect(await desk.problems()).toEqual([expect.stringMatching(/规则.*行都没有了.*继续有效/)]);
    await stillRules();

    desk.edit('规则', (all) => all.splice(0));
    await desk.settle();
    expect(await desk.problems()).toEqual([expect.stringContaining('规则')]);
    await stillRules();

    desk.edit('规则', (all) => all.push(...rows.map((row) => [...row])));
    await desk.settle();
    expect(await desk.problems()).toEqual([]);

    const admin = desk.books.get('admin')!;
    const tab = admin.tabs.find(({ name }) => name === '规则')! as { name: string };
    admin.edit(() => {
      tab.name = '规则(旧)';
    });
    await desk.settle();
    expect(await desk.problems()).toEqual([expect.stringContaining('规则')]);
    await stillRules();
    admin.edit(() => {
      tab.name = '规则';
    });
    await desk.settle();
    expect(await desk.problems()).toEqual([]);

    desk.set('规则', 0, { 名称: '名字呢' });
    await desk.settle();
    expect(await desk.problems()).toEqual([expect.stringContaining('规则')]);
    await stillRules();
    desk.set('规则', 0, { 名字呢: '名称' });
    await desk.settle();
    expect(await desk.problems()).toEqual([]);
  });
});

describe('what rules lean on', () => {
  test('somebody who left is never chosen, nor told', async () => {
    desk.set('人员', desk.find('人员', '姓名', '张伟'), { 在职: '否' });
    await desk.settle();
    for (let n = 0; n < 3; n++) expect(await assigneeOf({ 问题标题: '漏水', 区域: '上海' })).toBe('刘洋');
    desk.set('人员', desk.find('人员', '姓名', '张伟'), { 在职: '是' });
    await desk.settle();
  });

  test('an option that is gone is told beside the rules that name it; the others go on', async () => {
    const row = desk.rows('字段').findIndex((cells) => cells.includes('问题类型'));
    const header = desk
      .rows('字段')[0]!
      .map(String)
      .find((text) => text.includes('选项'))!;
    const before = desk.shown('字段', row, header);
    if (before === '') desk.set('字段', row, { [header]: '硬件故障、软件问题、使用咨询、备件更换、安装调试' });
    else desk.set('字段', row, { [header]: before.replace(/[、,，;；\n]?投诉建议/, '') });
    await desk.settle();
    await desk.settle();
    expect(check('投诉找组长')).toMatch(/投诉建议/);
    expect(await assigneeOf({ 问题标题: '漏水', 区域: '上海' })).toMatch(/张伟|刘洋/);
    desk.set('字段', row, { [header]: before === '' ? null : before });
    await desk.settle();
    await desk.settle();
    expect(check('投诉找组长')).toContain('✓');
  });

  test('rows that set each other off stop and are named', async () => {
    desk.add(
      '规则',
      { 名称: '甲圈', 时机: '新建或更新', 优先级: '低', '设置.优先级': '高' },
      { 名称: '乙圈', 时机: '优先级变更', 优先级: '高', 问题标题: '包含 圈', '设置.优先级': '低' },
    );
    await desk.settle();
    await desk.file({ 问题标题: '转圈', 优先级: '低' });
    const [first, second] = ['甲圈', '乙圈'].map((name) => desk.find('规则', '名称', name) + 1);
    expect(await desk.problems()).toEqual([
      expect.stringMatching(
        new RegExp(`互相触发.*行 ${first}.*优先级.*行 ${second}|行 ${second}.*优先级.*行 ${first}`),
      ),
    ]);
    expect((await desk.ticket('转圈')).number).toMatch(/^T-/);
  });
});

test('a change waits for a second person where that is asked for', async () => {
  const strict = await openDesk({ settings: { configApproval: 'second-person' } });
  try {
    strict.set('规则', strict.find('规则', '名称', '停机即紧急'), { '设置.优先级': '低' });
    await strict.settle();
    expect(strict.shown('规则', strict.find('规则', '名称', '停机即紧急'), '检查')).toMatch(/等|待/);
    await strict.file({ 问题标题: '甲停机' });
    expect((await strict.ticket('甲停机')).priority).toBe('紧急');
    const { keeper } = strict.main.app;
    await keeper.approve((await keeper.waiting())!.id, '老王');
    await strict.settle();
    await strict.file({ 问题标题: '乙停机' });
    expect((await strict.ticket('乙停机')).priority).toBe('低');
  } finally {
    await strict.database.close();
  }
});

describe('rows that only moved', () => {
  test('are named where they stand now, without a new version; every process sees it', async () => {
    const other = await desk.start('other');
    const version = (await desk.main.app.keeper.current()).version;
    await other.app.keeper.current();
    const name = '没填优先级按中';
    for (const shift of [1, 2]) {
      desk.edit('规则', (rows) => void rows.splice(1, 0, []));
      await desk.settle();
      const row = desk.find('规则', '名称', name) + 1;
      await desk.file({ 问题标题: `移动 ${shift}` });
      const { number } = await desk.ticket(`移动 ${shift}`);
      for (const { app } of [desk.main, other]) {
        expect((await app.keeper.current()).version).toBe(version);
        const { decisions, fields } = await explain.run(app, { number, rule: null, all: false });
        expect(decisions[0]!.why.find((line) => line.rule === name)).toMatchObject({ row });
        expect(fields.find(({ field }) => field === 'priority')?.source).toBe(`规则!${row} ${name}`);
      }
    }
  });
});
