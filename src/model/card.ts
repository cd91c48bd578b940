/** Messages with buttons: what they can offer to decide, what stands on them, and what became of it. */

/** What a button decides. `hand-over` names somebody else. */
export const decisions = ['accept', 'approve', 'reject', 'hand-over'] as const;
export type Decision = (typeof decisions)[number];

export function isDecision(text: unknown): text is Decision {
  return (decisions as readonly unknown[]).includes(text);
}

/** Decisions that answer one question: when one is made, the others of its question are no longer asked. */
export function sameQuestion(decision: Decision): readonly Decision[] {
  return decision === 'approve' || decision === 'reject' ? ['approve', 'reject'] : ['accept', 'hand-over'];
}

/** What a card shows besides its buttons, kept to show it again with others or none. */
export interface ShownCard {
  readonly title: string;
  readonly text: string;
  readonly link: string | null;
  /** What its words tell of the ticket and what it asks about, by field, as people read it. */
  readonly facts: Readonly<Record<string, string>>;
}

/** How a card ended. */
export interface CardOutcome {
  /** `elsewhere`: the ticket went on by a sheet, a rule or a command. */
  readonly decision: Decision | 'elsewhere';
  /** Who; null: nobody is known by name. */
  readonly by: string | null;
  /** To whom it was handed. */
  readonly to: string | null;
  /** ISO 8601 in UTC. */
  readonly at: string;
  /** Id of the click; null where it was none. */
  readonly event: string | null;
}
