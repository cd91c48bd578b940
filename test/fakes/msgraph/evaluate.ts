/**
 * A small evaluator for the formulas people keep beside their tickets: references, structured references, operators and
 * the everyday functions. A function it does not know gives `#NAME?`, as an Excel without that function would.
 */
import { type Area, tryPlace } from './address.ts';
import { type Content, fifteenDigits, isError, serialOf } from './cell.ts';
import { tokensOf } from './formula.ts';
import { failed, type Node, Parser } from './parse-formula.ts';
import { shown } from './shown.ts';

type Grid = readonly (readonly Content[])[];
type Value = Content | { readonly grid: Grid };

/** What a formula may look at. */
export interface Surroundings {
  readonly tab: string;
  readonly row: number;
  readonly now: Date;
  /** Contents of an area, cut to what is in use; null when there is no such tab. */
  contents(tab: string, area: Area): Grid | null;
  /** The area of `Table[Column]`, of `[@Column]` in its row, or of a defined name; null when unknown. */
  resolve(text: string): { readonly tab: string; readonly area: Area } | null;
}

const isGrid = (value: Value): value is { readonly grid: Grid } =>
  typeof value === 'object' && value !== null && 'grid' in value;

/** The result of a formula, or an error value. */
export function evaluate(formula: string, around: Surroundings): Content {
  const tokens = tokensOf(formula.slice(1))?.filter(({ kind }) => kind !== 'space');
  if (tokens === undefined) return failed('#NAME?');
  const value = valueFrom(new Parser(tokens).parse(), around);
  const content = isGrid(value) ? single(value) : value;
  return typeof content === 'number' ? (Number.isFinite(content) ? fifteenDigits(content) : failed('#NUM!')) : content;
}

function valueFrom(node: Node, around: Surroundings): Value {
  switch (node.kind) {
    case 'constant':
      return node.content;
    case 'area': {
      const found = tryPlace(node.text);
      const at = found === null ? around.resolve(node.text) : { tab: found.tab ?? around.tab, area: found.area };
      const grid = at === null ? null : around.contents(at.tab, at.area);
      return grid === null ? failed(found === null ? '#NAME?' : '#REF!') : { grid };
    }
    case 'minus':
      return arithmetic('-', 0, scalar(valueFrom(node.of, around)));
    case 'percent':
      return arithmetic('/', scalar(valueFrom(node.of, around)), 100);
    case 'sign':
      return operator(node.sign, scalar(valueFrom(node.left, around)), scalar(valueFrom(node.right, around)));
    case 'call':
      return call(node.name, node.args, around);
  }
}

const single = ({ grid }: { readonly grid: Grid }): Content => grid[0]?.[0] ?? 0;
const scalar = (value: Value): Content =>
  isGrid(value) ? (value.grid.length > 1 || (value.grid[0]?.length ?? 0) > 1 ? failed('#VALUE!') : raw(value)) : value;
const raw = ({ grid }: { readonly grid: Grid }): Content => grid[0]?.[0] ?? null;

function numeric(content: Content): number | null {
  if (content === null) return 0;
  if (typeof content === 'number') return content;
  if (typeof content === 'boolean') return content ? 1 : 0;
  if (typeof content === 'string' && content.trim() !== '' && Number.isFinite(Number(content))) return Number(content);
  return null;
}

const textOf = (content: Content): string =>
  shown({ content, formula: null, format: 'General', style: null, isQuoted: false });

function arithmetic(sign: string, left: Content, right: Content): Content {
  if (isError(left)) return left;
  if (isError(right)) return right;
  const [one, other] = [numeric(left), numeric(right)];
  if (one === null || other === null) return failed('#VALUE!');
  if (sign === '+') return one + other;
  if (sign === '-') return one - other;
  if (sign === '*') return one * other;
  if (sign === '^') return one ** other;
  return other === 0 ? failed('#DIV/0!') : one / other;
}

function operator(sign: string, left: Content, right: Content): Content {
  if (isError(left)) return left;
  if (isError(right)) return right;
  if (sign === '&') return textOf(left) + textOf(right);
  if ('+-*/^'.includes(sign)) return arithmetic(sign, left, right);
  const order = compared(left, right);
  if (sign === '=') return order === 0;
  if (sign === '<>') return order !== 0;
  if (sign === '<') return order < 0;
  if (sign === '>') return order > 0;
  return sign === '<=' ? order <= 0 : order >= 0;
}

/** Numbers stand before texts, texts before truth values; case does not count. */
export function compared(left: Content, right: Content): number {
  const rank = (content: Content): number => (typeof content === 'boolean' ? 2 : typeof content === 'string' ? 1 : 0);
  const blank = (content: Content, other: Content): Content =>
    content === null ? (typeof other === 'string' ? '' : typeof other === 'boolean' ? false : 0) : content;
  const [one, two] = [blank(left, right), blank(right, left)];
  if (rank(one) !== rank(two)) return rank(one) - rank(two);
  if (typeof one === 'string') return one.toLowerCase().localeCompare(String(two).toLowerCase());
  return Number(one) - Number(two);
}

/** Whether a content meets a criterion such as `">=5"`, `"open"`, `"VIP*"` or a number. */
export function meets(content: Content, criterion: Content): boolean {
  if (typeof criterion !== 'string') return content !== null && compared(content, criterion) === 0;
  const [, sign, rest] = /^(<=|>=|<>|<|>|=)?(.*)$/s.exec(criterion) as unknown as [string, string?, string?];
  const operand = rest ?? '';
  const size = operand.trim() === '' ? null : Number(operand);
  if (size !== null && Number.isFinite(size)) {
    if (typeof content !== 'number') return sign === '<>';
    const order = content - size;
    if (sign === '<') return order < 0;
    if (sign === '>') return order > 0;
    if (sign === '<=') return order <= 0;
    if (sign === '>=') return order >= 0;
    return sign === '<>' ? order !== 0 : order === 0;
  }
  const escaped = operand
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*/g, '.*')
    .replace(/\?/g, '.');
  const isLike = new RegExp(`^${escaped}$`, 'is').test(content === null ? '' : textOf(content));
  return sign === '<>' ? !isLike : isLike;
}

/** Every content of the arguments; texts and blanks too. */
const flat = (values: readonly Value[]): Content[] =>
  values.flatMap((value) => (isGrid(value) ? value.grid.flat() : [value]));

function figures(values: readonly Value[]): number[] | Content {
  const found: number[] = [];
  for (const value of values)
    for (const content of isGrid(value) ? value.grid.flat() : [value]) {
      if (isError(content)) return content;
      if (typeof content === 'number') found.push(content);
      else if (!isGrid(value)) {
        const size = numeric(content);
        if (size === null) return failed('#VALUE!');
        if (content !== null) found.push(size);
      }
    }
  return found;
}

function conditional(values: readonly Value[], add: (numbers: readonly number[]) => Content): Content {
  const [tested, criterion, summed] = values;
  if (tested === undefined || !isGrid(tested) || criterion === undefined) return failed('#VALUE!');
  const source = summed !== undefined && isGrid(summed) ? summed.grid : tested.grid;
  const wanted = scalar(criterion);
  const numbers = tested.grid.flatMap((row, r) =>
    row.flatMap((content, c) => {
      const figure = source[r]?.[c];
      return meets(content, wanted) && typeof figure === 'number' ? [figure] : [];
    }),
  );
  return add(numbers);
}

const total = (numbers: readonly number[]): number => numbers.reduce((sum, each) => sum + each, 0);
const mean = (numbers: readonly number[]): Content =>
  numbers.length === 0 ? failed('#DIV/0!') : total(numbers) / numbers.length;

function call(name: string, args: readonly Node[], around: Surroundings): Value {
  const values = (): Value[] => args.map((arg) => valueFrom(arg, around));
  const one = (index: number): Content => (args[index] === undefined ? null : scalar(valueFrom(args[index], around)));
  const overFigures = (work: (numbers: number[]) => Content): Content => {
    const found = figures(values());
    return Array.isArray(found) ? work(found) : found;
  };
  const isTrue = (content: Content): boolean => numeric(content) !== 0;
  switch (name) {
    case 'SUM':
      return overFigures(total);
    case 'AVERAGE':
      return overFigures(mean);
    case 'MIN':
      return overFigures((numbers) => (numbers.length === 0 ? 0 : Math.min(...numbers)));
    case 'MAX':
      return overFigures((numbers) => (numbers.length === 0 ? 0 : Math.max(...numbers)));
    case 'COUNT':
      return flat(values()).filter((content) => typeof content === 'number').length;
    case 'COUNTA':
      return flat(values()).filter((content) => content !== null).length;
    case 'COUNTBLANK':
      return flat(values()).filter((content) => content === null || content === '').length;
    case 'COUNTIF': {
      const [tested, criterion] = values();
      if (tested === undefined || !isGrid(tested) || criterion === undefined) return failed('#VALUE!');
      return tested.grid.flat().filter((content) => meets(content, scalar(criterion))).length;
    }
    case 'SUMIF':
      return conditional(values(), total);
    case 'AVERAGEIF':
      return conditional(values(), mean);
    case 'IF': {
      const test = one(0);
      if (isError(test)) return test;
      return isTrue(test) ? one(1) : args.length > 2 ? one(2) : false;
    }
    case 'IFERROR': {
      const first = one(0);
      return isError(first) ? one(1) : first;
    }
    case 'AND':
      return flat(values()).every(isTrue);
    case 'OR':
      return flat(values()).some(isTrue);
    case 'NOT':
      return !isTrue(one(0));
    case 'ABS':
      return overFigures(([size]) => Math.abs(size ?? 0));
    case 'INT':
      return overFigures(([size]) => Math.floor(size ?? 0));
    case 'ROUND':
      return overFigures(([size, places]) => {
        const scale = 10 ** (places ?? 0);
        return (Math.sign(size ?? 0) * Math.round(fifteenDigits(Math.abs(size ?? 0) * scale))) / scale;
      });
    case 'LEN':
      return textOf(one(0)).length;
    case 'CONCAT':
    case 'CONCATENATE':
      return flat(values()).map(textOf).join('');
    case 'TODAY':
      return Math.floor(serialOf(around.now.getTime()));
    case 'NOW':
      return serialOf(around.now.getTime());
    default:
      return failed('#NAME?');
  }
}
