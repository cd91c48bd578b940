/**
 * A field of a base, as its column is understood: what it is called, what its cells can hold, and whether we may write
 * them. The one rule: a type that is not known here is read as well as can be and never written.
 */
import type { WireField, WireOption } from '../bitable-api.ts';

/** What a cell of the field holds, by the vendor's number of the type ("字段编辑指南"). */
export type FieldKind =
  | 'text'
  | 'number'
  | 'choice'
  | 'choices'
  | 'date'
  | 'checkbox'
  | 'person'
  | 'phone'
  | 'url'
  | 'attachment'
  | 'link'
  | 'formula'
  | 'location'
  | 'group'
  | 'stamp'
  | 'stamper'
  | 'serial'
  | 'other';

const kinds: Readonly<Record<number, FieldKind>> = {
  1: 'text',
  2: 'number',
  3: 'choice',
  4: 'choices',
  5: 'date',
  7: 'checkbox',
  11: 'person',
  13: 'phone',
  15: 'url',
  17: 'attachment',
  18: 'link',
  19: 'formula',
  20: 'formula',
  21: 'link',
  22: 'location',
  23: 'group',
  1001: 'stamp',
  1002: 'stamp',
  1003: 'stamper',
  1004: 'stamper',
  1005: 'serial',
};

/** Computed by the base itself: such a cell is a formula to everybody above, and never written. */
const computed: ReadonlySet<FieldKind> = new Set(['formula', 'stamp', 'stamper', 'serial']);

const writable: ReadonlySet<FieldKind> = new Set([
  'text',
  'number',
  'choice',
  'choices',
  'date',
  'checkbox',
  'person',
  'phone',
  'url',
]);

export interface Field {
  readonly id: string;
  readonly name: string;
  readonly kind: FieldKind;
  readonly isComputed: boolean;
  readonly isWritable: boolean;
  /** Of dates: the field shows a time of day. */
  readonly showsTime: boolean;
  /** Of persons, groups and links: more than one fits. */
  readonly isMultiple: boolean;
  /** Of choices, in order. */
  readonly options: readonly WireOption[];
  /** Of numbers that are a rating or a progress with bounds: what fits. */
  readonly bounds: { readonly min: number; readonly max: number; readonly isWhole: boolean } | null;
  /** Of formulas. */
  readonly expression: string;
  readonly wire: WireField;
}

export function kindOf(type: number): FieldKind {
  return kinds[type] ?? 'other';
}

export function fieldOf(wire: WireField): Field {
  const kind = kindOf(wire.type);
  const property = wire.property ?? {};
  const formatter = property.date_formatter ?? property.type?.ui_property?.date_formatter ?? property.formatter ?? '';
  return {
    id: wire.field_id,
    name: wire.field_name,
    kind,
    isComputed: computed.has(kind),
    isWritable: writable.has(kind),
    showsTime: /[Hh]/.test(formatter),
    isMultiple: property.multiple !== false,
    options: property.options ?? [],
    bounds: boundsOf(wire),
    expression: property.formula_expression ?? '',
    wire,
  };
}

/** In the order people see, the index field first: it cannot be moved, but nothing says that a list begins with it. */
export function inOrder(fields: readonly WireField[]): readonly Field[] {
  const primary = fields.filter(({ is_primary }) => is_primary === true);
  return [...primary, ...fields.filter(({ is_primary }) => is_primary !== true)].map(fieldOf);
}

function boundsOf({ type, ui_type, property }: WireField): Field['bounds'] {
  if (type !== 2 || typeof property?.min !== 'number' || typeof property.max !== 'number') return null;
  const { min, max } = property;
  if (ui_type === 'Rating') return { min, max, isWhole: true };
  return ui_type === 'Progress' && property.range_customize === true ? { min, max, isWhole: false } : null;
}
