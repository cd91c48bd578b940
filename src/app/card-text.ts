/** A card in words: the message it was, with what was decided or stands now below it. */
import { type Locale, say } from '../messages/index.ts';
import type { CardOutcome, ShownCard } from '../model/card.ts';
import { wallText } from '../model/wall-clock.ts';
import type { OutgoingMessage } from '../notify/channel.ts';

export interface CardReader {
  readonly locale: Locale;
  readonly timeZone: string;
}

/** What was decided, by whom and when, as one line. */
export function outcomeLine({ decision, by, to, at }: CardOutcome, { locale, timeZone }: CardReader): string {
  return say(locale, `feishu-card-outcome-${decision}`, {
    by: by ?? say(locale, 'feishu-card-somebody'),
    to: to ?? '',
    at: wallText(Date.parse(at), timeZone).slice(5, 16),
  });
}

/** The message of a card, written anew. */
export function cardMessage(
  { key, shown }: { readonly key: string; readonly shown: ShownCard },
  { choices, outcome }: Pick<OutgoingMessage, 'choices' | 'outcome'>,
  { locale }: CardReader,
): OutgoingMessage {
  return {
    key,
    to: '',
    title: shown.title,
    text: shown.text,
    plain: shown.text,
    values: {},
    link: shown.link,
    linkLabel: say(locale, 'notify-open'),
    choices,
    outcome,
    pictures: [],
  };
}

/** The message of a card that has ended. */
export function endedCard(
  card: { readonly key: string; readonly shown: ShownCard; readonly outcome: CardOutcome },
  reader: CardReader,
): OutgoingMessage {
  return cardMessage(card, { choices: [], outcome: outcomeLine(card.outcome, reader) }, reader);
}
