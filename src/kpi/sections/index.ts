/** All sections in the order of their tabs. A new one is one file here, one line and one test. */
import type { Board, Section, SectionMaker } from '../section.ts';
import { backlog } from './backlog.ts';
import { customers } from './customers.ts';
import { funnel } from './funnel.ts';
import { issues } from './issues.ts';
import { overview } from './overview.ts';
import { people } from './people.ts';
import { sla } from './sla.ts';
import { trend } from './trend.ts';

export const sections: readonly SectionMaker[] = [overview, trend, funnel, people, issues, customers, sla, backlog];

/** Every section of a board. */
export function sectionsOf(board: Board): readonly Section[] {
  return sections.map((section) => section.make(board));
}
