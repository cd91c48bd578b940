/** One ticket: its fields, why it stands as it does, and everything that happened to it. */
import { html } from 'hono/html';
import type { Explanation } from '../../app/explain.ts';
import type { LogLine } from '../../app/log.ts';
import type { App } from '../../app.ts';
import { type Locale, say } from '../../messages/index.ts';
import type { Actor, KeptRecord } from '../../model/record.ts';
import { fieldLabel, fieldText } from './field-text.ts';
import type { Html } from './frame.ts';
import { momentText, type Reader } from './words.ts';

export interface TicketParts {
  readonly app: App;
  readonly record: KeptRecord;
  readonly history: readonly LogLine[];
  readonly explanation: Explanation;
  readonly reader: Reader;
}

export function ticketView(parts: TicketParts): Html {
  const { app, record, reader } = parts;
  const { locale } = reader;
  const title = fieldText(app, 'title', record.values.title ?? null, reader);
  return html`<h1>${record.number}${title === '' ? '' : html` <span class="of">${title}</span>`}</h1>
${record.deletedAt !== null ? html`<p class="notice">${say(locale, 'web-deleted')}</p>` : ''}
<div class="panels">
${fieldsPanel(parts)}
${whyPanel(parts)}
${historyPanel(parts)}
</div>`;
}

function fieldsPanel({ app, record, reader }: TicketParts): Html {
  const { locale } = reader;
  const fields = (app.bindings.fields.tickets ?? []).flatMap(({ key }) => {
    const text = fieldText(app, key, record.values[key] ?? null, reader);
    return text === '' ? [] : [{ label: fieldLabel(app, key, locale), text }];
  });
  return html`<section class="panel" aria-labelledby="ticket-fields">
<h2 id="ticket-fields">${say(locale, 'web-fields')}</h2>
<dl class="fields">${fields.map(({ label, text }) => html`<dt>${label}</dt><dd>${text}</dd>`)}</dl>
</section>`;
}

function whyPanel({ app, explanation, reader }: TicketParts): Html {
  const { locale } = reader;
  const { fields, decisions, hint, clocks, next, messages } = explanation;
  const list = (key: string, lines: readonly (string | Html)[]): Html | '' =>
    lines.length === 0
      ? ''
      : html`<h3>${say(locale, key)}</h3><ul class="lines">${lines.map((line) => html`<li>${line}</li>`)}</ul>`;
  const time = (at: string): string => momentText(Date.parse(at), reader);
  return html`<section class="panel" aria-labelledby="ticket-why">
<h2 id="ticket-why">${say(locale, 'web-why')}</h2>
${list(
  'explain-fields',
  fields.map(({ field, value, actor, source, at }) =>
    say(locale, 'explain-field', {
      field: fieldLabel(app, field, locale),
      value: fieldText(app, field, value, reader),
      who: whoText(actor, locale),
      source,
      at: time(at),
    }),
  ),
)}
${list(
  'explain-clocks',
  clocks.length === 0
    ? [say(locale, 'explain-no-clocks')]
    : clocks.map(({ metric, state, text, breached_at: breachedAt }) => {
        const head = say(locale, 'explain-clock', {
          metric: say(locale, `automation-metric-${metric}`),
          state: say(locale, `explain-state-${state}`),
          text,
        });
        return breachedAt === null ? head : head + say(locale, 'explain-breached', { at: time(breachedAt) });
      }),
)}
${list(
  'explain-decisions',
  hint !== null
    ? [hint]
    : decisions.map(
        ({ at, trigger, config_version: version, why, choice, notes }) =>
          html`${say(locale, 'explain-decision', { at: time(at), trigger: say(locale, `explain-trigger-${trigger}`), version })}<ul>${[...why.map(({ text }) => text), ...choice, ...notes].map((line) => html`<li>${line}</li>`)}</ul>`,
      ),
)}
${list(
  'explain-next',
  next.map(({ at, text }) => `${time(at)} ${text}`),
)}
${list(
  'explain-messages',
  messages.map(({ state, recipient, channel, title, sent_at: sentAt, reason }) => {
    const told = say(locale, `explain-message-${state}`, { at: sentAt === null ? '' : time(sentAt) }).trim();
    const line = say(locale, 'explain-message', { state: told, recipient, channel, title });
    return reason === null ? line : `${line} (${reason})`;
  }),
)}
</section>`;
}

function historyPanel({ app, history, reader }: TicketParts): Html {
  const { locale } = reader;
  const columns = ['time', 'who', 'where', 'field', 'old', 'new'] as const;
  // The newest first: what a person looks for is what happened last.
  return html`<section class="panel wide" aria-labelledby="ticket-history">
<h2 id="ticket-history">${say(locale, 'web-history')}</h2>
<div class="scroll" role="region" tabindex="0" aria-labelledby="ticket-history">
<table class="figures"><thead><tr>${columns.map((name) => html`<th scope="col">${say(locale, `cli-column-${name}`)}</th>`)}</tr></thead>
<tbody>${history.toReversed().map((line) => {
    const { field } = line;
    const shown = (value: LogLine['old']): string => (field === null ? '' : fieldText(app, field, value, reader));
    return html`<tr><td class="text">${momentText(Date.parse(line.happened_at), reader)}</td><td class="text">${whoText(line.actor, locale)}</td><td class="text">${line.source}</td><td class="text">${field === null ? say(locale, `web-kind-${line.kind}`) : fieldLabel(app, field, locale)}</td><td class="text long">${shown(line.old)}</td><td class="text long">${shown(line.new)}</td></tr>`;
  })}</tbody></table></div>
</section>`;
}

function whoText({ kind, name }: Actor, locale: Locale): string {
  return name ?? say(locale, `cli-actor-${kind}`);
}
