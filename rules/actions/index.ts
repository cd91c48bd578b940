/** Every action: what a rule can ask for. A new one is a file beside this and a line here. */
import type { Action } from '../action.ts';
import { assign } from './assign.ts';
import { comment } from './comment.ts';
import { create } from './create.ts';
import { escalate } from './escalate.ts';
import { notify } from './notify.ts';
import { refuse } from './refuse.ts';
import { set } from './set.ts';
import { sla } from './sla.ts';
import { stop } from './stop.ts';
import { tag } from './tag.ts';
import { webhook } from './webhook.ts';
import { workflow } from './workflow.ts';

// What an action reads from its cells is its own affair: the table only carries it from `parse` to `apply`.
// biome-ignore lint/suspicious/noExplicitAny: each action is given back the params it made itself
const list: readonly Action<any>[] = [
  refuse,
  set,
  tag,
  assign,
  sla,
  notify,
  escalate,
  comment,
  create,
  workflow,
  webhook,
  stop,
];

/** In the order their columns are shown. */
export const actions: readonly Action<unknown>[] = list;

const byName = new Map(actions.map((action) => [action.name, action]));

export function actionNamed(name: string): Action<unknown> | undefined {
  return byName.get(name);
}
