/** Which field a header text names. Pure; what is unclear is reported, never picked. */
import type { Field } from './field.ts';
import { plainText } from './typed.ts';

/** Brackets that tell something about a column, not which one it is: 必填, units, ways of filling it in. */
const NOTE =
  /[([{【〔《〈<「]\s*(?:必填项?|必选|选填|可选|单选|多选|可多选|自动|自动生成|系统|系统填写|只读|required|optional|元|万元|人民币|¥|￥|\$|rmb|cny|usd|小时|分钟|分|秒|天|日|个|次|件|台|%|h|hrs?|hours?|m|mins?|minutes?|s|d|days?)\s*[)\]}】〕》〉>」]/gi;
const DROPPED = /[\s*:]/g;

const keys = new Map<string, string>();
const KEPT_KEYS = 10_000;

/**
 * The key two spellings of one header share (H2, field reference §2): NFKC, lower case, without blanks, line breaks, `*`,
 * `:` and brackets that only hold 必填 or a unit. Empty for a header without a word.
 */
export function normaliseHeader(text: string): string {
  const known = keys.get(text);
  if (known !== undefined) return known;
  const key = plainText(text).replace(NOTE, '').replace(DROPPED, '').toLowerCase();
  if (keys.size >= KEPT_KEYS) keys.clear();
  keys.set(text, key);
  return key;
}

/** How surely a header names a field, the surest first; a surer column takes the field from a less sure one. */
export type HeaderCertainty = 'label' | 'synonym' | 'part' | 'weak';

export interface HeaderMatches {
  /** Fields by column, each field at most once. */
  readonly matched: ReadonlyMap<number, { readonly field: Field; readonly by: HeaderCertainty }>;
  /** Columns whose header can mean several fields, or that share one field with another column equally well: ask. */
  readonly unclear: readonly { readonly column: number; readonly fields: readonly Field[] }[];
  /** Columns with a header that names no field, or a field that a surer column has. */
  readonly unknown: readonly number[];
}

/** Words that say little by themselves: they name their field only where no other field could be meant. */
const BARE = new Set(['时间', '日期', '备注', '类型', '编号', '名称'].map(normaliseHeader));

/** Latin words shorter than this stand inside too many others (`id` in `paid`, `tel` in `hotel`). */
const SHORTEST_LATIN_PART = 4;
const SHORTEST_PART = 2;

interface Names {
  readonly field: Field;
  readonly labels: ReadonlySet<string>;
  /** Labels and synonyms. */
  readonly all: ReadonlySet<string>;
  readonly weak: ReadonlySet<string>;
}

function namesOf(field: Field): Names {
  const labels = new Set(Object.values(field.label).map(normaliseHeader));
  const all = new Set([...labels, ...field.headers.map(normaliseHeader)]);
  return { field, labels, all, weak: new Set((field.weakHeaders ?? []).map(normaliseHeader)) };
}

/** For a bare word: every field not yet found that has the word in a name. */
function bareCandidates(key: string, names: readonly Names[], taken: ReadonlySet<Field>): readonly Field[] {
  return names
    .filter(({ field, all }) => !taken.has(field) && [...all].some((name) => name.includes(key)))
    .map(({ field }) => field);
}

/** Fields whose names stand in the header, a name inside a longer one aside; else fields in whose names it stands. */
function partCandidates(key: string, names: readonly Names[]): readonly Field[] {
  const places: { field: Field; from: number; to: number }[] = [];
  for (const { field, all } of names) {
    for (const name of all) {
      if (!isPart(name)) continue;
      for (let from = key.indexOf(name); from !== -1; from = key.indexOf(name, from + 1)) {
        places.push({ field, from, to: from + name.length });
      }
    }
  }
  if (places.length === 0) {
    const inside = isPart(key) ? names.filter(({ all }) => [...all].some((name) => name.includes(key))) : [];
    return inside.map(({ field }) => field);
  }
  const outer = places.filter(
    (place) => !places.some((o) => o.from <= place.from && place.to <= o.to && o.to - o.from > place.to - place.from),
  );
  const found = [...new Set(outer.map(({ field }) => field))];
  if (found.length > 1) return found;
  // The last word says what a column is: 客户邮箱 is no customer, however much 客户 stands in it.
  const end = key.replace(/[([{【][^()[\]{}【】]*[)\]}】]$/, '').length;
  return outer.some(({ to }) => to === end) ? found : [];
}

function isPart(name: string): boolean {
  return name.length >= (/^[\x20-\x7e]*$/.test(name) ? SHORTEST_LATIN_PART : SHORTEST_PART);
}

interface Claim {
  readonly column: number;
  readonly field: Field;
  readonly by: HeaderCertainty;
}

/**
 * Finds the field of every header. An exact label goes before an exact synonym, and that before a header that merely ends
 * in a field's name and contains no other field's, or is a piece of one field's names only; a weak synonym comes last.
 * `id` is one candidate more: its weak synonyms (序号) count only where `isDistinct` says that the column's cells are
 * filled and all different.
 */
export function matchHeaders(
  headers: readonly string[],
  fields: readonly Field[],
  id?: { readonly field: Field; isDistinct?(column: number): boolean },
): HeaderMatches {
  const names = [...new Set(id ? [id.field, ...fields] : fields)].map(namesOf);
  const matched = new Map<number, { field: Field; by: HeaderCertainty }>();
  const unclear: { column: number; fields: readonly Field[] }[] = [];
  const unknown: number[] = [];
  const taken = new Set<Field>();
  let waiting = headers
    .map((header, column) => ({ column, key: normaliseHeader(header) }))
    .filter(({ key }) => key !== '');

  const settle = (by: HeaderCertainty, candidates: (key: string, column: number) => readonly Field[]) => {
    const claims: Claim[] = [];
    const next: typeof waiting = [];
    for (const each of waiting) {
      const found = candidates(each.key, each.column);
      if (found.length > 1) unclear.push({ column: each.column, fields: found });
      else if (found.length === 0) next.push(each);
      else if (taken.has(found[0]!)) unknown.push(each.column);
      else claims.push({ column: each.column, field: found[0]!, by });
    }
    for (const claim of claims) {
      if (claims.some((other) => other !== claim && other.field === claim.field)) {
        unclear.push({ column: claim.column, fields: [claim.field] });
      } else matched.set(claim.column, { field: claim.field, by });
    }
    for (const claim of claims) taken.add(claim.field);
    waiting = next;
  };

  const naming = (test: (each: Names) => boolean) => names.filter(test).map((each) => each.field);
  settle('label', (key) => naming((each) => each.labels.has(key)));
  settle('synonym', (key) => (BARE.has(key) ? [] : naming((each) => each.all.has(key))));
  settle('part', (key) => (BARE.has(key) ? bareCandidates(key, names, taken) : partCandidates(key, names)));
  settle('weak', (key, column) =>
    naming(
      (each) =>
        each.weak.has(key) && !taken.has(each.field) && (each.field !== id?.field || id.isDistinct?.(column) === true),
    ),
  );
  unknown.push(...waiting.map(({ column }) => column));
  return {
    matched: new Map([...matched].sort(([a], [b]) => a - b)),
    unclear: unclear.sort((a, b) => a.column - b.column),
    unknown: unknown.sort((a, b) => a - b),
  };
}
