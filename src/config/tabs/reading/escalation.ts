/**
 * The 升级 cell of the SLA tab: steps parted by `;` or line breaks, each `when→whom`. When is a part of the target or a
 * distance from due, of the resolution clock unless another is named: `响应80%→处理人; 到期→组长; 到期+60分钟→总监|优先级+1`.
 */
import type { EscalationStep, Metric, Offset, SlaTarget } from '../../../model/sla/policy.ts';
import { raiseOf } from '../../../model/sla/step-action.ts';
import { plainText } from '../../../model/typed.ts';
import { shortened, type TabRow } from './row.ts';
import { readTarget } from './target.ts';

const METRICS: readonly (readonly [RegExp, Metric])[] = [
  [/^(?:首次响应|首响|响应|first response|response)[ :]*/i, 'first-response'],
  [/^(?:再次响应|后续响应|next response)[ :]*/i, 'next-response'],
  [/^(?:解决|处理|resolution)[ :]*/i, 'resolution'],
];
const ARROW = /\s*(?:→|⇒|[-=]>)\s*/;
const PERCENT = /^(?:达到?|at )? ?(\d{1,3}(?:\.\d+)?) ?%$/;
const DUE = /^(?:到期|超时|逾期|截止|due|breach)(?:时)?(?: ?(?<sign>[+-]|后|前|after|before) ?(?<span>.+))?$/i;
const BEFORE_DUE = /^(?:到期|截止)?前 ?(?<span>.+)$|^(?<early>.+?) ?(?:before due)$/i;
const REPEAT =
  /[ ,]*(?:并|,)? ?(?:每|every ) ?(?<every>[^x×*次]+?) ?(?:[x×*,]|共| ) ?(?<times>\d{1,3}) ?(?:次|times)?$/i;
const MOST_PERCENT = 1000;
/** Longer texts are no step. */
const LONGEST = 300;

type Targets = Readonly<Partial<Record<Metric, SlaTarget>>>;

/** Reads the steps of a row and notes those that cannot be. */
export function readSteps(row: TabRow, targets: Targets, daySeconds: number): readonly EscalationStep[] {
  const steps: EscalationStep[] = [];
  // A single 80% step may stand in a cell of its own, which the app may show as text only; numbers alone are no step.
  for (const text of row.words('steps', /[;\n]/)) {
    const step = readStep(text, targets, daySeconds);
    if (step === undefined) row.note('error', 'steps', 'tab-step', { typed: shortened(text) });
    else if (targets[step.metric] === undefined)
      row.note('error', 'steps', 'tab-step-no-target', { typed: shortened(text) });
    else if (step.actions.some((action) => raiseOf(action) === null))
      row.note('error', 'steps', 'tab-step-action', { typed: shortened(text) });
    else if (steps.some(({ key }) => key === step.key))
      row.note('error', 'steps', 'tab-step-twice', { typed: shortened(text) });
    else steps.push(step);
  }
  return steps;
}

function readStep(text: string, targets: Targets, daySeconds: number): EscalationStep | undefined {
  if (text.length > LONGEST) return undefined;
  const plain = plainText(text);
  // A colon will do where no arrow stands; beside one it belongs to the name of the clock.
  const [when = '', whom = '', ...more] = plain.split(ARROW.test(plain) ? ARROW : /\s*:\s*/);
  const [people = '', ...actions] = whom.split('|').map((part) => part.trim());
  const recipients = people.split(/\s*[、,/]\s*/).filter((name) => name !== '');
  if (recipients.length === 0 || more.length > 0) return undefined;
  const named = METRICS.find(([words]) => words.test(when));
  // A row that promises a first response only means that one.
  const metric =
    named?.[1] ?? (targets.resolution === undefined && targets['first-response'] ? 'first-response' : 'resolution');
  const mode = targets[metric]?.mode ?? 'business';
  const lengthOf = (typed: string): number | undefined => {
    const read = readTarget(typed, mode, daySeconds);
    return read.ok ? read.target.seconds : undefined;
  };
  let at = named === undefined ? when : when.replace(named[0], '').trim();
  const again = REPEAT.exec(at)?.groups;
  if (again) at = at.slice(0, -REPEAT.exec(at)![0].length).trim();
  const offset = readOffset(at, lengthOf);
  const everySeconds = again && lengthOf(again.every!.trim());
  if (offset === undefined || (again && (everySeconds === undefined || Number(again.times) < 1))) return undefined;
  return {
    key: `${metric}:${'percent' in offset ? `${offset.percent}%` : `${offset.seconds}s`}`,
    metric,
    offset,
    ...(everySeconds === undefined ? {} : { repeat: { everySeconds, times: Number(again!.times) } }),
    recipients: [...new Set(recipients)],
    actions: actions.filter((action) => action !== ''),
  };
}

function readOffset(text: string, lengthOf: (typed: string) => number | undefined): Offset | undefined {
  const percent = PERCENT.exec(text)?.[1];
  if (percent !== undefined) {
    return Number(percent) > 0 && Number(percent) <= MOST_PERCENT ? { percent: Number(percent) } : undefined;
  }
  const due = DUE.exec(text)?.groups;
  if (due && due.span === undefined) return { seconds: 0 };
  const early = BEFORE_DUE.exec(text)?.groups;
  const before = early !== undefined || /^(?:-|前|before)$/i.test(due?.sign ?? '');
  const seconds = lengthOf(
    (due?.span as string | undefined) ?? early?.early ?? (early?.span as string | undefined) ?? '',
  );
  return seconds === undefined ? undefined : { seconds: before ? -seconds : seconds };
}
