/** Ranges of Graph as cells and back, and what its replies mean: without a network. */
import { describe, expect, test } from 'vitest';
import type { GraphCall } from '../../connectors/msgraph/app.ts';
import { patchesOf } from '../../connectors/msgraph/patches.ts';
import {
  codesOf,
  errorOfReply,
  type GraphReply,
  isDeadSession,
  retryAfterMs,
  wantsLess,
} from '../../connectors/msgraph/reply.ts';
import { hookUrl } from '../../connectors/msgraph/shared-notices.ts';
import { cellsOf, formatFor, gridsOf, refusalOf, wireOf } from '../../connectors/msgraph-api.ts';
import { NotFoundError, RefusedError, RetryableError, UncertainError } from '../../src/model/errors.ts';

const NOW = Date.UTC(2026, 2, 10);
const read: GraphCall = { method: 'GET', path: '/drives/d/items/i', writes: false };
const write: GraphCall = { method: 'PATCH', path: '/drives/d/items/i/workbook', body: {}, writes: true };

/** An error with codes from the outermost to the deepest; its texts quote a cell, as real ones may. */
function reply(status: number, codes: readonly string[] = [], headers: Record<string, string> = {}): GraphReply {
  const error = codes.reduceRight<object>(
    (innerError, code) => ({ code, message: 'Cell B2 holds 身份证4711', innerError }),
    { date: '2026-03-10' },
  );
  return { status, headers: new Headers(headers), body: codes.length === 0 ? null : { error } };
}

describe('replies', () => {
  test.each([
    [200, [], write, null, null],
    [401, ['InvalidAuthenticationToken'], read, RetryableError, 'msgraph-token-refused'],
    [429, ['TooManyRequests', 'tooManyRequestsUncategorized'], write, RetryableError, 'msgraph-throttled'],
    [509, [], write, RetryableError, 'msgraph-throttled'],
    [423, ['resourceLocked'], write, RetryableError, 'msgraph-held'],
    [409, ['Conflict', 'AccessConflict'], write, RetryableError, 'msgraph-held'],
    [409, ['conflict', 'invalidSessionAccessConflict'], write, RetryableError, 'msgraph-held'],
    [403, ['EditModeCannotAcquireLockUnknown'], write, RetryableError, 'msgraph-held'],
    [409, ['FilteredRangeConflict'], write, RetryableError, 'msgraph-filtered'],
    [403, ['EditModeAccessDenied', 'accessDenied'], write, RefusedError, 'msgraph-edit-refused'],
    [403, ['AccessDenied'], write, RefusedError, 'msgraph-no-access'],
    [404, ['itemNotFound'], read, NotFoundError, 'msgraph-gone'],
    [410, ['resyncRequired'], read, NotFoundError, 'msgraph-gone'],
    [409, ['InsertDeleteConflict'], write, RefusedError, 'msgraph-no-room'],
    [400, ['NonBlankCellOffSheet', 'nonBlankCellOffSheet'], write, RefusedError, 'msgraph-no-room'],
    [413, [], write, RefusedError, 'msgraph-too-much'],
    [400, ['badRequest', 'RequestPayloadSizeLimitExceeded'], write, RefusedError, 'msgraph-too-much'],
    [400, ['InvalidArgument'], write, RefusedError, 'msgraph-refused'],
    [400, ['badRequest', 'unsupportedWorkbook'], write, RefusedError, 'msgraph-unsupported'],
    [507, ['quotaLimitReached'], write, RefusedError, 'msgraph-quota'],
    [
      504,
      ['MaxRequestDurationExceeded', 'gatewayTimeoutUncategorized'],
      write,
      UncertainError,
      'msgraph-fault-of-server',
    ],
    [504, ['UnknownError'], write, UncertainError, 'msgraph-fault-of-server'],
    [
      500,
      ['GenericFileOpenError', 'internalServerErrorUncategorized'],
      write,
      UncertainError,
      'msgraph-fault-of-server',
    ],
    [500, [], read, RetryableError, 'msgraph-fault-of-server'],
    [503, ['serviceUnavailableUncategorized'], read, RetryableError, 'msgraph-fault-of-server'],
  ] as const)('%s %s', (status, codes, call, type, code) => {
    const error = errorOfReply(reply(status, codes), call, NOW);
    if (type === null) expect(error).toBe(null);
    else {
      expect(error).toBeInstanceOf(type);
      expect(error?.code).toBe(code);
      expect(JSON.stringify([error?.message, error?.hint, error?.details])).not.toContain('4711');
      expect(error?.hint).not.toBe(`${code}-hint`);
    }
  });

  test('a server that asks to wait has done nothing, even a 503 on a write', () => {
    const error = errorOfReply(reply(503, ['serviceUnavailable'], { 'retry-after': '2.5' }), write, NOW);
    expect([error instanceof RetryableError, (error as RetryableError).retryAfterMs]).toEqual([true, 2_500]);
  });

  test.each([
    ['2', 2_000],
    ['2.128', 2_128],
    ['Tue, 10 Mar 2026 00:00:07 GMT', 7_000],
    ['999999', 600_000],
    ['soon', null],
    ['', null],
  ])('Retry-After %s', (text, expected) => {
    expect(retryAfterMs(reply(429, [], { 'retry-after': text }), NOW)).toBe(expected);
  });

  test('codes are found at every level, in any case, and only there', () => {
    expect(codesOf(reply(409, ['Conflict', 'accessConflict', 'X']))).toEqual(['conflict', 'accessconflict', 'x']);
    expect(codesOf({ body: '<html>' })).toEqual([]);
    expect(codesOf({ body: { error: 'text' } })).toEqual([]);
  });

  test('a session is dead by its code, or when its server says nothing at all', () => {
    expect(isDeadSession(reply(404, ['itemNotFound', 'invalidSessionReCreatable']))).toBe('nothing-done');
    expect(isDeadSession(reply(503))).toBe('unknown');
    expect(isDeadSession(reply(502, ['UnknownError']))).toBe('unknown');
    expect(isDeadSession(reply(503, ['serviceUnavailable'], { 'retry-after': '1' }))).toBe(null);
    expect(isDeadSession(reply(503, ['x', 'transientFailure']))).toBe(null);
    expect(isDeadSession(reply(404, ['itemNotFound']))).toBe(null);
  });

  test('a slow read may pass in smaller pieces', () => {
    expect(wantsLess(errorOfReply(reply(504, ['MaxRequestDurationExceeded']), read, NOW))).toBe(true);
    expect(wantsLess(errorOfReply(reply(429), read, NOW))).toBe(false);
  });

  test('a sharing link is a key: no error holds it', () => {
    const error = errorOfReply(reply(403), { ...read, path: '/shares/u!c2VjcmV0/driveItem' }, NOW);
    expect(JSON.stringify(error?.details)).not.toContain('c2VjcmV0');
  });
});

describe('cells', () => {
  const range = (values: unknown[][], more: object = {}) => ({
    rowIndex: 0,
    columnIndex: 0,
    values,
    formulas: values,
    numberFormat: values.map((row) => row.map(() => 'General')),
    valueTypes: values.map((row) => row.map((value) => (value === '' ? 'Empty' : 'String'))),
    ...more,
  });

  test('formulas, errors, dates and texts that look like them are told apart', () => {
    const cells = cellsOf(
      gridsOf(
        range([['=1+1', 2, '#N/A', '#N/A', 46091.5, 46091, 46091, '']], {
          formulas: [['=1+1', '=A1', '#N/A', '=X', 46091.5, 46091, 46091, '=""']],
          numberFormat: [['@', 'General', 'General', 'General', 'yyyy/m/d h:mm', 'yyyy"年"m"月"', '0.00', 'General']],
          valueTypes: [['String', 'Double', 'String', 'Error', 'Double', 'Double', 'Double', 'String']],
        }),
      ) ?? expect.fail('no grids'),
    );
    expect(cells).toEqual([
      [
        '=1+1',
        { kind: 'formula', formula: 'A1', result: 2 },
        '#N/A',
        { kind: 'formula', formula: 'X', result: { kind: 'error', code: '#N/A' } },
        { kind: 'date', wallMs: Date.UTC(2026, 2, 10, 12), hasTime: true },
        { kind: 'date', wallMs: Date.UTC(2026, 2, 10), hasTime: false },
        46091,
        { kind: 'formula', formula: '""', result: null },
      ],
    ]);
  });

  test('a range without its grids is no empty range', () => {
    expect(gridsOf({ rowIndex: 0, columnIndex: 0, values: null })).toBe(null);
    expect(gridsOf({})).toBe(null);
  });

  test('text goes out behind an apostrophe, but as it is into a cell of text', () => {
    expect(wireOf('=1+1', 'General')).toBe("'=1+1");
    expect(wireOf("'x", 'General')).toBe("''x");
    expect(wireOf('007', '@')).toBe('007');
    expect(wireOf("'x", '@')).toBe("''x");
    expect([wireOf(null, '@'), wireOf(-0, 'General'), wireOf(true, 'General')]).toEqual(['', 0, true]);
  });

  test('a format is changed only where the value would be shown as something else', () => {
    const day = { kind: 'date', wallMs: Date.UTC(2026, 2, 10), hasTime: false } as const;
    expect(formatFor(5, 'yyyy-mm-dd', null)).toBe('General');
    expect(formatFor(5, '0.00', null)).toBe(null);
    expect(formatFor(true, '@', null)).toBe('General');
    expect(formatFor('x', 'yyyy-mm-dd', null)).toBe(null);
    expect(formatFor(day, 'General', null)).toBe('yyyy-mm-dd');
    expect(formatFor(day, 'General', 'm/d/yyyy')).toBe('m/d/yyyy');
    expect(formatFor({ ...day, hasTime: true }, 'yyyy-mm-dd', null)).toBe('yyyy-mm-dd hh:mm');
    expect(formatFor({ ...day, wallMs: day.wallMs + 15_000, hasTime: true }, 'General', null)).toBe(
      'yyyy-mm-dd hh:mm:ss',
    );
  });

  test('what would come back as something else is refused', () => {
    expect(refusalOf('')?.code).toBe('msgraph-empty-text');
    expect(refusalOf('bell \u0007')?.code).toBe('msgraph-characters');
    expect(refusalOf(0.1 + 0.2)?.code).toBe('patch-number');
    expect(refusalOf(Number.NaN)?.code).toBe('patch-number');
    expect(refusalOf({ kind: 'date', wallMs: Date.UTC(1900, 0, 1), hasTime: false })?.code).toBe('patch-date');
    expect([refusalOf(0.3), refusalOf('two\nlines'), refusalOf(null)]).toEqual([null, null, null]);
  });

  test('writes that stand apart are not one field of nulls', () => {
    const writes = [0, 1, 5_000, 5_001].map((row) => ({ row, column: 0, wire: row, from: row }));
    expect(patchesOf(writes).map(({ rect }) => [rect.row, rect.rows])).toEqual([
      [0, 2],
      [5_000, 2],
    ]);
    const wide = [0, 200].map((column) => ({ row: 0, column, wire: 'x', from: 0 }));
    expect(patchesOf(wide)).toHaveLength(2);
    const many = Array.from({ length: 12_000 }, (_, n) => ({ row: n, column: 0, wire: n, from: n }));
    expect(patchesOf(many).map(({ writes: part }) => part.length)).toEqual([5_000, 5_000, 2_000]);
    const long = Array.from({ length: 20 }, (_, n) => ({ row: n, column: 0, wire: '长'.repeat(30_000), from: n }));
    expect(patchesOf(long).length).toBeGreaterThan(1);
  });
});

test.each([
  ['https://desk.example.com', 'https://desk.example.com/hooks/msgraph'],
  ['https://desk.example.com/', 'https://desk.example.com/hooks/msgraph'],
  ['http://desk.example.com', null],
  ['https://localhost:8420', null],
  ['https://192.168.1.5', null],
  ['https://desk', null],
  [null, null],
])('Graph reaches %s', (address, expected) => {
  expect(hookUrl(address)).toBe(expected);
});
