/** Rules that would act on too many tickets at once: what they hold waits for a person, for each rule by itself. */
import { afterEach, expect, test } from 'vitest';
import { release } from '../../src/app/release.ts';
import { crewDesk, person, rule } from './crew.ts';
import type { Cells, Desk } from './desk.ts';

const tell = (name: string, cells: Cells): Cells =>
  rule(name, { 组: '通知', 时机: '新建', 通知: '甲', 通知模板: `文本: ${name}`, 通知渠道: '邮件', ...cells });
const wide = tell('写宽了', {});
const alsoWide = tell('也写宽了', { 优先级: '紧急' });

let desk: Desk;
afterEach(() => desk.database.close());

async function held(...rules: readonly Cells[]): Promise<void> {
  desk = await crewDesk([person('甲')], rules, { settings: { ruleLimit: 3 } });
  await desk.file(...tickets(5, '单'));
  expect(await written()).toEqual({});
}

const tickets = (count: number, title: string): readonly Cells[] =>
  Array.from({ length: count }, (_, n) => ({ 问题标题: `${title} ${n}`, 优先级: '紧急' }));

/** Messages by rule, whatever has become of them. */
async function written(): Promise<Readonly<Record<string, number>>> {
  const rows = await desk.database.db.query('select rule, count(*)::integer as n from messages group by 1');
  return Object.fromEntries(rows.map(({ rule: name, n }) => [name as string, n as number]));
}

async function answer(text: string, word: string): Promise<void> {
  const row = desk.rows('问题清单').findIndex((cells) => cells.some((cell) => String(cell).includes(text)));
  desk.set('问题清单', row, { 处理: word });
  await desk.settle();
}

const open = async (): Promise<number> => (await desk.problems()).length;

test('采用我的 in the line of the problem releases the rule, as the command does', async () => {
  await held(wide);
  expect(desk.lines('问题清单')).toHaveLength(1);
  await answer('写宽了', '采用我的');
  expect(await written()).toEqual({ 写宽了: 5 });
  expect(await open()).toBe(0);
  expect(desk.lines('问题清单')).toEqual([]);
  // The next time it is asked for again.
  await desk.file(...tickets(4, '又'));
  expect(await open()).toBe(1);
  expect(await written()).toEqual({ 写宽了: 5 });
});

test('忽略 drops what was held; the next time the rule is held again, and told', async () => {
  await held(wide);
  await answer('写宽了', '忽略');
  expect([await written(), await open()]).toEqual([{}, 0]);
  await desk.pass(5, 5);
  expect(await written()).toEqual({});
  await desk.file(...tickets(1, '后来'));
  expect(await written()).toEqual({ 写宽了: 1 });
  await desk.file(...tickets(4, '又'));
  expect([await written(), await open()]).toEqual([{ 写宽了: 1 }, 1]);
});

test('of two rules that hold the same events, each is released by itself, and nothing happens before both are', async () => {
  await held(wide, alsoWide);
  expect(await open()).toBe(2);
  expect(await release.run(desk.main.app, { binding: 'rules/写宽了' })).toMatchObject({
    events: 1,
    held_by: ['rules/也写宽了'],
  });
  await desk.settle();
  expect([await written(), await open()]).toEqual([{}, 1]);
  await answer('也写宽了', '采用我的');
  expect([await written(), await open()]).toEqual([{ 写宽了: 5, 也写宽了: 5 }, 0]);
});

test('what is released with one rule is held by another that becomes too wide by it', async () => {
  desk = await crewDesk([person('甲')], [wide, alsoWide], { settings: { ruleLimit: 3 } });
  // Twice two urgent tickets: each time within the limit of one rule, together over it.
  for (const title of ['早', '晚']) {
    await desk.file(...tickets(2, title), ...tickets(2, `${title}低`).map((each) => ({ ...each, 优先级: '低' })));
  }
  expect([await written(), await open()]).toEqual([{}, 1]);
  await release.run(desk.main.app, { binding: 'rules/写宽了' });
  await desk.settle();
  expect([await written(), await open()]).toEqual([{}, 1]);
  await release.run(desk.main.app, { binding: 'rules/也写宽了' });
  await desk.settle();
  expect([await written(), await open()]).toEqual([{ 写宽了: 8, 也写宽了: 4 }, 0]);
});
