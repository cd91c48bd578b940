/** The values FEEL gives, case by case: `test/cases/fixtures/feel.json`, by groups. */
import { describe, expect, test } from 'vitest';
import { readCases, runCase } from '../cases/feel-cases.ts';

const cases = readCases(new URL('../cases/fixtures/feel.json', import.meta.url));

describe('FEEL cases', () => {
  test.each([...new Set(cases.map(({ group }) => group))])('%s', (group) => {
    const results = cases.filter((one) => one.group === group).map(runCase);
    expect(results.filter(({ outcome }) => outcome !== 'passed')).toEqual([]);
  });
});
