import { expect, test } from 'vitest';
import { Desk, deskBinding, deskColumns, listTab } from './desk.ts';

/** Sorts one column the other way round and leaves the rest of each row where it is. */
function reverseColumn(desk: Desk, column: number): void {
  desk.edit((rows) => {
    const data = rows.slice(1);
    const values = data.map((row) => row[column]!).reverse();
    data.forEach((row, index) => {
      row[column] = values[index]!;
    });
  });
}

test('a typed row becomes a ticket with a number, its first status and a time', async () => {
  const desk = new Desk();
  await desk.sync();
  desk.type({ 问题标题: '空调漏水', 客户名称: '上海一建', 优先级: '紧急' });
  const report = await desk.sync();
  expect(report).toMatchObject({ read: 1, created: 1, problems: 0, conflicts: 0, held: null });
  const [ticket] = await desk.tickets();
  expect(ticket!.values).toMatchObject({ title: '空调漏水', customer: '上海一建', priority: '紧急', status: '待受理' });
  expect(desk.cell(0, '工单号')).toBe(ticket!.number);
  expect(desk.cell(0, '处理状态')).toBe('待受理');
  expect(await desk.runner.isQuiet()).toBe(true);
});

test('an edit in the sheet reaches the ticket, an edit of the ticket reaches the sheet', async () => {
  const desk = await Desk.with(3);
  desk.set(1, '处理状态', '处理中');
  expect(await desk.sync()).toMatchObject({ applied: 1, conflicts: 0 });
  const number = desk.cell(1, '工单号');
  expect((await desk.ticket(number)).values.status).toBe('处理中');
  await desk.change(number, { assignee: '王工' });
  expect(await desk.runner.isQuiet()).toBe(false);
  expect(await desk.sync()).toMatchObject({ applied: 0, written: 1 });
  expect(desk.cell(1, '负责人')).toBe('王工');
  expect(await desk.runner.isQuiet()).toBe(true);
});

test('16: a hundred quiet cycles write nothing', async () => {
  const desk = await Desk.with(3);
  const { version } = desk.workbook;
  for (let n = 0; n < 100; n += 1) {
    expect(await desk.runner.isQuiet()).toBe(true);
    expect(await desk.sync()).toMatchObject({ created: 0, applied: 0, written: 0, problems: 0 });
  }
  expect(desk.workbook.version).toBe(version);
});

test('both sides change one cell: the sheet outranks the operator, and the loser is listed and can be taken', async () => {
  const desk = await Desk.with(1);
  const number = desk.cell(0, '工单号');
  await desk.change(number, { title: '来自系统' });
  desk.set(0, '问题标题', '来自表格');
  expect(await desk.sync()).toMatchObject({ conflicts: 1 });
  expect((await desk.ticket(number)).values.title).toBe('来自表格');
  expect(desk.list()).toMatchObject([{ kind: '两边都改了', typed: '来自系统', current: '来自表格' }]);
  desk.answer(0, '采用我的');
  await desk.sync();
  expect((await desk.ticket(number)).values.title).toBe('来自系统');
  expect(desk.cell(0, '问题标题')).toBe('来自系统');
  expect(desk.list()).toEqual([]);
});

test('14: a wrong option stays in the cell, is explained, and is judged anew when it is mended after the database moved on', async () => {
  const desk = await Desk.with(1);
  const number = desk.cell(0, '工单号');
  desk.set(0, '优先级', '紧集');
  expect(await desk.sync()).toMatchObject({ applied: 0, problems: 1 });
  expect(desk.cell(0, '优先级')).toBe('紧集');
  expect(desk.cell(0, '系统提示')).toContain('「优先级」');
  expect((await desk.ticket(number)).values.priority).toBe('高');
  expect(desk.list()).toMatchObject([{ kind: '填写有误', place: '工单!C2', typed: '紧集', current: '高' }]);
  await desk.change(number, { priority: '低' });
  await desk.sync();
  expect(desk.cell(0, '优先级')).toBe('紧集');
  expect(desk.list()).toMatchObject([{ typed: '紧集', current: '低' }]);
  desk.set(0, '优先级', '紧急');
  await desk.sync();
  expect((await desk.ticket(number)).values.priority).toBe('紧急');
  expect(desk.cell(0, '系统提示')).toBe('');
  expect(desk.list()).toEqual([]);
});

test('采用系统 puts the value of the database over a wrong one', async () => {
  const desk = await Desk.with(1);
  desk.set(0, '优先级', '紧集');
  await desk.sync();
  desk.answer(0, '采用系统');
  await desk.sync();
  expect(desk.cell(0, '优先级')).toBe('高');
  expect(desk.cell(0, '系统提示')).toBe('');
  expect(desk.list()).toEqual([]);
});

test('a required cell that was cleared comes back', async () => {
  const desk = await Desk.with(1);
  desk.set(0, '问题标题', null);
  await desk.sync();
  expect(desk.cell(0, '问题标题')).toBe('漏水 1');
  expect(desk.list()).toMatchObject([{ kind: '填写有误' }]);
});

test('a service column that was typed into goes back, and what was typed is listed', async () => {
  const desk = await Desk.with(1);
  desk.set(0, 'SLA状态', '已超时');
  await desk.sync();
  expect(desk.cell(0, 'SLA状态')).toBe('');
  expect(desk.list()).toMatchObject([{ kind: '系统列被改', typed: '已超时' }]);
});

test('3: an erased ID comes back', async () => {
  const desk = await Desk.with(3);
  const number = desk.cell(1, '工单号');
  desk.set(1, '工单号', null);
  expect(await desk.sync()).toMatchObject({ created: 0 });
  expect(desk.cell(1, '工单号')).toBe(number);
});

test('4: a drag-filled ID column leaves every ticket as it was', async () => {
  const desk = await Desk.with(4);
  const first = desk.cell(0, '工单号');
  for (let row = 1; row < 4; row += 1) desk.set(row, '工单号', first);
  const report = await desk.sync();
  expect(report.created).toBe(0);
  expect((await desk.tickets()).map((ticket) => ticket.values.title)).toEqual(['漏水 1', '漏水 2', '漏水 3', '漏水 4']);
});

test('5: one column sorted alone is held, and can be put back from the list', async () => {
  const desk = await Desk.with(8);
  const before = await desk.tickets();
  reverseColumn(desk, 3);
  const report = await desk.sync();
  expect(report.applied).toBe(0);
  expect(report.held).toContain('问题标题');
  expect((await desk.tickets()).map((ticket) => ticket.values)).toEqual(before.map((ticket) => ticket.values));
  const guard = desk.list().findIndex((line) => line.kind === '已暂停');
  desk.answer(guard, '采用系统');
  await desk.sync();
  expect(desk.cell(0, '问题标题')).toBe('漏水 1');
  expect(desk.list()).toEqual([]);
  expect((await desk.sync()).held).toBeNull();
});

test('the numbers sorted alone are held though a cell was typed meanwhile, and undoing it lets go', async () => {
  const desk = await Desk.with(9);
  const before = await desk.tickets();
  reverseColumn(desk, 0);
  desk.set(2, '问题标题', '漏水 3，加急');
  expect(await desk.sync()).toMatchObject({ applied: 0, written: 0 });
  expect((await desk.sync()).held).toContain('编号没有动');
  expect((await desk.tickets()).map((ticket) => ticket.values)).toEqual(before.map((ticket) => ticket.values));
  reverseColumn(desk, 0);
  expect(await desk.sync()).toMatchObject({ applied: 1, held: null });
  expect((await desk.tickets()).map((ticket) => ticket.values.title)).toEqual(
    before.map(({ values }) => (values.title === '漏水 3' ? '漏水 3，加急' : values.title)),
  );
});

test('a held column goes ahead when it is released', async () => {
  const desk = await Desk.with(8);
  reverseColumn(desk, 3);
  await desk.sync();
  const guard = desk.list().findIndex((line) => line.kind === '已暂停');
  desk.answer(guard, '采用我的');
  await desk.sync();
  await desk.sync();
  expect((await desk.tickets()).map((ticket) => ticket.values.title)).toEqual(
    [8, 7, 6, 5, 4, 3, 2, 1].map((n) => `漏水 ${n}`),
  );
});

test('6: without its header a tab is left alone until the header is back', async () => {
  const desk = await Desk.with(3);
  const header = desk.rows('工单')[0]!;
  desk.edit((rows) => {
    rows[0] = [];
  });
  const report = await desk.sync();
  expect(report.held).toContain('表头');
  expect((await desk.tickets()).length).toBe(3);
  desk.edit((rows) => {
    rows[0] = header;
  });
  expect((await desk.sync()).held).toBeNull();
  expect(desk.list()).toEqual([]);
});

test('7: two headers renamed at once are detached, one renamed alone is followed', async () => {
  const desk = await Desk.with(3);
  desk.edit((rows) => {
    rows[0]![3] = '事情';
  });
  await desk.sync();
  desk.set(0, '事情', '换了名字也认得');
  await desk.sync();
  expect((await desk.tickets())[0]!.values.title).toBe('换了名字也认得');
  desk.edit((rows) => {
    rows[0]![3] = '甲列';
    rows[0]![4] = '乙列';
  });
  desk.set(0, '甲列', '没有人读');
  await desk.sync();
  expect((await desk.tickets())[0]!.values.title).toBe('换了名字也认得');
  expect(desk.list().filter((line) => line.kind === '表头问题')).toHaveLength(2);
});

test('8: 500 pasted rows become 500 tickets', async () => {
  const desk = await Desk.with(3);
  desk.edit((rows) => {
    for (let n = 0; n < 500; n += 1) rows.push([null, null, '中', `批量 ${n}`, null, `客户 ${n}`]);
  });
  expect(await desk.sync()).toMatchObject({ created: 500, held: null });
  const numbers = new Set(
    desk
      .rows('工单')
      .slice(1)
      .map((row) => row[0]),
  );
  expect(numbers.size).toBe(503);
});

test('2: a new row copied before its number arrives makes two tickets, not three', async () => {
  const desk = new Desk();
  await desk.sync();
  desk.type({ 问题标题: '漏水' });
  desk.workbook.locked = true;
  await desk.sync();
  desk.type({ 问题标题: '漏水' });
  await desk.sync();
  desk.workbook.locked = false;
  await desk.sync();
  expect(await desk.tickets()).toHaveLength(2);
  expect(new Set([desk.cell(0, '工单号'), desk.cell(1, '工单号')]).size).toBe(2);
});

test('a removed row hides its ticket after two looks, and 恢复 brings it back', async () => {
  const desk = await Desk.with(8);
  const number = desk.cell(2, '工单号');
  desk.edit((rows) => rows.splice(3, 1));
  await desk.sync();
  expect(desk.list()).toEqual([]);
  await desk.sync(11);
  expect(desk.list()).toMatchObject([{ kind: '行不见了', current: number }]);
  expect((await desk.ticket(number)).deletedAt).toBeNull();
  desk.answer(0, '恢复');
  await desk.sync();
  expect(desk.cell(7, '工单号')).toBe(number);
  expect(desk.list()).toEqual([]);
});

test('all rows cut: held, nothing forgotten, and it goes on when they are back', async () => {
  const desk = await Desk.with(8);
  const kept = desk.rows('工单').slice(1);
  desk.edit((rows) => rows.splice(1));
  expect((await desk.sync()).held).toContain('一行数据都没有');
  await desk.sync(60);
  desk.edit((rows) => rows.push(...kept));
  expect((await desk.sync()).held).toBeNull();
  expect(desk.list()).toEqual([]);
});

test('9: an old copy saved over ours keeps what was typed in it and loses nothing of ours', async () => {
  const desk = await Desk.with(3);
  const old = { rows: structuredClone(desk.rows('工单')), generation: desk.workbook.generation };
  const second = desk.cell(1, '工单号');
  await desk.change(second, { assignee: '王工' });
  await desk.sync();
  desk.type({ 问题标题: '后来的一行' });
  await desk.sync();
  desk.edit((rows) => {
    rows.splice(0, rows.length, ...structuredClone(old.rows));
    rows[1]![4] = '旧副本里写的';
    desk.workbook.generation = old.generation;
  });
  await desk.sync();
  expect(desk.cell(0, '详细描述')).toBe('旧副本里写的');
  expect((await desk.tickets())[0]!.values.description).toBe('旧副本里写的');
  expect(desk.cell(1, '负责人')).toBe('王工');
  expect((await desk.ticket(second)).values.assignee).toBe('王工');
  expect(desk.cell(3, '问题标题')).toBe('后来的一行');
  expect(await desk.tickets()).toHaveLength(4);
  expect(desk.list()).toMatchObject([{ kind: '旧副本' }]);
  expect((await desk.sync()).written).toBe(0);
});

test('19: merged data cells are told and neither read nor written', async () => {
  const desk = await Desk.with(2);
  desk.set(1, '详细描述', { kind: 'covered' });
  await desk.sync();
  expect((await desk.tickets())[1]!.values.description).toBe('现场 2');
  expect(desk.list()).toMatchObject([{ kind: '无法读写' }]);
});

test('formulas are read by their value and never written over', async () => {
  const desk = await Desk.with(1);
  const number = desk.cell(0, '工单号');
  desk.set(0, '详细描述', { kind: 'formula', formula: 'A1', result: '来自公式' });
  await desk.sync();
  expect((await desk.ticket(number)).values.description).toBe('来自公式');
  await desk.change(number, { description: '系统改的' });
  await desk.sync();
  expect(desk.rows('工单')[1]![4]).toMatchObject({ kind: 'formula' });
  expect(desk.list()).toMatchObject([{ kind: '无法读写', typed: '来自公式', current: '系统改的' }]);
});

test('a dry run tells what would be done and does nothing', async () => {
  const desk = await Desk.with(1);
  desk.set(0, '处理状态', '处理中');
  desk.type({ 问题标题: '新的' });
  const { version } = desk.workbook;
  const result = await desk.runner.run({ dryRun: true });
  expect(result.planned.map(({ kind, cell }) => `${kind} ${cell}`)).toEqual(
    expect.arrayContaining(['apply B2', 'create A3']),
  );
  expect(desk.workbook.version).toBe(version);
  expect((await desk.tickets())[0]!.values.status).toBe('待受理');
  expect(await desk.sync()).toMatchObject({ created: 1, applied: 1 });
});

test('first contact with rows nobody asked for is held until it is released', async () => {
  const desk = new Desk();
  desk.type({ 问题标题: '早就在表里' });
  expect((await desk.sync()).held).toContain('第一次接入');
  expect(await desk.tickets()).toHaveLength(0);
  const preview = await desk.runner.run({ dryRun: true });
  expect(preview.planned.some((cell) => cell.kind === 'create')).toBe(true);
  desk.answer(0, '采用我的');
  await desk.sync();
  expect(await desk.tickets()).toHaveLength(1);
});

test('a ticket made elsewhere is appended below the last row', async () => {
  const desk = await Desk.with(2);
  const record = await desk.create({ title: '来自表单', priority: '低' });
  await desk.sync();
  expect(desk.cell(2, '工单号')).toBe(record.number);
  expect(desk.cell(2, '问题标题')).toBe('来自表单');
  expect(await desk.runner.isQuiet()).toBe(true);
});

test('a row without what is required waits and says what it lacks', async () => {
  const desk = await Desk.with(1);
  desk.type({ 客户名称: '没有标题' });
  await desk.sync();
  expect(desk.list()).toMatchObject([{ kind: '新行不完整', typed: '没有标题' }]);
  desk.set(1, '问题标题', '补上');
  expect(await desk.sync()).toMatchObject({ created: 1 });
  expect(desk.list()).toEqual([]);
});

test('13: one ticket in two sheets, edited in both: the higher rank wins whatever the order', async () => {
  for (const order of [
    [0, 1],
    [1, 0],
  ]) {
    const team = await Desk.with(1);
    const boss = new Desk({}, 'boss', team.store);
    boss.nowMs = team.nowMs;
    await boss.sync();
    expect(boss.cell(0, '问题标题')).toBe('漏水 1');
    team.set(0, '问题标题', '班组写的');
    boss.set(0, '问题标题', '领导写的');
    for (const which of order) await [team, boss][which]!.sync();
    for (const which of order) await [team, boss][which]!.sync();
    await team.sync();
    await boss.sync();
    const title = (await team.tickets())[0]!.values.title;
    expect(title).toBe('班组写的');
    expect([team.cell(0, '问题标题'), boss.cell(0, '问题标题')]).toEqual([title, title]);
    expect([...team.list(), ...boss.list()].some((line) => line.typed === '领导写的')).toBe(true);
  }
});

test('an answer nobody understands stays and is explained', async () => {
  const desk = await Desk.with(1);
  desk.set(0, '优先级', '紧集');
  await desk.sync();
  desk.answer(0, '随便');
  await desk.sync();
  expect(desk.list()[0]!.message).toContain('随便');
  expect(desk.rows(listTab)[1]![9]).toBe('随便');
});

test('a locked workbook is read, and what is owed is written when it is free', async () => {
  const desk = await Desk.with(1);
  desk.workbook.locked = true;
  desk.type({ 问题标题: '有人开着' });
  expect(await desk.sync()).toMatchObject({ created: 1, written: 0 });
  await desk.sync();
  expect(await desk.tickets()).toHaveLength(2);
  desk.workbook.locked = false;
  await desk.sync();
  expect(desk.cell(1, '工单号')).not.toBe('');
  expect(await desk.tickets()).toHaveLength(2);
});

test('a tab that only shows follows the database, puts back what is typed and takes no rows of its own', async () => {
  const team = await Desk.with(2);
  const readOnly = deskBinding('boss', deskColumns);
  const columns = readOnly.columns.map((column) => ({ ...column, flow: 'db_to_sheet' as const }));
  const board = new Desk({ readOnly: true, columns }, 'boss', team.store);
  board.nowMs = team.nowMs;
  await board.sync();
  expect(board.cell(1, '问题标题')).toBe('漏水 2');
  await team.change(team.cell(1, '工单号'), { title: '改过了' });
  board.set(0, '问题标题', '不该写在这里');
  board.type({ 问题标题: '我的笔记' });
  await board.sync();
  await board.sync(20);
  expect(board.cell(0, '问题标题')).toBe('漏水 1');
  expect(board.cell(1, '问题标题')).toBe('改过了');
  expect(board.cell(2, '问题标题')).toBe('我的笔记');
  expect(await team.tickets()).toHaveLength(2);
});

test('1: killed between write and verify, then the database goes back: no edit is invented and both sides agree', async () => {
  const desk = await Desk.with(2);
  const number = desk.cell(1, '工单号');
  await desk.change(number, { status: '处理中' });
  desk.diesAfterPush = true;
  await expect(desk.sync()).rejects.toThrow('killed');
  expect(desk.cell(1, '处理状态')).toBe('处理中');
  await desk.change(number, { status: '待受理' });
  desk.restart();
  expect(await desk.sync()).toMatchObject({ applied: 0, conflicts: 0, written: 1 });
  expect(desk.cell(1, '处理状态')).toBe('待受理');
  expect((await desk.ticket(number)).values.status).toBe('待受理');
  expect(desk.list()).toEqual([]);
});

test('10: the file is away for 20 seconds: nothing is forgotten, and it goes on when it is back', async () => {
  const desk = await Desk.with(3);
  desk.isAbsent = true;
  for (let second = 0; second < 20; second += 1) expect((await desk.sync()).held).toContain('away');
  desk.isAbsent = false;
  desk.set(0, '处理状态', '处理中');
  expect(await desk.sync()).toMatchObject({ read: 3, applied: 1, held: null });
  expect(desk.list()).toEqual([]);
});

test('11: two people and the service append at once: all three rows stay and have their own numbers', async () => {
  const desk = await Desk.with(1);
  await desk.create({ title: '来自表单' });
  desk.beforePush = () => {
    desk.type({ 问题标题: '甲写的' });
    desk.type({ 问题标题: '乙写的' });
  };
  await desk.sync();
  await desk.sync();
  const rows = desk.rows('工单').slice(1);
  expect(rows.map((row) => row[3]).sort()).toEqual(['漏水 1', '来自表单', '甲写的', '乙写的'].sort());
  expect(new Set(rows.map((row) => row[0])).size).toBe(4);
  expect(await desk.tickets()).toHaveLength(4);
});

test('17: a row inserted between check and write: every value lands in its own row', async () => {
  const desk = await Desk.with(3);
  const number = desk.cell(2, '工单号');
  await desk.change(number, { assignee: '王工' });
  desk.beforePush = () => desk.type({ 问题标题: '插在最上面' }, 1);
  await desk.sync();
  const row = desk.rows('工单').findIndex((cells) => cells[0] === number) - 1;
  expect(row).toBe(3);
  expect([0, 1, 2, 3].map((each) => desk.cell(each, '负责人'))).toEqual(['', '', '', '王工']);
  expect(desk.cell(0, '工单号')).not.toBe('');
});

test('18: an old version is restored: what came later is written back', async () => {
  const desk = await Desk.with(2);
  const old = { rows: structuredClone(desk.rows('工单')), generation: desk.workbook.generation };
  const number = desk.cell(0, '工单号');
  for (const status of ['处理中', '已解决']) {
    await desk.change(number, { status });
    await desk.sync();
  }
  desk.edit((rows) => {
    rows.splice(0, rows.length, ...old.rows);
    desk.workbook.generation = old.generation;
  });
  expect(await desk.sync()).toMatchObject({ applied: 0, conflicts: 0, written: 1 });
  expect(desk.cell(0, '处理状态')).toBe('已解决');
});

test('20: among 10,000 rows one changed ticket is one written cell', async () => {
  const desk = await Desk.with(1);
  desk.edit((rows) => {
    for (let n = 2; n <= 10_000; n += 1) rows.push([null, null, '中', `漏水 ${n}`, `现场 ${n}`]);
  });
  expect(await desk.sync()).toMatchObject({ created: 9_999 });
  desk.set(4_999, '处理状态', '处理中');
  expect(await desk.sync()).toMatchObject({ read: 10_000, applied: 1, written: 0 });
  await desk.change(desk.cell(7_777, '工单号'), { assignee: '王工' });
  expect(await desk.sync()).toMatchObject({ applied: 0, written: 1 });
  expect(desk.cell(7_777, '负责人')).toBe('王工');
});
