/** A correct cell for a column, made of the column's own values, so that a person can copy it. */
import { optionLabel } from '../../src/model/fields/choice.ts';
import type { CellColumn, CellLanguageContext } from './column.ts';

export function exampleOf(column: CellColumn, context: CellLanguageContext): string {
  const zh = context.locale === 'zh-CN';
  switch (column.kind) {
    case 'number': {
      const low = column.limits?.low ?? null;
      const high = column.limits?.high ?? null;
      if (low !== null && high !== null) return `${low}..${high}`;
      return `>${low ?? high ?? 100}`;
    }
    case 'duration':
      return zh ? '超过 2小时' : 'more than 2 hours';
    case 'date':
      return zh ? '最近7天' : 'last 7 days';
    case 'datetime':
      return zh ? '超过 2小时' : 'older than 2 hours';
    case 'boolean':
      return zh ? '是' : 'yes';
    case 'choice':
    case 'choices': {
      const labels = column.options.slice(0, 2).map((option) => optionLabel(option, context.locale));
      if (labels.length > 0) return labels.join(zh ? '，' : ', ');
      return zh ? '不为空' : 'not empty';
    }
    case 'person':
    case 'people':
      return context.directory.people.find((person) => person.active)?.name ?? (zh ? '我' : 'me');
    case 'text':
      return zh ? '包含 漏水' : 'contains leak';
  }
}
