/**
 * Which requests Microsoft documents. `documented.json` is derived mechanically from the official v1.0 metadata
 * (microsoftgraph/msgraph-metadata, commit f54f11b, of 2026-08-20) and the documentation pages that go beyond it: every
 * path below a drive item (`~`), a drive, a share or a subscription, with its methods, the members a body may have and the
 * members a reply has. What is not in it is refused, so that nobody can come to rely on an accident of this server.
 */
import catalogue from './documented.json' with { type: 'json' };
import { badRequest, GraphFailure } from './failure.ts';

/** One step of a path: `range(address='A1')` is a name with arguments, `worksheets/{id}` is two steps. */
export interface Step {
  /** As it was written, decoded; a key or a name. */
  readonly text: string;
  /** Lower case, without arguments. */
  readonly name: string;
  /** Arguments by lower-case name; null when there were no parentheses. */
  readonly args: ReadonlyMap<string, string> | null;
}

export interface Documented {
  /** As `documented.json` spells it. */
  readonly path: string;
  /** The schema of the body, `bytes`, or null for none. */
  readonly body: string | null;
  /** The kind of the reply and whether it is a list of them; null for a reply without a kind. */
  readonly reply: { readonly kind: string; readonly isList: boolean } | null;
}

const members = new Map(Object.entries(catalogue.members).map(([kind, names]) => [kind, names.split(' ')]));
const bodies = new Map<string, Readonly<Record<string, string>>>(Object.entries(catalogue.bodies));

interface Pattern {
  readonly path: string;
  readonly steps: readonly { readonly name: string; readonly args: readonly string[] | null }[];
  readonly methods: ReadonlyMap<string, Documented>;
}

function patternOf(path: string, methods: string): Pattern {
  const parse = (text: string): Pattern['steps'][number] => {
    const call = /^([^({]+)\((.*)\)$/.exec(text);
    if (call === null) return { name: text.startsWith('{') ? '{}' : text.toLowerCase(), args: null };
    const args = call[2] === '' ? [] : call[2]!.split(',').map((each) => each.split('=')[0]!.toLowerCase());
    return { name: call[1]!.toLowerCase(), args: args.sort() };
  };
  const documented = methods.split(', ').map((text): [string, Documented] => {
    const [request, reply] = text.split(' > ') as [string, string?];
    const [method, body] = request.split(' ') as [string, string?];
    const kind = reply === undefined ? null : { kind: reply.replace('[', ''), isList: reply.startsWith('[') };
    return [method, { path, body: body ?? null, reply: kind }];
  });
  return { path, steps: path.split('/').filter(Boolean).map(parse), methods: new Map(documented) };
}

const patterns = Object.entries(catalogue.operations).map(([path, methods]) => patternOf(path, methods));

/** Splits a raw path into steps. Keys may stand as `tables('name')` as well as `tables/name`. */
export function stepsOf(rawPath: string): readonly Step[] {
  const steps: Step[] = [];
  for (const raw of rawPath.split('/').filter(Boolean)) {
    const text = decodeURIComponent(raw);
    const call = /^([A-Za-z]+)\((.*)\)$/s.exec(text);
    if (call === null) steps.push({ text, name: text.toLowerCase(), args: null });
    else {
      const [, name, inside] = call as unknown as [string, string, string];
      const key = /^\s*'((?:[^']|'')*)'\s*$/.exec(inside);
      if (key !== null) {
        steps.push({ text: name, name: name.toLowerCase(), args: null });
        steps.push({ text: key[1]!.replaceAll("''", "'"), name: '{}', args: null });
      } else steps.push({ text, name: name.toLowerCase(), args: argumentsOf(inside) });
    }
  }
  return steps;
}

function argumentsOf(text: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const form = /\s*([A-Za-z]+)\s*=\s*(?:'((?:[^']|'')*)'|([^,']*))\s*(?:,|$)/gy;
  let end = 0;
  for (const match of text.matchAll(form)) {
    found.set(match[1]!.toLowerCase(), match[2] === undefined ? match[3]!.trim() : match[2].replaceAll("''", "'"));
    end = match.index + match[0].length;
  }
  if (end !== text.length) throw badRequest('The request URI is not valid. The key predicates cannot be read.');
  return found;
}

function fits(pattern: Pattern, steps: readonly Step[]): boolean {
  return (
    pattern.steps.length === steps.length &&
    pattern.steps.every(({ name, args }, index) => {
      const step = steps[index]!;
      if (name === '{}') return step.args === null;
      if (name !== step.name) return false;
      const given = [...(step.args ?? new Map<string, string>()).keys()].sort();
      return args === null ? step.args === null : given.join() === args.join();
    })
  );
}

/** How close a pattern is: literal steps count, so that `rows/add` is not a row named `add`. */
const literal = (pattern: Pattern): number => pattern.steps.filter(({ name }) => name !== '{}').length;

/** What is documented for a request; throws 400 or 405 for what is not. */
export function documentedFor(method: string, steps: readonly Step[]): Documented {
  const fitting = patterns
    .filter((pattern) => fits(pattern, steps))
    .sort((one, other) => literal(other) - literal(one));
  if (fitting.length === 0) throw badRequest('Resource not found for the segment: the path is not documented.');
  const found = fitting[0]!.methods.get(method);
  if (found === undefined)
    throw new GraphFailure(405, 'MethodNotAllowed', 'The HTTP method is not documented for this path.');
  return found;
}

const QUERIES = ['$select', '$expand', '$top', '$skip', '$filter', '$orderby'];

/** Refuses query options and selected members that are not documented. */
export function checkQuery({ reply, path }: Documented, method: string, query: URLSearchParams): void {
  for (const [name, value] of query) {
    const isToken = name === 'token' && path.includes('delta');
    if (!isToken && (!QUERIES.includes(name) || (method !== 'GET' && name !== '$select')))
      throw badRequest(`The query option '${name}' is not documented here.`);
    if (name !== '$select' || reply === null) continue;
    for (const member of value.split(',').map((each) => each.trim()))
      if (!members.get(reply.kind)!.includes(member) && !member.startsWith('@'))
        throw badRequest(`Could not find a property named '${member}' on type 'microsoft.graph.${reply.kind}'.`);
  }
}

/** Members of an object of a kind; the server checks its own replies against them. */
export const membersOf = (kind: string): readonly string[] => members.get(kind)!;

/** Refuses a body with a member, a type or a shape that is not documented. */
export function checkBody({ body }: Documented, value: unknown): void {
  if (body === null || body === 'bytes') return;
  const schema = bodies.get(body)!;
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw badRequest('The request body must be an object.');
  checkObject(schema, value as Readonly<Record<string, unknown>>, body);
}

function checkObject(
  schema: Readonly<Record<string, string>>,
  value: Readonly<Record<string, unknown>>,
  where: string,
): void {
  for (const [member, form] of Object.entries(schema))
    if (form.endsWith('!') && value[member] === undefined) throw badRequest(`'${member}' is required in '${where}'.`);
  for (const [member, given] of Object.entries(value)) {
    if (member === '@odata.type') continue;
    const form = schema[member];
    if (form === undefined) throw badRequest(`The property '${member}' does not exist on type '${where}'.`);
    if (!isOf(form.replace(/!$/, ''), given, member))
      throw badRequest(`The property '${member}' of '${where}' has a wrong type.`);
  }
}

const isScalar = (value: unknown): boolean => ['string', 'number', 'boolean'].includes(typeof value);

function isOf(form: string, value: unknown, member: string): boolean {
  if (form.endsWith('?')) return value === null || isOf(form.slice(0, -1), value, member);
  if (form.startsWith('[')) return Array.isArray(value) && value.every((each) => isOf(form.slice(1), each, member));
  if (form.startsWith('=')) {
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    if (isObject) checkObject(bodies.get(form.slice(1))!, value as Readonly<Record<string, unknown>>, form.slice(1));
    return isObject;
  }
  if (form.startsWith('enum ')) return typeof value === 'string' && form.slice(5).split(' ').includes(value);
  switch (form) {
    case 'any':
      return true;
    case 'integer':
      return Number.isInteger(value);
    case 'datetime':
      return typeof value === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/.test(value);
    case 'grid':
      return (
        isScalar(value) ||
        (Array.isArray(value) &&
          value.every((row) => Array.isArray(row) && row.every((cell) => cell === null || isScalar(cell))))
      );
    default:
      return typeof value === form;
  }
}
