/** Formula cells at evaluation: the record's values as FEEL sees them. */
import { type FeelScope, feelNow, fromFieldValue } from '../feel/index.ts';
import type { CellColumn, CellLanguageContext } from './column.ts';
import type { CompiledCell } from './compile.ts';
import { fieldNamed } from './field-reference.ts';
import { compileFormula } from './formula.ts';

/** A source that does not compile (it was refused when the cell was read) is never true. */
export function compileFormulaTest(source: string, column: CellColumn, context: CellLanguageContext): CompiledCell {
  const compiled = compileFormula(source, context);
  if (!compiled.ok) return () => false;
  const fields = new Map(compiled.reads.map((name) => [name, fieldNamed(name, context)]));
  return (value, scope) => {
    const feelScope: FeelScope = {
      get(name) {
        const field = fields.get(name);
        return field ? fromFieldValue(scope.values[field.key] ?? null, field.kind, scope.timeZone) : null;
      },
      now: feelNow(scope.now, scope.timeZone),
    };
    return compiled.test(fromFieldValue(value, column.kind, scope.timeZone), feelScope);
  };
}
