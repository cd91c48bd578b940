/** The letter with the figures of a period: the cards in words and the charts that say most. Pure. */
import { say } from '../messages/index.ts';
import type { Letter } from '../notify/message.ts';
import type { Board, Section } from './section.ts';
import { chartsOf, shownChange, shownValue } from './shown.ts';

/** Charts of the letter, by section and name, in this order; those a board does not have are left out. */
const CHARTS = ['overview-', 'trend-first-response', 'trend-resolution', 'issues-', 'backlog-'];
const MOST_CHARTS = 5;

/** `link`: where the figures can be seen with everything behind them, or null. */
export function figuresLetter(board: Board, sections: readonly Section[], link: string | null): Letter {
  const { locale, timeZone, period } = board;
  const cards = sections.flatMap(({ panels }) =>
    panels.flatMap((panel) => (panel.kind === 'cards' ? panel.cards : [])),
  );
  const values: Record<string, string> = { period: period.name };
  const lines = cards.map((card, n) => {
    const change = shownChange(card, locale);
    values[`label${n}`] = card.label;
    values[`figure${n}`] = shownValue(card.value, card.unit, locale, timeZone);
    values[`change${n}`] = change === null ? '' : say(locale, 'kpi.letter.change', { change });
    return say(locale, 'kpi.letter.line', { label: `{label${n}}`, figure: `{figure${n}}`, change: `{change${n}}` });
  });
  const all = chartsOf(sections);
  const chosen = CHARTS.flatMap((start) => all.filter(({ name }) => name.startsWith(start)).slice(0, 1));
  return {
    title: say(locale, 'kpi.letter.title', { period: '{period}' }),
    text: [...lines, '', say(locale, 'kpi.letter.hours', { hours: say(locale, `kpi-hours-${board.query.mode}`) })].join(
      '\n',
    ),
    values,
    audience: 'staff',
    link,
    charts: chosen.slice(0, MOST_CHARTS).map(({ panel }) => panel.chart),
  };
}
