/** 超时: how soon a record must be answered and solved. One target a clock; the first row that names a clock decides. */
import { say } from '../../src/messages/index.ts';
import { nearest } from '../../src/model/nearest.ts';
import { plainText } from '../../src/model/typed.ts';
import { type Action, refuseAction } from '../action.ts';
import { lengthReading, lengthSeconds, parseLength } from '../action-length.ts';
import { WORK_DAY_SECONDS } from '../context.ts';
import type { Clock, Target } from '../effect.ts';

export interface SlaParams {
  readonly targets: readonly Target[];
}

const CLOCKS: readonly (readonly [Clock, readonly string[]])[] = [
  ['response', ['响应', '首次响应', '首响', 'response', 'first response']],
  ['next-response', ['再次响应', '回复', 'next response']],
  ['resolution', ['解决', '处理', '完成', 'resolution', 'resolve']],
];
const PART =
  /^(?<clock>[^\d半一二两三四五六七八九十]+?)\s*[:：]?\s*(?<calendar>自然|7[x×*]24|24[x×*]7|calendar)?\s*(?<length>[\d半一二两三四五六七八九十].*)$/i;

export const sla: Action<SlaParams> = {
  name: 'sla',
  columns: { sla: { 'zh-CN': ['超时', '时限', 'SLA'], en: ['due within', 'sla'] } },
  stage: () => 'sla',
  parse({ sla: cell }, context) {
    if (cell === undefined) return { ok: true, params: null };
    const example = say(context.locale, 'rule.example.sla');
    const targets: Target[] = [];
    const parts = cell.text.split(/[;；\n、,，]/).map(plainText);
    for (const part of parts.filter((each) => each !== '')) {
      const { clock: word = '', calendar, length: typed = '' } = PART.exec(part)?.groups ?? {};
      const name = plainText(word).toLowerCase();
      const clock = CLOCKS.find(([, words]) => words.includes(name))?.[0];
      if (clock === undefined || targets.some((target) => target.clock === clock)) {
        const words = CLOCKS.flatMap(([, each]) => each);
        return refuseAction('unknown-clock', part, example, { suggestion: name === '' ? null : nearest(name, words) });
      }
      const length = parseLength(typed, context.workDaySeconds ?? WORK_DAY_SECONDS);
      const seconds = length === null ? null : lengthSeconds(length);
      if (length === null || seconds === null || seconds <= 0) return refuseAction('bad-length', part, example);
      const isCalendar = calendar !== undefined;
      if (isCalendar && length.business) return refuseAction('bad-length', part, example);
      targets.push({ clock, seconds, business: length.business ? true : isCalendar ? false : null });
    }
    return targets.length === 0 ? refuseAction('empty-action', cell.text, example) : { ok: true, params: { targets } };
  },
  reads: () => [],
  writes: () => [],
  apply: ({ targets }) => targets.map((target) => ({ do: 'sla', ...target })),
  reading({ targets }, { locale }) {
    const shown = targets.map(({ clock, seconds, business }) => {
      const span = { years: 0, months: 0, days: 0, seconds };
      const length = lengthReading({ span, business: business === true }, locale);
      return say(locale, `rule.reading.clock-${clock}`, { length });
    });
    return shown.join(say(locale, 'rule.list-separator'));
  },
  examples: [
    {
      cells: { sla: '响应 30分钟; 解决 2个工作日' },
      values: {},
      effects: [
        { do: 'sla', clock: 'response', seconds: 1800, business: null },
        { do: 'sla', clock: 'resolution', seconds: 57_600, business: true },
      ],
    },
    {
      cells: { sla: '解决 自然 4小时' },
      values: {},
      effects: [{ do: 'sla', clock: 'resolution', seconds: 14_400, business: false }],
    },
  ],
};
