/**
 * 省市区: province, city and district, kept as `广东省/深圳市/南山区` however they were typed. Provinces and cities are known
 * and corrected by name, a district is taken as typed. A city alone brings its province with it.
 */
import type { FieldType, Parsed, TypedCell } from '../field.ts';
import { nameFault } from '../name.ts';
import { acceptText, plainText, refuse } from '../typed.ts';
import { type Province, provinces, shortNames } from './china/divisions.ts';
import { nearestOf } from './choice.ts';
import { parseText } from './text.ts';

interface Named<T> {
  readonly word: string;
  readonly full: boolean;
  readonly of: T;
}

interface Place {
  readonly province: Province;
  readonly city: string;
}

const longestFirst = (a: { readonly word: string }, b: { readonly word: string }): number =>
  b.word.length - a.word.length;

const provinceWords: readonly Named<Province>[] = provinces
  .flatMap((province) => [
    { word: province.name, full: true, of: province },
    // 广西省 is what many people write.
    ...(province.name.endsWith('自治区') ? [{ word: `${province.short}省`, full: true, of: province }] : []),
    { word: province.short, full: false, of: province },
  ])
  .sort(longestFirst);

const cityWords: ReadonlyMap<Province, readonly Named<Place>[]> = new Map(
  provinces.map((province) => [
    province,
    province.cities
      .flatMap((city) => [
        { word: city, full: true, of: { province, city } },
        ...shortNames(city).map((word) => ({ word, full: false, of: { province, city } })),
      ])
      .sort(longestFirst),
  ]),
);
const allCityWords = [...cityWords.values()].flat().sort(longestFirst);

/** After a short name none of these may follow: 朝阳区 is no 朝阳. */
const GOES_ON = /^(?:[省市区县州盟旗]|自治|地区|林区|特别)/;

/** The longest name at the start of a text and what follows it. */
function take<T>(text: string, names: readonly Named<T>[]): { readonly found: T; readonly rest: string } | undefined {
  for (const { word, full, of } of names) {
    if (!text.startsWith(word)) continue;
    const rest = text.slice(word.length);
    if (full || !GOES_ON.test(rest)) return { found: of, rest: rest.replace(/^\//, '') };
  }
  return undefined;
}

/** What stands where a city belongs: up to the next separator or the sign that ends a city's name. A district there is none. */
function cityPart(text: string): string {
  const part = /^[^/]{2,10}?(?:市|自治州|盟|地区)/.exec(text)?.[0] ?? text.split('/')[0]!;
  return /[区县旗]$/.test(part) && !part.endsWith('地区') ? '' : part;
}

function refuseCity(cell: TypedCell, province: Province, part: string): Parsed {
  const suggestion = nearestOf(part, province.cities);
  return refuse('unknown-city', cell, { part, province: province.name, suggestion });
}

function refuseProvince(cell: TypedCell, text: string): Parsed {
  const part = /^.+?(?:省|自治区|市)/.exec(text.split('/')[0]!)?.[0] ?? text.split('/')[0]!;
  const names = provinces.map((province) => province.name);
  return refuse('unknown-province', cell, { part, suggestion: nearestOf(part, names) });
}

export const region: FieldType = {
  name: 'region',
  parse(cell) {
    const parsed = parseText(cell);
    if (!parsed.ok) return parsed;
    const typed = plainText(String(parsed.value));
    const fault = nameFault(typed);
    if (fault !== null) return refuse(fault, cell);
    const text = typed
      .replace(/[\s\\|>,、;·-]+/g, '/')
      .replace(/\/+/g, '/')
      .replace(/^\/|\/$/g, '')
      .replace(/^中国\/?/, '');
    const province = take(text, provinceWords);
    const city = take(province?.rest ?? text, province ? cityWords.get(province.found)! : allCityWords);
    if (!province && !city) return refuseProvince(cell, text);
    const known = province?.found ?? city!.found.province;
    let rest = city?.rest ?? province!.rest;
    if (!city && known.cities.length > 0) {
      const part = cityPart(rest);
      if (part !== '') return refuseCity(cell, known, part);
    }
    // 上海市/上海市/浦东新区 and 市辖区 are how address lists fill the level a municipality does not have.
    if (known.cities.length === 0) rest = rest.replace(new RegExp(`^(?:${known.name}|市辖区)/?`), '');
    return acceptText([known.name, ...(city ? [city.found.city] : []), ...(rest === '' ? [] : [rest])].join('/'), cell);
  },
  format: String,
  sql: 'text',
  samples: ['广东省/深圳市/南山区', '上海市/浦东新区', '新疆维吾尔自治区/伊犁哈萨克自治州/伊宁市'],
  weight: 1,
  kind: 'text',
};
