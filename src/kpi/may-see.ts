/** Whether a ticket belongs to a filter, for somebody who may see no other. Pure. */
import type { RecordId } from '../model/record.ts';
import type { Block } from './block.ts';
import type { FactSet } from './fact-set.ts';
import { type Filter, NOT, Selection } from './query.ts';

/** True when the filter picks the ticket; of a filter of people, when one of them has it, answered it or solved it. */
export function isPicked(facts: FactSet, id: RecordId, filter: Filter): boolean {
  if (Object.keys(filter).length === 0) return true;
  for (const block of facts.blocks) {
    const row = block.tickets.id.indexOf(id);
    if (row === -1) continue;
    const selection = new Selection(facts, filter);
    const { people } = selection;
    if (selection.marks(block)[row] === NOT) return false;
    return people === null || peopleOf(block, row).some((code) => people.has(code));
  }
  return false;
}

function peopleOf({ tickets, episodes }: Block, row: number): readonly number[] {
  const solved = Array.from(episodes.assignee).filter((_, n) => episodes.ticket[n] === row);
  return [tickets.assignee[row]!, tickets.responder[row]!, ...solved];
}
