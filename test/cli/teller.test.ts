/** What the running service says on a terminal about what fails: once, and when it is over, and again when it comes again. */
import { expect, test } from 'vitest';
import { terminalTeller } from '../../src/cli/teller.ts';
import { parseWorkspace } from '../../src/config/workspace.ts';
import { say } from '../../src/messages/index.ts';
import { RetryableError } from '../../src/model/errors.ts';

function terminal() {
  const lines: string[] = [];
  const teller = terminalTeller(
    {
      locale: 'en',
      say: (key, params = {}) => say('en', key, params),
      io: {
        out: () => undefined,
        err: (text) => void lines.push(text.slice(9).trimEnd()),
        cwd: '.',
        variables: {},
        isTerminal: false,
        operator: null,
        now: () => new Date('2026-03-10T02:00:00.000Z'),
        stop: new AbortController().signal,
      },
    },
    { settings: parseWorkspace('{}'), workbookPaths: new Map([['boss', '/somewhere/KPI.xlsx']]) },
  );
  return { lines, teller };
}

test('an outage is told when it begins and when it ends, and so is the next one of the same kind', () => {
  const { lines, teller } = terminal();
  const away = new RetryableError('feishu-unreachable', 'no line', 1_000);
  for (let outage = 0; outage < 2; outage++) {
    for (let attempt = 0; attempt < 5; attempt++) teller.failed('boss', away);
    for (let look = 0; look < 5; look++) teller.recovered('boss');
  }
  const [began, ended] = [/^KPI\.xlsx could not be handled: .+/, /^KPI\.xlsx goes on$/].map((each) =>
    expect.stringMatching(each),
  );
  expect(lines).toEqual([began, ended, began, ended]);
});

test('what never failed does not recover', () => {
  const { lines, teller } = terminal();
  teller.recovered('boss');
  expect(lines).toEqual([]);
});
