/** Weekdays as people write them: 周一至周五, 工作日, 周六、周日, Mon-Fri. 1 is Monday, 7 Sunday. */
import { plainText } from '../../../model/typed.ts';

const GROUPS: readonly (readonly [RegExp, readonly number[]])[] = [
  [/^(?:工作日|平日|weekdays?|working days?)$/i, [1, 2, 3, 4, 5]],
  [/^(?:周末|双休日?|weekends?)$/i, [6, 7]],
  [/^(?:每天|每日|天天|全周|daily|every day|all days)$/i, [1, 2, 3, 4, 5, 6, 7]],
];
const CHINESE = '一二三四五六日';
const ENGLISH = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

function readOne(text: string): number | undefined {
  const chinese = /^(?:周|星期|礼拜)?([一二三四五六日天])$/.exec(text);
  if (chinese) return CHINESE.indexOf(chinese[1] === '天' ? '日' : chinese[1]!) + 1;
  const english = /^(mon|tue|wed|thu|fri|sat|sun)(?:s|day|sday|nesday|rsday|urs|urday|r)?\.?$/i.exec(text);
  return english ? ENGLISH.indexOf(english[1]!.toLowerCase()) + 1 : undefined;
}

/** From one weekday to another, around Sunday where need be. */
function between(from: number, to: number): readonly number[] {
  return Array.from({ length: ((to - from + 7) % 7) + 1 }, (_, n) => ((from - 1 + n) % 7) + 1);
}

/** The weekdays a text names, in order; undefined when it names anything else. */
export function readWeekdays(text: string): readonly number[] | undefined {
  const days = new Set<number>();
  const parts = plainText(text).split(/\s*(?:[、,;|和及]|\band\b)\s*/i);
  for (const part of parts) {
    const group = GROUPS.find(([words]) => words.test(part))?.[1];
    const [first = '', last = first, ...more] = part.split(/\s*(?:-|~|—|–|至|到|\.\.|\bto\b)\s*/i);
    const [from, to] = [readOne(first), readOne(last)];
    if (group !== undefined) for (const day of group) days.add(day);
    // A bare 一 is a weekday only beside one that says so.
    else if (!/周|星期|礼拜|[a-z]/i.test(text)) return undefined;
    else if (from === undefined || to === undefined || more.length > 0) return undefined;
    else for (const day of between(from, to)) days.add(day);
  }
  return [...days].sort((a, b) => a - b);
}
