/** FEEL inside cells: `公式: ? > 预算 * 1.1`. Names are labels, keys and synonyms of the table's fields. */
import type { CellTest } from '../cell-test.ts';
import { compileUnary, type FeelFault, type FeelUnary } from '../feel/index.ts';
import type { CellLanguageContext } from './column.ts';
import { fieldNamed, nearestField } from './field-reference.ts';
import type { Piece } from './piece.ts';
import type { Reader } from './reader.ts';
import { Refusal } from './refusal.ts';

/** Every name a formula may use. */
function formulaNames({ fields }: CellLanguageContext): readonly string[] {
  return [...new Set(fields.flatMap((field) => [field.label, field.key, ...field.names]))];
}

export function compileFormula(source: string, context: CellLanguageContext): FeelUnary | FeelFault {
  return compileUnary(source, formulaNames(context));
}

export function readFormula(piece: Piece, reader: Reader): CellTest {
  const source = piece.text;
  if (source === '') throw new Refusal('incomplete', piece);
  const compiled = compileFormula(source, reader.context);
  if (!compiled.ok) {
    const near = compiled.code === 'unknown-field' ? nearestField(compiled.params.name ?? '', reader.context) : null;
    throw new Refusal(
      compiled.code,
      { text: source.slice(compiled.at) || source, at: piece.at + compiled.at },
      {
        suggestion: near,
        params: compiled.params,
      },
    );
  }
  for (const name of compiled.reads) {
    const field = fieldNamed(name, reader.context);
    if (field) reader.reads.add(field.key);
  }
  return { op: 'formula', source };
}
