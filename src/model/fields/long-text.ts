/** Text of many lines: descriptions, solutions, notes. Indents and line breaks stay. */
import type { FieldType } from '../field.ts';
import { parseText } from './text.ts';

export const longText: FieldType = {
  name: 'long-text',
  parse: parseText,
  format: String,
  sql: 'text',
  samples: ['开机后无显示，\n指示灯闪烁。', '  1. 更换主板\n  2. 测试', '+86', 'a\tb'],
  weight: 3,
  kind: 'text',
};
