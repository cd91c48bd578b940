/** How often a Feishu document is looked at: seldom while its changes are told, more often when they are not. */
import { expect, test } from 'vitest';
import type { EventsState, FeishuEvents } from '../../connectors/feishu/events.ts';
import { lookEvery } from '../../connectors/feishu/pace.ts';

const events = (state: EventsState): FeishuEvents => ({ state }) as FeishuEvents;
const up: EventsState = { by: 'line', line: 'up', deaf: [] };

test.each([
  ['the settings decide', 2_000, up, 2_000],
  ['changes are told over the line', null, up, 60_000],
  ['changes are told by the webhook', null, { ...up, by: 'webhook', line: 'idle' } as const, 60_000],
  ['the line is lost', null, { ...up, line: 'lost' } as const, 5_000],
  ['this file is not told of', null, { ...up, deaf: [{ fileToken: 'T', code: '1069603' }] }, 5_000],
  ['another file is not told of', null, { ...up, deaf: [{ fileToken: 'U', code: '1069603' }] }, 60_000],
  ['events are off', null, { ...up, by: 'off', line: 'idle' } as const, 5_000],
])('%s', (_name, wanted, state, every) => {
  expect(lookEvery(wanted, events(state), 'T')).toBe(every);
});

test('a document that is not watched yet is looked at often', () => {
  expect(lookEvery(null, null, null)).toBe(5_000);
});
