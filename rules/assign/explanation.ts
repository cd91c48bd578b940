/** A choice in words: who has the ticket and by what, what was given up, and why the others were left out. */
import { type Locale, type MessageKey, say } from '../../src/messages/index.ts';
import type { Choice } from '../assign.ts';

/** One line for the choice and one for each thing that led to it, people in the order of the roster. */
export function choiceLines(locale: Locale, choice: Choice): readonly string[] {
  const text = (key: MessageKey, params: Readonly<Record<string, string | number>> = {}): string =>
    say(locale, key, params);
  const head =
    choice.outcome === 'assigned'
      ? text('assign.chosen', { name: choice.name, by: text(`assign.by-${choice.by}`) })
      : text(`assign.${choice.outcome}`);
  const standIns = choice.outcome === 'assigned' ? choice.standIns : [];
  return [
    head,
    ...(standIns.length > 0 ? [text('assign.stand-ins', { chain: standIns.join(' → ') })] : []),
    ...choice.relaxed.map((each) => text(`assign.relaxed-${each}`)),
    ...choice.dropped.map(({ name, reason, params }) => `${name}: ${text(`assign.${reason}`, params)}`),
  ];
}
