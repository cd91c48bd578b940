/** 附加条件: one free FEEL expression over the fields of the record, for what no cell can say. */

import { fieldNamed, kindOf, type RuleContext } from './context.ts';
import { compileExpression, type FeelFault, feelNow, fromFieldValue } from './feel/index.ts';
import type { RuleScope } from './scope.ts';

export interface Extra {
  readonly ok: true;
  /** Keys of the fields it looks at. */
  readonly reads: readonly string[];
  /** True only where the expression is true; null counts as false. */
  test(scope: RuleScope): boolean;
}

/** Compiles an expression; names are labels, keys and other header texts of fields. */
export function compileExtra(source: string, context: RuleContext): Extra | FeelFault {
  const names = new Set(
    context.fields.flatMap(({ label, key, headers }) => [label['zh-CN'], label.en, key, ...headers]),
  );
  const compiled = compileExpression(source, names);
  if (!compiled.ok) return compiled;
  const fields = new Map(compiled.reads.map((name) => [name, fieldNamed(name, context.fields)]));
  const keys = [...fields.values()].flatMap((field) => (field === undefined ? [] : [field.key]));
  return {
    ok: true,
    reads: [...new Set(keys)],
    test(scope) {
      const value = compiled.evaluate({
        now: feelNow(scope.now, scope.timeZone),
        get(name) {
          const field = fields.get(name);
          if (field === undefined) return null;
          return fromFieldValue(scope.values[field.key] ?? null, kindOf(field), scope.timeZone);
        },
      });
      return value === true;
    },
  };
}
