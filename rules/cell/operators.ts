/** The words and signs of the cell language, in both languages at once: a team mixes them. */
import { cut, type Piece } from './piece.ts';

/** Longer words stand before the words they begin with. Latin words end at a word's end. */
function alternatives(...lists: readonly string[]): string {
  const words = lists.flatMap((list) => list.split(' | ')).sort((a, b) => b.length - a.length);
  return words
    .map((word) => {
      const escaped = word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll(' ', '\\s+');
      return /[a-z]$/.test(word) ? `${escaped}(?![a-z])` : escaped;
    })
    .join('|');
}

function startsWith(...lists: readonly string[]): RegExp {
  return new RegExp(`^(?:${alternatives(...lists)})`, 'i');
}

function whole(...lists: readonly string[]): RegExp {
  return new RegExp(`^(?:${alternatives(...lists)})$`, 'i');
}

function endsWith(...lists: readonly string[]): RegExp {
  return new RegExp(`(?:${alternatives(...lists)})$`, 'i');
}

function afterSeparator(...lists: readonly string[]): RegExp {
  return new RegExp(`(?<=(?:[,、;\\n]|或者?|(?<![a-z])or)\\s{0,3})(?:${alternatives(...lists)})`, 'gi');
}

export const ANY = whole('- | – | — | − | * | 任意 | 任何 | 不限 | any | anything');
export const EMPTY = whole(
  '为空 | 是空 | 空 | 空白 | 为空白 | 未填 | 未填写 | 没填 | empty | is empty | blank | is blank | null',
);
/** Emptiness that cannot be meant as a word to look for. */
export const SAID_EMPTY = whole('为空 | is empty | is blank');
export const NOT_EMPTY = whole(
  '不为空 | 非空 | 不空 | 不是空 | 不为空白 | 有值 | 已填 | 已填写 | not empty | is not empty | not blank | is not blank | not null | filled',
);

export const FORMULA = /^(?:公式|feel|formula)\s*:\s*/i;

export const CHANGED = whole(
  '已变更 | 已改变 | 已变化 | 有变化 | 有变更 | 发生变化 | 发生变更 | changed | has changed | is changed',
);
const BECOMING = '变为 | 变成 | 改为 | 改成 | 变更为 | becomes | become | became | changed to | changes to | change to';
const LEAVING = '离开 | 不再是 | 不再为 | leaves | leave | left | no longer';
export const BECOMES = startsWith(BECOMING);
export const LEAVES = startsWith(LEAVING);
/** `变为 A 或 变为 B`: the word again before a later value. */
export const BECOMES_AGAIN = afterSeparator(BECOMING);
export const LEAVES_AGAIN = afterSeparator(LEAVING);
/** `从 A 变为 B`, `from A to B`. */
export const FROM_TO = new RegExp(
  `^(?:(?:从|由)\\s*(?<from>.+?)\\s*(?:${alternatives('变为 | 变成 | 改为 | 改成 | 变更为')})(?<to>.*)|(?:changed\\s+|changes\\s+)?from\\s+(?<enFrom>.+?)\\s+to(?![a-z])(?<enTo>.*))$`,
  'is',
);

/** `非常` and its kind begin words of their own. */
export const NOT = new RegExp(
  `^(?:非(?![常法标])|不(?=匹配|开头|结尾|以.+(?:开头|结尾)$)|${alternatives("不是 | 不为 | 不等于 | 不在 | ≠ | != | <> | not | is not | except | except for | other than | none of | not in | does not | doesn't | do not")})`,
  'i',
);
/** `除 X 外`. */
export const EXCEPT = /^除了?(?<rest>.*?)(?:(?:以|之)?外)?$/s;
/** The same in free text, where 除湿机 is a word: with 了, a blank or 外. */
export const EXCEPT_IN_TEXT = /^除(?:(?:了|\s)(?<rest>.*?)(?:(?:以|之)?外)?|(?<plain>.+?)(?:以|之)?外)$/s;

export const NOT_CONTAINS = startsWith(
  "不包含 | 不含 | 不包括 | 不含有 | does not contain | doesn't contain | not contain | not contains | not containing | excludes",
);
export const CONTAINS_ALL = startsWith(
  '包含全部 | 包含所有 | 全部包含 | 同时包含 | 都包含 | contains all | contains all of | contain all | includes all | include all | has all | has all of',
);
/** Only where a field holds several values. */
export const ALL_OF = startsWith('全部 | 所有 | 都有 | all | all of');
export const CONTAINS = startsWith(
  '包含任一 | 包含任意 | 包含 | 含有 | 包括 | contains any | contains any of | contains | contain | containing | includes | include | includes any | has any of | any of',
);
export const STARTS = startsWith(
  '开头为 | 开头是 | 开头 | starts with | start with | starting with | begins with | begin with',
);
export const ENDS = startsWith('结尾为 | 结尾是 | 结尾 | ends with | end with | ending with');
/** `以 X 开头`, `以 X 结尾`. */
export const AROUND = /^以(?<text>.+?)(?:为|作)?(?<end>开头|结尾)$/s;
export const MATCHES = startsWith('匹配 | 正则 | matches | match | matching | regex');

/** `等于 X`; 为 and 是 only before a blank, because words begin with them. */
export const EQUALS = /^(?:==?|等于|正好|equals?(?:\s+to)?(?![a-z])|is(?:\s+equal\s+to)?\s|[为是]\s)/i;

/** Whether a text begins with a word that says how it is to be compared, so that it is a condition of its own. */
export function beginsWithOperator(text: string): boolean {
  return [
    NOT_CONTAINS,
    NOT,
    EXCEPT_IN_TEXT,
    CONTAINS_ALL,
    CONTAINS,
    STARTS,
    ENDS,
    AROUND,
    MATCHES,
    EQUALS,
    EMPTY,
    NOT_EMPTY,
  ].some((operator) => operator.test(text));
}

export type Comparison = '>' | '>=' | '<' | '<=';

const comparisonWords: readonly (readonly [Comparison, string])[] = [
  [
    '>=',
    '>= | => | ≥ | ≧ | ⩾ | 大于等于 | 大于或等于 | 不小于 | 不少于 | 不低于 | 不早于 | 不短于 | 至少 | 最少 | greater than or equal | greater than or equal to | at least | no less than | not less than | no fewer than | not fewer than | not below | not before | on or after | since',
  ],
  [
    '<=',
    '<= | =< | ≤ | ≦ | ⩽ | 小于等于 | 小于或等于 | 不大于 | 不超过 | 不多于 | 不高于 | 不晚于 | 不长于 | 至多 | 最多 | less than or equal | less than or equal to | at most | no more than | not more than | not over | not above | not after | no later than | on or before | up to | until | within',
  ],
  [
    '>',
    '> | 大于 | 超过 | 超出 | 高于 | 多于 | 晚于 | 长于 | more than | greater than | larger than | higher than | older than | later than | longer than | over | above | after',
  ],
  [
    '<',
    '< | 小于 | 少于 | 低于 | 不足 | 不到 | 不满 | 早于 | 短于 | less than | fewer than | smaller than | lower than | younger than | newer than | earlier than | shorter than | under | below | before',
  ],
];

const comparisonAlternatives = comparisonWords.map(([, words]) => words).join(' | ');
const COMPARISON = startsWith(comparisonAlternatives);
const COMPARISON_ANYWHERE = new RegExp(`(?<![a-z])(?:${alternatives(comparisonAlternatives)})`, 'i');
const comparisonOf = new Map(
  comparisonWords.flatMap(([comparison, words]) => words.split(' | ').map((word) => [word, comparison] as const)),
);

/** A comparison at the beginning, and what follows it. */
export function leadingComparison(piece: Piece): { readonly comparison: Comparison; readonly rest: Piece } | null {
  const found = COMPARISON.exec(piece.text)?.[0];
  if (found === undefined) return null;
  const comparison = comparisonOf.get(found.toLowerCase().replace(/\s+/g, ' '))!;
  return { comparison, rest: cut(piece, found.length) };
}

const LENGTHS = alternatives(
  '超过 | 超出 | 多于 | 至少 | 最少 | 不少于 | 不足 | 不到 | 不满 | 少于 | 至多 | 最多 | 不超过 | 不多于 | more than | at least | less than | at most | no more than | not more than | no less than | not less than | fewer than | over | under | older than | younger than | within | up to',
);
/** A comparison that asks for a length of time rather than a day. */
export const COMPARES_LENGTH = new RegExp(`^(?:${LENGTHS})`, 'i');
/** How long ago, whether 前 is written or not. */
const HOW_LONG_AGO = new RegExp(`^(?:${LENGTHS})\\s*(?<span>.+?)\\s*(?:以前|之前|前|ago)$`, 'is');

/** `more than 2h ago` without its `ago`; any other piece as it is. */
export function withoutAgo(piece: Piece): Piece {
  const span = HOW_LONG_AGO.exec(piece.text)?.groups?.span;
  if (span === undefined) return piece;
  return cut(piece, 0, piece.text.lastIndexOf(span) + span.length);
}

/** Where the first comparison begins after the first character; -1 when there is none. */
export function nextComparison(text: string): number {
  const found = text.slice(1).search(COMPARISON_ANYWHERE);
  return found === -1 ? -1 : found + 1;
}

const suffixWords: readonly (readonly [Comparison, string])[] = [
  [
    '>=',
    '以上 | 及以上 | 或以上 | 起 | or more | or above | or over | or higher | or later | or longer | and above | and over | and up | +',
  ],
  [
    '<=',
    '以下 | 及以下 | 或以下 | 以内 | 之内 | 内 | or less | or fewer | or below | or under | or lower | or earlier | and below',
  ],
];
const SUFFIX = endsWith(suffixWords.map(([, words]) => words).join(' | '));
const SUFFIX_INSIDE = /^(?<first>.+?(?:以上|以下|以内|之内))\s*,?\s*(?<second>\S.*)$/s;
const suffixOf = new Map(
  suffixWords.flatMap(([comparison, words]) => words.split(' | ').map((word) => [word, comparison] as const)),
);

/** A comparison at the end: `10万以上`, `3天内`. */
export function trailingComparison(piece: Piece): { readonly comparison: Comparison; readonly rest: Piece } | null {
  const found = SUFFIX.exec(piece.text)?.[0];
  if (found === undefined || found.length === piece.text.length) return null;
  const comparison = suffixOf.get(found.toLowerCase().replace(/\s+/g, ' '))!;
  return { comparison, rest: cut(piece, 0, piece.text.length - found.length) };
}

/** `10以上 20以下` in its two parts. */
export function splitAfterSuffix(piece: Piece): readonly [Piece, Piece] | null {
  const found = SUFFIX_INSIDE.exec(piece.text)?.groups;
  if (!found) return null;
  return [cut(piece, 0, found.first!.length), cut(piece, piece.text.length - found.second!.length)];
}

/** What follows an operator at the beginning of a piece; null when it does not stand there. */
export function after(piece: Piece, operator: RegExp): Piece | null {
  const found = operator.exec(piece.text);
  if (!found) return null;
  const rest = cut(piece, found[0].length);
  return rest.text.startsWith(':') ? cut(rest, 1) : rest;
}
