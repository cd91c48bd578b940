/** The page of the local Feishu in a browser: people edit, click and see what others do without asking. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { chromiumPath, launchChromium, openWindow, requireChromium } from '../web/browser.ts';
import { type Desk, openDesk } from './feishu-fake-desk.ts';

let browser: Browser | null = null;
let desk: Desk;

beforeAll(async () => {
  const path = chromiumPath();
  if (path !== undefined) browser = await launchChromium(path);
});
afterAll(() => browser?.close());
beforeEach(async () => {
  desk = await openDesk();
});
afterEach(() => desk.close());

const cell = (page: Page, place: string) => page.locator(`td[data-at="${place}"]`);

test('a person edits a cell and sees what another one does; protected columns say no', async (context) => {
  requireChromium(context);
  const person = desk.feishu.addPerson({ name: '王芳' });
  desk.sheet.protect('工单', 'COLUMNS', 0, 0);
  const { page, complaints, close } = await openWindow(browser as Browser);
  await page.goto(desk.feishu.domain);
  await cell(page, '1,1').dblclick();
  await page.keyboard.type('13');
  await page.keyboard.press('Enter');
  await cell(page, '1,3').getByText('26').waitFor();
  expect(desk.sheet.tab('工单').cell(1, 1)?.content).toBe(13);
  expect(desk.sheet.lastEditor).toBe(person.openId);
  await desk.put('B4:B4', [['机器人写的']]);
  await cell(page, '3,1').getByText('机器人写的').waitFor();
  expect(complaints).toEqual([]);
  await cell(page, '1,0').dblclick();
  await page.keyboard.type('T-9');
  await page.keyboard.press('Enter');
  await page.locator('.toast.shown.error').waitFor();
  expect(desk.sheet.tab('工单').cell(1, 0)?.content).toBe('T-1');
  await page.getByRole('button', { name: 'English' }).click();
  await page.getByRole('button', { name: 'Insert row' }).click();
  await cell(page, '4,1').getByText('机器人写的').waitFor();
  await close();
});

test('a card stands in the chat, and its button reaches the app', async (context) => {
  requireChromium(context);
  const person = desk.feishu.addPerson({ name: '王芳' });
  const card = (text: string) => ({
    schema: '2.0',
    body: {
      elements: [
        { tag: 'markdown', content: `**${text}** <script>alert(1)</script>` },
        {
          tag: 'button',
          text: { tag: 'plain_text', content: '受理' },
          behaviors: [{ type: 'callback', value: { do: 'accept' } }],
        },
      ],
    },
  });
  await desk.listen({
    'card.action.trigger': ({ operator }: { operator: { open_id: string } }) => ({
      toast: { type: 'success', content: operator.open_id === person.openId ? '好的' : '谁?' },
      card: { type: 'raw', data: card('已受理') },
    }),
  });
  const body = { receive_id: person.openId, msg_type: 'interactive', content: JSON.stringify(card('待受理')) };
  await desk.ask('POST', 'im/v1/messages', body, { receive_id_type: 'open_id' });
  const { page, complaints, close } = await openWindow(browser as Browser);
  await page.goto(desk.feishu.domain);
  await page.getByRole('button', { name: '受理' }).click();
  await page.locator('.toast.shown.success').getByText('好的').waitFor();
  await page.locator('.card b').getByText('已受理').waitFor();
  expect(complaints).toEqual([]);
  await close();
});
