/** What a condition column is, and what its cells may refer to. */
import type { Directory } from '../../src/model/directory.ts';
import type { ChoiceOption, ValueKind } from '../../src/model/field.ts';

/** A field as the cell language sees it. */
export interface CellField {
  readonly key: string;
  /** What people read: the label in the workspace's language. */
  readonly label: string;
  /** Every other text that names it inside `{…}`: labels of other languages, header synonyms. */
  readonly names: readonly string[];
  readonly kind: ValueKind;
  /** Empty for a choice means: any word is a value. */
  readonly options: readonly ChoiceOption[];
}

/** What a `字段:操作` header puts before each of its cells. */
export type HeaderOperator =
  | 'equals'
  | 'not'
  | 'contains'
  | 'contains-all'
  | 'not-contains'
  | 'starts'
  | 'ends'
  | 'matches'
  | 'greater'
  | 'at-least'
  | 'less'
  | 'at-most'
  | 'becomes'
  | 'leaves'
  | 'formula';

/** One condition column of a table. */
export interface CellColumn extends CellField {
  /** From a header such as `描述:包含`; absent: the cell names its own operator. */
  readonly operator?: HeaderOperator;
  /** Least and greatest value the field can hold, where known; used for examples. */
  readonly limits?: { readonly low: number | null; readonly high: number | null };
}

/** What every cell of a table may refer to. Handed in once; nothing here changes while cells are read. */
export interface CellLanguageContext {
  readonly locale: 'zh-CN' | 'en';
  /** IANA zone of the workspace. */
  readonly timeZone: string;
  /** Every field of the table, for `{字段}` and formulas. */
  readonly fields: readonly CellField[];
  readonly directory: Directory;
  /** Working seconds of one 工作日; 8 hours unless said. */
  readonly workDaySeconds?: number;
}
