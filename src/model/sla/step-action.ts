/** What an escalation step does besides telling people. A step keeps it as it was typed; this is the one reader. */

const RAISE = /^(?:优先级|优先|priority) ?\+ ?(?<by>[1-9])$/i;

/** By how many ranks the priority rises: `优先级+1`, `priority +1`; null for a text that is no action. */
export function raiseOf(action: string): number | null {
  const by = RAISE.exec(action.trim())?.groups?.by;
  return by === undefined ? null : Number(by);
}
