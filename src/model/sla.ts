/** Service levels: the promises of a policy, the clocks of a ticket, warnings and escalation. This is the door to `sla/`. */
export { type BothSeconds, type Breach, type Clock, dueOf, usedSeconds } from './sla/clock.ts';
export {
  type NextInstant,
  nextInstants,
  type Place,
  recipientsNow,
  type Settled,
  settlePlaces,
} from './sla/escalation.ts';
export { type DueExplanation, explainDue } from './sla/explanation.ts';
export {
  applyEvent,
  clocksOf,
  foldClocks,
  inOrder,
  observeClocks,
  type TicketClocks,
  unansweredSince,
} from './sla/fold.ts';
export * from './sla/policy.ts';
export { raiseOf } from './sla/step-action.ts';
export {
  type BreachNotice,
  breachesOf,
  type ClockState,
  type ClockView,
  clockKey,
  viewClock,
  viewClocks,
} from './sla/view.ts';
