/** Every case of `test/cases/cells.json`: what people type in both languages, and every code a cell can be refused with. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { CellFaultCode } from '../../rules/cell/index.ts';
import { casesOf, failuresOf } from '../cases/cell-cases.ts';

const cases = casesOf(JSON.parse(readFileSync(join(import.meta.dirname, '../cases/cells.json'), 'utf8')));

/** Every code once; a new one does not compile until it stands here. */
const codes: Readonly<Record<CellFaultCode, true>> = {
  'ambiguous-comma': true,
  bool: true,
  bracket: true,
  date: true,
  'date-incomplete': true,
  duration: true,
  'duration-unit': true,
  'empty-item': true,
  'excel-date': true,
  'feel-syntax': true,
  'feel-unsupported': true,
  'hyphen-range': true,
  incomplete: true,
  number: true,
  'operator-not-for-type': true,
  quote: true,
  'range-order': true,
  regex: true,
  'regex-unsafe': true,
  'sheet-error': true,
  'spreadsheet-formula': true,
  'too-long': true,
  'unknown-field': true,
  'unknown-person': true,
  'unknown-value': true,
};

describe('condition cells', () => {
  test.each(cases.map((each) => ({ name: `${each.id}: ${JSON.stringify(each.cell).slice(0, 60)}`, each })))(
    '$name',
    ({ each }) => {
      expect(failuresOf(each)).toEqual([]);
    },
  );

  test('every code has a case', () => {
    const shown = new Set(cases.map((each) => each.error));
    expect(Object.keys(codes).filter((code) => !shown.has(code))).toEqual([]);
  });

  test('ids are unique', () => {
    expect(new Set(cases.map(({ id }) => id)).size).toBe(cases.length);
  });
});
