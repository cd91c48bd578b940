/** What cards in Feishu chats say: their buttons, what was decided, and why a click changed nothing. */
import type { Texts } from './catalogue.ts';

export const feishuCards = {
  'feishu-card-busy': {
    'zh-CN': '处理中，完成后卡片会自动更新',
    en: 'Working on it; the card will change when it is done',
  },
  'feishu-card-nobody': {
    'zh-CN': '服务还没有准备好处理卡片操作，请稍后再试或到表格里修改',
    en: 'The service does not take decisions from cards now; try later, or change the ticket in the sheet',
  },
  'feishu-card-failed': {
    'zh-CN': '没有办成，请稍后再点一次或到表格里修改',
    en: 'It did not work; press again later, or change the ticket in the sheet',
  },
} as const satisfies Texts;
