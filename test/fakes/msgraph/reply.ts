/** One call on the workbook and what it is answered. */
import type { GraphSwitches } from './switches.ts';
import type { Workbook } from './workbook.ts';

export interface WorkbookCall {
  /** What this call sees; of a write, the copy it changes. */
  readonly workbook: Workbook;
  readonly method: string;
  readonly query: URLSearchParams;
  /** Checked against the documented schema. */
  readonly body: Readonly<Record<string, unknown>>;
  readonly now: Date;
  readonly switches: GraphSwitches;
}

export interface Reply {
  readonly status: number;
  /** Null for no body. */
  readonly body: object | null;
}

export const ok = (body: object): Reply => ({ status: 200, body });
export const created = (body: object): Reply => ({ status: 201, body });
export const done: Reply = { status: 204, body: null };

/** A list, cut by `$top` and `$skip`. */
export function list(items: readonly object[], query: URLSearchParams): Reply {
  const skip = Number(query.get('$skip') ?? 0);
  const top = query.get('$top');
  return ok({ value: items.slice(skip, top === null ? undefined : skip + Number(top)) });
}

/** Members of `given` that are named, if any are. */
export const pick = (
  given: Readonly<Record<string, unknown>>,
  names: readonly string[],
): Readonly<Record<string, unknown>> =>
  Object.fromEntries(names.flatMap((name) => (given[name] === undefined ? [] : [[name, given[name]]])));
