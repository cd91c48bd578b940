/** A correct cell for a column, made of the column's own values, so that a person can copy it. */
import { optionLabel } from '../../src/model/fields/choice.ts';
import type { CellColumn, CellLanguageContext } from './column.ts';
import type { CellFaultCode } from './fault.ts';

/** Codes of cells that wanted a range. */
const RANGES: ReadonlySet<CellFaultCode> = new Set(['hyphen-range', 'bracket', 'range-order', 'excel-date']);

/** An example that also shows what the fault was about, where the column has such cells. */
export function exampleOf(column: CellColumn, context: CellLanguageContext, code: CellFaultCode): string {
  const zh = context.locale === 'zh-CN';
  switch (column.kind) {
    case 'number':
      return numberExample(column, RANGES.has(code));
    case 'duration':
      return RANGES.has(code) ? (zh ? '1小时..3小时' : '1 hour..3 hours') : zh ? '超过 2小时' : 'more than 2 hours';
    case 'date':
    case 'datetime':
      if (code === 'date' || code === 'date-incomplete') return '>=2026-03-05';
      if (RANGES.has(code)) return '2026-03-01..2026-03-05';
      if (column.kind === 'date') return zh ? '最近7天' : 'last 7 days';
      return zh ? '超过 2小时' : 'older than 2 hours';
    case 'boolean':
      return zh ? '是' : 'yes';
    case 'choice':
    case 'choices': {
      const labels = column.options.slice(0, 2).map((option) => optionLabel(option, context.locale));
      return labels.length > 0 ? labels.join(zh ? '，' : ', ') : zh ? '不为空' : 'not empty';
    }
    case 'person':
    case 'people':
      return context.directory.people.find((person) => person.active)?.name ?? (zh ? '我' : 'me');
    case 'text':
      if (code === 'regex' || code === 'regex-unsafe') return zh ? '匹配 ^SN\\d{3}$' : 'matches ^SN\\d{3}$';
      return zh ? '包含 漏水' : 'contains leak';
  }
}

function numberExample({ limits }: CellColumn, range: boolean): string {
  const low = limits?.low ?? null;
  const high = limits?.high ?? null;
  if (range || (low !== null && high !== null)) return `${low ?? 1}..${high ?? (low ?? 1) + 4}`;
  return `>${low ?? high ?? 100}`;
}
