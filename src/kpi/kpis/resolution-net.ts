/** 净解决时长: the time to solve without pauses and without the time between being solved and reopened. */
import { hasNoEnd } from './common.ts';
import { lackToSolve, resolution } from './resolution.ts';

export const netResolution = resolution({
  name: 'net-resolution',
  label: { 'zh-CN': '净解决时长', en: 'Net resolution time' },
  summary: {
    'zh-CN': '解决时长减去等待客户、等待第三方和“已解决到重新打开”之间的时间。按解决时间归属。',
    en: 'Resolution time without waiting for the customer or a third party and without the time between being solved and reopened. By date of solving.',
  },
  seconds: (episodes, mode) => (mode === 'business' ? episodes.netBusiness : episodes.netCalendar),
  at: ({ to }) => to,
  lack: (block, row) => {
    // The time before counts too, and that of an old row may not be known.
    const isOld = hasNoEnd(block, block.episodes.ticket[row]!);
    return isOld && block.episodes.fullCalendar[row]! >= 0 ? 'no-end' : lackToSolve(block, row);
  },
});
