/**
 * Signs of a Chinese keyboard: `contains（？，“漏水”）` is FEEL typed without switching the input method. Every sign
 * becomes one sign, so that places in the text stay what they are.
 */

const SIGNS: Readonly<Record<string, string>> = {
  '，': ',',
  '（': '(',
  '）': ')',
  '：': ':',
  '？': '?',
  '！': '!',
  '＝': '=',
  '＞': '>',
  '＜': '<',
  '＋': '+',
  '－': '-',
  '×': '*',
  '＊': '*',
  '÷': '/',
  '／': '/',
  '．': '.',
  '［': '[',
  '］': ']',
  '【': '[',
  '】': ']',
  '｛': '{',
  '｝': '}',
  '“': '"',
  '”': '"',
  '＂': '"',
};
const QUOTES = '"“”＂';

/** The source with plain signs outside its texts; what stands between quotes is left as it is. */
export function halfWidth(source: string): string {
  let plain = '';
  let quoted = false;
  for (let at = 0; at < source.length; at += 1) {
    const sign = source[at]!;
    if (quoted && sign === '\\') {
      plain += sign + (source[at + 1] ?? '');
      at += 1;
      continue;
    }
    if (QUOTES.includes(sign)) quoted = !quoted;
    plain += quoted && !QUOTES.includes(sign) ? sign : (SIGNS[sign] ?? sign);
  }
  return plain;
}
