/** The wording of what values are compared with: constants, other fields, the clock and its periods. */
import { type Params, say } from '../../src/messages/index.ts';
import { wallText } from '../../src/model/cell.ts';
import { duration } from '../../src/model/fields/duration.ts';
import { wallOf } from '../../src/model/wall-clock.ts';
import type { Operand, Span } from '../cell-test.ts';
import type { CellColumn, CellLanguageContext } from './column.ts';

/** What a reading may name beside the column: labels of other fields, and the zone of moments. */
export interface ReadingContext {
  readonly fields: CellLanguageContext['fields'];
  readonly timeZone: string;
}

/** Words of the language inside a value stand in quotes, so that nobody takes them for the reading's own. */
const SPEAKING = /[,，、;；\n]|或|且|(?<![a-z])(?:and|or)(?![a-z])/i;

export function literal(text: string): string {
  return SPEAKING.test(text) ? `“${text}”` : text;
}

export class OperandReading {
  private readonly column: CellColumn;
  private readonly locale: CellLanguageContext['locale'];
  private readonly context: ReadingContext;

  constructor(column: CellColumn, locale: CellLanguageContext['locale'], context: ReadingContext) {
    this.column = column;
    this.locale = locale;
    this.context = context;
  }

  of(operand: Operand): string {
    switch (operand.from) {
      case 'constant':
        return this.constant(operand.value);
      case 'field':
        return this.field(operand);
      case 'clock': {
        const zero = !Object.values(operand.shift).some((part) => part !== 0);
        const base = this.say(operand.unit === 'day' ? 'today' : 'now');
        return zero ? base : this.moved(base, operand.shift);
      }
      case 'period':
        return this.say(`${operand.edge}-day`, { period: this.period(operand) });
    }
  }

  private constant(value: string | number | boolean): string {
    if (typeof value === 'boolean') return this.say(value ? 'yes' : 'no');
    if (typeof value === 'number') return this.column.kind === 'duration' ? this.seconds(value) : String(value);
    if (this.column.kind === 'date') return value;
    if (this.column.kind !== 'datetime') return literal(value);
    if (value.length <= 10) return value;
    const atMs = Date.parse(value);
    if (Number.isNaN(atMs)) return value;
    const wallMs = wallOf(atMs, this.context.timeZone);
    return wallText({ kind: 'date', wallMs, hasTime: true });
  }

  private field({ key, times, plus }: Extract<Operand, { from: 'field' }>): string {
    const label = this.context.fields.find((field) => field.key === key)?.label ?? key;
    const scaled = times === 1 ? `{${label}}` : `{${label}} × ${times}`;
    if (plus === 0) return scaled;
    const amount = this.column.kind === 'number' ? String(Math.abs(plus)) : this.seconds(Math.abs(plus));
    return `${scaled} ${plus < 0 ? '-' : '+'} ${amount}`;
  }

  /** Calendar parts and seconds may point different ways, so each has its own sign. */
  private moved(base: string, span: Span): string {
    const parts = [
      [span.years, 'years'],
      [span.months, 'months'],
      [span.days, 'days'],
      [span.seconds, 'seconds'],
    ] as const;
    return parts
      .filter(([count]) => count !== 0)
      .reduce((text, [count, unit]) => {
        const amount = unit === 'seconds' ? this.seconds(Math.abs(count)) : this.counted(Math.abs(count), unit);
        return `${text}${count < 0 ? '-' : '+'}${amount}`;
      }, base);
  }

  private counted(count: number, unit: 'years' | 'months' | 'days'): string {
    return this.say(count === 1 ? unit.slice(0, -1) : unit, { count });
  }

  /** `3天` for whole days, else `2小时30分`. */
  seconds(total: number): string {
    if (total !== 0 && total % 86_400 === 0) return this.counted(total / 86_400, 'days');
    return String(duration.format(total, { timeZone: 'UTC', locale: this.locale, options: [], now: '' }));
  }

  period({ period, shift }: Extract<Operand, { from: 'period' }>): string {
    const near = { '-1': 'last', '0': 'this', '1': 'next' }[String(shift)];
    if (near !== undefined) return this.say(`${near}-${period}`);
    const count = Math.abs(shift);
    return this.say(`${shift < 0 ? 'earlier' : 'later'}-${period}`, { count });
  }

  private say(key: string, params: Params = {}): string {
    return say(this.locale, `cell.${key}`, params);
  }
}
