/** All sections in the order of their tabs. A new one is one file here, one line and one test. */
import type { Board, Section, SectionMaker } from '../section.ts';
import { overview } from './overview.ts';

export const sections: readonly SectionMaker[] = [overview];

/** Every section of a board. */
export function sectionsOf(board: Board): readonly Section[] {
  return sections.map((section) => section.make(board));
}
