/**
 * Pictures of the two online demos, each as a person sees it who types a ticket: the demo runs as its command runs it, and
 * Chromium is the person.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';

const root = resolve(import.meta.dirname, '../..');
const WINDOW = { width: 1500, height: 860 };
/** A new demo has to make its workbooks first; messages of one minute are sent together. */
const PATIENCE_MS = 180_000;

/** A ticket typed into a Feishu sheet, and the card its assignee gets. */
export async function feishuPicture(browser: Browser, path: string): Promise<void> {
  await withDemo('demo-feishu.ts', async (address) => {
    const page = await browser.newPage({ viewport: WINDOW });
    await page.goto(address);
    const at = (row: number, column: number) => page.locator(`td[data-at="${row},${column}"]`);
    await at(1, 0).filter({ hasText: 'T-' }).waitFor();
    const row = await firstFreeRow(page, 'td[data-at$=",3"]');
    for (const [column, text] of [
      [2, '紧急'],
      [3, '机房漏水'],
    ] as const) {
      await at(row, column).dblclick();
      await page.keyboard.type(text);
      await page.keyboard.press('Enter');
    }
    await at(row, 0).filter({ hasText: 'T-' }).waitFor({ timeout: PATIENCE_MS });
    const assignee = at(row, 16).filter({ hasText: /\S/ });
    await assignee.waitFor({ timeout: PATIENCE_MS });
    await page
      .locator('select')
      .first()
      .selectOption({ label: (await assignee.innerText()).trim() });
    await page.getByRole('button', { name: '受理' }).waitFor({ timeout: PATIENCE_MS });
    await at(row, 3).click();
    await page.screenshot({ path });
  });
}

/** A ticket typed into Excel Online. */
export async function excelOnlinePicture(browser: Browser, path: string): Promise<void> {
  await withDemo('demo-excel-online.ts', async (address) => {
    const context = await browser.newContext({ viewport: WINDOW, ignoreHTTPSErrors: true });
    const page = await context.newPage();
    await page.goto(address);
    const numbers = page.locator('#sheet .cell').filter({ hasText: /^T-\d/ });
    await numbers.first().waitFor();
    const before = await numbers.count();
    await page.locator('[data-act="add"]').click();
    await page.keyboard.press('Escape');
    for (const key of ['ArrowRight', 'ArrowRight', '紧急', 'Enter', 'ArrowUp', 'ArrowRight', '机房漏水', 'Enter']) {
      if (/^[A-Z]/.test(key)) await page.keyboard.press(key);
      else {
        await page.keyboard.press('F2');
        await page.locator('#formula').fill(key);
      }
    }
    await numbers.nth(before).waitFor({ timeout: PATIENCE_MS });
    await numbers.nth(before).scrollIntoViewIfNeeded();
    await page.screenshot({ path });
    await context.close();
  });
}

/** The row below the last one that has something in these cells. */
async function firstFreeRow(page: Page, cells: string): Promise<number> {
  const places = await page.locator(cells).filter({ hasText: /\S/ }).all();
  const rows = await Promise.all(
    places.map(async (place) => Number((await place.getAttribute('data-at'))?.split(',')[0])),
  );
  return Math.max(...rows) + 1;
}

/** Runs a demo until the work is done; `address`: where its page is. */
async function withDemo(script: string, work: (address: string) => Promise<void>): Promise<void> {
  const demo: ChildProcess = spawn(process.execPath, ['--import', 'tsx', resolve(root, 'test/scripts', script)], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  try {
    const address = await new Promise<string>((found, gone) => {
      let said = '';
      let page: string | null = null;
      demo.stderr!.setEncoding('utf8').on('data', (text: string) => {
        said += text;
        page ??= /(https?:\/\/127\.0\.0\.1:\d+) 改表格/.exec(said)?.[1] ?? null;
        // The service is up when it says how to stop it.
        if (page !== null && said.includes('Ctrl-C')) found(page);
      });
      demo.once('exit', () => gone(new Error(said)));
    });
    await work(address);
  } finally {
    demo.kill('SIGTERM');
    await once(demo, 'exit');
  }
}
