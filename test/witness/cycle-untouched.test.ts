/** A workbook full of a team's own things goes through a hundred cycles: everything that is not ours stays byte for byte. */
import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { testDatabase } from '../db/database.ts';
import {
  makeRichWorkbook,
  objectsByTab,
  partDigests,
  readWithOpenpyxl,
  requireWitness,
  startOffice,
} from './office.ts';
import { gridOf, openRealDesk, rowsByHeader, scratchFolder } from './real-desk.ts';

const tabs = { 工单: { holds: 'tickets' } };
/** Parts the service may write: its ticket tab, and once the places that announce its hidden tab. */
const ours =
  /^xl\/worksheets\/sheet1\.xml$|^xl\/workbook\.xml$|^xl\/_rels\/workbook\.xml\.rels$|^\[Content_Types\]\.xml$/;

describe('a workbook with charts, a photo, macros, comments and formats', () => {
  const scratch = scratchFolder();
  afterAll(() => scratch.remove());

  test('keeps every other part through 100 cycles, and both witnesses read what the service wrote', async (context) => {
    requireWitness(context, 'openpyxl');
    requireWitness(context, 'office');
    const path = join(scratch.folder, '我们的工单.xlsx');
    const original = join(scratch.folder, 'original.xlsx');
    makeRichWorkbook(original);
    copyFileSync(original, path);
    const office = await startOffice();
    const desk = await openRealDesk(path, tabs, await testDatabase());
    try {
      await desk.sync();
      const numbers = (await desk.tickets()).map((ticket) => String(ticket.ticket_no));
      expect(numbers).toHaveLength(30);
      const settled = partDigests(path);

      for (let cycle = 1; cycle <= 100; cycle++) {
        await desk.set(
          numbers[cycle % 30] as string,
          `title=第 ${cycle} 次 =1+1 <&>`,
          `priority=${cycle % 2 ? '高' : '低'}`,
        );
        await desk.sync();
      }

      const before = partDigests(original);
      const after = partDigests(path);
      const changed = Object.keys(before).filter((part) => before[part] !== after[part]);
      expect(changed.filter((part) => !ours.test(part))).toEqual([]);
      // After the first cycle only cells differ: what announces the hidden tab stays as it was made.
      expect(Object.keys(after)).toEqual(Object.keys(settled));
      const touched = Object.keys(after).filter((part) => after[part] !== settled[part]);
      expect(touched.filter((part) => !part.startsWith('xl/worksheets/'))).toEqual([]);
      expect(objectsByTab(path).我的分析).toEqual(objectsByTab(original).我的分析);
      expect(objectsByTab(path).工单).toEqual(objectsByTab(original).工单);

      const titles = (await desk.tickets()).map((ticket) => ticket.title);
      const rows = rowsByHeader(await gridOf(path, '工单'));
      expect(rows.map((row) => row.问题标题)).toEqual(titles);
      expect(rows.map((row) => row.我们的备注)).toEqual(titles.map((_, n) => `备注 ${n + 1}`));
      expect(
        readWithOpenpyxl(path, '工单')
          .slice(1)
          .map((row) => row[3]),
      ).toEqual(titles);
      expect((await office.read(path, '工单')).slice(1).map((row) => row[3])).toEqual(titles);

      const quiet = readFileSync(path);
      for (let cycle = 1; cycle <= 100; cycle++) await desk.sync();
      expect(readFileSync(path).equals(quiet)).toBe(true);
    } finally {
      await desk.close();
      await office.close();
    }
  });
});
