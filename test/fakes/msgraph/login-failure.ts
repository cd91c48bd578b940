/** What the token service says when it refuses: an OAuth error and the AADSTS number people search for. */

export class LoginFailure extends Error {
  readonly status: number;
  readonly error: string;
  readonly code: number;
  readonly suberror: string | undefined;

  constructor(status: number, error: string, code: number, message: string, suberror?: string) {
    super(message);
    this.status = status;
    this.error = error;
    this.code = code;
    this.suberror = suberror;
  }
}

/** The body of a refusal; `number` makes its trace different from others. */
export function loginFailureBody(
  { error, code, message, suberror }: LoginFailure,
  root: string,
  number: number,
  now: Date,
): object {
  const [trace, timestamp] = [`00000000-0000-4000-8000-${String(number).padStart(12, '0')}`, now.toISOString()];
  return {
    error,
    error_description: `AADSTS${code}: ${message} Trace ID: ${trace} Correlation ID: ${trace} Timestamp: ${timestamp}`,
    error_codes: [code],
    timestamp,
    trace_id: trace,
    correlation_id: trace,
    error_uri: `${root}/error?code=${code}`,
    ...(suberror === undefined ? {} : { suberror }),
  };
}
