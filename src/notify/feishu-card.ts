/**
 * A message as a Feishu card (JSON 2.0). Text stands in plain-text elements only, where no mark, mention or link means
 * anything: whatever a ticket says, the card shows it as it was typed. An attribute the vendor does not know is an error,
 * so nothing is in here that need not be.
 *
 * open.larkoffice.com/document/uAjLw4CM/ukzMukzMukzM/feishu-cards/card-json-v2-breaking-changes-release-notes.md
 */
import type { Choice, OutgoingMessage } from './channel.ts';

const plain = (content: string) => ({ tag: 'plain_text', content });

const buttonTypes = { main: 'primary', plain: 'default', grave: 'danger' } as const;

/** The card; `update_multi` lets it be changed for all who see it. */
export function feishuCard({
  title,
  text,
  link,
  linkLabel,
  choices,
  outcome,
}: Pick<OutgoingMessage, 'title' | 'text' | 'link' | 'linkLabel' | 'choices' | 'outcome'>): object {
  const buttons = choices.filter(({ options }) => options === undefined).map(button);
  if (link !== null) {
    const behaviors = [{ type: 'open_url', default_url: link }];
    buttons.push({ tag: 'button', text: plain(linkLabel), type: 'default', behaviors });
  }
  return {
    schema: '2.0',
    config: { update_multi: true },
    header: { title: plain(title), template: outcome !== null && choices.length === 0 ? 'grey' : 'blue' },
    body: {
      elements: [
        { tag: 'div', text: plain(text) },
        ...(outcome === null ? [] : [{ tag: 'hr' }, { tag: 'div', text: plain(outcome) }]),
        ...(buttons.length === 0 ? [] : [row(buttons)]),
        ...choices.filter(({ options }) => options !== undefined).map(list),
      ],
    },
  };
}

function button({ label, tone, value }: Choice): object {
  const behaviors = [{ type: 'callback', value }];
  return { tag: 'button', text: plain(label), type: buttonTypes[tone], behaviors };
}

function list({ label, value, options = [] }: Choice): object {
  return {
    tag: 'select_static',
    placeholder: plain(label),
    options: options.map((option) => ({ text: plain(option.label), value: option.value })),
    behaviors: [{ type: 'callback', value }],
  };
}

/** Buttons side by side; on a narrow screen they flow into the next line. */
function row(elements: readonly object[]): object {
  return {
    tag: 'column_set',
    flex_mode: 'flow',
    columns: elements.map((element) => ({ tag: 'column', width: 'auto', elements: [element] })),
  };
}
