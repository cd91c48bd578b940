/** How a failure is told: as data for `--json` and the control channel, as words for a terminal, as an exit code for scripts. */
import { catalogue, type Locale, say } from '../messages/index.ts';
import { AppError, ConfigError, type ErrorDetails, InputError, NotFoundError, RefusedError } from '../model/errors.ts';

/** 0 done, 1 failed, 2 usage or config, 3 refused by a guard. */
export type ExitCode = 0 | 1 | 2 | 3;

export interface ErrorReport {
  readonly code: string;
  readonly message: string;
  readonly hint: string | null;
  readonly details: ErrorDetails;
  readonly exitCode: ExitCode;
}

/** Puts any failure into words. A failure nobody foresaw is `internal`: it keeps its own text, which only an operator sees. */
export function reportError(error: unknown, locale: Locale): ErrorReport {
  if (error instanceof ReportedError) return error.report;
  if (!(error instanceof AppError)) {
    const message = error instanceof Error ? error.message : String(error);
    return {
      code: 'internal',
      message: say(locale, 'cli-internal', { message }),
      hint: say(locale, 'cli-internal-hint'),
      details: {},
      exitCode: 1,
    };
  }
  return {
    code: error.code,
    message: retold(error, locale, 'key') ?? error.message,
    hint: retold(error, locale, 'hintKey') ?? error.hint ?? null,
    details: error.details,
    exitCode: exitCodeOf(error),
  };
}

/** A failure another process has already put into words. */
export class ReportedError extends Error {
  readonly report: ErrorReport;

  constructor(report: ErrorReport) {
    super(report.message);
    this.name = 'ReportedError';
    this.report = report;
  }
}

function exitCodeOf(error: AppError): ExitCode {
  if (error instanceof RefusedError) return 3;
  return error instanceof ConfigError || error instanceof InputError || error instanceof NotFoundError ? 2 : 1;
}

/** The text of an error that names its key in the catalogue, in the reader's language. */
function retold(error: AppError, locale: Locale, name: 'key' | 'hintKey'): string | null {
  const key = error.details[name];
  const params = error.details.params;
  if (typeof key !== 'string' || !(key in catalogue) || typeof params !== 'object' || params === null) return null;
  return say(locale, key, params as Record<string, string | number>);
}
