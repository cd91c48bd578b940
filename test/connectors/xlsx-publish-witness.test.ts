/** What LibreOffice and openpyxl, who share no code with us, make of published tabs, and we of what they saved. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openPackage } from '../../connectors/xlsx/package.ts';
import { createEmptyWorkbook } from '../../connectors/xlsx/published/empty-workbook.ts';
import { type PublishResult, publishTabs } from '../../connectors/xlsx/published/publish.ts';
import type { PublishedTab } from '../../src/model/published-tab.ts';
import {
  chartsByTab,
  makeRichWorkbook,
  objectsByTab,
  packageFaults,
  readWithOpenpyxl,
  requireWitness,
  saveWithOpenpyxl,
} from '../witness/office.ts';
import { officeDesk } from '../witness/office-desk.ts';
import { samplePlan } from './sample-plan.ts';

const { folder, open: openOffice } = officeDesk('publish');

async function publish(
  path: string,
  plan: readonly PublishedTab[],
  restore: readonly string[] = [],
): Promise<PublishResult> {
  const bytes = existsSync(path) ? readFileSync(path) : await createEmptyWorkbook();
  const result = await publishTabs(await openPackage(bytes), bytes, plan, { timeZone: 'Asia/Shanghai', restore });
  writeFileSync(path, result.bytes);
  return result;
}

const later = samplePlan({ weeks: 10, more: 7, people: ['张伟', '王芳', '李娜', '刘洋', '陈晨'], tickets: 9 });
const types = {
  概览: ['BarChart', 'LineChart'],
  分析: ['PieChart', 'BarChart', 'BarChart', 'ScatterChart', 'BarChart'],
};

test('openpyxl reads every chart with its ranges, every figure, and every result of a formula', (context) => {
  requireWitness(context, 'openpyxl');
  return (async () => {
    const path = join(folder, 'fresh.xlsx');
    await publish(path, samplePlan());
    expect(packageFaults([path])).toEqual({ [path]: [] });
    const charts = chartsByTab(path);
    expect(Object.keys(charts)).toEqual(['概览', '分析', '工单明细', '_published']);
    expect(charts.概览?.map(({ type }) => type)).toEqual(types.概览);
    expect(charts.分析?.map(({ type }) => type)).toEqual(types.分析);
    expect(charts.概览?.[0]).toMatchObject({
      title: '每周新建与解决',
      series: [
        { name: "'概览'!$B$8", categories: "'概览'!$A$9:$A$16", values: "'概览'!$B$9:$B$16" },
        { name: "'概览'!$C$8", values: "'概览'!$C$9:$C$16" },
      ],
    });
    const rows = readWithOpenpyxl(path, '概览');
    expect(rows[4]?.slice(0, 3)).toEqual([1284, null, 0.962]);
    expect(rows[16]?.slice(0, 6)).toEqual(['合计', 1146, null, 12, '查看明细', '2026-08-30 10:30:00']);
    expect(readWithOpenpyxl(path, '工单明细')[8]?.[1]).toBe('=1+1');
  })();
});

test('LibreOffice opens, shows and saves them; nothing differs afterwards, and new figures reach the charts it rewrote', async (context) => {
  requireWitness(context, 'office');
  const path = join(folder, 'office.xlsx');
  await publish(path, samplePlan());
  const app = await openOffice();
  const file = await app.open(path);
  const shown = await file.shown('概览');
  expect(shown[4]?.slice(0, 5)).toEqual(['1,284', '', '96.2%', '', '7.4']);
  expect(shown[16]?.slice(0, 6)).toEqual(['合计', '1,146', '', '12', '查看明细', '2026-08-30 10:30']);
  expect(await file.charts('概览')).toEqual(['Rowkeeper created-trend', 'Rowkeeper first-response-trend']);
  expect(await file.charts('分析')).toHaveLength(5);
  await file.save();
  await file.close();
  const saved = readFileSync(path);
  const again = await publish(path, samplePlan());
  expect({ changed: again.changed, replaced: again.replaced }).toEqual({ changed: 0, replaced: [] });
  expect(readFileSync(path).equals(saved)).toBe(true);

  const asSaved = packageFaults([path])[path];
  expect(await publish(path, later)).toMatchObject({ replaced: [], missing: [], made: [] });
  // The office writes labels of points in an order of its own.
  expect(asSaved).toEqual(expect.arrayContaining([...(packageFaults([path])[path] ?? [])]));
  const charts = chartsByTab(path);
  expect(charts.概览?.map(({ type }) => type)).toEqual(types.概览);
  expect(charts.概览?.[0]?.series[0]?.values).toBe("'概览'!$B$9:$B$18");
  expect(charts.分析?.[2]?.series[0]?.values).toBe("'分析'!$B$18:$B$22");
  expect((await app.read(path, '概览'))[18]?.slice(0, 4)).toEqual(['合计', '1,535', '', '9']);
  const pdf = join(folder, 'office.pdf');
  await app.toPdf(path, pdf);
  expect(readFileSync(pdf).subarray(0, 5).toString()).toBe('%PDF-');
});

test('tabs renamed, moved and sorted in LibreOffice are found and put right; a chart or tab deleted there stays so', async (context) => {
  requireWitness(context, 'office');
  const path = join(folder, 'moved.xlsx');
  await publish(path, samplePlan());
  const app = await openOffice();
  const file = await app.open(path);
  await file.renameTab('工单明细', "清单 '甲' & 乙");
  await file.moveTab('分析', 0);
  await file.sort("清单 '甲' & 乙", 3, 0, false);
  await file.type('概览', { B9: '手改', K3: '经理备注', A60: '保留' });
  await file.removeChart('分析', 'Rowkeeper causes 1');
  await file.save();
  await file.close();
  const result = await publish(path, later);
  expect(result.missing).toEqual([]);
  expect(result.made).toEqual([]);
  // Sorting moved our own figures about: nothing of that was typed.
  expect(result.replaced).toEqual([{ tab: 'overview', row: 8, column: 1, typed: '手改' }]);
  const list = await app.read(path, "清单 '甲' & 乙");
  expect(list.slice(4, 13).map(([number]) => number)).toEqual(Array.from({ length: 9 }, (_, i) => `T-000${i + 1}`));
  expect(list[13]?.[0] ?? '').toBe('');
  const overview = await app.read(path, '概览');
  expect(overview[2]?.[10]).toBe('经理备注');
  expect(overview[59]?.[0]).toBe('保留');
  expect(overview[8]?.[1]).toBe('127');
  expect(overview[18]?.[3]).toBe('9');
  expect(chartsByTab(path).分析).toHaveLength(4);

  const second = await app.open(path);
  await second.removeTab('分析');
  await second.save();
  await second.close();
  expect(await publish(path, later)).toMatchObject({ changed: 0, missing: ['analysis'], made: [] });
  expect(await publish(path, later, ['analysis'])).toMatchObject({ missing: [], made: ['analysis'] });
  expect(chartsByTab(path).分析).toHaveLength(5);
  expect(await publish(path, later)).toMatchObject({ changed: 0, missing: [] });
});

test('rows put in and taken out in LibreOffice leave no trace but the person’s own', async (context) => {
  requireWitness(context, 'office');
  const path = join(folder, 'rows.xlsx');
  await publish(path, samplePlan());
  const app = await openOffice();
  const file = await app.open(path);
  await file.type('工单明细', { A20: '说明', H6: '旁注' });
  await file.insertRows('工单明细', 6, 2);
  await file.type('概览', { K3: '备注' });
  await file.insertRows('概览', 10, 1);
  await file.removeRows('分析', 4, 1);
  await file.save();
  await file.close();
  const result = await publish(path, samplePlan());
  expect(result.replaced).toEqual([]);
  const list = await app.read(path, '工单明细');
  expect(list.slice(4, 16).map(([number]) => number)).toEqual(
    Array.from({ length: 12 }, (_, i) => `T-${String(i + 1).padStart(4, '0')}`),
  );
  expect(list.slice(16, 21).map(([first]) => first)).toEqual(['', '', '', '', '']);
  expect([list[21]?.[0], list[5]?.[7]]).toEqual(['说明', '旁注']);
  const overview = await app.read(path, '概览');
  const weeks = Array.from({ length: 8 }, (_, i) => `第${27 + i}周`);
  expect(overview.slice(16).map(([first]) => first)).toEqual(['合计', '', '周', ...weeks]);
  expect(overview[2]?.[10]).toBe('备注');
  const charts = chartsByTab(path);
  expect(charts.概览?.[0]?.series[0]?.values).toBe("'概览'!$B$9:$B$16");
  expect(charts.分析?.[0]?.series[0]?.values).toBe("'分析'!$B$4:$B$8");
  expect(await publish(path, samplePlan())).toMatchObject({ changed: 0, replaced: [] });
});

test('openpyxl, which drops the names of charts, saves it; they are known by what they read', async (context) => {
  requireWitness(context, 'openpyxl');
  const path = join(folder, 'unnamed.xlsx');
  await publish(path, samplePlan());
  saveWithOpenpyxl(path);
  const again = await publish(path, samplePlan());
  expect(again.replaced).toEqual([]);
  expect(await publish(path, later)).toMatchObject({ replaced: [], missing: [], made: [] });
  const charts = chartsByTab(path);
  expect(charts.概览?.map(({ type }) => type)).toEqual(types.概览);
  expect(charts.概览?.[0]?.series[0]?.values).toBe("'概览'!$B$9:$B$18");
  expect(charts.分析?.[2]?.series[0]?.values).toBe("'分析'!$B$18:$B$22");
  expect(await publish(path, later)).toMatchObject({ changed: 0 });
});

test("a person's workbook with all it holds gets the tabs beside its own", async (context) => {
  requireWitness(context, 'office');
  requireWitness(context, 'openpyxl');
  const path = join(folder, 'rich.xlsx');
  makeRichWorkbook(path);
  const before = objectsByTab(path);
  await publish(path, samplePlan());
  await publish(path, later);
  expect(packageFaults([path])[path]).toEqual([]);
  expect(objectsByTab(path)).toMatchObject(before);
  expect((await (await openOffice()).read(path, '概览'))[4]?.[0]).toBe('1,291');
});
