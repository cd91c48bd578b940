/** 关闭口径: from creation to the final closing, for teams that measure until the ticket is filed. */
import { resolution } from './resolution.ts';

export const closingTime = resolution({
  name: 'closing',
  label: { 'zh-CN': '关闭时长', en: 'Time to close' },
  summary: {
    'zh-CN': '从创建到关闭，含客户确认和自动关闭前的等待。按关闭时间归属。',
    en: 'From creation to closing, with the days until the customer confirmed or it closed by itself. By date of closing.',
  },
  seconds: (episodes, mode) => (mode === 'business' ? episodes.closingBusiness : episodes.closingCalendar),
  at: ({ closedAt }) => closedAt,
  lack: ({ episodes, tickets }, row) => {
    const isOnDay = episodes.closesOnDay[row] === 1 || tickets.createdOnDay[episodes.ticket[row]!] === 1;
    return isOnDay ? 'day-only' : 'impossible';
  },
});
