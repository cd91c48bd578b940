/** The letter with figures: what it says, to whom it goes, and the pictures drawn for it. */
import { describe, expect, it } from 'vitest';
import { reportNotices } from '../../src/automation/report.ts';
import { readPeriod } from '../../src/kpi/period.ts';
import { chartPicture } from '../../src/kpi/picture.ts';
import type { Board } from '../../src/kpi/section.ts';
import { sectionsOf } from '../../src/kpi/sections/index.ts';
import { figuresLetter } from '../../src/kpi/weekly-letter.ts';
import { createDirectory } from '../../src/model/directory.ts';
import { outgoingMessage } from '../../src/notify/letter.ts';
import { mail } from '../../src/notify/mail.ts';
import { person } from '../model/people.ts';
import { at } from '../model/sla-desk.ts';
import { history, query, setOf } from './histories.ts';

const timeZone = 'Asia/Shanghai';

function board(): Board {
  const facts = setOf([
    history(1, '03-09 09:00', { issue_type: '<b>硬件</b>' }, [
      ['03-09 09:30', 'reply'],
      ['03-10 09:00', { status: '已解决' }],
    ]),
    history(2, '03-10 09:00', { issue_type: '软件' }),
  ]);
  return {
    facts,
    period: readPeriod('2026-W11', 0, timeZone)!,
    before: readPeriod('2026-W10', 0, timeZone)!,
    query: query('03-09 00:00', '03-16 00:00'),
    people: [],
    vipLevels: [],
    locale: 'zh-CN',
    timeZone,
    now: at('03-16 09:00'),
  };
}

describe('the letter of a week', () => {
  it('names the figures in words, and its charts make sense without them', () => {
    const made = board();
    const letter = figuresLetter(made, sectionsOf(made), 'https://desk.example/dashboard');
    const { title, plain, text, link } = outgoingMessage(letter, mail, 'key', 'a@b.cn', 'zh-CN');
    expect(title).toBe('售后服务周报 2026-W11');
    expect(plain).toContain('· 新建工单：2');
    expect(plain).toContain('· 首次响应时间：0.5 小时');
    expect(plain).not.toMatch(/\{\w+\}/);
    expect(text).not.toContain('<b>');
    expect(link).toBe('https://desk.example/dashboard');
    expect(letter.charts!.length).toBeGreaterThan(1);
  });

  it('a chart is drawn as a picture, whatever its names hold', async () => {
    const made = board();
    for (const chart of figuresLetter(made, sectionsOf(made), null).charts!) {
      const png = await chartPicture({ ...chart, title: `${chart.title} & <"'>\u0007` });
      expect([...png.subarray(0, 4)]).toEqual([137, 80, 78, 71]);
      // Width and height stand in the header, twice as many dots as asked for.
      expect([...png.subarray(16, 24)]).toEqual([0, 0, 5, 240, 0, 0, 2, 248]);
    }
  });

  it('goes once to each person the names and roles mean, and says whom it cannot reach', () => {
    const directory = createDirectory([
      person('张伟', { roles: ['总监'], mail: 'zhang@a.cn' }),
      person('李娜', { roles: ['总监'], mail: null }),
      person('王强', { mail: 'wang@a.cn', active: false }),
    ]);
    const world = { configuration: { directory }, accounts: new Map([['邮件', 'mail' as const]]), timeZone };
    const letter = { title: 't', text: '', values: {}, audience: 'staff', link: null } as const;
    const told = reportNotices(letter, '2026-03-16T01:00:00.000Z', ['张伟', '总监', '王强', '谁'], world);
    expect(told.notices.map(({ recipient, event }) => [recipient.name, recipient.routes, event])).toEqual([
      ['张伟', [{ account: '邮件', to: 'zhang@a.cn' }], 'figures:2026-03-16T01:00:00.000Z'],
    ]);
    expect(told.unreached).toEqual(['王强', '谁']);
    expect(reportNotices(letter, 'x', ['张伟'], { ...world, accounts: new Map() }).unreached).toEqual(['张伟']);
  });
});
