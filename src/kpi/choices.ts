/** Which names tickets can be picked by: what occurs in the tickets somebody may see. Pure. */
import { categories } from './block.ts';
import type { FactSet } from './fact-set.ts';
import { type Dimension, dimensions, type Filter, NOT, Selection } from './query.ts';
import type { BoardPerson } from './section.ts';

/** Names of each dimension, sorted; the empty text where there are tickets that have none. Of statuses all categories. */
export type Choices = Readonly<Record<Dimension, readonly string[]>>;

/** The names in the tickets of a filter; of fields with several values each is one. People also by what they ever did. */
export function choicesOf(facts: FactSet, filter: Filter, people: readonly BoardPerson[]): Choices {
  const codes = codesSeen(facts, filter);
  const choices: Record<string, readonly string[]> = {};
  for (const dimension of dimensions) {
    const found =
      // Also those no ticket is in now: a figure of 0 leads to an empty list, not to a wrong word.
      dimension === 'status'
        ? categories
        : [...codes[dimension]!].flatMap((code) => (facts.nameOf(code) ?? '').split('、'));
    const names = new Set(dimension === 'person' ? [...found, ...people.map(({ name }) => name)] : found);
    const allowed = filter[dimension];
    choices[dimension] = [...names]
      .filter((name) => allowed === undefined || allowed.includes(name))
      .toSorted((a, b) => a.localeCompare(b, 'zh-CN'));
  }
  return choices as Choices;
}

function codesSeen(facts: FactSet, filter: Filter): Readonly<Record<string, ReadonlySet<number>>> {
  const selection = new Selection(facts, filter);
  const codes = Object.fromEntries(dimensions.map((dimension) => [dimension, new Set<number>()]));
  for (const block of facts.blocks) {
    const { tickets, episodes, ratings, replies } = block;
    const marks = selection.marks(block);
    for (const dimension of dimensions) {
      if (dimension === 'status') continue;
      const column = tickets[dimension === 'person' ? 'assignee' : dimension];
      const seen = codes[dimension]!;
      for (let row = 0; row < tickets.length; row++) if (marks[row] !== NOT) seen.add(column[row]!);
    }
    const rows = Int32Array.from(tickets.id.keys());
    for (const { names, of } of [
      { names: tickets.responder, of: rows },
      { names: episodes.assignee, of: episodes.ticket },
      { names: ratings.assignee, of: ratings.ticket },
      { names: replies.person, of: replies.ticket },
    ]) {
      for (let n = 0; n < names.length; n++) {
        if (names[n] !== -1 && marks[of[n]!] !== NOT) codes.person!.add(names[n]!);
      }
    }
  }
  return codes;
}
