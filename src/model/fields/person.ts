/** One or several people by name. The first is the one in charge, the others help; kept with 、 between them, so rules see several. */
import type { FieldType } from '../field.ts';
import { nameFault, parseName } from '../name.ts';
import { accept, refuse } from '../typed.ts';

const SEPARATORS = /\s*[、,;/|\n]\s*/;
const PLAIN_NAME = /^[\u4e00-\u9fff]{2,6}$/;
const CJK_GAP = /(?<=\p{Script=Han}) (?=\p{Script=Han})/gu;

export const person: FieldType = {
  name: 'person',
  parse(cell) {
    if (typeof cell === 'string' && PLAIN_NAME.test(cell) && !/^(?:同|暂无|没有)/.test(cell)) return accept(cell);
    // A line break parts names; it must be seen before blanks are joined.
    const parsed = parseName(typeof cell === 'string' ? cell.trim().replaceAll('\n', '、') : cell);
    if (!parsed.ok) return parsed;
    const names = String(parsed.value)
      .split(SEPARATORS)
      .map((name) => name.replace(/^[@\s]+/, '').replace(CJK_GAP, ''));
    if (names.some((name) => nameFault(name) === 'ditto')) return refuse('ditto', cell);
    const people = new Set(names.filter((name) => nameFault(name) === null));
    return people.size === 0 ? refuse('not-a-name', cell) : accept([...people].join('、'));
  },
  format: String,
  sql: 'text',
  samples: ['张三', '张三、李四', 'Anna Berg'],
  weight: 1,
  kind: 'people',
};
