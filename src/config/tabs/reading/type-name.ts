/** The field type a person names in the 类型 column: 多选, choices, 公式:数字. */
import { say } from '../../../messages/index.ts';
import type { FieldType } from '../../../model/field.ts';
import { fieldTypeOf, fieldTypes } from '../../../model/fields/index.ts';
import { nearest } from '../../../model/nearest.ts';
import { plainText, wordKey } from '../../../model/typed.ts';

type TypeName = keyof typeof fieldTypes;

/** What people say beside the names of the catalogue. */
const SYNONYMS: Readonly<Partial<Record<TypeName, string>>> = {
  text: '单行文本, 文字, 字符, string',
  'long-text': '长文本, 富文本, 备注, rich text, multiline',
  number: '数值, 小数, decimal',
  integer: '计数, int',
  money: '货币, 价格, currency',
  date: '年月日',
  datetime: '时间日期, 日期和时间, timestamp',
  duration: '耗时, 时间长度',
  choice: '下拉, 选项, 单选框, 枚举, select, dropdown, single select',
  choices: '多选框, 复选, multi select, multiselect, multi-choice, multiple choice',
  boolean: '是/否, 复选框, 勾选, checkbox, bool',
  person: '成员, 用户, user',
  persons: '多个人员, 多名人员, 成员(多选), users',
  phone: '手机, 电话号码, tel',
  email: '电子邮箱, 邮件, mail',
  url: '链接, 超链接, 网站',
  rating: '星级, 满意度, stars',
  link: '关联客户, 客户',
  files: '图片, 照片, 文件, attachments',
  percent: '百分数, %',
  'time-of-day': '时间, 钟点, time',
  'year-month': '月份, month',
  'currency-amount': '多币种金额, 带币种金额',
  'record-link': '关联, 关联工单, 关联单条, relation',
  'record-links': '多条关联, 关联多条, relations',
  region: '地区, 省市, 行政区, 省市区县',
  location: '地址, 定位, 位置, address, geo',
  code: '编号, 合同号, 资产编号',
  'serial-code': 'SN, 机身号',
  barcode: '条形码, ean, gtin',
  'id-card': '身份证',
  'postal-code': '邮编, zip',
  'ip-address': 'IP',
  'mac-address': 'MAC',
  'auto-number': '流水号, 自增编号, autonumber',
  formula: '计算, computed',
  lookup: '查找引用, 关联引用',
  'created-by': '创建者',
  'changed-by': '最后修改人, 更新人',
  'created-at': '创建时间',
  'changed-at': '最后修改时间, 更新时间',
};

const names = new Map<string, TypeName>();
for (const name of Object.keys(fieldTypes) as TypeName[]) {
  const words = [name, say('zh-CN', `type.${name}`), say('en', `type.${name}`), ...(SYNONYMS[name] ?? '').split(', ')];
  for (const each of words) if (each !== '' && !names.has(wordKey(each))) names.set(wordKey(each), name);
}

function nameOf(text: string): TypeName | undefined {
  return names.get(wordKey(text));
}

/** Longer texts name no type. */
const LONGEST = 100;
/** `公式:数字`, `公式(数字)`. */
const COMPOSED = /^(.+?) ?[:(] ?(.+?)\)?$/;

/** The type a text names; undefined for none. */
export function typeNamed(text: string): FieldType | undefined {
  const plain = plainText(text);
  const whole = nameOf(plain);
  if (whole !== undefined) return fieldTypes[whole];
  const [, maker = '', of = ''] = plain.length > LONGEST ? [] : (COMPOSED.exec(plain) ?? []);
  const [made, result] = [nameOf(maker), nameOf(of)];
  return made === undefined || result === undefined ? undefined : fieldTypeOf(`${made}:${result}`);
}

/** The name likely meant by a text that names none. */
export function nearestTypeName(text: string): string | null {
  return nearest(text, [...names.keys()]);
}

/** The names to choose from, in a language. */
export function typeNames(locale: 'zh-CN' | 'en'): string {
  return (Object.keys(fieldTypes) as TypeName[])
    .map((name) => say(locale, `type.${name}`))
    .join(locale === 'en' ? ', ' : '、');
}
