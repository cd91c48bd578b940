/** The dashboard in a real browser, served as the service serves it, told of changes as the service tells. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, type TestContext, test, vi } from 'vitest';
import { sections } from '../../src/kpi/sections/index.ts';
import { type Serving, serveWeb } from '../../src/serve.ts';
import { keepFigures } from '../../src/service.ts';
import { launchChromium, openWindow, requireChromium, seriousFaults, type Window } from './browser.ts';
import { openWebDesk, type WebDesk } from './desk.ts';
import { sampleCharts } from './sample-section.ts';

// A section with everything in it stands beside the real ones: pages must draw any.
vi.mock('../../src/kpi/sections/index.ts', async (original) => {
  const { sections: real } = await original<typeof import('../../src/kpi/sections/index.ts')>();
  const { sample } = await import('./sample-section.ts');
  return { sections: [...real, sample] };
});

let desk: WebDesk;
let serving: Serving;
let browser: Browser | undefined;
const stopping = new AbortController();
let service: Promise<void>;

async function open(context: TestContext, options: Parameters<typeof openWindow>[1] = {}): Promise<Window> {
  browser ??= await launchChromium(requireChromium(context));
  const window = await openWindow(browser, options);
  context.onTestFinished(() => window.close());
  return window;
}
const at = (path: string): string => `${serving.address}${path}`;

beforeAll(async () => {
  desk = await openWebDesk();
  serving = await serveWeb(desk.app, { host: '127.0.0.1', port: 0, url: null });
  const silent = { ran() {}, configured() {}, answered() {}, failed() {}, recovered() {} };
  service = keepFigures(desk.app, serving.live, stopping.signal, silent);
});
afterAll(async () => {
  stopping.abort();
  await service;
  await serving.close();
  await browser?.close();
  await desk.close();
});

const number = (): Promise<string> => desk.numberOf('工单 2');
const paths = async (): Promise<readonly string[]> => [
  ...sections.map(({ name }) => `/dashboard/${name}?period=2026-Q1`),
  '/dashboard/all?period=2026-Q1&team=%E5%8D%8E%E4%B8%9C',
  '/dashboard/tickets?kpi=first-response&period=2026-Q1',
  `/dashboard/tickets/${await number()}`,
  '/dashboard?period=2031',
];

describe.each([
  ['desktop', { width: 1280, height: 900 }],
  ['phone', { width: 360, height: 740 }],
] as const)('on a %s', (_, viewport) => {
  test('every page: nothing serious for axe, no way sideways, no complaint of console or policy', async (context) => {
    const { page, complaints } = await open(context, { viewport });
    for (const lang of ['zh-CN', 'en']) {
      for (const path of await paths()) {
        await page.goto(`${at(path)}${path.includes('?') ? '&' : '?'}lang=${lang}`);
        const place = `${lang} ${path}`;
        expect({ place, faults: await seriousFaults(page) }).toEqual({ place, faults: [] });
        const wide = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
        expect({ place, wide }).toEqual({ place, wide: 0 });
      }
    }
    expect(complaints).toEqual([]);
  });
});

test('each chart is drawn, its figures stand in a table, and a click leads to the tickets', async (context) => {
  const { page } = await open(context);
  await page.goto(at('/dashboard/all?period=2026-Q1'));
  const charts = await page.locator('.chart').count();
  expect(charts).toBeGreaterThanOrEqual(sampleCharts.length - 1);
  expect(await page.locator('.chart:has(canvas)').count()).toBe(charts);
  await page.goto(at('/dashboard/sample?period=2026-Q1'));
  const tables = page.locator('.as-table');
  expect(await tables.count()).toBe(sampleCharts.length - 1);
  await tables.first().locator('summary').click();
  await tables.first().locator('tbody th a').click();
  expect(new URL(page.url()).pathname).toBe('/dashboard/tickets');
  expect(await page.locator('tbody tr').count()).toBe(1);
});

test('without any program the form works, and a figure leads to its tickets and one of them', async (context) => {
  const { page } = await open(context, { javaScriptEnabled: false });
  await page.goto(at('/dashboard'));
  await page.selectOption('[name=period]', 'custom');
  await page.fill('[name=from]', '2026-02-01');
  await page.fill('[name=to]', '2026-02-28');
  await page.click('summary');
  await page.selectOption('[name=team]', '华东');
  await page.click('.filters button');
  expect(new URL(page.url()).searchParams.get('team')).toBe('华东');
  const card = page.locator('.card', { hasText: '新建工单' });
  expect(await card.locator('.figure').textContent()).toMatch(/^4\b/);
  await card.locator('a').click();
  expect(await page.locator('tbody tr').count()).toBe(4);
  const first = page.locator('tbody th a').first();
  const name = await first.textContent();
  await first.click();
  expect(await page.locator('h1').textContent()).toContain(name);
});

test('the keyboard reaches every link, field and table, and what has the focus is seen', async (context) => {
  const { page } = await open(context);
  await page.goto(at('/dashboard/all?period=2026-Q1'));
  const all =
    (await page.evaluate(`[...document.querySelectorAll('a[href], button, select, input:not([type=hidden]), summary, .scroll')]
    .filter((each) => each.checkVisibility()).length`)) as number;
  const reached = new Set<number>();
  const unseen: string[] = [];
  for (let n = 0; n < all * 4 + 20; n++) {
    await page.keyboard.press('Tab');
    const { index, label, outline } = (await page.evaluate(`(() => {
      const it = document.activeElement;
      const list = [...document.querySelectorAll('a[href], button, select, input:not([type=hidden]), summary, .scroll')].filter((each) => each.checkVisibility());
      return { index: list.indexOf(it), label: it.outerHTML.slice(0, 80), outline: getComputedStyle(it).outlineStyle };
    })()`)) as { index: number; label: string; outline: string };
    if (index >= 0) reached.add(index);
    if (index >= 0 && outline === 'none') unseen.push(label);
    if (index < 0 && reached.size >= all) break;
  }
  expect(reached.size).toBe(all);
  expect(unseen).toEqual([]);
});

test('a table is sorted by a click and by the keyboard, and says so', async (context) => {
  const { page } = await open(context);
  await page.goto(at('/dashboard/sample'));
  const table = page.locator('table[data-table]:visible').first();
  const column = table.locator('thead th').nth(1);
  const values = async (): Promise<readonly number[]> =>
    (
      await table
        .locator('tbody td:nth-child(2)')
        .evaluateAll((cells) => cells.flatMap((cell) => cell.dataset.value ?? []))
    ).map(Number);
  await column.locator('button').click();
  expect(await column.getAttribute('aria-sort')).toBe('descending');
  expect(await values()).toEqual((await values()).toSorted((a, b) => b - a));
  await column.locator('button').focus();
  await page.keyboard.press('Enter');
  expect(await column.getAttribute('aria-sort')).toBe('ascending');
  expect(await values()).toEqual((await values()).toSorted((a, b) => a - b));
});

test('a change of a ticket redraws the open page, and the reader stays where he is', async (context) => {
  const { page, complaints } = await open(context, { viewport: { width: 900, height: 400 } });
  await page.goto(at('/dashboard/overview?period=2026-Q1'));
  await page.locator('body[data-line=open]').waitFor();
  const solved = page.locator('.card', { hasText: '解决工单' });
  const before = Number(await solved.locator('.figure').textContent());
  await page.locator('.explained summary').click();
  await solved.locator('a').focus();
  await page.evaluate('window.scrollTo(0, 260)');
  const y = await page.evaluate('window.scrollY');
  await desk.change('工单 4', { status: '已解决', resolved_at: '2026-03-28T05:00:00.000Z' });
  await page.locator('#figures[data-redrawn]').waitFor();
  expect(Number(await solved.locator('.figure').textContent())).toBe(before + 1);
  expect(await page.evaluate('window.scrollY')).toBe(y);
  expect(await page.evaluate(`document.activeElement.textContent.includes('解决工单')`)).toBe(true);
  expect(await page.locator('.explained').getAttribute('open')).not.toBeNull();
  expect(complaints).toEqual([]);
});

test('printed, every section has its page', async (context) => {
  const { page } = await open(context);
  await page.goto(at('/dashboard/all?period=2026-Q1'));
  const pdf = await page.pdf({ format: 'A4', printBackground: true });
  const pages = pdf.toString('latin1').match(/\/Type \/Page\b/g)?.length ?? 0;
  expect(pages).toBeGreaterThanOrEqual(sections.length);
  expect(pdf.length).toBeGreaterThan(20_000);
});

test('the service ends with pages open; they say that the line is lost', async (context) => {
  const { page } = await open(context);
  const other = await serveWeb(desk.app, { host: '127.0.0.1', port: 0, url: null });
  await page.goto(`${other.address}/dashboard`);
  await page.locator('body[data-line=open]').waitFor();
  await other.close();
  await page.locator('#line.lost').waitFor();
  expect(await page.locator('#line').textContent()).toContain('连接中断');
});

test('a port that is taken: the next free one', async () => {
  const next = await serveWeb(desk.app, { host: '127.0.0.1', port: serving.port, url: null });
  expect(next.port).toBeGreaterThan(serving.port);
  expect(next.takenPort).toBe(serving.port);
  await next.close();
});
