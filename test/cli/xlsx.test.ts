import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { templateFiles } from '../../src/templates/index.ts';
import { createDesk, type Desk } from './harness.ts';

let desk: Desk;
beforeAll(async () => {
  desk = await createDesk();
  const [team] = await templateFiles('zh-CN', 'blank', new Date('2026-03-10T02:00:00Z'));
  await writeFile(join(desk.dir, 'a.xlsx'), team!.bytes);
});
afterAll(() => desk.remove());

test('what is set comes back typed', async () => {
  const cells = [
    'D2=门禁坏了',
    'P2=5',
    'Q2=2026-03-10 09:30',
    'R2=2026-03-10',
    'S2=true',
    'I2=007',
    'J2=123456789012345678',
    'K2==1+1',
  ];
  const set = await desk.run('xlsx', 'set', 'a.xlsx', ...cells.map((cell) => `工单!${cell}`), '--json');
  expect(set).toMatchObject({ exitCode: 0 });
  expect(set.json()).toMatchObject({
    file: 'a.xlsx',
    written: 8,
    cells: expect.arrayContaining(['工单!D2', '工单!S2']),
  });

  const get = (await desk.run('xlsx', 'get', 'a.xlsx', '工单!D2:S3', '--json')).json();
  expect(get).toMatchObject({ file: 'a.xlsx', tab: '工单', range: 'D2:S3' });
  const [row, blank] = get.values;
  expect(row.slice(0, 8)).toEqual(['门禁坏了', null, null, null, null, '007', '123456789012345678', '=1+1']);
  expect(row.slice(12)).toEqual([5, '2026-03-10T09:30:00', '2026-03-10', true]);
  expect(blank).toEqual(Array(16).fill(null));
});

test('an empty value clears, and --text keeps text', async () => {
  await desk.run('xlsx', 'set', 'a.xlsx', '客户!B2=x', '客户!C2=12');
  await desk.run('xlsx', 'set', 'a.xlsx', '客户!B2=', '客户!C2=12', '--text');
  const { values } = (await desk.run('xlsx', 'get', 'a.xlsx', '客户!A2:C2', '--json')).json();
  expect(values[0][2]).toBe('12');
  expect(values[0][1] ?? '').toBe('');
});

test('a tab alone is its used range; quotes name tabs with blanks', async () => {
  const whole = (await desk.run('xlsx', 'get', 'a.xlsx', '问题清单', '--json')).json();
  expect(whole.range).toBe('A1:K1');
  expect((await desk.run('xlsx', 'get', 'a.xlsx', "'问题清单'!A1", '--json')).json().values).toEqual([['编号']]);
  expect((await desk.run('xlsx', 'get', 'a.xlsx', '客户!A:B')).out).toContain('客户编号');
});

test('all or nothing: one bad place leaves the file as it was', async () => {
  const before = await readFile(join(desk.dir, 'a.xlsx'));
  const bad = await desk.run('xlsx', 'set', 'a.xlsx', '工单!D3=fine', '没有!A1=x');
  expect(bad.exitCode).toBe(2);
  expect(bad.err).toContain('没有');
  expect((await desk.run('xlsx', 'set', 'a.xlsx', '工单!D3=fine', '工单D4=x')).exitCode).toBe(2);
  expect(await readFile(join(desk.dir, 'a.xlsx'))).toEqual(before);
});

test('a workbook that is open elsewhere is not written, and the holder is told', async () => {
  await mkdir(join(desk.dir, 'open'));
  await copyFile(join(desk.dir, 'a.xlsx'), join(desk.dir, 'open', 'b.xlsx'));
  await writeFile(join(desk.dir, 'open', '.~lock.b.xlsx#'), ',lin,elsewhere,10.03.2026 10:00,file:///home/lin;');
  const before = await readFile(join(desk.dir, 'open', 'b.xlsx'));
  const locked = await desk.run('xlsx', 'set', 'open/b.xlsx', '工单!D2=x', '--json');
  expect(locked.exitCode).toBe(1);
  expect(locked.json().error.code).toBe('workbook-locked');
  expect(await readFile(join(desk.dir, 'open', 'b.xlsx'))).toEqual(before);
});

test('what is no workbook is refused in words', async () => {
  await writeFile(join(desk.dir, 'c.xlsx'), 'no zip at all');
  expect(await desk.run('xlsx', 'get', 'c.xlsx', 'A1')).toMatchObject({ exitCode: 1, out: '' });
  expect(await desk.run('xlsx', 'get', 'gone.xlsx', 'A1')).toMatchObject({ exitCode: 2, out: '' });
  expect(await desk.run('xlsx', 'get', 'a.xlsx', '工单!A1:ZZZZ9')).toMatchObject({ exitCode: 2, out: '' });
  expect((await readdir(desk.dir)).filter((name) => name.includes('tmp'))).toEqual([]);
});
