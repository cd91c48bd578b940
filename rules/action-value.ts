/** The value an action writes: a constant, a copy, a sum, a moment, a text with places; nothing. */
import { say } from '../src/messages/index.ts';
import type { Field, FieldValue, TypedCell } from '../src/model/field.ts';
import { isoDay } from '../src/model/moment.ts';
import { plainText } from '../src/model/typed.ts';
import { instantOf, wallOf } from '../src/model/wall-clock.ts';
import { type ActionCell, type ActionRead, refuseAction } from './action.ts';
import { type Length, lengthReading, lengthSeconds, moveWall, parseLength } from './action-length.ts';
import {
  fillText,
  parseText,
  type TextPart,
  type TextPlace,
  textPlace,
  textReading,
  textReads,
  valueText,
} from './action-text.ts';
import {
  fieldContext,
  fieldNamed,
  fieldPlace,
  kindOf,
  labelOf,
  nearestField,
  type RuleContext,
  WORK_DAY_SECONDS,
} from './context.ts';
import type { RuleScope } from './scope.ts';

/** How a value is made from a record and a moment. */
export type ValueSource =
  | { readonly from: 'constant'; readonly value: FieldValue }
  /** A copy of a field; `place` when it becomes text, `asDay` when a moment becomes a day. */
  | { readonly from: 'copy'; readonly field: string; readonly place: TextPlace | null; readonly asDay: boolean }
  /** `field * times + plus`; an empty field counts as 0 when `plus` is all there is. */
  | { readonly from: 'sum'; readonly field: string; readonly times: number; readonly plus: number }
  /** Today, this moment or a field's moment (`field`), moved. */
  | {
      readonly from: 'moment';
      readonly field: string | null;
      readonly unit: 'day' | 'instant';
      readonly shift: Length;
      readonly sign: 1 | -1;
    }
  | { readonly from: 'me' }
  | { readonly from: 'text'; readonly parts: readonly TextPart[] };

const CLEAR = /^(?:清空|置空|清除|空|clear|empty)$/i;
const CLOCK = /^(今天|今日|today|现在|此刻|now)\s*(?:([+-])\s*(.+))?$/i;
const COPY = /^\{([^{}]+)\}\s*(?:([*×+-])\s*(.+))?$/;
const STEP = /^([+-])\s*(.+)$/;
const ME = /^(?:我|me)$/i;
const NO_SHIFT: Length = { span: { years: 0, months: 0, days: 0, seconds: 0 }, business: false };

type Read = Exclude<ActionRead<ValueSource>, { params: null }>;

/** A correct cell for a field, made of its own values. */
export function valueExample(field: Field, locale: RuleContext['locale']): string {
  const en = locale === 'en';
  switch (kindOf(field)) {
    case 'number':
      return '{…}+1'.replace('…', labelOf(field, locale));
    case 'date':
    case 'datetime':
      return en ? 'today+3 days' : '今天+3天';
    case 'duration':
      return en ? '30 min' : '30分钟';
    case 'boolean':
      return en ? 'Yes' : '是';
    case 'people':
    case 'person':
      return en ? 'me' : '我';
    default: {
      const option = field.options[0];
      return option === undefined ? (en ? 'clear' : '清空') : en ? (option.en ?? option.label) : option.label;
    }
  }
}

/** Reads what is written into `field`; `{…}` are fields of the record the rule is about. */
export function parseValue(cell: ActionCell, field: Field, context: RuleContext): Read {
  const typed = plainText(cell.text).replace(/^=\s*/, '');
  const kind = kindOf(field);
  if (CLEAR.test(typed)) return constant(null);
  const [, place, operator, rest] = COPY.exec(typed) ?? [];
  if (place !== undefined && (operator === undefined || kind === 'number' || isMoment(kind) || kind === 'duration')) {
    const source = fieldNamed(place, context.fields);
    if (source !== undefined) return copyOf(source, operator, rest ?? '', field, context, typed);
    const suggestion = nearestField(place, context);
    return refuseAction('unknown-field', plainText(place), valueExample(field, context.locale), { suggestion });
  }
  if (typeof cell.raw === 'string' || cell.raw === null) {
    const clock = CLOCK.exec(typed);
    if (clock !== null && isMoment(kind)) {
      const unit = /^(?:今天|今日|today)$/i.test(clock[1]!) || kind === 'date' ? 'day' : 'instant';
      return moved(null, unit, clock[2], clock[3], field, context);
    }
    const step = STEP.exec(typed);
    if (step !== null && (isMoment(kind) || kind === 'number' || kind === 'duration')) {
      return copyOf(field, step[1]!, step[2]!, field, context, typed);
    }
    if (kind === 'people' && ME.test(typed)) return { ok: true, params: { from: 'me' } };
    if (kind === 'text' && /[{}]/.test(cell.text)) {
      const text = parseText(cell.text.trim(), context);
      return text.ok ? { ok: true, params: { from: 'text', parts: text.params } } : text;
    }
  }
  return constantOf(cell, field, context, typed);
}

function constant(value: FieldValue): Read {
  return { ok: true, params: { from: 'constant', value } };
}

function isMoment(kind: string): boolean {
  return kind === 'date' || kind === 'datetime';
}

function constantOf(cell: ActionCell, field: Field, context: RuleContext, typed: string): Read {
  const raw = cell.raw;
  const read: TypedCell =
    raw === null || (typeof raw === 'object' && raw.kind !== 'date') || typeof raw === 'string' ? typed : raw;
  const parsed = field.type.parse(read, fieldContext(field, context));
  if (!parsed.ok) return refuseAction('value', typed, valueExample(field, context.locale), { value: parsed.fault });
  if (kindOf(field) !== 'people') return constant(parsed.value);
  const names: string[] = [];
  for (const name of String(parsed.value).split('、')) {
    const person = context.directory.find(name);
    if (person === undefined) return refuseAction('unknown-person', name, valueExample(field, context.locale));
    names.push(person.name);
  }
  return constant(names.join('、'));
}

function copyOf(
  source: Field,
  operator: string | undefined,
  rest: string,
  target: Field,
  context: RuleContext,
  typed: string,
): Read {
  const example = valueExample(target, context.locale);
  const [from, to] = [kindOf(source), kindOf(target)];
  if (operator === undefined) {
    const same = from === to || (from === 'date' && to === 'datetime');
    const asDay = from === 'datetime' && to === 'date';
    if (!same && !asDay && to !== 'text') return refuseAction('cannot-copy', typed, example);
    const place = to === 'text' && from !== 'text' ? textPlace(source, context.locale) : null;
    return { ok: true, params: { from: 'copy', field: source.key, place, asDay } };
  }
  if (isMoment(to)) {
    if (!isMoment(from) || operator === '*' || operator === '×') return refuseAction('cannot-copy', typed, example);
    return moved(source.key, to === 'date' || from === 'date' ? 'day' : 'instant', operator, rest, target, context);
  }
  if (from !== to) return refuseAction('cannot-copy', typed, example);
  const isProduct = operator === '*' || operator === '×';
  if (to === 'duration' && !isProduct) {
    const length = parseLength(rest, context.workDaySeconds ?? WORK_DAY_SECONDS);
    const seconds = length === null ? null : lengthSeconds(length);
    if (seconds === null) return refuseAction('bad-length', rest, example);
    return sum(source.key, 1, operator === '-' ? -seconds : seconds);
  }
  const amount = plainText(rest) === '' ? Number.NaN : Number(plainText(rest));
  if (!Number.isFinite(amount)) return refuseAction('bad-amount', rest, example);
  return isProduct ? sum(source.key, amount, 0) : sum(source.key, 1, operator === '-' ? -amount : amount);
}

function sum(field: string, times: number, plus: number): Read {
  return { ok: true, params: { from: 'sum', field, times, plus } };
}

function moved(
  from: string | null,
  unit: 'day' | 'instant',
  operator: string | undefined,
  rest: string | undefined,
  field: Field,
  context: RuleContext,
): Read {
  const sign = operator === '-' ? -1 : 1;
  const shift = rest === undefined ? NO_SHIFT : parseLength(rest, context.workDaySeconds ?? WORK_DAY_SECONDS);
  if (shift === null || (shift.business && sign === -1)) {
    return refuseAction('bad-length', rest ?? '', valueExample(field, context.locale));
  }
  // A day moved by hours is a moment, where the field can hold one.
  const isExact = shift.span.seconds !== 0 && kindOf(field) === 'datetime';
  return { ok: true, params: { from: 'moment', field: from, unit: isExact ? 'instant' : unit, shift, sign } };
}

export function valueReads(source: ValueSource): readonly string[] {
  switch (source.from) {
    case 'copy':
    case 'sum':
      return [source.field];
    case 'moment':
      return source.field === null ? [] : [source.field];
    case 'text':
      return textReads(source.parts);
    default:
      return [];
  }
}

const DAY_LENGTH = 10;
const DAY_MS = 86_400_000;

/** The value for one record at one moment; null when a field it is made of is empty. */
export function evaluateValue(source: ValueSource, scope: RuleScope): FieldValue {
  const { values, timeZone, now } = scope;
  switch (source.from) {
    case 'constant':
      return source.value;
    case 'me':
      return scope.me;
    case 'text':
      return fillText(source.parts, scope) || null;
    case 'copy': {
      const value = values[source.field] ?? null;
      if (value === null) return null;
      if (source.place !== null) return valueText(value, source.place, timeZone);
      if (!source.asDay || typeof value !== 'string' || value.length === DAY_LENGTH) return value;
      return isoDay(Math.floor(wallOf(Date.parse(value), timeZone) / DAY_MS) * DAY_MS);
    }
    case 'sum': {
      const value = values[source.field] ?? (source.times === 1 ? 0 : null);
      if (typeof value !== 'number') return null;
      // 15 digits are what a double surely holds, so 0.1 + 0.2 is 0.3.
      return Number((value * source.times + source.plus).toPrecision(15));
    }
    case 'moment': {
      const start = source.field === null ? null : (values[source.field] ?? null);
      if (source.field !== null && typeof start !== 'string') return null;
      return momentOf(source, typeof start === 'string' ? start : null, now, scope);
    }
  }
}

function momentOf(
  { unit, shift, sign }: Extract<ValueSource, { from: 'moment' }>,
  start: string | null,
  now: number,
  { timeZone, calendar }: RuleScope,
): FieldValue {
  const isDay = start !== null && start.length === DAY_LENGTH;
  const at = start === null ? now : isDay ? instantOf(Date.parse(start), timeZone) : Date.parse(start);
  if (shift.business) {
    const moved = calendar.add(at, shift.span.seconds);
    if (unit === 'instant') return new Date(moved).toISOString();
    return isoDay(Math.floor(wallOf(moved, timeZone) / DAY_MS) * DAY_MS);
  }
  const wall = moveWall(wallOf(at, timeZone), shift.span, sign);
  if (unit === 'day' || (isDay && shift.span.seconds === 0))
    return isoDay(Math.floor((wall + sign * shift.span.seconds * 1000) / DAY_MS) * DAY_MS);
  return new Date(instantOf(wall, timeZone) + sign * shift.span.seconds * 1000).toISOString();
}

/** The value in plain words. */
export function valueReading(source: ValueSource, field: Field, context: RuleContext): string {
  const { locale } = context;
  switch (source.from) {
    case 'constant': {
      if (source.value === null) return say(locale, 'rule.value.empty');
      const shown = field.type.format(source.value, fieldContext(field, context));
      return typeof shown === 'boolean' || typeof shown === 'object' || shown === ''
        ? valueText(source.value, textPlace(field, locale), context.timeZone)
        : String(shown);
    }
    case 'me':
      return say(locale, 'rule.who.me');
    case 'text':
      return textReading(source.parts, context);
    case 'copy':
      return fieldPlace(source.field, context);
    case 'sum': {
      const times = source.times === 1 ? '' : ` × ${source.times}`;
      const amount = Math.abs(source.plus);
      const shown =
        kindOf(field) === 'duration'
          ? lengthReading({ span: seconds(amount), business: false }, locale)
          : String(amount);
      const plus = source.plus === 0 ? '' : ` ${source.plus < 0 ? '-' : '+'} ${shown}`;
      return `${fieldPlace(source.field, context)}${times}${plus}`;
    }
    case 'moment': {
      const start =
        source.field === null
          ? say(locale, source.unit === 'day' ? 'rule.value.today' : 'rule.value.now')
          : fieldPlace(source.field, context);
      const length = lengthReading(source.shift, locale);
      return length === '' ? start : `${start} ${source.sign === -1 ? '-' : '+'} ${length}`;
    }
  }
}

function seconds(count: number): Length['span'] {
  return { years: 0, months: 0, days: 0, seconds: count };
}
