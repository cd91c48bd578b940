/** Every built-in function by its name in FEEL. A new one is a line in the file of its subject. */
import { contextFunctions } from './context.ts';
import type { Form, Functions } from './function.ts';
import { listFunctions } from './list.ts';
import { momentFunctions } from './moment.ts';
import { numberFunctions } from './number.ts';
import { rangeFunctions } from './range.ts';
import { textFunctions } from './text.ts';
import { totalFunctions } from './total.ts';

const all: Functions = {
  ...textFunctions,
  ...numberFunctions,
  ...listFunctions,
  ...totalFunctions,
  ...momentFunctions,
  ...rangeFunctions,
  ...contextFunctions,
};

/** The forms of a function, or undefined when there is none of this name. */
export function functionNamed(name: string): readonly Form[] | undefined {
  return Object.hasOwn(all, name) ? all[name] : undefined;
}
