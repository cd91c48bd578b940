/** The running service and Feishu, over the wire: a message with buttons, a click on the long connection, the ticket, the card. */
import { afterEach, expect, test } from 'vitest';
import { createFeishuApp } from '../../connectors/feishu/app.ts';
import { createFeishuEvents } from '../../connectors/feishu/events.ts';
import { channelsSchema, readyAccounts } from '../../src/notify/settings.ts';
import { keepInStep } from '../../src/service.ts';
import { type FakeFeishu, type FakeMessage, startFeishu } from '../fakes/feishu.ts';
import { crewDesk, person, rule, toTeam } from './crew.ts';
import type { Desk } from './desk.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** A desk whose bot writes to the local Feishu, and which hears the clicks made there. */
async function openChat(feishu: FakeFeishu): Promise<Desk> {
  const { domain, appId, appSecret } = feishu;
  const { host } = new URL(domain);
  const section = {
    hosts: [{ host, local: true, plain: true }],
    accounts: { 机器人: { kind: 'feishu-app', appIdEnv: 'APP', appSecretEnv: 'SECRET', baseUrl: domain } },
  };
  const accounts = readyAccounts(channelsSchema.parse(section), { APP: appId, SECRET: appSecret }, 'zh-CN');
  const tools = { clock: { now: () => new Date() }, logger: { log: () => undefined } };
  const app = createFeishuApp({ domain, appId, appSecret, ...tools });
  const events = createFeishuEvents({ app, appSecret, by: 'line', ...tools });
  const keys = { encryptKey: '', verificationToken: '' };
  const desk = await crewDesk(
    [person('甲'), person('乙'), person('总监', { 角色: '服务总监', 组: '' })],
    [
      { ...toTeam, 分配给: '甲' },
      rule('审批', { 组: '设值', 时机: '新建', 合同金额: '>10万', '设置.审批人': '总监' }),
      rule('告知', { 组: '通知', 时机: '新建', 通知: '负责人、角色:服务总监', 通知渠道: '机器人' }),
      rule('结果', { 组: '通知', 时机: '审批结果变更', 通知: '负责人', 通知渠道: '机器人' }),
    ],
    {
      settings: { channels: section },
      real: { accounts, feishu: { appId, by: 'line', keys, open: async () => ({ app, events }) } },
    },
  );
  closing.push(
    async () => await events.close(),
    async () => await app.close(),
    async () => await desk.database.close(),
  );
  return desk;
}

/** The button of a card with this label. */
function button(message: FakeMessage, label: string): unknown {
  const columns = message.content.body.elements.flatMap((element: { columns?: unknown[] }) => element.columns ?? []);
  const buttons = columns.flatMap((column: { elements: unknown[] }) => column.elements) as {
    text: { content: string };
    behaviors: { value: unknown }[];
  }[];
  return buttons.find(({ text }) => text.content === label)!.behaviors[0]!.value;
}

test('a director approves by a button, the assignee is told, and nobody can press again', async () => {
  const feishu = await startFeishu();
  closing.push(() => feishu.close());
  const [jia, boss] = ['甲', '总监'].map((name) => feishu.addPerson({ name, email: `${name}@example.com` }));
  const stranger = feishu.addPerson({ name: '路人' });
  const desk = await openChat(feishu);
  await whileServing(desk, feishu, async () => {
    // Urgent, so that no message waits for others.
    desk.add('工单', { 问题标题: '新仓实施', 合同金额: 250_000, 优先级: '紧急' });
    const cardOf = (name: string) => feishu.messages.find((message) => message.person?.name === name);
    await expect.poll(() => [cardOf('甲') !== undefined, cardOf('总监') !== undefined], wait).toEqual([true, true]);
    const card = cardOf('总监')!;
    const refused = await feishu.click(card, stranger, button(card, '同意'));
    expect(refused.toast?.content).toContain('找不到您');
    const wrong = await feishu.click(card, jia!, button(card, '同意'));
    expect(wrong.toast?.content).toContain('审批人是 总监');
    const value = button(card, '同意');
    const answer = await feishu.click(card, boss!, value);
    expect(answer.toast).toMatchObject({ type: 'success' });
    expect(JSON.stringify(answer.card)).toContain('✅ 总监 已同意');
    expect((await feishu.click(card, boss!, value)).toast?.content).toBe('已由 总监 处理');
    await expect.poll(async () => (await desk.ticket('新仓实施')).approval, wait).toBe('同意');
    await expect.poll(() => desk.shown('工单', desk.row('新仓实施'), '审批结果'), wait).toBe('同意');
    // Written anew for all who see it, and the assignee hears of it.
    const isPatched = () =>
      feishu.requests.some(({ method, path }) => method === 'PATCH' && path.includes(card.messageId));
    await expect.poll(isPatched, wait).toBe(true);
    await expect.poll(() => feishu.messages.filter(({ person: to }) => to?.name === '甲').length, wait).toBe(2);
    expect(JSON.stringify(card.content)).not.toContain('callback');
  });
});

test('a card loses its buttons when the sheet moves the ticket on, once and by itself', async () => {
  const feishu = await startFeishu();
  closing.push(() => feishu.close());
  for (const name of ['甲', '总监']) feishu.addPerson({ name, email: `${name}@example.com` });
  const desk = await openChat(feishu);
  await whileServing(desk, feishu, async () => {
    desk.add('工单', { 问题标题: '新仓实施', 合同金额: 250_000, 优先级: '紧急' });
    const cardOf = (name: string) => feishu.messages.find((message) => message.person?.name === name);
    await expect.poll(() => [cardOf('甲') !== undefined, cardOf('总监') !== undefined], wait).toEqual([true, true]);
    const [own, approval] = [cardOf('甲')!, cardOf('总监')!];
    desk.set('工单', desk.row('新仓实施'), { 审批结果: '同意' });
    await expect.poll(() => JSON.stringify(approval.content), wait).toContain('现在：审批结果 同意');
    expect(JSON.stringify(approval.content)).not.toContain('callback');
    expect(JSON.stringify(own.content)).toContain('callback');
    desk.set('工单', desk.row('新仓实施'), { 状态: '已取消' });
    await expect.poll(() => JSON.stringify(own.content), wait).toContain('处理状态 已作废');
    expect(JSON.stringify(own.content)).not.toContain('callback');
    const changed = feishu.requests.filter(
      ({ method, path }) => method === 'PATCH' && path.includes('/im/v1/messages/'),
    );
    expect(changed.every(({ code }) => code === 0)).toBe(true);
    expect(changed.filter(({ path }) => path.includes(own.messageId))).toHaveLength(1);
  });
});

/** Does something while the service runs, which must fail nowhere. */
async function whileServing(desk: Desk, feishu: FakeFeishu, work: () => Promise<void>): Promise<void> {
  const stop = new AbortController();
  const failed: unknown[] = [];
  const tell = {
    ran: () => undefined,
    configured: () => undefined,
    answered: () => undefined,
    failed: (what: string, error: unknown) => void failed.push([what, error]),
    recovered: () => undefined,
  };
  const running = keepInStep(desk.main.app, stop.signal, tell);
  try {
    // A service that ends by itself says why.
    await Promise.race([feishu.connected(), running]);
    await work();
    expect(failed).toEqual([]);
  } finally {
    stop.abort();
    await running;
  }
}

/** How long the running service may take on a busy machine; it is looked again and again, and goes on at once. */
const wait = { timeout: 60_000, interval: 50 };
