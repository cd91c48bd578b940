/**
 * What a button of a card carries: what it decides, about which ticket, in which message and until when, signed by the
 * server. Nobody can make one, change a part of one, or use one in another message; whoever may press it is asked for all
 * the same.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { type Decision, isDecision } from '../model/card.ts';
import type { RecordId } from '../model/record.ts';

export interface CardButton {
  readonly decision: Decision;
  readonly table: string;
  readonly recordId: RecordId;
  /** Key of the message the button stands in. */
  readonly card: string;
  /** Milliseconds since 1970 in UTC. */
  readonly expiresAt: number;
}

/** A card cannot be changed after 14 days, so its buttons end then. */
export const buttonLifeMs = 14 * 86_400_000;

/** The value of a button. */
export function signButton(
  { decision, table, recordId, card, expiresAt }: CardButton,
  secret: string,
): Record<string, string> {
  const told = { do: decision, table, id: String(recordId), card, until: String(expiresAt) };
  return { ...told, sign: signatureOf(told, secret) };
}

/** What a value says, if we signed it; whether it is too old is for the caller. Null for anything else. */
export function readButton(value: Readonly<Record<string, unknown>>, secret: string): CardButton | null {
  const text = (key: string): string => (typeof value[key] === 'string' ? value[key] : '');
  const told = { do: text('do'), table: text('table'), id: text('id'), card: text('card'), until: text('until') };
  const given = Buffer.from(text('sign'));
  const right = Buffer.from(signatureOf(told, secret));
  if (given.length !== right.length || !timingSafeEqual(given, right) || !isDecision(told.do)) return null;
  return {
    decision: told.do,
    table: told.table,
    recordId: Number(told.id),
    card: told.card,
    expiresAt: Number(told.until),
  };
}

/** What is signed also says what for. */
function signatureOf(told: Readonly<Record<string, string>>, secret: string): string {
  const { do: decision, table, id, card, until } = told;
  const text = JSON.stringify(['card', decision, table, id, card, until]);
  return createHmac('sha256', `rowkeeper cards ${secret}`).update(text).digest('base64url');
}
