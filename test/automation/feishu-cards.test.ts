/** Buttons below messages: who gets which, what a click changes, and everything a click must not change. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { CardAnswer } from '../../connectors/feishu/events-api.ts';
import type { FeishuPeople } from '../../connectors/feishu/people.ts';
import { createCardClicks } from '../../src/app/card-clicks.ts';
import { log } from '../../src/app/log.ts';
import { set } from '../../src/app/set.ts';
import { deleteRecords } from '../../src/edit.ts';
import { refused, retry } from '../../src/notify/channel.ts';
import { crewDesk, person, rule, toTeam } from './crew.ts';
import type { Cells, Desk, SentCard } from './desk.ts';

let desk: Desk;
let clicks: number;
let decided: number;
let whoIs: FeishuPeople['whoIs'];

const people = [
  person('甲', { 飞书ID: 'ou_jia' }),
  person('乙', { 飞书ID: 'ou_yi' }),
  person('丙', { 飞书ID: 'ou_bing', 组: '软件组' }),
  person('总监', { 飞书ID: 'ou_zong', 角色: '服务总监', 组: '', 代理人: '丙' }),
  person('走了', { 飞书ID: 'ou_zou', 在职: '否' }),
];
const tell = rule('告知', { 组: '通知', 时机: '新建', 通知: '负责人、角色:服务总监', 通知渠道: '机器人' });
const approve = rule('审批', { 组: '设值', 时机: '新建', 合同金额: '>10万', '设置.审批人': '总监' });

beforeEach(async () => {
  clicks = 0;
  decided = 0;
  whoIs = async (openId, known) => known.find((each) => each.openId === openId)?.name ?? null;
  desk = await crewDesk(people, [{ ...toTeam, 分配给: '甲' }, tell, approve], {
    bot: true,
    settings: { web: { url: 'https://desk.example/' } },
  });
});
afterEach(() => desk.database.close());

interface Press {
  readonly label: string;
  readonly by: string;
  readonly option?: string;
  readonly event?: string;
  readonly message?: string;
  /** Changes what the button carries. */
  readonly value?: Readonly<Record<string, unknown>>;
}

async function press(card: SentCard, { label, by, option, event, message, value }: Press): Promise<CardAnswer> {
  const button = card.message.choices.find((choice) => choice.label === label);
  const handle = createCardClicks(desk.main.app, { people: { whoIs }, decided: () => void decided++ });
  return await handle({
    eventId: event ?? `click-${clicks++}`,
    openId: by,
    value: value ?? button!.value,
    option: option ?? null,
    messageId: message ?? card.receipt,
    updateToken: 'c-1',
  });
}

const said = ({ toast }: CardAnswer): string => toast.text['zh-CN'];
const labels = (card: SentCard): readonly string[] => card.message.choices.map(({ label }) => label);
const shows = (answer: CardAnswer): string => JSON.stringify(answer.card ?? null);

/** Files a ticket and returns the cards sent about it, by receiver. */
async function file(title: string, cells: Cells = {}): Promise<(to: string) => SentCard> {
  await desk.file({ 问题标题: title, ...cells });
  await desk.pass(1);
  const cards = desk.cards.filter(({ message }) => message.title.includes(title));
  return (to) => {
    const card = cards.find((each) => each.to === to);
    if (card === undefined) throw new Error(`${to} got no card about ${title}`);
    return card;
  };
}

describe('which buttons', () => {
  test('follow from the ticket and from who reads', async () => {
    const plain = await file('一');
    expect(labels(plain('ou_jia'))).toEqual(['受理', '转交给……']);
    expect(labels(plain('ou_zong'))).toEqual([]);
    const large = await file('二', { 合同金额: 250_000 });
    expect(labels(large('ou_jia'))).toEqual(['受理', '转交给……']);
    expect(labels(large('ou_zong'))).toEqual(['同意', '驳回']);
    const { number } = await desk.ticket('一');
    expect(plain('ou_zong').message.link).toBe(`https://desk.example/dashboard/tickets/${number}`);
  });

  test('the list of colleagues holds who is there, the own team first, and not oneself', async () => {
    const card = (await file('一'))('ou_jia');
    const options = card.message.choices.find(({ label }) => label === '转交给……')?.options;
    expect(options?.map(({ value }) => value)).toEqual(['乙', '丙', '总监']);
  });

  test('there are none where clicks are not told to us', async () => {
    Object.assign(desk.main.app.feishu!, { by: 'off' });
    expect(labels((await file('一'))('ou_jia'))).toEqual([]);
  });

  test('a digest of several tickets has none', async () => {
    await desk.file({ 问题标题: '一' }, { 问题标题: '二' });
    await desk.pass(1);
    expect(desk.cards.every(({ message }) => message.choices.length === 0)).toBe(true);
  });
});

describe('a click of the right person', () => {
  test('takes the ticket on, by the lifecycle, under his name, and ends the card', async () => {
    const card = (await file('一'))('ou_jia');
    const answer = await press(card, { label: '受理', by: 'ou_jia', event: 'e-1' });
    const { number } = await desk.ticket('一');
    expect(answer.toast.kind).toBe('success');
    expect(said(answer)).toBe(`已受理，工单 ${number} 由您处理`);
    expect(shows(answer)).toContain('✅ 甲 已受理 · 03-10 10:01');
    expect(shows(answer)).not.toContain('callback');
    expect(decided).toBe(1);
    await desk.settle();
    expect(await desk.ticket('一')).toMatchObject({ status: '处理中', assignee: '甲', accepted_by: '甲' });
    expect(desk.shown('工单', desk.row('一'), '状态')).toBe('处理中');
    const lines = await log.run(desk.main.app, { number });
    expect(lines.find(({ field, new: value }) => field === 'status' && value === '处理中')).toMatchObject({
      actor: { kind: 'person', name: '甲' },
      source: 'feishu-card',
      cause: 'feishu-card:e-1',
      old: '待受理',
    });
    expect(card).toMatchObject({ revisions: 1, message: { choices: [], outcome: '✅ 甲 已受理 · 03-10 10:01' } });
  });

  test('hands the ticket over to whom he picks', async () => {
    const card = (await file('一'))('ou_jia');
    const answer = await press(card, { label: '转交给……', by: 'ou_jia', option: '乙' });
    expect(shows(answer)).toContain('➡️ 甲 已转交给 乙');
    await desk.settle();
    expect((await desk.ticket('一')).assignee).toBe('乙');
    expect(labels(card)).toEqual([]);
  });

  test.each([
    ['同意', '同意', 'approve'],
    ['驳回', '驳回', 'reject'],
  ])('%s writes the approval the rules answer', async (label, value) => {
    const cards = await file('一', { 合同金额: 250_000 });
    const answer = await press(cards('ou_zong'), { label, by: 'ou_zong' });
    expect(answer.toast.kind).toBe('success');
    await desk.settle();
    expect(await desk.ticket('一')).toMatchObject({ approval: value, approver: '总监', status: '待受理' });
    expect(desk.shown('工单', desk.row('一'), '审批结果')).toBe(value);
    // The assignee's question is another one.
    expect(labels(cards('ou_jia'))).toEqual(['受理', '转交给……']);
  });

  test('who stands in for an approver on leave decides for him', async () => {
    desk.set('人员', desk.find('人员', '姓名', '总监'), { 休假: '2026-03-01~2026-03-20' });
    await desk.settle();
    const card = (await file('一', { 合同金额: 250_000 }))('ou_zong');
    expect(said(await press(card, { label: '同意', by: 'ou_yi' }))).toContain('审批人是 总监');
    expect((await press(card, { label: '同意', by: 'ou_bing' })).toast.kind).toBe('success');
    expect(shows(await press(card, { label: '驳回', by: 'ou_zong' }))).toContain('丙 已同意');
  });
});

describe('a click that must change nothing', () => {
  let card: SentCard;
  let before: string;
  beforeEach(async () => {
    card = (await file('一', { 合同金额: 250_000 }))('ou_jia');
    before = JSON.stringify(await desk.ticket('一'));
  });
  afterEach(async () => {
    await desk.settle();
    expect(JSON.stringify(await desk.ticket('一'))).toBe(before);
  });

  test('of somebody the people tab does not know', async () => {
    expect(said(await press(card, { label: '受理', by: 'ou_nobody' }))).toContain('找不到您');
  });

  test('of somebody else than the assignee, who is told why', async () => {
    const answer = await press(card, { label: '受理', by: 'ou_yi' });
    expect(answer).toMatchObject({ toast: { kind: 'warning' } });
    expect(said(answer)).toContain('负责人是 甲');
    expect(answer.card).toBeUndefined();
  });

  test('of somebody who left', async () => {
    expect(said(await press(card, { label: '受理', by: 'ou_zou' }))).toContain('已停用');
  });

  test('of the right person with a button of somebody else', async () => {
    const other = desk.cards.find(({ to, message }) => to === 'ou_zong' && message.choices.length > 0)!;
    expect(said(await press(other, { label: '同意', by: 'ou_jia' }))).toContain('审批人是 总监');
  });

  test('with a value that was made up, changed in any part, or carried to another message', async () => {
    const { value } = card.message.choices[0]!;
    const forged: Readonly<Record<string, unknown>>[] = [
      {},
      { ...value, sign: undefined },
      { ...value, sign: '' },
      { ...value, do: 'hand-over' },
      { ...value, id: String(Number(value.id) + 1) },
      { ...value, table: 'customers' },
      { ...value, card: 'another' },
      { ...value, until: String(Number(value.until) + 1) },
    ];
    for (const each of forged) {
      const answer = await press(card, { label: '受理', by: 'ou_jia', value: each });
      expect(said(answer)).toContain('不是本服务发出的');
    }
    const elsewhere = await press(card, { label: '受理', by: 'ou_jia', message: 'om_other' });
    expect(said(elsewhere)).toContain('不是本服务发出的');
  });

  test('with a button that is too old', async () => {
    desk.clock.move(14 * 86_400_000);
    expect(said(await press(card, { label: '受理', by: 'ou_jia' }))).toContain('已过期');
    desk.clock.move(-14 * 86_400_000);
  });

  test('that hands over to somebody who cannot take it', async () => {
    for (const option of ['走了', '甲', '没有这个人', '']) {
      expect(said(await press(card, { label: '转交给……', by: 'ou_jia', option }))).toContain('不能转交给');
    }
  });

  test('while the directory of people cannot be asked', async () => {
    whoIs = () => Promise.reject(new Error('no line'));
    await expect(press(card, { label: '受理', by: 'ou_jia' })).rejects.toThrow('no line');
    expect(decided).toBe(0);
  });
});

describe('a click that comes late', () => {
  test('twice at once: one decides, the other is told who did', async () => {
    const card = (await file('一', { 合同金额: 250_000 }))('ou_zong');
    const answers = await Promise.all([
      press(card, { label: '同意', by: 'ou_zong' }),
      press(card, { label: '驳回', by: 'ou_zong' }),
    ]);
    expect(answers.map(({ toast }) => toast.kind).toSorted()).toEqual(['info', 'success']);
    expect(said(answers.find(({ toast }) => toast.kind === 'info')!)).toBe('已由 总监 处理');
    // Both show the same end.
    expect(shows(answers[0]!)).toBe(shows(answers[1]!));
    await desk.settle();
    const { number, approval } = await desk.ticket('一');
    const changes = (await log.run(desk.main.app, { number })).filter(({ field }) => field === 'approval');
    expect(changes.map(({ new: value }) => value)).toEqual([approval]);
  });

  test('told again by the vendor: answered as the first time, done once', async () => {
    const card = (await file('一'))('ou_jia');
    const first = await press(card, { label: '受理', by: 'ou_jia', event: 'same' });
    const again = await press(card, {
      label: '受理',
      by: 'ou_jia',
      event: 'same',
      value: card.message.choices[0]!.value,
    });
    expect(again).toEqual(first);
    const { number } = await desk.ticket('一');
    const changes = (await log.run(desk.main.app, { number })).filter(({ field }) => field === 'accepted_by');
    expect(changes).toHaveLength(1);
  });

  test('after somebody moved the ticket on in the sheet: told by whom, and shown what is left to decide', async () => {
    const card = (await file('一'))('ou_jia');
    const { value } = card.message.choices[0]!;
    await desk.change('一', { 状态: '处理中' });
    const answer = await press(card, { label: '受理', by: 'ou_jia', value });
    expect(said(answer)).toBe('已由 小张 处理');
    expect(shows(answer)).toContain('现在：处理状态 处理中');
    expect(shows(answer)).not.toContain('"受理"');
    expect(shows(answer)).toContain('转交给……');
    expect(card.revisions).toBe(1);
    expect((await press(card, { label: '转交给……', by: 'ou_jia', option: '乙' })).toast.kind).toBe('success');
  });

  test('after the ticket was deleted', async () => {
    const card = (await file('一'))('ou_jia');
    const { id } = await desk.ticket('一');
    const { value } = card.message.choices[0]!;
    await desk.database.db.query(`update tickets set deleted_at = now() where id = ${id}`);
    expect(said(await press(card, { label: '受理', by: 'ou_jia', value }))).toBe('工单已删除');
  });
});

describe('a card whose ticket moves on by other means', () => {
  test('loses the button that is no longer possible, keeps the other, and says how the ticket stands', async () => {
    const card = (await file('一'))('ou_jia');
    expect(card).toMatchObject({ revisions: 0, message: { outcome: null } });
    await desk.change('一', { 状态: '处理中' });
    expect(labels(card)).toEqual(['转交给……']);
    expect(card).toMatchObject({ revisions: 1, message: { outcome: '现在：处理状态 处理中' } });
    // What is left works.
    expect((await press(card, { label: '转交给……', by: 'ou_jia', option: '乙' })).toast.kind).toBe('success');
  });

  test.each<[string, Cells, string]>([
    ['cancelled', { 状态: '已取消' }, '工单已由 小张 处理 · 03-10 10:01\n现在：处理状态 已作废'],
    ['given to somebody else', { 负责人: '乙' }, '现在：负责人 乙'],
  ])('loses all of them when it is %s in the sheet', async (_, cells, outcome) => {
    const card = (await file('一'))('ou_jia');
    await desk.change('一', cells);
    expect(card).toMatchObject({ revisions: 1, message: { choices: [], outcome } });
  });

  test('loses them when the approval was decided in the sheet, and the assignee’s card stays', async () => {
    const cards = await file('一', { 合同金额: 250_000 });
    await desk.change('一', { 审批结果: '同意' });
    const outcome = '工单已由 小张 处理 · 03-10 10:01\n现在：审批结果 同意';
    expect(cards('ou_zong')).toMatchObject({ revisions: 1, message: { choices: [], outcome } });
    expect(cards('ou_jia')).toMatchObject({ revisions: 0 });
    expect(labels(cards('ou_jia'))).toEqual(['受理', '转交给……']);
  });

  test('is written anew when what it says is no longer so, and not when something else changes', async () => {
    const card = (await file('一'))('ou_jia');
    await desk.change('一', { 解决方案: '换滤网' });
    expect(card.revisions).toBe(0);
    await desk.change('一', { 客户名称: '华东电力' });
    expect(card).toMatchObject({ revisions: 1, message: { outcome: '现在：客户名称 华东电力' } });
    expect(labels(card)).toEqual(['受理', '转交给……']);
    await desk.pass(1);
    expect(card.revisions).toBe(1);
  });

  test('gets its buttons back with the ticket', async () => {
    const card = (await file('一'))('ou_jia');
    await desk.change('一', { 负责人: '乙' });
    expect(labels(card)).toEqual([]);
    desk.clock.move(60_000);
    await desk.change('一', { 负责人: '甲' });
    expect(card).toMatchObject({ revisions: 2, message: { outcome: null } });
    expect((await press(card, { label: '受理', by: 'ou_jia' })).toast.kind).toBe('success');
  });

  test('shows changes that come close together in one go', async () => {
    const card = (await file('一'))('ou_jia');
    await desk.change('一', { 客户名称: '华东' });
    await desk.change('一', { 客户名称: '华东电' });
    await desk.change('一', { 客户名称: '华东电力' });
    expect(card).toMatchObject({ revisions: 1, message: { outcome: '现在：客户名称 华东' } });
    await desk.pass(1);
    expect(card).toMatchObject({ revisions: 2, message: { outcome: '现在：客户名称 华东电力' } });
  });

  test('is written anew when the ticket changed while the message was on its way, or the card was being changed', async () => {
    const edit = (customer: string) =>
      set.run(desk.main.app, { number, assignments: [`客户名称=${customer}`], operator: null });
    desk.add('工单', { 问题标题: '一' });
    await desk.main.pass();
    desk.clock.move(60_000);
    const { number } = await desk.ticket('一');
    const { channel } = desk.main.app.accounts.get('机器人')!;
    const { send, revise } = channel;
    Object.assign(channel, {
      send: async (...given: Parameters<typeof send>) => {
        await edit('在途');
        return await send(...given);
      },
    });
    await desk.main.deliver();
    const card = desk.cards.find(({ to }) => to === 'ou_jia')!;
    expect(card).toMatchObject({ revisions: 1, message: { outcome: '现在：客户名称 在途' } });
    await edit('再改');
    Object.assign(channel, {
      revise: async (...given: Parameters<NonNullable<typeof revise>>) => {
        Object.assign(channel, { revise });
        await edit('又改');
        return await revise!(...given);
      },
    });
    await desk.pass(1);
    await desk.pass(1);
    expect(card).toMatchObject({ revisions: 3, message: { outcome: '现在：客户名称 又改' } });
  });

  test('is left alone when it is too old to be changed, and is never looked at again', async () => {
    const card = (await file('一'))('ou_jia');
    const asked: string[] = [];
    desk.beforeRevise = ({ to }) => void asked.push(to);
    desk.clock.move(14 * 86_400_000);
    await desk.change('一', { 状态: '已取消' });
    await desk.pass(1);
    expect(asked).toEqual([]);
    expect(labels(card)).toEqual(['受理', '转交给……']);
  });

  test('is tried again when the receiver has no time, and by another process when one dies', async () => {
    const card = (await file('一'))('ou_jia');
    desk.set('工单', desk.row('一'), { 状态: '已取消' });
    await desk.main.pass();
    desk.beforeRevise = () => {
      throw new Error('killed');
    };
    await expect(desk.main.deliver()).rejects.toThrow('killed');
    let failures = 2;
    const other = await desk.start('second');
    desk.beforeRevise = () => undefined;
    const { channel } = other.app.accounts.get('机器人')!;
    const revise = channel.revise!;
    Object.assign(channel, {
      revise: async (...given: Parameters<typeof revise>) =>
        failures-- > 0 ? retry('notify-throttled', {}) : await revise(...given),
    });
    await other.deliver();
    // The one that died may still be at it.
    expect([card.revisions, failures]).toEqual([0, 2]);
    for (let n = 0; n < 3; n++) {
      desk.clock.move(60_000);
      await other.deliver();
    }
    expect(card).toMatchObject({ revisions: 1, message: { choices: [] } });
  });

  test('is not asked for again and again where it was taken back', async () => {
    const card = (await file('一'))('ou_jia');
    const { channel } = desk.main.app.accounts.get('机器人')!;
    const asked: string[] = [];
    Object.assign(channel, {
      revise: async (receipt: string) => {
        asked.push(receipt);
        return refused('notify-vendor', {});
      },
    });
    await desk.change('一', { 状态: '已取消' });
    for (let n = 0; n < 3; n++) await desk.pass(1);
    expect(asked).toEqual([card.receipt]);
  });

  test('says so when the ticket is deleted', async () => {
    const card = (await file('一'))('ou_jia');
    const { id } = await desk.ticket('一');
    const at = desk.clock.now().toISOString();
    const origin = { actor: { kind: 'system', name: null }, source: 'test', cause: null, happenedAt: at } as const;
    await desk.database.transact(null, (_, store) => deleteRecords(store, 'tickets', [id], origin));
    await desk.main.deliver();
    expect(card).toMatchObject({ message: { choices: [], outcome: '工单已删除' } });
  });
});

describe('the card of everybody who got it', () => {
  test('is changed, also by a process that starts after the one that decided died', async () => {
    const card = (await file('一'))('ou_jia');
    await press(card, { label: '受理', by: 'ou_jia' });
    expect(card.revisions).toBe(0);
    const other = await desk.start('second');
    await other.deliver();
    expect(card).toMatchObject({ revisions: 1, message: { choices: [] } });
    await other.deliver();
    expect(card.revisions).toBe(1);
  });

  test('is changed later when the receiver has no time now', async () => {
    const card = (await file('一'))('ou_jia');
    let failures = 2;
    const { channel } = desk.main.app.accounts.get('机器人')!;
    const revise = channel.revise!;
    Object.assign(channel, {
      revise: async (...given: Parameters<typeof revise>) =>
        failures-- > 0 ? retry('notify-throttled', {}) : await revise(...given),
    });
    await press(card, { label: '受理', by: 'ou_jia' });
    await desk.settle();
    expect(card.revisions).toBe(0);
    await desk.pass(1);
    expect(card.revisions).toBe(0);
    await desk.pass(1);
    expect(card.revisions).toBe(1);
  });

  test('a click on a message whose sender died before he kept its name is a click all the same', async () => {
    const card = (await file('一'))('ou_jia');
    await desk.database.db.query('update cards set receipt = null');
    expect((await press(card, { label: '受理', by: 'ou_jia' })).toast.kind).toBe('success');
    await desk.settle();
    expect(card.revisions).toBe(1);
  });
});
