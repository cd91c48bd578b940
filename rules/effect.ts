/** What rules ask for, as plain data: nothing here has happened yet. Whoever carries effects out keeps `key` unique, so that none happens twice. */
import type { FieldValue } from '../src/model/field.ts';

/** How one of several people is chosen; the choice itself is made elsewhere, from load and turn. */
export type Strategy = 'rotate' | 'least' | 'weighted';

export type AssignTarget =
  | { readonly to: 'person'; readonly name: string }
  /** All of them: the first in charge, the others help. */
  | { readonly to: 'people'; readonly names: readonly string[] }
  | { readonly to: 'one-of'; readonly names: readonly string[]; readonly strategy: Strategy }
  | { readonly to: 'group'; readonly group: string; readonly strategy: Strategy }
  | { readonly to: 'role'; readonly role: string; readonly strategy: Strategy }
  /** Whoever stands in a field of the record. */
  | { readonly to: 'field'; readonly field: string }
  | { readonly to: 'me' };

export type Recipient =
  | { readonly to: 'person'; readonly name: string }
  | { readonly to: 'group'; readonly group: string }
  | { readonly to: 'role'; readonly role: string }
  /** A person, phone number or mail address in a field; `value` is what stood there. */
  | { readonly to: 'field'; readonly field: string; readonly value: string };

export type Clock = 'response' | 'next-response' | 'resolution';

export interface Target {
  readonly clock: Clock;
  readonly seconds: number;
  /** Working time, or every hour of the day; null: as the policy of the clock says. */
  readonly business: boolean | null;
}

export type EffectBody =
  | { readonly do: 'set' | 'status'; readonly field: string; readonly value: FieldValue }
  /** `person` is null when nobody was there to be chosen, or nobody chose yet. */
  | { readonly do: 'assign'; readonly field: string; readonly target: AssignTarget; readonly person: string | null }
  | {
      readonly do: 'notify';
      readonly to: readonly Recipient[];
      /** Name of a template, or null when `text` is the message. */
      readonly template: string | null;
      readonly text: string | null;
      /** Names of channels; empty: each recipient's own. */
      readonly channels: readonly string[];
    }
  | ({ readonly do: 'sla' } & Target)
  | { readonly do: 'escalate'; readonly to: readonly Recipient[] }
  | { readonly do: 'tag'; readonly tags: readonly string[] }
  /** Seen by the team only. */
  | { readonly do: 'comment'; readonly text: string }
  | { readonly do: 'workflow'; readonly workflow: string }
  | { readonly do: 'webhook'; readonly webhook: string }
  | { readonly do: 'create'; readonly table: string; readonly values: Readonly<Record<string, FieldValue>> }
  /** The event must not stand as it is; the text says why. */
  | { readonly do: 'refuse'; readonly text: string };

export type Effect = EffectBody & {
  /** Of record, row, what the row means, event, action and target: the same when the same event is told again. */
  readonly key: string;
  /** Id of the row that asks. */
  readonly row: string;
};

/** What two rows cannot both have: a field or a clock; null for effects that do not exclude each other. */
export function slotOf(effect: EffectBody): string | null {
  switch (effect.do) {
    case 'set':
    case 'status':
    case 'assign':
      return effect.field;
    case 'sla':
      return `sla:${effect.clock}`;
    default:
      return null;
  }
}

/** Tells the effects of one action apart. */
export function targetOf(effect: EffectBody): string {
  switch (effect.do) {
    case 'set':
    case 'status':
    case 'assign':
      return effect.field;
    case 'sla':
      return effect.clock;
    case 'notify':
      return [effect.template ?? '', ...effect.to.map(recipientName), ...effect.channels].join(',');
    case 'escalate':
      return effect.to.map(recipientName).join();
    case 'tag':
      return effect.tags.join();
    case 'workflow':
      return effect.workflow;
    case 'webhook':
      return effect.webhook;
    case 'create':
      return effect.table;
    case 'comment':
    case 'refuse':
      return '';
  }
}

/** A short unique name of a recipient. */
export function recipientName(recipient: Recipient): string {
  switch (recipient.to) {
    case 'person':
      return recipient.name;
    case 'group':
      return `group:${recipient.group}`;
    case 'role':
      return `role:${recipient.role}`;
    case 'field':
      return `{${recipient.field}}`;
  }
}
