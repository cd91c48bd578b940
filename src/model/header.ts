/** Which field a header text names. Pure; what is unclear is reported, never picked. */
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
