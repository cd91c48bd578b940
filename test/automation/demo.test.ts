/** What the rows the demo starts with do, from the cell a person types to the message that leaves. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { unpackDecision } from '../../rules/decision.ts';
import { why } from '../../rules/explain.ts';
import type { KeptAnswer } from '../../src/automation/remembering.ts';
import { decisionsOf } from '../../src/db/decisions.ts';
import { type Desk, openDesk } from './desk.ts';

let desk: Desk;
beforeAll(async () => {
  desk = await openDesk();
});
afterAll(() => desk.database.close());

const HOUR = 60;
const DAY = 24 * HOUR;

describe('the demo', () => {
  test('an urgent leak in Shanghai gets number, assignee, due time and one SMS; the decision names the rows', async () => {
    await desk.file({ 问题标题: '三楼漏水', 优先级: '紧急', 区域: '上海' });
    const [line] = desk.lines('工单');
    expect(line).toMatchObject({ 状态: '待受理', 负责人: '张伟', 截止时间: '2026-03-10 14:00:00', SLA状态: '正常' });
    expect(line!.工单号).toMatch(/^T-000001-/);
    expect(desk.letters()).toEqual([
      `企微: 工单 ${line!.工单号} 分派给你`,
      `短信→13800001309: 紧急工单 ${line!.工单号}`,
    ]);
    const { id } = await desk.ticket('三楼漏水');
    const [kept] = await decisionsOf(desk.database.db, 'tickets', id);
    const answer = kept!.decision as KeptAnswer;
    const { rules } = await desk.main.app.keeper.current();
    const told = why(rules!, unpackDecision(answer.decision!)).map(({ text }) => text);
    expect(told.some((text) => text.includes('上海漏水抢修') && text.includes('包含 漏水'))).toBe(true);
    expect(told.some((text) => text.includes('紧急新单短信'))).toBe(true);
    expect(answer.choice).toEqual(['分配给 张伟：轮到他']);
  });

  test('two hours without an answer escalate by mail and both robots, once', async () => {
    await desk.pass(2 * HOUR - 1, 30);
    desk.letters();
    await desk.pass(1);
    expect(desk.letters()).toEqual([]);
    await desk.pass(1);
    const told = desk.letters();
    expect(told.filter((letter) => letter.includes('两小时无人响应')).map((letter) => letter.split(':')[0])).toEqual([
      '邮件→zheng.haitao@example.com',
      '钉钉',
      '企微',
    ]);
    expect(told.filter((letter) => letter.startsWith('邮件→zheng.haitao'))).toHaveLength(2);
    await desk.pass(40, 10);
    expect(desk.letters().filter((letter) => letter.includes('两小时无人响应'))).toEqual([]);
  });

  test('what is solved becomes a service record, once however often the file is saved', async () => {
    await desk.change('三楼漏水', { 首次响应时间: '2026-03-10 12:30:00', 状态: '已解决', 解决方案: '换了阀门' });
    expect(desk.lines('服务记录')).toMatchObject([{ 服务内容: '三楼漏水', 服务人员: '张伟', 处理结果: '换了阀门' }]);
    expect((await desk.ticket('三楼漏水')).resolved_at).not.toBeNull();
    for (const book of desk.books.values()) book.saved();
    await desk.settle();
    expect(desk.lines('服务记录')).toHaveLength(1);
  });

  test('a bad rating makes a call back for the account manager', async () => {
    desk.letters();
    await desk.change('三楼漏水', { 满意度: 2, 评价意见: '太慢' });
    await desk.pass(1);
    expect(desk.lines('客户回访')).toMatchObject([{ 满意度: '2', 评价意见: '太慢', 客户经理: '王芳' }]);
    expect(desk.letters().some((letter) => letter.includes('不满意'))).toBe(true);
  });

  test('a solved ticket closes after three days, with its time', async () => {
    await desk.pass(3 * DAY, DAY);
    await desk.pass(1);
    const ticket = await desk.ticket('三楼漏水');
    expect(ticket).toMatchObject({ status: '已关闭' });
    expect(ticket.closed_at).not.toBeNull();
    expect(await desk.problems()).toEqual([]);
  });

  test('a large contract gets its approver', async () => {
    await desk.file({ 问题标题: '新仓实施', 合同金额: 250_000 }, { 问题标题: '小改', 合同金额: 90_000 });
    expect(desk.lines('工单').map((line) => line.审批人)).toEqual(['', '郑海涛', '']);
    expect(desk.lines('工单').map((line) => line.优先级)).toEqual(['紧急', '中', '中']);
  });

  test('in the evening the director hears of urgent tickets nobody answered', async () => {
    await desk.file(
      { 问题标题: '全线停机' },
      { 问题标题: '漏水已答', 优先级: '紧急', 首次响应时间: '2026-03-13 11:00:00' },
    );
    desk.letters();
    desk.clock.set('2026-03-13T10:00:00.000Z');
    await desk.settle();
    await desk.pass(1);
    const evening = desk.sent.filter(({ text }) => text.includes('到 18 点还没有首次响应'));
    expect(evening.map(({ to }) => to)).toEqual(['zheng.haitao@example.com']);
    expect(evening[0]!.text).toContain('全线停机');
    await desk.pass(HOUR, 20);
    expect(desk.sent.filter(({ text }) => text.includes('到 18 点还没有首次响应'))).toHaveLength(1);
    desk.letters();
    desk.clock.set('2026-03-14T10:00:00.000Z');
    await desk.settle();
    await desk.pass(1);
    expect(desk.sent.filter(({ text }) => text.includes('到 18 点还没有首次响应'))).toHaveLength(1);
  });
});
