/** Pure: rows without a number are told by what is in them (M6). */
import type { BindingRow } from '../model/binding.ts';
import type { RecordId } from '../model/record.ts';
import { type Alike, groupAlike, note, scoreAll } from './alike.ts';
import { accepted, acceptedHidden, asHeld, baseKey, isAway, type Likeness, lead, similarity } from './likeness.ts';
import type { DataRow } from './rows.ts';
import type { Shape } from './shape.ts';

/** M6: the same content, or content that resembles one record clearly more than any other. Adds to `pairs`. */
export function matchByContent(
  free: readonly DataRow[],
  lost: readonly BindingRow[],
  shape: Shape,
  pairs: Map<RecordId, DataRow>,
  alike: Likeness,
): void {
  if (lost.length === 0) return;
  const { rowGroups, lostGroups } = groupAlike(free, lost, shape);
  // What the record holds comes before what its row last showed where that is to be written over: it was typed again.
  for (const [key, group] of lostGroups) {
    const held = asHeld(group.members[0]!);
    const heldKey = baseKey(held, shape);
    const rows = heldKey === key ? undefined : rowGroups.get(heldKey);
    if (rows?.members.length !== 1 || group.members.length !== 1 || isAway(held)) continue;
    if (similarity(rows.members[0]!, held, shape) >= accepted) pairUp(rows, group, pairs);
  }
  // Same content on both sides: no doubt, whatever else resembles it. More rows of that content are copies of it: they are
  // not taken for another record that is like it.
  const copied = new Set<Alike<DataRow>>();
  for (const [key, rows] of rowGroups) {
    const same = lostGroups.get(key);
    const [row, known] = [rows.members[0], same?.members[0]];
    if (row === undefined || known === undefined || alike(row, known) < accepted) continue;
    pairUp(rows, same!, pairs);
    copied.add(rows);
  }
  const rowsLeft = [...rowGroups.values()].filter((rows) => rows.members.length > 0 && !copied.has(rows));
  const lostLeft = [...lostGroups.values()].filter((alike) => alike.members.length > 0);
  for (const { rowGroup, lostGroup, score } of scoreAll(rowsLeft, lostLeft, shape, alike)) {
    if (isAway(lostLeft[lostGroup]!.members[0]!) && score < acceptedHidden) continue;
    note(rowsLeft[rowGroup]!, lostGroup, score);
    note(lostLeft[lostGroup]!, rowGroup, score);
  }
  rowsLeft.forEach((rows, index) => {
    if (rows.best < accepted || rows.best - rows.second < lead) return;
    const known = lostLeft[rows.bestOf]!;
    if (known.bestOf !== index || known.best - known.second < lead) return;
    pairUp(rows, known, pairs);
  });
}

/**
 * Pairs as many as there are on both sides and takes them out of their groups. Rows of one content are interchangeable
 * but for their ID cells: one that is empty comes before one that says the row is something else.
 */
function pairUp(rows: Alike<DataRow>, lost: Alike<BindingRow>, pairs: Map<RecordId, DataRow>): void {
  const count = Math.min(rows.members.length, lost.members.length);
  rows.members.sort((a, b) => Number(a.id !== '') - Number(b.id !== ''));
  const taken = rows.members.splice(0, count);
  lost.members.splice(0, count).forEach((known, index) => {
    pairs.set(known.recordId, taken[index]!);
  });
}
