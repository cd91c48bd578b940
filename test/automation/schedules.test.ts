/** Rules of an hour of the day: on working days only, by the workspace's calendar, and once for each tick. */
import { expect, test } from 'vitest';
import { openDesk } from './desk.ts';

test('`工作日 10:30` looks at open tickets on working days, make-up days among them, and on no other', async () => {
  // Friday before the make-up Saturday that stands in for a day of the Spring Festival.
  const desk = await openDesk({
    at: '2026-02-13T02:00:00.000Z',
    prepare: (books) => books.add('规则', { 名称: '早检', 时机: '工作日 10:30', 通知: '王芳' }),
  });
  try {
    expect(desk.shown('规则', desk.find('规则', '名称', '早检'), '检查')).toMatch(/^✓/);
    const answered = { 优先级: '低', 首次响应时间: '2026-02-13 10:00:00' };
    await desk.file({ 问题标题: '开着', ...answered }, { 问题标题: '关了', ...answered });
    await desk.change('关了', { 状态: '已解决', 解决方案: '好' });
    await desk.change('关了', { 状态: '已关闭' });
    // From Friday 10:00, twelve hours at a time, to Thursday of the next week but one.
    await desk.pass(13 * 24 * 60, 12 * 60);
    const rows = await desk.database.db.query(
      `select title, to_char(at at time zone 'Asia/Shanghai', 'YYYY-MM-DD') as day from decisions
       join tickets on tickets.id = record_id
       where decision->>'trigger' = 'daily' order by at`,
    );
    const days = rows.map(({ title, day }) => `${title} ${day}`);
    expect(days).toEqual(['开着 2026-02-13', '开着 2026-02-14', '开着 2026-02-24', '开着 2026-02-25']);
  } finally {
    await desk.database.close();
  }
});
