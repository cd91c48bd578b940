/**
 * The demo's two months, told as they would have happened: who did what when, relative to the day of `init`. Pure and
 * deterministic; nothing happens outside working hours or today, so tickets that came in last are naturally still open.
 */
import { createRecords, editRecords, type Origin } from '../edit.ts';
import { type Locale, say } from '../messages/index.ts';
import { contactOptions } from '../model/contact.ts';
import type { FieldValue } from '../model/field.ts';
import { optionLabel } from '../model/fields/index.ts';
import type { Actor, RecordId } from '../model/record.ts';
import { priorityOptions, type StatusCategory, statusOptions } from '../model/status.ts';
import { instantOf, wallOf } from '../model/wall-clock.ts';
import type { Store } from '../store.ts';
import { contactsOf } from './demo-contacts.ts';
import { customers, type DemoTicket, engineers, frontDesk, tickets } from './demo-data.ts';
import { moduleOf, productLine } from './demo-products.ts';

/** One thing that happened. Tickets are named by their index in the order they came in. */
export interface DemoEvent {
  /** ISO 8601 in UTC. */
  readonly at: string;
  readonly actor: Actor;
  readonly table: 'customers' | 'tickets' | 'contacts';
  /** Index of the record within its table. */
  readonly record: number;
  readonly isNew: boolean;
  readonly values: Readonly<Record<string, FieldValue>>;
  /** Index of the ticket a contact is about: its number is known once it is kept. */
  readonly about?: number;
}

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
/** Working hours of the demo in minutes of the day. */
const SHIFTS = [
  { from: 9 * 60, to: 12 * 60 },
  { from: 13 * 60 + 30, to: 18 * 60 },
] as const;
const MINUTES_A_DAY = 450;
const DAYS_BACK = 44;
const DAYS_AHEAD = 6;
/** Minutes until a ticket of the demo is due, as its SLA tab has it: of calendar time when urgent, else of working time. */
export const TARGETS: Readonly<Record<DemoTicket['priority'], number>> = {
  urgent: 240,
  high: 450,
  normal: 1350,
  low: 2250,
};

/** All events in the order they happened. */
export function demoHistory(now: Date, timeZone: string, locale: Locale): readonly DemoEvent[] {
  const past = workingDaysBefore(now, timeZone, DAYS_BACK);
  const days = [...past, ...workingDaysFrom(now, timeZone, DAYS_AHEAD)];
  /** Nothing has happened yet after this many working minutes; due times may lie beyond. */
  const end = past.length * MINUTES_A_DAY;
  /** The instant of a count of working minutes since the first of these days. */
  const at = (minutes: number): string => {
    const day = days[Math.floor(minutes / MINUTES_A_DAY)]!;
    const rest = minutes % MINUTES_A_DAY;
    const [morning, afternoon] = SHIFTS;
    const length = morning.to - morning.from;
    const minuteOfDay = rest < length ? morning.from + rest : afternoon.from + rest - length;
    return new Date(instantOf(day + minuteOfDay * MINUTE_MS, timeZone)).toISOString();
  };
  /** Due at closing time is due that day, not at the next opening. */
  const dueAt = (minutes: number): string => new Date(Date.parse(at(minutes - 1)) + MINUTE_MS).toISOString();
  const status = (category: StatusCategory): string => {
    return optionLabel(statusOptions.find((option) => option.category === category)!, locale);
  };
  const priority = (category: string): string => {
    return optionLabel(priorityOptions.find((option) => option.category === category)!, locale);
  };
  const kindOfContact = (category: string): string => {
    return optionLabel(contactOptions.find((option) => option.category === category)!, locale);
  };

  const events: (DemoEvent & { readonly minutes: number })[] = customers.map((customer, record) => ({
    minutes: 0,
    at: at(0),
    actor: { kind: 'person', name: frontDesk },
    table: 'customers',
    record,
    isNew: true,
    values: {
      name: customer.name,
      level: customer.level,
      vip: customer.level === 'VIP',
      region: customer.region,
      contact: customer.contact,
      phone: customer.phone,
      contract_no: customer.contract,
      contract_amount: customer.amount,
    },
  }));

  let contacts = 0;
  for (const [record, ticket] of tickets.entries()) {
    const arrived = end - ticket.day * MINUTES_A_DAY + ticket.minute;
    const target = TARGETS[ticket.priority];
    const due = ticket.priority === 'urgent' ? later(at(arrived), target * MINUTE_MS) : dueAt(arrived + target);
    const customer = customers[ticket.customer]!;
    const engineer = ticket.engineer === null ? null : engineers[ticket.engineer]!;
    const happened = (
      after: number | undefined,
      who: string | null,
      values: DemoEvent['values'],
      isNew = false,
    ): void => {
      if (after === undefined || arrived + after >= end) return;
      const actor: Actor = who === null ? { kind: 'system', name: null } : { kind: 'person', name: who };
      const minutes = arrived + after;
      events.push({ minutes, at: at(minutes), actor, table: 'tickets', record, isNew, values });
    };
    happened(
      0,
      frontDesk,
      {
        title: ticket.title,
        description: ticket.description,
        issue_type: ticket.type,
        priority: priority(ticket.priority),
        status: status('new'),
        customer: customer.name,
        customer_level: customer.level,
        contact: customer.contact,
        phone: customer.phone,
        region: customer.region,
        contract_no: customer.contract,
        contract_amount: customer.amount,
        product_line: productLine(ticket),
        product_model: ticket.product,
        module: moduleOf(ticket),
        created_at: at(arrived),
        due_at: due,
      },
      true,
    );
    for (const { after, kind, by, content } of contactsOf(ticket)) {
      const minutes = arrived + after;
      if (minutes >= end) continue;
      const person = by === 'engineer' ? engineer : by === 'front-desk' ? frontDesk : null;
      events.push({
        minutes,
        at: at(minutes),
        actor: person === null ? { kind: 'system', name: null } : { kind: 'person', name: person },
        table: 'contacts',
        record: contacts++,
        isNew: true,
        values: { contacted_at: at(minutes), kind: kindOfContact(kind), person, content },
        about: record,
      });
    }
    const { answered, waited, solved, closed, cancelled } = ticket;
    if (answered !== undefined) {
      happened(answered, engineer, {
        status: status('open'),
        assignee: engineer,
        first_response_at: at(arrived + answered),
      });
    }
    /** After the wait, which does not count. */
    let finalDue = due;
    if (waited !== undefined) {
      const { from, to } = waited;
      happened(from, engineer, { status: status(waited.for) });
      happened(from, null, { sla_state: say(locale, 'sla-state.paused') });
      happened(to, engineer, { status: status('open') });
      if (to !== undefined && arrived + to < end) {
        finalDue =
          ticket.priority === 'urgent'
            ? later(due, Date.parse(at(arrived + to)) - Date.parse(at(arrived + from)))
            : dueAt(arrived + target + to - from);
        happened(to, null, { due_at: finalDue, sla_state: say(locale, 'sla-state.running') });
      }
    }
    happened(cancelled, frontDesk, { status: status('cancelled') });
    if (solved === undefined) continue;
    const solvedAt = at(arrived + solved);
    happened(solved, engineer, {
      status: status('resolved'),
      solution: ticket.solution ?? null,
      time_spent: (ticket.spent ?? 0) * 60,
      resolved_at: solvedAt,
    });
    happened(solved, null, {
      sla_state: say(locale, solvedAt <= finalDue ? 'sla-state.kept' : 'sla-state.late'),
    });
    if (closed === undefined) continue;
    happened(solved + closed, frontDesk, {
      status: status('closed'),
      closed_at: at(arrived + solved + closed),
      csat: ticket.rating ?? null,
    });
  }
  return events.sort((a, b) => a.minutes - b.minutes).map(({ minutes: _, ...event }) => event);
}

function later(at: string, ms: number): string {
  return new Date(Date.parse(at) + ms).toISOString();
}

/** Puts the history into an empty database, in one transaction. `progress` is told the share done. */
export async function seedDemo(
  store: Store,
  events: readonly DemoEvent[],
  progress: (share: number) => void,
): Promise<void> {
  await store.transaction(null, async (tx) => {
    const ids = { customers: [] as RecordId[], tickets: [] as RecordId[], contacts: [] as RecordId[] };
    const numbers: string[] = [];
    for (const [done, event] of events.entries()) {
      const origin: Origin = { actor: event.actor, source: 'demo', cause: null, happenedAt: event.at };
      if (event.isNew) {
        const about = event.about === undefined ? {} : { ticket_no: numbers[event.about]! };
        const values = { ...about, ...event.values };
        const [record] = await createRecords(tx, [{ table: event.table, values }], origin);
        ids[event.table][event.record] = record!.id;
        if (event.table === 'tickets') numbers[event.record] = record!.number;
      } else {
        const recordId = ids[event.table][event.record]!;
        await editRecords(tx, [{ table: event.table, recordId, values: event.values }], origin);
      }
      progress((done + 1) / events.length);
    }
  });
}

/** Midnights (wall clock) of the last working days before the day of `now`, oldest first. */
function workingDaysBefore(now: Date, timeZone: string, count: number): readonly number[] {
  const days: number[] = [];
  for (let day = midnight(now, timeZone) - DAY_MS; days.length < count; day -= DAY_MS)
    if (isWorkingDay(day)) days.unshift(day);
  return days;
}

/** The same from the day of `now` on. */
function workingDaysFrom(now: Date, timeZone: string, count: number): readonly number[] {
  const days: number[] = [];
  for (let day = midnight(now, timeZone); days.length < count; day += DAY_MS) if (isWorkingDay(day)) days.push(day);
  return days;
}

function midnight(now: Date, timeZone: string): number {
  const wall = wallOf(now.getTime(), timeZone);
  return wall - (((wall % DAY_MS) + DAY_MS) % DAY_MS);
}

/** The holidays that fall on the same days every year; those of the lunar calendar are not worth a table here. */
const HOLIDAYS = /-01-01$|-05-0[1-5]$|-10-0[1-7]$/;

function isWorkingDay(day: number): boolean {
  const date = new Date(day);
  return date.getUTCDay() !== 0 && date.getUTCDay() !== 6 && !HOLIDAYS.test(date.toISOString().slice(0, 10));
}
