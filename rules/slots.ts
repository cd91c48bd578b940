/** The fields and clocks a row decides: what two rows cannot both have. */
import { actionNamed } from './actions/index.ts';
import type { SlaParams } from './actions/sla.ts';
import type { RuleAction, RuleRow } from './rule.ts';

/** Slots of one action, as `slotOf` of its effects names them; empty for an action that excludes no other. */
function actionSlots({ action, params }: RuleAction): readonly string[] {
  if (action === 'sla') return (params as SlaParams).targets.map(({ clock }) => `sla:${clock}`);
  return actionNamed(action)!
    .writes(params)
    .map(({ field }) => field);
}

export function slotsOf(row: RuleRow): readonly string[] {
  return row.actions.flatMap(actionSlots);
}

/** Slots a row surely takes when it acts: a person may be left where he is, and then the field stays free. */
export function takenSlots(row: RuleRow): readonly string[] {
  return row.actions.filter(({ action }) => action !== 'assign').flatMap(actionSlots);
}

/** True when everything the row asks for is a slot, so that rows which take them leave it nothing. */
export function hasOnlySlots(row: RuleRow): boolean {
  const asked = row.actions.filter(({ action }) => action !== 'stop');
  return asked.length > 0 && asked.every((action) => actionSlots(action).length > 0);
}
