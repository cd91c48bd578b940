/** Why a source is refused, as a value and as what the compiler throws inside itself. */
import type { FeelFault } from './index.ts';

/** Thrown by the parts of the compiler and turned into its fault by whoever started it. */
export class Refusal extends Error {
  readonly fault: FeelFault;

  constructor(code: FeelFault['code'], at: number, params: FeelFault['params']) {
    super(code);
    this.fault = { ok: false, code, at, params };
  }
}

/** Characters of the source that a fault shows. */
const SHOWN = 30;

/** What stands at a place of a source, short enough to be read. */
export function shown(source: string, from: number, to: number = source.length): string {
  const text = source.slice(from, to).trim();
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}
