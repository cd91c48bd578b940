/** The pages of the dashboard as a program asks for them: figures, filters, lists, tickets, CSV, and every wrong word. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { csvText } from '../../src/kpi/csv.ts';
import { namesText, readNames } from '../../src/kpi/filter-text.ts';
import { sections } from '../../src/kpi/sections/index.ts';
import { openWebDesk, type WebDesk } from './desk.ts';
import { hostile } from './hostile.ts';

let desk: WebDesk;
beforeAll(async () => {
  desk = await openWebDesk();
});
afterAll(async () => {
  await desk.close();
});

/** What stands in a page for people: tags gone, characters as they were. */
function textOf(page: string): string {
  const plain = page.replace(/<(script|style)[\s\S]*?<\/\1>/g, '').replace(/<[^>]*>/g, ' ');
  return plain
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
    .replace(/\s+/g, ' ');
}

/** Addresses of the links of a page that begin so. */
function linksOf(page: string, start: string): readonly string[] {
  return [...page.matchAll(/href="([^"]*)"/g)]
    .map(([, link]) => link!.replaceAll('&amp;', '&'))
    .filter((link) => link.startsWith(start));
}

/** The number a card shows. */
function figureOf(page: string, label: string): string {
  return new RegExp(`<span class="label">${label}</span>\\s*<span class="figure">([^<]*)<`).exec(page)![1]!.trim();
}

describe('sections', () => {
  test.each([...sections.map(({ name }) => name), 'all'])('%s is drawn in both languages', async (name) => {
    for (const lang of ['zh-CN', 'en']) {
      const page = await desk.page(`/dashboard/${name}?lang=${lang}`);
      expect(page).toContain(`<html lang="${lang}">`);
      expect(page).toContain('aria-current="page"');
      expect(textOf(page)).not.toMatch(/undefined|NaN|\[object|web-[a-z]|kpi[.-][a-z]|\{[a-z]+\}/);
    }
  });

  test('/dashboard shows the first one, / leads to it', async () => {
    expect(await desk.page('/dashboard')).toContain(`section-${sections[0]!.name}`);
    expect((await desk.web().request('/')).headers.get('location')).toBe('/dashboard');
  });

  test('a figure is the number of tickets behind it', async () => {
    const page = await desk.page('/dashboard/overview');
    expect(figureOf(page, '新建工单')).toBe('16');
    const link = linksOf(page, '/dashboard/tickets').find((each) => each.includes('kpi=created'))!;
    expect(textOf(await desk.page(link))).toContain('计入 16 单，未计入 0 单');
  });

  test('the change says in words whether it is for the better, and what it was', async () => {
    expect(textOf(await desk.page('/dashboard/overview'))).toMatch(/解决工单 \d+ ▲ \+\d+% 变好 上期 \d+/);
  });

  test('a period that goes on is marked, one that is over is not', async () => {
    expect(await desk.page('/dashboard')).toContain('本期未结束');
    expect(await desk.page('/dashboard?period=2026-02')).not.toContain('本期未结束');
  });

  test('every link of every section leads somewhere', async () => {
    const links = new Set<string>();
    for (const name of [...sections.map((each) => each.name)])
      for (const link of linksOf(await desk.page(`/dashboard/${name}?period=2026-Q1`), '/dashboard')) links.add(link);
    expect(links.size).toBeGreaterThan(10);
    const answers = await Promise.all([...links].map(async (link) => [link, (await desk.web().request(link)).status]));
    expect(answers.filter(([, status]) => status !== 200)).toEqual([]);
  });

  test('without tickets it says what to do', async () => {
    const empty = await openWebDesk({ tickets: [] });
    expect(await empty.page('/dashboard')).toContain('在工单表里新增一行');
    expect(await empty.page('/dashboard/tickets?kpi=created')).toContain('没有工单');
    await empty.close();
  });
});

describe('filters', () => {
  test('a team, a person, a period: the figures are theirs, the form shows what is picked, a link lets it go', async () => {
    const page = await desk.page('/dashboard?period=2026-Q1&team=%E5%8D%8E%E4%B8%9C&person=%E5%BC%A0%E4%BC%9F');
    expect(figureOf(page, '新建工单')).toBe('4');
    expect(page).toContain('<option value="华东" selected>');
    expect(page).toContain('<option value="2026-q1" selected>');
    expect(linksOf(page, '/dashboard/').some((link) => link.includes('person=') && !link.includes('team='))).toBe(true);
  });

  test('two names are either; tickets without a value can be asked for', async () => {
    const both = await desk.page(`/dashboard?period=2026-Q1&team=${encodeURIComponent('华东|华北')}`);
    expect(figureOf(both, '新建工单')).toBe('24');
    expect(figureOf(await desk.page('/dashboard?period=2026-Q1&issue-type=~'), '新建工单')).toBe('1');
  });

  test('a status no ticket is in is an empty list, not a wrong word', async () => {
    expect(await desk.page('/dashboard/tickets?kpi=backlog&status=wait_third')).toContain('没有工单');
    expect(textOf(await desk.page('/dashboard?status=Waiting for customer'))).toContain('处理状态: 等待客户');
  });

  test('the days of the form make a period of their own', async () => {
    const page = await desk.page(
      '/dashboard?period=custom&from=2026-02-01&to=2026-02-03&hours=business&team=&customer=',
    );
    expect(figureOf(page, '新建工单')).toBe('3');
    expect(page).toContain('value="2026-02-03"');
  });

  test('names go into an address and come back', () => {
    const name = fc.string({ unit: 'grapheme', maxLength: 8 }).map((text) => text.trim());
    fc.assert(
      fc.property(fc.uniqueArray(name, { minLength: 1, maxLength: 4 }), (names) => {
        expect(readNames(namesText(names))).toEqual(names);
      }),
    );
  });

  test.each([
    ['/dashboard?period=nächste', 'nächste'],
    ['/dashboard?period=custom&from=2026-03-05&to=2026-03-01', '先后不能颠倒'],
    ['/dashboard?period=0001-01-01', '时间段'],
    ['/dashboard?period=9999', '时间段'],
    ['/dashboard?hours=lunch', 'business, calendar'],
    ['/dashboard?lang=fr', 'zh-CN, en'],
    ['/dashboard?person=张维', '张伟'],
    ['/dashboard?customer=nobody', 'nobody'],
    ['/dashboard?teem=华东', 'team'],
    ['/dashboard/tickets', '指标'],
    ['/dashboard/tickets?kpi=nix', 'first-response'],
    ['/dashboard/tickets?kpi=created&from=x', 'from'],
    ['/dashboard/tickets?kpi=created&from=2&to=1', '早于'],
    ['/dashboard/tickets?kpi=created&from=-5', '-5'],
    ['/dashboard/tickets?kpi=created&to=99999999999999999999', 'to'],
    ['/dashboard/tickets?kpi=created&page=0', 'page'],
    ['/dashboard/tickets?kpi=created&sort=title', '-value'],
    ['/dashboard/tickets?kpi=created&at-least=1e9', 'at-least'],
    ['/dashboard/tickets.csv?kpi=nix', 'nix'],
  ])('%s is answered with 400 and says what is wrong', async (path, told) => {
    expect(textOf(await desk.page(path, 400))).toContain(told);
  });

  test('no word of an address is more than a wrong word', async () => {
    const word = fc.oneof(
      fc.string({ maxLength: 12 }),
      fc.constantFrom('2026-W99', '2026-13', 'last-0-days', '~', '\\', '%', hostile, '1970', '2026-02-30', '1e3', '-0'),
    );
    const key = fc.constantFrom(
      'period',
      'from',
      'to',
      'team',
      'person',
      'status',
      'hours',
      'kpi',
      'page',
      'below',
      'lang',
    );
    const path = fc.constantFrom('/dashboard', '/dashboard/overview', '/dashboard/tickets', '/dashboard/tickets.csv');
    await fc.assert(
      fc.asyncProperty(path, fc.dictionary(key, word, { maxKeys: 3 }), async (at, words) => {
        const answer = await desk.web().request(`${at}?${new URLSearchParams(words)}`);
        expect([200, 400]).toContain(answer.status);
        const text = await answer.text();
        expect(text).not.toContain('<img src=x');
      }),
      { numRuns: 60 },
    );
  });

  test('an unknown page is 404, another method 405, and neither hides its headers', async () => {
    expect(await desk.page('/dashboard/nix', 404)).toContain('没有这个页面');
    const posted = await desk.web().request('/dashboard', { method: 'POST' });
    expect([posted.status, posted.headers.get('allow'), posted.headers.get('x-frame-options')]).toEqual([
      405,
      'GET, HEAD',
      'DENY',
    ]);
  });
});

describe('tickets behind a figure', () => {
  test('those that do not count say why and stand last', async () => {
    const text = textOf(await desk.page('/dashboard/tickets?kpi=first-response&period=2026-Q1'));
    expect(text).toContain('计入 23 单，未计入 1 单');
    expect(text).toMatch(/未计入：还没有响应 *$|未计入：还没有响应/);
  });

  test('hostile text is text on every page', async () => {
    const number = await desk.numberOf((await titles()).find((title) => title.startsWith('=HYPERLINK'))!);
    const filter = encodeURIComponent(namesText([hostile]));
    for (const path of [
      `/dashboard?period=2026-Q1&customer=${filter}`,
      '/dashboard/all?period=2026-Q1',
      '/dashboard/tickets?kpi=created&period=2026-Q1',
      `/dashboard/tickets?kpi=created&period=2026-Q1&customer=${filter}`,
      `/dashboard/tickets/${number}`,
    ]) {
      const page = await desk.page(path);
      expect(page).not.toMatch(/<img src=x|<script>/);
      if (path.includes('/tickets')) expect(textOf(page)).toContain(hostile);
    }
    expect(await desk.page(`/dashboard?team=${encodeURIComponent(hostile)}`, 400)).not.toMatch(/<img src=x|<script>/);
    expect(await desk.page(`/dashboard/tickets/${encodeURIComponent(hostile)}`, 404)).not.toMatch(
      /<img src=x|<script>/,
    );
  });

  test('as CSV: all of them, no cell a formula', async () => {
    const answer = await desk.web().request('/dashboard/tickets.csv?kpi=first-response&period=2026-Q1');
    expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(answer.headers.get('content-disposition')).toBe('attachment; filename="first-response.csv"');
    const text = await answer.text();
    expect(text.split('\r\n')).toHaveLength(26);
    expect(text).toContain(`"'=HYPERLINK(""http`);
    expect(text).toContain('还没有响应');
  });

  test('a cell of CSV is text, whatever it begins with', () => {
    const begins = ['=1+1', '+1', '-1', '@a', '\t=1', ' =1', '＝1', '|x'];
    for (const text of begins) expect(csvText([[text]])).toBe(`'${text}\r\n`);
    expect(csvText([['a,b', 'a"b', 'a\nb', ' a', '中文', -5, 1.5, '']])).toBe(
      '"a,b","a""b","a\nb"," a",中文,-5,1.5,\r\n',
    );
  });

  test('long lists come in pages of 200', async () => {
    const many = await openWebDesk({
      tickets: Array.from({ length: 230 }, (_, n) => ({
        title: `t${n}`,
        status: '待受理',
        created_at: '2026-03-10T01:00:00.000Z',
      })),
    });
    const first = await many.page('/dashboard/tickets?kpi=created');
    expect(first.match(/<th scope="row">/g)).toHaveLength(200);
    const next = linksOf(first, '/dashboard/tickets').find((link) => link.includes('page=2'))!;
    expect((await many.page(next)).match(/<th scope="row">/g)).toHaveLength(30);
    expect((await many.page('/dashboard/tickets?kpi=created&page=99')).match(/<th scope="row">/g)).toHaveLength(30);
    await many.close();
  });
});

describe('one ticket', () => {
  test('shows fields, who changed what, and why it stands so, in the language asked for', async () => {
    await desk.change('工单 1', { status: '等待客户' });
    const number = await desk.numberOf('工单 1');
    const text = textOf(await desk.page(`/dashboard/tickets/${number}`));
    expect(text).toMatch(/2026-03-28 14:00 林晓 team\/工单 处理状态 处理中 等待客户/);
    expect(text).toContain('为什么是这样');
    expect(textOf(await desk.page(`/dashboard/tickets/${number}?lang=en`))).toMatch(
      /Why it stands so .*Status 处理中 等待客户/,
    );
  });

  test('a number nobody has is 404', async () => {
    expect(await desk.page('/dashboard/tickets/T-999999-ZZ', 404)).toContain('T-999999-ZZ');
  });
});

test('files are kept by browsers for long, under an address that changes with them', async () => {
  const page = await desk.page('/dashboard');
  const [style] = linksOf(page, '/dashboard/assets').filter((link) => link.endsWith('.css'));
  const answer = await desk.web().request(style!, { headers: { 'accept-encoding': 'gzip' } });
  expect(answer.headers.get('cache-control')).toContain('immutable');
  expect(answer.headers.get('content-encoding')).toBe('gzip');
  expect((await desk.web().request('/dashboard/assets/old/dashboard.css')).status).toBe(404);
  expect((await desk.web().request('/dashboard')).headers.get('cache-control')).toBe('no-store');
});

test('a failure inside says nothing of itself', async () => {
  const broken = await openWebDesk();
  await broken.app.database.db.query('drop table kpi_blocks cascade');
  const page = await broken.page('/dashboard?team=%E5%8D%8E%E4%B8%9C', 500);
  expect(page).not.toMatch(/kpi_blocks|relation/);
  expect(broken.logged.filter(({ name }) => name === 'web:failed')).toHaveLength(1);
  expect(JSON.stringify(broken.logged)).not.toContain('华东');
  await broken.close();
});

async function titles(): Promise<readonly string[]> {
  return (await desk.app.database.store.listRecords('tickets')).map(({ values }) => String(values.title));
}
