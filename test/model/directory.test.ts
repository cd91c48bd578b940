/** Finding people by the ways they are written, leaves, and who stands in for whom. */
import { describe, expect, test } from 'vitest';
import { createDirectory, isAway, standIn } from '../../src/model/directory.ts';
import { person } from './people.ts';

const now = Date.parse('2026-03-10T04:00:00.000Z');
const morning = { from: '2026-03-10T01:00:00.000Z', to: '2026-03-10T05:00:00.000Z' };
const away = (name: string, substitute: string | null) => person(name, { leaves: [morning], substitute });

test('names go before aliases, shared aliases lead nowhere', () => {
  const directory = createDirectory([
    person('张三', { aliases: ['小张', '张工'], teams: ['售后'], roles: ['组长'] }),
    person('张四', { aliases: ['小张', '张三'], teams: ['售后', '电工'] }),
  ]);
  expect(directory.find(' 张三 ')?.name).toBe('张三');
  expect(directory.find('张工')?.name).toBe('张三');
  expect(directory.find('小张')).toBeUndefined();
  expect(directory.groups).toEqual(['售后', '电工']);
  expect(directory.inGroup('张工', '售后')).toBe(true);
  expect(directory.hasRole('张四', '组长')).toBe(false);
});

test('a leave holds from its first moment to its last, and half a day is half a day', () => {
  const someone = away('A', null);
  const at = (text: string) => isAway(someone, Date.parse(text));
  expect(at('2026-03-10T01:00:00.000Z')).toBe(true);
  expect(at('2026-03-10T04:59:59.999Z')).toBe(true);
  expect(at('2026-03-10T05:00:00.000Z')).toBe(false);
  expect(at('2026-03-10T00:59:59.999Z')).toBe(false);
  expect(isAway(someone, Date.parse('2026-03-09T23:00:00.000Z'), 2 * 3600)).toBe(true);
});

describe('standing in', () => {
  test.each([
    ['nobody is needed', [person('A')], 'A', ['A'], false],
    ['a chain', [away('A', 'B'), away('B', 'C'), person('C')], 'C', ['A', 'B', 'C'], false],
    [
      'who left is passed over',
      [away('A', 'B'), person('B', { active: false, substitute: 'C' }), person('C')],
      'C',
      ['A', 'B', 'C'],
      false,
    ],
    ['a circle', [away('A', 'B'), away('B', 'A')], undefined, ['A', 'B'], true],
    ['himself', [away('A', 'A')], undefined, ['A'], true],
    ['an unknown name', [away('A', 'X')], undefined, ['A'], false],
    ['the end of the chain', [away('A', 'B'), away('B', null)], undefined, ['A', 'B'], false],
  ])('%s', (_name, people, found, chain, isCycle) => {
    const result = standIn(people[0]!, now, createDirectory(people));
    expect({ ...result, person: result.person?.name }).toEqual({ person: found, chain, isCycle });
  });
});
