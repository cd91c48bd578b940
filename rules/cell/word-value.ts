/** One bare value of a column that holds words: free text, options, people, yes and no. */
import { boolean } from '../../src/model/fields/boolean.ts';
import { optionLabel } from '../../src/model/fields/choice.ts';
import { plainText, wordKey } from '../../src/model/typed.ts';
import type { CellTest } from '../cell-test.ts';
import type { CellColumn, CellLanguageContext } from './column.ts';
import { cut, type Piece } from './piece.ts';
import type { Reader } from './reader.ts';
import { Refusal } from './refusal.ts';
import { nearestWord } from './suggestion.ts';

const ME = /^(?:我|我自己|自己|本人|当前用户|me|myself|current user)$/i;
const GROUP = /^(?:组|小组|班组|团队|部门|group|team)\s*:\s*/i;
const ROLE = /^(?:角色|role)\s*:\s*/i;

/** The label an option's word leads to in the workspace's language; undefined when it is a word of none. */
export function optionLabelOf(
  text: string,
  { options }: CellColumn,
  { locale }: CellLanguageContext,
): string | undefined {
  const key = wordKey(text);
  const shown = options.find((option) => wordKey(optionLabel(option, locale)) === key);
  const named =
    shown ??
    options.find((option) =>
      [option.label, option.en, option.category, ...option.aliases].some(
        (word) => word !== undefined && wordKey(word) === key,
      ),
    );
  return named && optionLabel(named, locale);
}

/** Whether a whole text is one value of the column, whatever operators or separators it may seem to hold. */
export function isOwnWord(text: string, { column, context }: Reader): boolean {
  switch (column.kind) {
    case 'choice':
    case 'choices':
      return optionLabelOf(text, column, context) !== undefined;
    case 'person':
    case 'people':
      return context.directory.find(text) !== undefined;
    case 'boolean':
      return isAnswer(text);
    default:
      return false;
  }
}

function nearestOption(text: string, { options }: CellColumn, context: CellLanguageContext): string | null {
  const words = options.flatMap((option) => [
    optionLabel(option, context.locale),
    option.label,
    option.en ?? option.label,
    ...option.aliases,
  ]);
  const found = nearestWord(text, words);
  if (found !== null) return optionLabelOf(found, { options } as CellColumn, context) ?? found;
  // A piece of a longer label: 关闭 for 已关闭.
  const key = wordKey(text);
  const around = words.filter((word) => key !== '' && (wordKey(word).includes(key) || key.includes(wordKey(word))));
  return around.length === 0 ? null : (optionLabelOf(around[0]!, { options } as CellColumn, context) ?? null);
}

/** Reads one value into a test. `literal`: it stood in quotes, so it is no word of the language. */
export function readWordValue(piece: Piece, reader: Reader, literal = false): CellTest {
  const text = plainText(piece.text);
  switch (reader.column.kind) {
    case 'boolean':
      return readBoolean(piece);
    case 'choice':
      return { op: 'equals', to: { from: 'constant', value: readOption(piece, reader) } };
    case 'choices':
      return { op: 'has', value: readOption(piece, reader) };
    case 'person':
    case 'people':
      return readPerson(piece, reader, literal);
    default:
      return { op: 'equals', to: { from: 'constant', value: text } };
  }
}

const ANY_CONTEXT = { timeZone: 'UTC', locale: 'zh-CN', options: [], now: '' } as const;

function isAnswer(text: string): boolean {
  return boolean.parse(text, ANY_CONTEXT).ok;
}

function readBoolean(piece: Piece): CellTest {
  const parsed = boolean.parse(piece.text, ANY_CONTEXT);
  if (!parsed.ok)
    throw new Refusal('bool', piece, { suggestion: nearestWord(piece.text, ['yes', 'no', 'true', 'false']) });
  return { op: 'equals', to: { from: 'constant', value: parsed.value } };
}

function readOption(piece: Piece, { column, context }: Reader): string {
  if (column.options.length === 0) return plainText(piece.text);
  const label = optionLabelOf(piece.text, column, context);
  if (label !== undefined) return label;
  throw new Refusal('unknown-value', piece, { suggestion: nearestOption(piece.text, column, context) });
}

function readPerson(piece: Piece, { column, context }: Reader, literal: boolean): CellTest {
  const { directory } = context;
  if (!literal) {
    if (ME.test(piece.text)) return { op: 'me' };
    const group = GROUP.exec(piece.text);
    if (group) return { op: 'in-group', group: known(cut(piece, group[0].length), directory.groups, piece) };
    const role = ROLE.exec(piece.text);
    if (role) return { op: 'has-role', role: known(cut(piece, role[0].length), directory.roles, piece) };
  }
  const person = directory.find(piece.text.replace(/^@\s*/, ''));
  // Where nobody is listed yet there is nothing to be checked against.
  if (!person && directory.people.length > 0)
    throw new Refusal('unknown-person', piece, { suggestion: nearestPerson(piece.text, context) });
  const name = person?.name ?? plainText(piece.text);
  return column.kind === 'people'
    ? { op: 'has', value: name }
    : { op: 'equals', to: { from: 'constant', value: name } };
}

/** The group or role as the directory writes it. */
function known(piece: Piece, names: readonly string[], whole: Piece): string {
  if (piece.text === '') throw new Refusal('incomplete', whole);
  const found = names.find((name) => wordKey(name) === wordKey(piece.text));
  if (found !== undefined) return found;
  if (names.length === 0) return plainText(piece.text);
  const prefix = whole.text.slice(0, piece.at - whole.at);
  const near = nearestWord(piece.text, names);
  throw new Refusal('unknown-person', whole, { suggestion: near === null ? null : `${prefix}${near}` });
}

function nearestPerson(text: string, { directory }: CellLanguageContext): string | null {
  const names = new Map(
    directory.people.flatMap(({ name, aliases }) => [name, ...aliases].map((each) => [each, name] as const)),
  );
  const found = nearestWord(text, [...names.keys()]);
  if (found !== null) return names.get(found)!;
  const group = nearestWord(text, directory.groups);
  return group === null ? null : `组:${group}`;
}
