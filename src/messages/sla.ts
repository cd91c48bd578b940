/** Working time and service levels: what is wrong with a calendar, and why a ticket is due when it is. */
import type { CalendarFault } from '../model/calendar-days.ts';
import type { Text, Texts } from './catalogue.ts';

export const sla = {
  'calendar.unknown-zone': {
    'zh-CN': '没有“{zone}”这个时区。请写 IANA 名称，例如 Asia/Shanghai。',
    en: 'There is no time zone "{zone}". Use an IANA name, for example Asia/Shanghai.',
  },
  'calendar.bad-weekday': {
    'zh-CN': '星期“{weekday}”不对。请填 周一 到 周日。',
    en: 'The weekday "{weekday}" is not one. Use Monday to Sunday.',
  },
  'calendar.bad-hours': {
    'zh-CN': '工作时间 {from}–{to} 不对。请填一天之内的时间，例如 09:00–12:00；跨过午夜写 20:00–04:00。',
    en: 'The hours {from}–{to} are not within a day. Write 09:00–12:00; over midnight, 20:00–04:00.',
  },
  'calendar.bad-date': {
    'zh-CN': '“{date}”不是日期。请填例如 2026-10-01。',
    en: '"{date}" is not a date. Write one like 2026-10-01.',
  },
  'calendar.dates-reversed': {
    'zh-CN': '日期 {from} 到 {to} 不对：结束早于开始，或超过十年。请改正其中一个。',
    en: 'The dates {from} to {to} end before they begin, or are more than ten years. Mend one of them.',
  },
  'calendar.off-with-hours': {
    'zh-CN': '{date} 是休息日，却填了工作时间。请清空时间，或把类型改为上班。',
    en: '{date} is a day off, yet hours are given. Clear the hours, or make it a working day.',
  },
  'calendar.work-without-hours': {
    'zh-CN': '{date} 要上班，但没有时间可用（周一也没有工作时间）。请填上这一天的工作时间。',
    en: '{date} is a working day without hours (Monday has none either). Fill in its hours.',
  },
  'calendar.never-open': {
    'zh-CN': '日历“{name}”没有任何工作时间。请至少填一行每周的工作时间。',
    en: 'The calendar "{name}" has no working time at all. Add at least one row of weekly hours.',
  },
  'calendar.holidays-missing': {
    'zh-CN': '日历“{name}”没有 {year} 年的节假日和调休，{year} 年将按普通的星期计算。国务院公布后请在“日历”表里补上。',
    en: 'The calendar "{name}" has no public holidays or make-up days of {year}; that year counts as ordinary weeks. Add them in the 日历 tab once they are announced.',
  },

  'sla.due': { 'zh-CN': '截止 {due} = {start} {at} + {target}', en: 'due {due} = {start} {at} + {target}' },
  'sla.due-manual': {
    'zh-CN': '截止 {due}（手动填写，不随暂停和优先级变化）',
    en: 'due {due} (typed by hand; pauses and priority do not move it)',
  },
  'sla.due-paused': {
    'zh-CN': '已暂停，剩余 {remaining}；{start} {at} + {target}',
    en: 'paused with {remaining} left; {start} {at} + {target}',
  },
  'sla.no-promise': {
    'zh-CN': '没有适用的 SLA，不计截止时间',
    en: 'no service level applies, so there is no due time',
  },
  'sla.unreachable': {
    'zh-CN': '日历里十年之内没有足够的工作时间，算不出截止时间。请检查“日历”表。',
    en: 'The calendar has not enough working time within ten years, so there is no due time. Check the 日历 tab.',
  },
  'sla.start-created': { 'zh-CN': '创建', en: 'created' },
  'sla.start-message': { 'zh-CN': '客户来信', en: 'customer wrote' },
  'sla.business-minutes': { 'zh-CN': '{count} 个工作分钟', en: '{count} working minutes' },
  'sla.business-seconds': { 'zh-CN': '{count} 个工作秒', en: '{count} working seconds' },
  'sla.calendar-minutes': { 'zh-CN': '{count} 分钟（全天计时）', en: '{count} minutes around the clock' },
  'sla.calendar-seconds': { 'zh-CN': '{count} 秒（全天计时）', en: '{count} seconds around the clock' },
  'sla.lunch': { 'zh-CN': '午休 {from}–{to} 不计', en: 'lunch {from}–{to} not counted' },
  'sla.break': { 'zh-CN': '休息 {from}–{to} 不计', en: 'break {from}–{to} not counted' },
  'sla.night': { 'zh-CN': '下班 {from}–次日 {to} 不计', en: 'closed {from}–{to} not counted' },
  'sla.day-off': { 'zh-CN': '{name} {from} 不计', en: '{name} {from} not counted' },
  'sla.days-off': { 'zh-CN': '{name} {from}–{to} 不计', en: '{name} {from}–{to} not counted' },
  'sla.rest-day': { 'zh-CN': '休息日', en: 'day off' },
  'sla.extra-day': { 'zh-CN': '{name} {on} 照常计', en: '{name} {on} counted' },
  'sla.working-day': { 'zh-CN': '上班', en: 'working day' },
  'sla.pause': { 'zh-CN': '暂停 {from}–{to}（{length}）不计', en: 'paused {from}–{to} ({length}) not counted' },
  'sla.resolved-span': {
    'zh-CN': '已解决期间 {from}–{to}（{length}）不计',
    en: 'resolved {from}–{to} ({length}) not counted',
  },
  'sla.now': { 'zh-CN': '现在', en: 'now' },
  'sla.comma': { 'zh-CN': '，', en: ', ' },

  'sla.state.none': { 'zh-CN': '无 SLA', en: 'No SLA' },
  'sla.state.running': { 'zh-CN': '计时中', en: 'Running' },
  'sla.state.paused': { 'zh-CN': '已暂停', en: 'Paused' },
  'sla.state.met': { 'zh-CN': '达标', en: 'Met' },
  'sla.state.breached': { 'zh-CN': '超时', en: 'Breached' },
  'sla.state.waived': { 'zh-CN': '已豁免', en: 'Waived' },
  'sla.state.void': { 'zh-CN': '不计', en: 'Void' },
  'sla.metric.first-response': { 'zh-CN': '首次响应', en: 'First response' },
  'sla.metric.next-response': { 'zh-CN': '再次响应', en: 'Next response' },
  'sla.metric.resolution': { 'zh-CN': '解决', en: 'Resolution' },
} as const satisfies Texts & Record<CalendarFault['code'], Text>;
