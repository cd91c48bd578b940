/**
 * A tab of the administration workbook: headers in the words of the code that reads the tab, rows in the language of the
 * workspace, and the columns that the service writes in grey.
 */
import type { ConfigColumn } from '../config/tabs/reading/tab.ts';
import type { Locale } from '../messages/index.ts';
import { columnLetters } from '../model/cell.ts';
import type { ColumnLook, Highlight, ListPlace, PlainTest, TabColumn, TemplateTab } from '../model/template-tab.ts';

/** The content of a cell: the same in every language, or a text for each. */
export type Words = string | number | readonly [zh: string, en: string];

/** A row by column key; a key that is missing is a blank cell. */
export type Row = Readonly<Record<string, Words>>;

/** How a column is shown. `options` in the language of the workspace. */
export interface ColumnPlan {
  readonly key: string;
  readonly width: number;
  readonly look?: ColumnLook;
  readonly options?: readonly string[] | ListPlace;
  readonly isSystem?: boolean;
  readonly kind?: 'condition' | 'action';
}

export interface TabPlan {
  readonly name: string;
  readonly columns: readonly (ColumnPlan & { readonly header: string })[];
  readonly rows: readonly Row[];
  readonly frozenColumns?: number;
  readonly pagesWide?: number;
}

/** What stands in a cell in a language. */
export function wordsIn(words: Words, locale: Locale): string | number {
  return typeof words === 'object' ? words[locale === 'en' ? 1 : 0] : words;
}

/** Plans with the headers a reader shows for their keys. */
export function withHeaders(
  plans: readonly ColumnPlan[],
  columns: readonly ConfigColumn[],
  locale: Locale,
): TabPlan['columns'] {
  return plans.map((plan) => ({ ...plan, header: columns.find(({ key }) => key === plan.key)!.label[locale] }));
}

/** Yes and no as a dropdown offers them. */
export function yesNo(locale: Locale): readonly string[] {
  return locale === 'en' ? ['Yes', 'No'] : ['是', '否'];
}

/** Keys of the columns whose verdicts are coloured, and of those that switch a row off. */
const VERDICTS: ReadonlySet<string> = new Set(['check', 'result']);
const SWITCHES: ReadonlySet<string> = new Set(['enabled', 'mode', 'active']);

export function configTab({ columns, rows, ...plan }: TabPlan, locale: Locale): TemplateTab {
  const highlights = columns.flatMap(({ key }, at): readonly Highlight[] => {
    const cell = `$${columnLetters(at)}2`;
    if (VERDICTS.has(key)) {
      const marked = (test: PlainTest['test'], word: string): PlainTest => ({ column: at, test, words: [word] });
      const begins = (word: string, style: Highlight['style']): Highlight => {
        return { columns: [at], formula: `LEFT(${cell},1)="${word}"`, style, when: marked('begins', word) };
      };
      return [
        { columns: [at], formula: `ISNUMBER(FIND("⚠",${cell}))`, style: 'wrong', when: marked('contains', '⚠') },
        begins('✗', 'wrong'),
        begins('…', 'warning'),
        begins('✓', 'good'),
      ];
    }
    if (!SWITCHES.has(key)) return [];
    const [off, rehearsal] = [yesNo(locale)[1]!, ['演练', 'rehearse']];
    return [
      { formula: `${cell}="${off}"`, style: 'done', when: { column: at, test: 'is', words: [off] } },
      {
        columns: [at],
        formula: `OR(${cell}="演练",${cell}="rehearse")`,
        style: 'warning',
        when: { column: at, test: 'is', words: rehearsal },
      },
    ];
  });
  return {
    ...plan,
    color: 'FF7F7F7F',
    isShort: true,
    highlights,
    columns: columns.map(({ header, width, look = 'wrap', options, isSystem, kind }): TabColumn => {
      return {
        header,
        width,
        look,
        ...(isSystem === undefined ? {} : { isSystem }),
        ...(kind === undefined ? {} : { kind }),
        // A list without entries would be a fault when Excel opens the file.
        ...(options === undefined || (!('tab' in options) && options.length === 0) ? {} : { options }),
      };
    }),
    rows: rows.map((row) =>
      columns.map(({ key }) => {
        const words = row[key];
        return words === undefined ? null : wordsIn(words, locale);
      }),
    ),
  };
}
