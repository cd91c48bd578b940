/**
 * The 选项 cell: options parted by 、 ; or line breaks, each `标签`, `标签(别名1/别名2)` or `标签(别名)=类别`. The category of a
 * status or a priority may be left out where the label or an alias already tells it.
 */
import { contactOptions } from '../../../model/contact.ts';
import type { ChoiceOption } from '../../../model/field.ts';
import { priorityOptions, statusOptions } from '../../../model/status.ts';
import { plainText, wordKey } from '../../../model/typed.ts';
import type { TabRow } from './row.ts';
import { shortened } from './row.ts';

/** Options whose categories a field of the service relies on, and those it cannot do without. */
const FIXED: Readonly<
  Record<string, { readonly options: readonly ChoiceOption[]; readonly needed: readonly string[] }>
> = {
  status: { options: statusOptions, needed: ['new', 'open', 'closed'] },
  priority: { options: priorityOptions, needed: [] },
  kind: { options: contactOptions, needed: [] },
};

const OPTION = /^(?<label>[^()=]+?) ?(?:\((?<aliases>[^()]*)\))? ?(?:=\s*(?<category>.+))?$/;

/** A label with its aliases; a bracket that is never closed must not swallow the rest. */
const LONGEST_OPTION = 300;

/** Parts a text at separators outside brackets. */
function parts(text: string): readonly string[] {
  return plainText(text.replaceAll('\n', '、'))
    .split(/[、;|,]/)
    .reduce<string[]>((found, piece) => {
      const last = found.at(-1);
      const isOpen = last !== undefined && last.lastIndexOf('(') > last.lastIndexOf(')');
      if (isOpen && last.length < LONGEST_OPTION) found[found.length - 1] = `${last}/${piece}`;
      else found.push(piece);
      return found;
    }, [])
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function categoryOf(word: string, known: readonly ChoiceOption[]): string | undefined {
  const key = wordKey(word);
  return known.find((option) =>
    [option.category, option.label, option.en, ...option.aliases].some(
      (each) => each !== undefined && wordKey(each) === key,
    ),
  )?.category;
}

/**
 * Reads the options of a row and notes what is wrong with them. `known` are the field's options so far; `fixed` is the
 * key of a standard field whose categories mean something to the service, else null. `known` when the cell is blank.
 */
export function readOptions(
  row: TabRow,
  known: readonly ChoiceOption[],
  fixed: string | null,
): readonly ChoiceOption[] {
  const cell = row.cell('options');
  if (cell === null) return known;
  const { options: standard = [], needed = [] } = (fixed === null ? undefined : FIXED[fixed]) ?? {};
  const options: ChoiceOption[] = [];
  const taken = new Map<string, string>();
  for (const part of parts(typeof cell === 'string' ? cell : row.text('options'))) {
    const read = OPTION.exec(part)?.groups;
    if (read === undefined) {
      row.note('error', 'options', 'tab-option-unreadable', { typed: shortened(part) });
      continue;
    }
    const label = read.label!.trim();
    const aliases = (read.aliases ?? '')
      .split('/')
      .map((alias) => alias.trim())
      .filter((alias) => alias !== '');
    const category =
      read.category === undefined
        ? [label, ...aliases].map((word) => categoryOf(word, standard)).find((found) => found !== undefined)
        : standard.length > 0
          ? categoryOf(read.category, standard)
          : read.category.trim();
    if (standard.length > 0 && category === undefined) {
      const categories = standard.map((option) => option.category).join(' / ');
      row.note('error', 'options', 'tab-option-category', { label, categories, example: standard[0]?.category ?? '' });
      continue;
    }
    if (taken.get(wordKey(label)) === label) {
      row.note('error', 'options', 'tab-option-twice', { label });
      continue;
    }
    for (const word of [label, ...aliases]) {
      const other = taken.get(wordKey(word));
      if (other !== undefined && other !== label)
        row.note('warning', 'options', 'tab-option-word', { word, label, other });
      else taken.set(wordKey(word), label);
    }
    // A known option keeps its other language while its label stands.
    const before = known.find((option) => option.label === label || option.en === label);
    const kept =
      before === undefined
        ? []
        : ([before.label, before.en, ...before.aliases].filter(
            (word) => word !== undefined && word !== label,
          ) as string[]);
    options.push({
      label,
      aliases: [...new Set([...aliases, ...kept])],
      ...(category === undefined ? {} : { category }),
    });
  }
  const lacking = needed.filter((category) => !options.some((option) => option.category === category));
  if (lacking.length > 0) row.note('error', 'options', 'tab-option-lacking', { categories: lacking.join(' / ') });
  if (options.length === 0 && row.isSound)
    row.note('error', 'options', 'tab-option-unreadable', { typed: row.text('options') });
  return options;
}
