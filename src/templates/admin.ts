/** The administration workbook, whose tabs are the configuration the service runs by, and the board. */
import { type Locale, say } from '../messages/index.ts';
import type { TemplateTab } from '../model/template-tab.ts';
import { calendarTabOf } from './calendar.ts';
import { casesTabOf } from './cases.ts';
import { fieldsTabOf } from './fields.ts';
import { notificationsTabOf } from './notifications.ts';
import { peopleTabOf } from './people.ts';
import { rulesTabOf } from './rules.ts';
import { slaTabOf } from './service-levels.ts';

/** A cover: a title and paragraphs. */
export interface Cover {
  readonly name: string;
  readonly title: string;
  readonly lines: readonly string[];
}

/** First tab of the administration workbook. */
export function adminCover(locale: Locale): Cover {
  const params = { team: say(locale, 'template-team-file'), guide: say(locale, 'template-guide-tab') };
  return {
    name: say(locale, 'template-about-tab'),
    title: say(locale, 'template-about-admin'),
    lines: [1, 2, 3, 4, 5].map((line) => say(locale, `template-about-admin-${line}`, params)),
  };
}

/** Only tab of the board. */
export function boardCover(locale: Locale): Cover {
  const team = say(locale, 'template-team-file');
  return {
    name: say(locale, 'template-about-tab'),
    title: say(locale, 'template-about-boss'),
    lines: (['template-about-boss-1', 'template-about-boss-2'] as const).map((key) => say(locale, key, { team })),
  };
}

/**
 * The tabs after the cover. `isDemo` brings the demo's people, messages, rules and cases; `isOnFeishu` sends what staff are
 * told through Feishu first.
 */
export function adminTabs(locale: Locale, isDemo: boolean, isOnFeishu = false): readonly TemplateTab[] {
  return [
    fieldsTabOf(locale, isDemo),
    peopleTabOf(locale, isDemo),
    rulesTabOf(locale, isDemo),
    slaTabOf(locale, isDemo),
    calendarTabOf(locale, isDemo),
    notificationsTabOf(locale, isDemo, isOnFeishu),
    casesTabOf(locale, isDemo),
  ];
}
