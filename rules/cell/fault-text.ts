/** The whole message about a faulty cell: where it stands, what is wrong, what was likely meant, what was understood, an example. */
import { say } from '../../src/messages/index.ts';
import type { CellColumn, CellLanguageContext } from './column.ts';
import type { CellFault } from './fault.ts';
import { type ReadingContext, readingOf } from './reading.ts';

/** Where a cell stands. */
export interface CellPlace {
  readonly tab: string;
  /** `F12`. */
  readonly address: string;
  readonly column: CellColumn;
  /** For the labels of other fields in what was understood. */
  readonly context?: ReadingContext;
}

/** `规则!F12 优先级：没有选项“紧集”，是不是想写“紧急”。可以这样写：紧急，高` */
export function faultText(fault: CellFault, locale: CellLanguageContext['locale'], place: CellPlace): string {
  const { tab, address, column } = place;
  const tell = (key: string, params: Readonly<Record<string, string>>): string =>
    say(locale, `cell-fault.${key}`, params);
  const { code, text, part, suggestion, understood, example, params } = fault;
  return [
    tell('place', { tab, address, label: column.label }),
    tell(code, { part, ...params }),
    suggestion === null ? '' : tell('suggestion', { suggestion }),
    part === text || code === 'too-long' ? '' : tell('whole', { text }),
    understood === null ? '' : tell('understood', { reading: readingOf(understood, column, locale, place.context) }),
    tell('example', { example }),
  ].join('');
}
