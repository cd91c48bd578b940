/** What is wrong in a rule tab, and where. */

export interface TableFault {
  /** `error`: the row does not run as it stands. */
  readonly level: 'error' | 'warning' | 'info';
  readonly code: string;
  /** Place in the tab, counted from 0; null: the row as a whole. */
  readonly row: number;
  readonly column: number | null;
  /** As people see it: `F12`. */
  readonly address: string;
  readonly header: string;
  /** For people: what is wrong and what would be right. */
  readonly text: string;
}
