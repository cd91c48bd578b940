/** 平均解决时长 (ART): from creation to the last solving in the period, waiting included. Closing that comes by itself days later is not in it. */
import { lackToSolve, resolution } from './resolution.ts';

export const fullResolution = resolution({
  name: 'resolution',
  label: { 'zh-CN': '解决时长', en: 'Resolution time' },
  summary: {
    'zh-CN': '从创建到最后一次解决，含等待时间。按解决时间归属。',
    en: 'From creation to the last solving, waiting included. By date of solving.',
  },
  seconds: (episodes, mode) => (mode === 'business' ? episodes.fullBusiness : episodes.fullCalendar),
  at: ({ to }) => to,
  lack: lackToSolve,
});
