/**
 * An operation: one thing an operator can ask of the app, with plain data in and out, so that it runs alike in the
 * process of the command and in the service that holds the embedded database.
 */
import type { z } from 'zod';
import type { App } from '../app.ts';

export interface Operation<Input, Result> {
  readonly name: string;
  /** What may come in; whatever else a caller sends is refused. */
  readonly input: z.ZodType<Input>;
  /** `share` is told how much of a long piece of work is done, from 0 to 1, where it runs in the caller's process. */
  run(app: App, input: Input, share?: (done: number) => void): Promise<Result>;
}

/** Gives an operation its types. */
export function operation<Input, Result>(of: Operation<Input, Result>): Operation<Input, Result> {
  return of;
}
