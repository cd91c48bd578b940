/** Functions of contexts (DMN 1.5, table 74), the logical ones, and `range` (table 65). */
import { identical, negated } from '../comparison.ts';
import { parseDuration } from '../duration-text.ts';
import { parseDate, parseDateTime, parseTime } from '../moment-text.ts';
import type { Run } from '../run.ts';
import { type FeelContext, FeelRange, type FeelValue, isContext, isList, numberFrom } from '../value.ts';
import { asBoolean, asList, asText, type Functions, form, single } from './function.ts';

function asContext(value: FeelValue): FeelContext | null {
  const one = single(value);
  return isContext(one) ? one : null;
}

function valueAt(context: FeelContext, path: FeelValue): FeelValue {
  if (!isList(path)) return typeof path === 'string' ? (context.get(path) ?? null) : null;
  let value: FeelValue = context;
  for (const key of path) {
    if (!isContext(value) || typeof key !== 'string') return null;
    value = value.get(key) ?? null;
  }
  return path.length === 0 ? null : value;
}

function put(run: Run, context: FeelContext, path: readonly FeelValue[], value: FeelValue): FeelContext | null {
  const [key, ...deeper] = path;
  if (typeof key !== 'string') return null;
  run.spend(context.size / 20);
  if (deeper.length === 0) return new Map(context).set(key, value);
  const inner = context.get(key) ?? null;
  const changed = isContext(inner) ? put(run, inner, deeper, value) : null;
  return changed === null ? null : new Map(context).set(key, changed);
}

function fromEntries(run: Run, entries: FeelValue): FeelValue {
  const context = new Map<string, FeelValue>();
  for (const entry of asList(entries) ?? [null]) {
    run.spend(0.1);
    const key = isContext(entry) ? (entry.get('key') ?? null) : null;
    if (!isContext(entry) || !entry.has('value') || typeof key !== 'string' || context.has(key)) return null;
    context.set(key, entry.get('value') ?? null);
  }
  return context;
}

function merge(run: Run, contexts: FeelValue): FeelValue {
  const merged = new Map<string, FeelValue>();
  for (const context of asList(contexts) ?? [null]) {
    if (!isContext(context)) return null;
    run.spend(context.size / 10);
    for (const [key, value] of context) merged.set(key, value);
  }
  return merged;
}

const RANGE = /^([[(\]])(.*)\.\.(.*)([\])[])$/s;

/** A range from its text, with literals for ends: `[1..5)`, `["a".."f"]`, `[@"2026-01-01"..@"2026-02-01")`, `(..5]`. */
function rangeFrom(text: string): FeelRange | null {
  const [, open, first, last, close] = RANGE.exec(text.trim()) ?? [];
  if (open === undefined) return null;
  const [low, high] = [first, last].map((end) => (end!.trim() === '' ? null : (literal(end!.trim()) ?? undefined)));
  const bothOpen = low === null && high === null;
  if (low === undefined || high === undefined || bothOpen) return null;
  if ((low === null && open === '[') || (high === null && close === ']')) return null;
  return new FeelRange(low, open === '[', high, close === ']');
}

function literal(text: string): FeelValue {
  const quoted = /^(@|date|time|date and time|duration)?\s*\(?\s*"([^"\\]*)"\s*\)?$/.exec(text);
  if (quoted === null) return numberFrom(text);
  const [, by, inner] = quoted;
  if (by === undefined) return text.startsWith('(') ? null : inner!;
  if (by === 'date') return parseDate(inner!);
  if (by === 'time') return parseTime(inner!);
  if (by === 'date and time') return parseDateTime(inner!);
  return by === 'duration' ? parseDuration(inner!) : atLiteral(inner!);
}

/** What `@"..."` means; null when it is neither a moment nor a duration. */
export function atLiteral(text: string): FeelValue {
  return parseDate(text) ?? (text.includes('T') ? parseDateTime(text) : null) ?? parseTime(text) ?? parseDuration(text);
}

export const contextFunctions: Functions = {
  'get value': [
    form('m, key', (_run, m, key) => {
      const context = asContext(m);
      return context === null ? null : valueAt(context, key);
    }),
  ],
  'get entries': [
    form('m', (run, m) => {
      const context = asContext(m);
      run.spend((context?.size ?? 0) / 5);
      return context === null
        ? null
        : [...context].map(
            ([key, value]) =>
              new Map<string, FeelValue>([
                ['key', key],
                ['value', value],
              ]),
          );
    }),
  ],
  context: [form('entries', fromEntries)],
  'context put': [
    form('context, key, value', (run, context, key, value) => {
      const from = asContext(context);
      return from === null ? null : put(run, from, isList(key) ? key : [key], value);
    }),
    form('context, keys, value', (run, context, keys, value) => {
      const from = asContext(context);
      return from === null ? null : put(run, from, asList(keys) ?? [], value);
    }),
  ],
  'context merge': [form('contexts', merge)],
  not: [form('negand', (_run, negand) => negated(asBoolean(negand)))],
  is: [form('value1, value2', (run, value1, value2) => identical(run, value1, value2))],
  range: [
    form('from', (_run, from) => {
      const text = asText(from);
      return text === null ? null : rangeFrom(text);
    }),
  ],
};
