/** The 日历 tab: weekly hours and days that differ, as people write them. */
import { describe, expect, test } from 'vitest';
import { calendarTab } from '../../src/config/tabs/calendar.ts';
import { readWeekdays } from '../../src/config/tabs/reading/weekdays.ts';
import { createCalendar } from '../../src/model/calendar.ts';
import { china2026 } from '../../src/model/calendars/china-2026.ts';
import { dateCell, readRows, verdicts, zh } from './tabs-harness.ts';

const h = (from: number, to: number) => ({ from: from * 3600, to: to * 3600 });

describe('calendars', () => {
  test('weekly rows and dates make a calendar that counts', () => {
    const { value, rows } = readRows(
      calendarTab,
      ['日历', '日期', '时段', '说明'],
      [
        ['CN', '周一至周五', '09:00-12:00, 13:30-18:00', null],
        ['CN', '2026-10-01..2026-10-07 休', null, '国庆'],
        ['CN', '2026-10-10 班', null, '补班'],
        ['CN', '2026-02-14 上午9点-12点', null, null],
        ['CN', dateCell('2026-05-01'), '休', '劳动节'],
      ],
    );
    expect(rows.every(({ state }) => state === 'ok')).toBe(true);
    expect(value).toEqual([
      {
        name: 'CN',
        timeZone: 'Asia/Shanghai',
        weekly: [{ weekdays: [1, 2, 3, 4, 5], hours: [h(9, 12), h(13.5, 18)] }],
        dates: [
          { from: '2026-10-01', to: '2026-10-07', kind: 'off', name: '国庆' },
          { from: '2026-10-10', to: '2026-10-10', kind: 'work', name: '补班' },
          { from: '2026-02-14', to: '2026-02-14', kind: 'work', hours: [h(9, 12)] },
          { from: '2026-05-01', to: '2026-05-01', kind: 'off', name: '劳动节' },
        ],
      },
    ]);
    // Vector 22: a short day before the festival.
    const calendar = createCalendar(value[0]!);
    expect(calendar.elapsed(Date.parse('2026-02-14T01:00:00Z'), Date.parse('2026-02-14T10:00:00Z'))).toBe(3 * 3600);
  });

  test('morning and afternoon in columns of their own, several calendars, the known holidays', () => {
    const { value, rows } = readRows(
      calendarTab,
      ['日历', '星期', '上午', '下午', '时区'],
      [
        [null, '周一至周五', '09:00–12:00', '13:30–18:00', null],
        [null, '周六、周日', '休息', '休息', null],
        [null, '中国节假日 2026', null, null, null],
        ['夜班', '每天', '20:00-04:00', null, null],
        ['New York', 'Mon-Fri', '9:00 to 17:00', null, 'America/New_York'],
        ['24x7', '每天', '全天', null, null],
      ],
    );
    expect(rows.map(({ state }) => state)).toEqual(Array(6).fill('ok'));
    expect(value.map(({ name, timeZone }) => [name, timeZone])).toEqual([
      ['默认', 'Asia/Shanghai'],
      ['夜班', 'Asia/Shanghai'],
      ['New York', 'America/New_York'],
      ['24x7', 'Asia/Shanghai'],
    ]);
    expect(value[0]?.weekly).toEqual([{ weekdays: [1, 2, 3, 4, 5], hours: [h(9, 12), h(13.5, 18)] }]);
    expect(value[0]?.dates).toEqual(china2026);
    expect(value[1]?.weekly[0]?.hours).toEqual([h(20, 4)]);
    expect(value[3]?.weekly[0]?.hours).toEqual([h(0, 24)]);
  });

  test('a faulty row is told and left away', () => {
    const reading = readRows(
      calendarTab,
      ['日历', '日期', '时段', '时区'],
      [
        ['CN', '周一至周五', '09:00-18:00', null],
        ['CN', '周六', null, null],
        ['CN', '周日', '九点到六点半左右', null],
        ['CN', '10月1日', '休', null],
        ['CN', '2026-02-30', '休', null],
        ['CN', '2026-10-10', '调休', null],
        ['CN', '周三', '班', null],
        ['CN', '中国节假日 2031', null, null],
        ['CN', '2026-01-02', '休', 'Asia/Shanghia'],
        ['CN', '2026-01-03', '休', 'UTC'],
        ['CN', '2026-01-04', '休', 'Asia/Tokyo'],
      ],
    );
    expect(verdicts(reading)).toEqual([
      'ok',
      'incomplete tab-hours-missing@B3',
      'error tab-hours@C4',
      'error tab-day-year@B5',
      'error tab-day@B6',
      'error tab-day-swap@B7',
      'error tab-weekday-hours@B8',
      'error tab-holidays-unknown@B9',
      'error tab-time-zone@D10',
      'ok',
      'error tab-time-zone-other@D12',
    ]);
    expect(reading.value[0]?.timeZone).toBe('UTC');
    expect(reading.value[0]?.dates.map(({ from }) => from)).toEqual(['2026-01-03']);
  });

  test('a calendar that never opens is no calendar', () => {
    const reading = readRows(
      calendarTab,
      ['日历', '日期', '时段'],
      [
        ['空', '周六', '休'],
        ['补', '周二', '09:00-18:00'],
        ['补', '2026-10-10', '班'],
      ],
    );
    expect(reading.value.map(({ name, dates }) => [name, dates])).toEqual([['补', []]]);
    expect(verdicts(reading)).toEqual(['error tab-calendar-never-open@B2', 'ok', 'error tab-calendar-no-monday@B4']);
  });

  test('a blank name is the default calendar of the language', () => {
    const { value } = readRows(calendarTab, ['Day', 'Hours'], [['weekdays', '9:00-17:00']], { ...zh, locale: 'en' });
    expect(value[0]?.name).toBe('Default');
  });
});

test.each([
  ['周一至周五', [1, 2, 3, 4, 5]],
  ['周五至周一', [1, 5, 6, 7]],
  ['周一、三、五', [1, 3, 5]],
  ['星期天', [7]],
  ['工作日', [1, 2, 3, 4, 5]],
  ['双休日', [6, 7]],
  ['Mon-Wed, Sat', [1, 2, 3, 6]],
  ['Thursday', [4]],
  ['2026-10-01', undefined],
  ['一', undefined],
  ['周八', undefined],
])('weekdays %s', (text, days) => {
  expect(readWeekdays(text)).toEqual(days);
});
