/** Whom an action means: recipients of a message, and the one a record is given to. */
import { say } from '../src/messages/index.ts';
import { nearest } from '../src/model/nearest.ts';
import { plainText, wordKey } from '../src/model/typed.ts';
import { type ActionFault, type ActionRead, refuseAction } from './action.ts';
import { listed } from './action-text.ts';
import { fieldNamed, fieldPlace, kindOf, labelOf, nearestField, type RuleContext } from './context.ts';
import type { AssignTarget, Recipient, Strategy } from './effect.ts';
import type { RuleScope } from './scope.ts';

const GROUP = /^(?:组|小组|group)\s*[:：]\s*(.+)$/i;
const ROLE = /^(?:角色|role)\s*[:：]\s*(.+)$/i;
const FIELD = /^\{([^{}]+)\}$/;
const ME = /^(?:我|me)$/i;

const STRATEGIES: readonly (readonly [Strategy, readonly string[]])[] = [
  ['rotate', ['轮流', '轮询', '轮换', 'rotate', 'round robin', 'round-robin']],
  ['least', ['最少', '最闲', '负载最少', 'least', 'least loaded', 'least-loaded']],
  ['weighted', ['权重', '加权', '按权重', 'weighted']],
];

/** The longest first: 权重 is also the end of 按权重. */
const STRATEGY_WORDS = STRATEGIES.flatMap(([strategy, words]) => words.map((word) => ({ word, strategy }))).sort(
  (a, b) => b.word.length - a.word.length,
);

type Named = { readonly ok: true; readonly name: string } | { readonly ok: false; readonly fault: ActionFault };

/** A known name spelt its own way. */
function known(
  typed: string,
  names: readonly string[],
  code: 'unknown-group' | 'unknown-role',
  example: string,
): Named {
  const name = plainText(typed);
  const found = names.find((each) => wordKey(each) === wordKey(name));
  if (found !== undefined) return { ok: true, name: found };
  return refuseAction(code, name, example, { suggestion: nearest(name, names) });
}

function personNamed(typed: string, { directory }: RuleContext, example: string): Named {
  const name = plainText(typed).replace(/^@/, '');
  const person = directory.find(name);
  if (person !== undefined) return { ok: true, name: person.name };
  const names = directory.people.flatMap((each) => [each.name, ...each.aliases]);
  const near = nearest(name, names);
  const meant = near === null ? null : (directory.find(near)?.name ?? near);
  return refuseAction('unknown-person', name, example, { suggestion: meant });
}

function examplePerson({ directory }: RuleContext): string {
  return directory.people.find(({ active }) => active)?.name ?? '张三';
}

function exampleGroup({ directory, locale }: RuleContext): string {
  const group = directory.groups[0] ?? '水电组';
  return locale === 'en' ? `group:${group}` : `组:${group}`;
}

/** Recipients before it is known what stands in the fields. */
export type RecipientName =
  | Exclude<Recipient, { to: 'field' }>
  | { readonly to: 'field'; readonly field: string }
  | { readonly to: 'me' };

/** Reads `处理人;组:客服;角色:技术总监;{客户电话};张三`. A field of people may stand without braces. */
export function parseRecipients(
  text: string,
  context: RuleContext,
): Exclude<ActionRead<readonly RecipientName[]>, { params: null }> {
  const recipients: RecipientName[] = [];
  const example = `${labelOf(peopleField(context), context.locale)};${exampleGroup(context)}`;
  for (const word of listed(text)) {
    const recipient = parseRecipient(word, context, example);
    if (!recipient.ok) return recipient;
    recipients.push(recipient.params);
  }
  return recipients.length === 0 ? refuseAction('empty-action', text, example) : { ok: true, params: recipients };
}

function peopleField({ fields }: RuleContext): RuleContext['fields'][number] {
  return fields.find((field) => kindOf(field) === 'people') ?? fields[0]!;
}

function parseRecipient(
  word: string,
  context: RuleContext,
  example: string,
): Exclude<ActionRead<RecipientName>, { params: null }> {
  const [, group] = GROUP.exec(word) ?? [];
  if (group !== undefined) {
    const named = known(group, context.directory.groups, 'unknown-group', example);
    return named.ok ? { ok: true, params: { to: 'group', group: named.name } } : named;
  }
  const [, role] = ROLE.exec(word) ?? [];
  if (role !== undefined) {
    const named = known(role, context.directory.roles, 'unknown-role', example);
    return named.ok ? { ok: true, params: { to: 'role', role: named.name } } : named;
  }
  const [, place] = FIELD.exec(word) ?? [];
  if (place !== undefined) {
    const field = fieldNamed(place, context.fields);
    if (field !== undefined) return { ok: true, params: { to: 'field', field: field.key } };
    return refuseAction('unknown-field', plainText(place), example, { suggestion: nearestField(place, context) });
  }
  if (ME.test(word)) return { ok: true, params: { to: 'me' } };
  const person = context.directory.find(word);
  if (person !== undefined) return { ok: true, params: { to: 'person', name: person.name } };
  const field = fieldNamed(word, context.fields);
  if (field !== undefined && kindOf(field) === 'people') return { ok: true, params: { to: 'field', field: field.key } };
  const names = [...context.directory.people.map(({ name }) => name), labelOf(peopleField(context), context.locale)];
  return refuseAction('unknown-recipient', word, example, { suggestion: nearest(word, names) });
}

/** The recipients of one record; a field without a value and an unknown actor drop out. */
export function resolveRecipients(names: readonly RecipientName[], { values, me }: RuleScope): readonly Recipient[] {
  return names.flatMap((name): readonly Recipient[] => {
    if (name.to === 'me') return me === null ? [] : [{ to: 'person', name: me }];
    if (name.to !== 'field') return [name];
    const value = values[name.field] ?? null;
    return value === null || value === '' ? [] : [{ ...name, value: String(value) }];
  });
}

export function recipientReads(names: readonly RecipientName[]): readonly string[] {
  return names.flatMap((name) => (name.to === 'field' ? [name.field] : []));
}

export function recipientsReading(names: readonly RecipientName[], context: RuleContext): string {
  const { locale } = context;
  const word = (name: RecipientName): string => {
    switch (name.to) {
      case 'person':
        return name.name;
      case 'group':
        return say(locale, 'rule.who.group', { name: name.group });
      case 'role':
        return say(locale, 'rule.who.role', { name: name.role });
      case 'me':
        return say(locale, 'rule.who.me');
      case 'field':
        return fieldPlace(name.field, context);
    }
  };
  return names.map(word).join(say(locale, 'rule.names-separator'));
}

/** Reads `张三`, `我`, `{受理人}`, `组:水电组 轮流`, `角色:客服 最少`, `张三、李四`, `张三、李四 轮流`. */
export function parseTarget(text: string, context: RuleContext): Exclude<ActionRead<AssignTarget>, { params: null }> {
  const example = `${exampleGroup(context)} ${context.locale === 'en' ? 'rotate' : '轮流'}`;
  const typed = plainText(text);
  const [, place] = FIELD.exec(typed) ?? [];
  if (place !== undefined) {
    const field = fieldNamed(place, context.fields);
    if (field === undefined) {
      return refuseAction('unknown-field', plainText(place), example, { suggestion: nearestField(place, context) });
    }
    if (kindOf(field) !== 'people') return refuseAction('bad-target', typed, example);
    return { ok: true, params: { to: 'field', field: field.key } };
  }
  if (ME.test(typed)) return { ok: true, params: { to: 'me' } };
  const { rest, strategy, word } = splitStrategy(typed);
  const crowd = GROUP.exec(rest) ?? ROLE.exec(rest);
  if (crowd !== null) {
    const isGroup = GROUP.test(rest);
    const names = isGroup ? context.directory.groups : context.directory.roles;
    const named = known(crowd[1]!, names, isGroup ? 'unknown-group' : 'unknown-role', example);
    if (!named.ok) return unknownStrategy(crowd[1]!, names, example) ?? named;
    const how = strategy ?? 'rotate';
    return {
      ok: true,
      params: isGroup
        ? { to: 'group', group: named.name, strategy: how }
        : { to: 'role', role: named.name, strategy: how },
    };
  }
  const people: string[] = [];
  for (const name of listed(rest)) {
    const named = personNamed(name, context, examplePerson(context));
    if (!named.ok) return named;
    people.push(named.name);
  }
  if (people.length === 0) return refuseAction('bad-target', typed, example);
  if (strategy !== null) return { ok: true, params: { to: 'one-of', names: people, strategy } };
  if (word !== null) return refuseAction('unknown-strategy', word, example);
  return {
    ok: true,
    params: people.length === 1 ? { to: 'person', name: people[0]! } : { to: 'people', names: people },
  };
}

/** The word for the way of choosing at the end of a cell. */
function splitStrategy(text: string): { rest: string; strategy: Strategy | null; word: string | null } {
  const lower = text.toLowerCase();
  for (const { word, strategy } of STRATEGY_WORDS) {
    if (!lower.endsWith(word) || lower.length === word.length) continue;
    const before = text.slice(0, text.length - word.length);
    if (/[\s、,，]$|[\u4e00-\u9fff]$/.test(before)) {
      return { rest: before.replace(/[\s、,，]+$/, ''), strategy, word };
    }
  }
  return { rest: text, strategy: null, word: null };
}

/** `水电组 轮刘`: the group is known, the word after it is not. */
function unknownStrategy(
  typed: string,
  names: readonly string[],
  example: string,
): ReturnType<typeof refuseAction> | null {
  const [, head, tail] = /^(.*\S)\s+(\S+)$/.exec(typed) ?? [];
  if (head === undefined || tail === undefined) return null;
  if (!names.some((name) => wordKey(name) === wordKey(head))) return null;
  const words = STRATEGIES.flatMap(([, each]) => each);
  return refuseAction('unknown-strategy', tail, example, { suggestion: nearest(tail, words) });
}

export function targetReading(target: AssignTarget, context: Pick<RuleContext, 'fields' | 'locale'>): string {
  const { locale } = context;
  const oneOf = (names: string, strategy: Strategy): string =>
    say(locale, 'rule.who.one-of', { names, strategy: say(locale, `rule.strategy.${strategy}`) });
  switch (target.to) {
    case 'person':
      return target.name;
    case 'people':
      return target.names.join(say(locale, 'rule.names-separator'));
    case 'one-of':
      return oneOf(target.names.join(say(locale, 'rule.names-separator')), target.strategy);
    case 'group':
      return oneOf(say(locale, 'rule.who.group', { name: target.group }), target.strategy);
    case 'role':
      return oneOf(say(locale, 'rule.who.role', { name: target.role }), target.strategy);
    case 'field':
      return fieldPlace(target.field, context);
    case 'me':
      return say(locale, 'rule.who.me');
  }
}
