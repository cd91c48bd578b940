/**
 * One run over one tab: look, then leave it alone or apply (S2, S4 to S9). A dry run is the same, in a transaction that is
 * rolled back.
 */
import type { StoreTransaction } from '../store.ts';
import { planAnswers } from './answers.ts';
import { apply, type Plan, type TabResult } from './apply.ts';
import { awaitSettling, leaveAlone } from './leave.ts';
import { interestingRecords, lookAtTab } from './look.ts';
import { guardProblem, unshapedProblem, whyUnread } from './problems.ts';
import { readRows } from './rows.ts';
import { settleTab } from './settlement.ts';
import { Turn, type TurnInput } from './turn.ts';

/** Rolls a dry run back; never seen outside. */
class DryRunDone extends Error {}

export async function runTab(input: TurnInput): Promise<TabResult> {
  const turn = new Turn(input);
  const { binding, pulled, parts, state, store } = input;
  // Marks before problems: an answer given in between is then looked at once more, not forgotten.
  const marks = await store.loadDirty(binding.id);
  const open = await store.loadProblems(binding.id);
  const grid = pulled.grids.get(binding.tab);
  if (grid === undefined) return leaveAlone(turn, open, unshapedProblem(binding, whyUnread(pulled, binding.tab)), 0);
  const shape = parts.readShape(grid, binding, state.mode === 'new' ? null : state);
  if ('unshaped' in shape) return leaveAlone(turn, open, unshapedProblem(binding, shape.unshaped), 0);

  const settlement = settleTab(turn, readRows(grid, shape), grid, shape, open);
  if (settlement === null) return awaitSettling(turn, false);
  const { rows } = settlement;
  const answers = planAnswers(open, binding, state.rows, (field) => turn.fieldContext(field));
  const look = await lookAtTab(turn, settlement, shape, answers, open);
  if (look.goesBack) return awaitSettling(turn, true);
  const tripped = look.verdict.tab;
  // A dry run is how people look at a first contact before they allow it.
  if (tripped !== null && !(turn.isDry && tripped.guard === 'first-contact')) {
    return leaveAlone(turn, open, guardProblem(binding, tripped), rows.length, tripped);
  }
  const everyone = state.mode === 'new' ? await store.listRecords(binding.table) : [];
  const dirty = [...marks.map((mark) => mark.recordId), ...everyone.map((record) => record.id)];
  const plan: Plan = {
    shape,
    rows,
    look,
    interesting: interestingRecords(turn, look, dirty, answers, shape, open),
    marks,
    answers,
    context: {
      bindingId: binding.id,
      grid: settlement.grid,
      shape,
      isOldCopy: turn.isOldCopy,
      generation: turn.generation,
      heldFields: new Set(look.verdict.columns.keys()),
      unattendedFields: unattendedFields(state),
      restoredFields: answers.restoredFields,
      fieldContext: (field) => turn.fieldContext(field),
      rankOf: input.rankOf,
      reverts: input.reverts,
    },
    open,
    held: tripped ?? look.verdict.deletions,
  };
  let result: TabResult | null = null;
  const work = async (tx: StoreTransaction): Promise<void> => {
    result = await apply(turn, tx, plan);
    if (turn.isDry) throw new DryRunDone();
  };
  try {
    await store.transaction(input.lease, work);
  } catch (error) {
    if (!(error instanceof DryRunDone)) throw error;
  }
  return result!;
}

function unattendedFields({ columns }: TurnInput['state']): ReadonlySet<string> {
  return new Set(Object.keys(columns).filter((key) => columns[key]!.heldBy !== null || !columns[key]!.attached));
}
