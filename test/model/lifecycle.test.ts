/** Which status may follow which, in both modes, what a move leaves behind, and merging. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lifecycleText } from '../../src/messages/index.ts';
import {
  attemptMove,
  autoCloseAt,
  isInReopenWindow,
  type LifecycleRules,
  type LifecycleTicket,
  lifecycleDefaults,
  moveKind,
} from '../../src/model/lifecycle.ts';
import { endOfChain, mergeTickets } from '../../src/model/merge.ts';
import { foldClocks, type SlaEvent } from '../../src/model/sla.ts';
import { type StatusCategory, statusOptions } from '../../src/model/status.ts';
import { calendars, created, at as instant } from './sla-desk.ts';

const at = '2026-03-10T04:00:00.000Z';
const categories = statusOptions.map(({ category }) => category);
const ticket = (category: StatusCategory, more: Partial<LifecycleTicket> = {}): LifecycleTicket => ({
  category,
  assignee: '张三',
  solution: '换了主板',
  closeReason: '客户不需要了',
  mergedInto: 'T-1',
  resolvedAt: null,
  closedAt: category === 'closed' ? '2026-03-08T04:00:00.000Z' : null,
  reopenCount: 0,
  ...more,
});
const strict: LifecycleRules = { ...lifecycleDefaults, mode: 'strict' };
const move = (from: LifecycleTicket, to: StatusCategory | null, rules = lifecycleDefaults, isAdmin = false) =>
  attemptMove(from, { to, text: to ?? '搁置', at, isAdmin }, rules);

/** The matrix of the reference, in the order of the categories; `.` no move, the other letters begin the kind. */
const matrix: Readonly<Record<string, string>> = {
  //              n o c t r c x m
  new: '          . m m m s s m m',
  open: '         a . m m m s m m',
  wait_customer: '. m . m m s m m',
  wait_third: '   . m m . m s m m',
  resolved: '     . r r r . m . m',
  closed: '       . r . . . . . a',
  cancelled: '    a a . . . . . .',
  merged: '       a a . . . . . .',
};

describe('single moves', () => {
  test.each(Object.entries(matrix))('from %s', (from, row) => {
    const kinds = categories.map((to) => moveKind(from as StatusCategory, to)?.[0] ?? '.');
    expect(kinds.join(' ')).toBe(row.trim());
  });

  test('strict takes exactly the single moves that are allowed', () => {
    for (const from of categories) {
      for (const to of categories) {
        if (from === to) continue;
        const kind = moveKind(from, to);
        for (const isAdmin of [false, true]) {
          const isLegal = kind !== null && (kind !== 'admin' || isAdmin);
          expect({ from, to, taken: move(ticket(from), to, strict, isAdmin).isAccepted }).toEqual({
            from,
            to,
            taken: isLegal,
          });
        }
      }
    }
  });
});

describe('strict', () => {
  test.each<[StatusCategory, StatusCategory, string]>([
    ['wait_customer', 'new', 'only-admin'],
    ['open', 'new', 'only-admin'],
    ['closed', 'resolved', 'no-such-move'],
    ['cancelled', 'open', 'only-admin'],
    ['resolved', 'cancelled', 'no-such-move'],
  ])('%s to %s is refused: %s', (from, to, reason) => {
    const result = move(ticket(from), to, strict);
    expect(result).toMatchObject({ attempted: to, applied: from, isAccepted: false, path: [], fields: {}, events: [] });
    expect(result.notes.map((note) => note.reason)).toEqual([reason]);
  });

  test('what a move needs is asked for before anything changes', () => {
    const bare = { solution: ' ', assignee: null, closeReason: null, mergedInto: null };
    const reasons = (to: StatusCategory, from: StatusCategory = 'open') =>
      move(ticket(from, bare), to, strict).notes.map(({ reason }) => reason);
    expect(reasons('resolved')).toEqual(['guard-solution', 'guard-assignee']);
    expect(reasons('closed')).toEqual(['guard-close-reason']);
    expect(reasons('closed', 'resolved')).toEqual([]);
    expect(reasons('merged')).toEqual(['guard-merge-target']);
    const off = { ...strict, guards: { resolve: false, close: false, merge: false } };
    for (const to of ['resolved', 'closed', 'merged'] as const) {
      expect(move(ticket('open', bare), to, off).isAccepted).toBe(true);
    }
  });
});

describe('lenient', () => {
  test('skipped stages are named and their times filled', () => {
    expect(move(ticket('new'), 'closed')).toMatchObject({
      applied: 'closed',
      skippedStates: ['open', 'resolved'],
      fields: { resolved_at: at, closed_at: at },
      events: [{ kind: 'status', from: 'new', to: 'closed' }, { kind: 'resolved' }, { kind: 'closed' }],
    });
    expect(move(ticket('new'), 'resolved').skippedStates).toEqual(['open']);
    expect(move(ticket('open'), 'resolved').skippedStates).toEqual([]);
  });

  test('times that were typed stay', () => {
    const resolvedAt = '2026-03-10T02:00:00.000Z';
    const result = move(ticket('open', { resolvedAt }), 'closed');
    expect(result.fields).toEqual({ closed_at: at });
    expect(result.events).toContainEqual({ kind: 'resolved' });
  });

  test('what is missing is said, and the value stands', () => {
    const result = move(ticket('open', { solution: null }), 'resolved');
    expect(result).toMatchObject({ isAccepted: true, applied: 'resolved', notes: [{ reason: 'guard-solution' }] });
  });

  test('a detour is taken where there is no direct way', () => {
    const back = move(ticket('closed', { resolvedAt: '2026-03-07T04:00:00.000Z' }), 'resolved');
    expect(back).toMatchObject({
      applied: 'resolved',
      path: ['open', 'resolved'],
      fields: { resolved_at: at, closed_at: null, reopen_count: 1 },
    });
    expect(back.notes.map(({ reason }) => reason)).toEqual(['by-way-of']);
    expect(move(ticket('closed'), 'wait_third').path).toEqual(['open', 'wait_third']);
    expect(move(ticket('resolved'), 'cancelled').path).toEqual(['open', 'cancelled']);
  });

  test('a ticket that was taken up is not new again', () => {
    expect(move(ticket('wait_customer'), 'new')).toMatchObject({ applied: 'open', path: ['open'] });
    expect(move(ticket('open'), 'new')).toMatchObject({ isAccepted: true, applied: 'open', path: [], events: [] });
    expect(move(ticket('open'), 'new', lifecycleDefaults, true)).toMatchObject({ applied: 'new', notes: [] });
    expect(move(ticket('resolved'), 'new')).toMatchObject({ applied: 'open', fields: { reopen_count: 1 } });
  });

  test('reopening counts, and clears the times of an end that was none', () => {
    const resolved = ticket('resolved', { resolvedAt: '2026-03-09T04:00:00.000Z', reopenCount: 2 });
    expect(move(resolved, 'open')).toMatchObject({
      fields: { resolved_at: null, reopen_count: 3 },
      events: [{ kind: 'status', from: 'resolved', to: 'open' }, { kind: 'reopened' }],
    });
  });

  test('an unknown word and the same status change nothing', () => {
    expect(move(ticket('open'), null)).toMatchObject({
      isAccepted: false,
      applied: 'open',
      notes: [{ reason: 'unknown-status', params: { text: '搁置' } }],
    });
    expect(move(ticket('open'), 'open')).toMatchObject({ isAccepted: true, path: [], notes: [], events: [] });
  });

  test('taking back a cancellation is for administrators', () => {
    expect(move(ticket('cancelled'), 'open')).toMatchObject({ isAccepted: false, notes: [{ reason: 'only-admin' }] });
    expect(move(ticket('cancelled'), 'open', lifecycleDefaults, true).events).toContainEqual({ kind: 'restored' });
  });
});

describe('reopen window and auto-close', () => {
  test('seven days after closing a new ticket has to follow', () => {
    const closedAt = '2026-03-03T04:00:00.000Z';
    expect(isInReopenWindow(closedAt, at, lifecycleDefaults)).toBe(true);
    expect(move(ticket('closed', { closedAt }), 'open').isAccepted).toBe(true);
    for (const rules of [lifecycleDefaults, strict]) {
      const late = move(ticket('closed', { closedAt: '2026-03-03T03:59:59.000Z' }), 'open', rules);
      expect(late).toMatchObject({ isAccepted: false, needsFollowUp: true, notes: [{ reason: 'window-over' }] });
    }
  });

  test('a resolved ticket closes itself after three days without a word', () => {
    const resolved = ticket('resolved', { resolvedAt: at });
    expect(autoCloseAt(resolved, null, lifecycleDefaults)).toBe('2026-03-13T04:00:00.000Z');
    expect(autoCloseAt(resolved, '2026-03-09T04:00:00.000Z', lifecycleDefaults)).toBe('2026-03-13T04:00:00.000Z');
    expect(autoCloseAt(resolved, '2026-03-11T04:00:00.000Z', lifecycleDefaults)).toBeNull();
    expect(autoCloseAt(ticket('open', { resolvedAt: at }), null, lifecycleDefaults)).toBeNull();
    expect(autoCloseAt(resolved, null, { ...lifecycleDefaults, autoCloseDays: null })).toBeNull();
  });
});

describe('whatever is typed', () => {
  const anyTicket = fc.record({
    category: fc.constantFrom(...categories),
    assignee: fc.constantFrom(null, '张三'),
    solution: fc.constantFrom(null, '换了主板'),
    closeReason: fc.constantFrom(null, '重复'),
    mergedInto: fc.constantFrom(null, 'T-1'),
    resolvedAt: fc.constantFrom(null, '2026-03-07T04:00:00.000Z'),
    closedAt: fc.constantFrom(null, '2026-01-01T04:00:00.000Z', '2026-03-08T04:00:00.000Z'),
    reopenCount: fc.nat({ max: 3 }),
  });
  const anyRules = fc.constantFrom(lifecycleDefaults, strict);

  test('every step is a legal move, and a second attempt at the outcome changes nothing', () => {
    fc.assert(
      fc.property(anyTicket, fc.constantFrom(...categories), anyRules, fc.boolean(), (from, to, rules, isAdmin) => {
        const result = move(from, to, rules, isAdmin);
        let last = from.category;
        for (const next of result.path) {
          const kind = moveKind(last, next);
          expect(kind).not.toBeNull();
          if (!isAdmin) expect(kind).not.toBe('admin');
          last = next;
        }
        expect(last).toBe(result.applied);
        if (!result.isAccepted) expect(result.fields).toEqual({});
        if (!result.isAccepted) expect(result.notes.length).toBeGreaterThan(0);
        for (const note of result.notes) {
          expect(lifecycleText('zh-CN', note)).not.toMatch(/[{}]|wait_|closed|open/);
          expect(lifecycleText('en', note)).not.toMatch(/[{}]|wait_/);
        }
        const again = move({ ...from, category: result.applied }, result.applied, rules, isAdmin);
        expect(again).toMatchObject({ isAccepted: true, path: [], events: [] });
      }),
      { numRuns: 1_000 },
    );
  });

  test('lenient takes whatever strict takes, and the same way', () => {
    fc.assert(
      fc.property(anyTicket, fc.constantFrom(...categories), fc.boolean(), (from, to, isAdmin) => {
        const hard = move(from, to, strict, isAdmin);
        if (hard.isAccepted) expect(move(from, to, lifecycleDefaults, isAdmin)).toEqual(hard);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('merging', () => {
  test('chains collapse: A into B, B into C gives A into C', () => {
    const known = new Map([['A', 'B']]);
    expect(mergeTickets('B', 'C', known, null)).toMatchObject({ ok: true, merge: { into: 'C', repointed: ['A'] } });
    expect(mergeTickets('D', 'A', known, null)).toMatchObject({ ok: true, merge: { into: 'B', repointed: [] } });
  });

  test.each<[string, string, string]>([
    ['A', 'A', 'merge-itself'],
    ['B', 'A', 'merge-cycle'],
    ['A', 'C', 'merge-already'],
  ])('%s into %s is refused: %s', (source, target, reason) => {
    expect(mergeTickets(source, target, new Map([['A', 'B']]), null)).toEqual({ ok: false, reason });
  });

  test('the oldest unanswered word goes along', () => {
    const events: SlaEvent[] = [created('03-10 09:00', null), { kind: 'response', at: instant('03-10 09:05') }];
    const waiting = (more: SlaEvent[]) => {
      const result = mergeTickets('A', 'B', new Map(), foldClocks([...events, ...more], calendars));
      return result.ok ? result.merge.waitingSince : result;
    };
    expect(waiting([])).toBeNull();
    expect(waiting([{ kind: 'customer-message', at: instant('03-10 10:00') }])).toBe(instant('03-10 10:00'));
  });

  test('however tickets are merged, nothing runs in a circle and every chain has one link', () => {
    const names = fc.constantFrom('A', 'B', 'C', 'D', 'E');
    fc.assert(
      fc.property(fc.array(fc.tuple(names, names)), (pairs) => {
        const known = new Map<string, string>();
        for (const [source, target] of pairs) {
          const result = mergeTickets(source, target, known, null);
          if (!result.ok) continue;
          for (const id of [source, ...result.merge.repointed]) known.set(id, result.merge.into);
        }
        for (const [id, into] of known) {
          expect(known.has(into)).toBe(false);
          expect(endOfChain(id, known)).toBe(into);
        }
      }),
    );
  });

  test('links in a circle, however they came about, have no end', () => {
    expect(
      endOfChain(
        'A',
        new Map([
          ['A', 'B'],
          ['B', 'A'],
        ]),
      ),
    ).toBeNull();
  });
});
