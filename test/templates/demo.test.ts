import { describe, expect, test } from 'vitest';
import { wallOf } from '../../src/model/wall-clock.ts';
import { demoHistory } from '../../src/templates/index.ts';

const ZONE = 'Asia/Shanghai';
/** A Monday, a Sunday, the middle of a long holiday, a day whose date differs between the zone and UTC. */
const days = ['2026-03-09T01:00:00Z', '2026-03-08T15:59:00Z', '2026-10-04T04:00:00Z', '2026-06-30T20:00:00Z'];

describe.each(days)('the demo made on %s', (day) => {
  const now = new Date(day);
  const events = demoHistory(now, ZONE, 'zh-CN');
  const startOfToday = Math.floor(wallOf(now.getTime(), ZONE) / 86_400_000) * 86_400_000;

  test('is the same every time', () => {
    expect(demoHistory(now, ZONE, 'zh-CN')).toEqual(events);
  });

  test('happened in order, in working hours, within about two months before today', () => {
    const walls = events.map((event) => wallOf(Date.parse(event.at), ZONE));
    expect(walls).toEqual([...walls].sort((a, b) => a - b));
    expect(walls.every((wall) => wall < startOfToday && wall > startOfToday - 75 * 86_400_000)).toBe(true);
    const minutes = walls.map((wall) => (wall / 60_000) % 1440);
    expect(minutes.every((minute) => (minute >= 540 && minute <= 720) || (minute >= 810 && minute <= 1080))).toBe(true);
    expect(walls.every((wall) => ![0, 6].includes(new Date(wall).getUTCDay()))).toBe(true);
  });

  test('tells whole stories: each record is created once and first, each time stands where its status says', () => {
    const seen = new Set<string>();
    const tickets = new Map<number, Record<string, unknown>>();
    for (const { table, record, isNew, values } of events) {
      expect(seen.has(`${table}${record}`)).toBe(!isNew);
      seen.add(`${table}${record}`);
      if (table === 'tickets') tickets.set(record, { ...tickets.get(record), ...values });
    }
    expect(tickets.size).toBe(42);
    const statuses = [...tickets.values()].map((ticket) => ticket.status);
    for (const status of ['待受理', '处理中', '等待客户', '等待第三方', '已解决', '已关闭'])
      expect(statuses).toContain(status);
    for (const ticket of tickets.values()) {
      const solved = ticket.status === '已解决' || ticket.status === '已关闭';
      expect([typeof ticket.resolved_at, typeof ticket.solution]).toEqual(
        solved ? ['string', 'string'] : ['undefined', 'undefined'],
      );
      expect(typeof ticket.closed_at).toBe(ticket.status === '已关闭' ? 'string' : 'undefined');
      expect(Date.parse(String(ticket.due_at))).toBeGreaterThan(Date.parse(String(ticket.created_at)));
    }
  });

  test('has the contacts that its first answers speak of, each about a ticket that is there by then', () => {
    const tickets = new Map<number, Record<string, unknown>>();
    const first = new Map<number, unknown>();
    const kinds = new Set<unknown>();
    for (const { table, record, values, about } of events) {
      if (table === 'tickets') tickets.set(record, { ...tickets.get(record), ...values });
      if (table !== 'contacts') continue;
      expect(tickets.has(about!)).toBe(true);
      kinds.add(values.kind);
      const isAnswer = ['回复', '电话', '上门'].includes(String(values.kind));
      if (isAnswer && !first.has(about!)) first.set(about!, values.contacted_at);
    }
    expect(kinds).toEqual(new Set(['回复', '电话', '上门', '自动回复', '内部备注', '客户来信']));
    for (const [record, { first_response_at: at }] of tickets) expect(first.get(record)).toBe(at);
  });
});
