/**
 * One character of a pattern: a letter, a class such as `[a-z-[aeiou]]` or an escape such as `\p{Lu}` (XML Schema 1.1
 * part 2, appendix G). A set is asked of the JavaScript engine one character at a time, which cannot run long.
 */

/** Tells whether a code point belongs to the set. */
export type CharacterSet = (code: number) => boolean;

const ASCII = 128;

/** The source of a single character inside a class. */
export function charSource(char: string): string {
  return `\\u{${char.codePointAt(0)!.toString(16)}}`;
}

/** What the escapes of XML Schema mean, as contents of a class; capitals are the complement. */
const escapes: Readonly<Record<string, string>> = {
  d: '\\p{Nd}',
  s: ' \\t\\n\\r',
  w: '[^\\p{P}\\p{Z}\\p{C}]',
  i: '\\p{L}\\p{Nl}_\\u{3a}',
  c: '\\p{L}\\p{Nl}\\p{Nd}\\p{M}_\\u{3a}\\u{2d}\\u{2e}\\u{b7}',
};

const controls: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

/** What stands after a backslash: a character of its own, a set (source of a class), or null when there is no such escape. */
export function readEscape(
  source: string,
  at: number,
): { readonly char: string | null; readonly set: string; readonly next: number } | null {
  const name = String.fromCodePoint(source.codePointAt(at) ?? 0);
  const next = at + name.length;
  if (at >= source.length) return null;
  const control = controls[name];
  if (control !== undefined) return { char: control, set: charSource(control), next };
  if (/[pP]/.test(name)) {
    const property = /^\{[A-Za-z]{1,2}\}/.exec(source.slice(next))?.[0];
    if (property === undefined || !isSet(`[\\${name}${property}]`)) return null;
    return { char: null, set: `\\${name}${property}`, next: next + property.length };
  }
  const set = escapes[name.toLowerCase()];
  if (set !== undefined) return { char: null, set: name < 'a' ? `[^${set}]` : `[${set}]`, next };
  return /[\p{L}\p{N}]/u.test(name) ? null : { char: name, set: charSource(name), next };
}

function isSet(source: string): boolean {
  try {
    return new RegExp(source, 'v') !== null;
  } catch {
    return false;
  }
}

/** Reads a class from its `[`; null when it is malformed. */
export function readClass(source: string, start: number): { readonly set: string; readonly next: number } | null {
  let at = start + 1;
  const negative = source[at] === '^';
  if (negative) at += 1;
  let items = '';
  while (at < source.length && (source[at] !== ']' || items === '')) {
    if (source[at] === '-' && source[at + 1] === '[') return readSubtraction(source, at + 1, items, negative);
    const low = readItem(source, at);
    if (low === null) return null;
    at = low.next;
    if (source[at] === '-' && !/[[\]]/.test(source[at + 1] ?? ']')) {
      const high = readItem(source, at + 1);
      if (high === null || low.char === null || high.char === null) return null;
      if (low.char.codePointAt(0)! > high.char.codePointAt(0)!) return null;
      items += `${low.set}-${high.set}`;
      at = high.next;
    } else items += low.set;
  }
  if (source[at] !== ']' || items === '') return null;
  return { set: `[${negative ? '^' : ''}${items}]`, next: at + 1 };
}

function readSubtraction(
  source: string,
  at: number,
  items: string,
  negative: boolean,
): { readonly set: string; readonly next: number } | null {
  const less = items === '' || (source.slice(0, at).match(/\[/g)?.length ?? 0) > 20 ? null : readClass(source, at);
  if (less === null || source[less.next] !== ']') return null;
  return { set: `[[${negative ? '^' : ''}${items}]--${less.set}]`, next: less.next + 1 };
}

function readItem(source: string, at: number): ReturnType<typeof readEscape> {
  if (source[at] === '\\') return readEscape(source, at + 1);
  const char = String.fromCodePoint(source.codePointAt(at) ?? 0);
  if (at >= source.length || char === '[' || char === ']') return null;
  return { char, set: charSource(char), next: at + char.length };
}

/** Compiles the source of a set; null when it is none. */
export function compileSet(source: string, ignoreCase: boolean): CharacterSet | null {
  let test: RegExp;
  try {
    test = new RegExp(`^[${source}]$`, ignoreCase ? 'vi' : 'v');
  } catch {
    return null;
  }
  const ascii = Array.from({ length: ASCII }, (_, code) => test.test(String.fromCharCode(code)));
  return (code) => (code < ASCII ? ascii[code]! : test.test(String.fromCodePoint(code)));
}
