/**
 * What the local Graph says when it refuses. Real workbook errors nest: the outer code is the old detailed one in Pascal
 * case, the documented class stands one level deeper, and the detail may repeat below that; clients must walk all levels
 * and compare codes without case.
 */

export interface FailureOptions {
  /** The documented second-level code, such as `invalidSessionReCreatable`. */
  readonly second?: string;
  /** A third level below it. */
  readonly third?: string;
  /** As it stands in the header: whole, decimal or a date. */
  readonly retryAfter?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A refused request. `code` is the outer code. */
export class GraphFailure extends Error {
  readonly status: number;
  readonly code: string;
  readonly options: FailureOptions;

  constructor(status: number, code: string, message: string, options: FailureOptions = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.options = options;
  }
}

const lowerFirst = (code: string): string => code.charAt(0).toLowerCase() + code.slice(1);

/** The documented outer code of a status (workbook-error-codes). */
const CLASSES: Readonly<Record<number, string>> = {
  400: 'badRequest',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'notFound',
  405: 'methodNotAllowed',
  409: 'conflict',
  413: 'payloadTooLarge',
  429: 'tooManyRequests',
  500: 'internalServerError',
  501: 'notImplemented',
  502: 'badGateway',
  503: 'serviceUnavailable',
  504: 'gatewayTimeout',
};

/** The body of a refusal; `style` chooses between what is seen in practice and what the documentation shows. */
export function failureBody(
  failure: GraphFailure,
  style: 'seen' | 'documented',
  date: string,
  requestId: string,
): object {
  const { second, third } = failure.options;
  const trail = { date, 'request-id': requestId, 'client-request-id': requestId };
  const message = failure.message;
  if (style === 'documented') {
    const detail = second ?? lowerFirst(failure.code);
    const outer = CLASSES[failure.status] ?? lowerFirst(failure.code);
    return { error: { code: outer, message, innerError: { code: detail, message, ...trail } } };
  }
  const inner = second === undefined ? trail : { code: second, message, ...trail };
  const deep = third === undefined ? inner : { ...inner, innerError: { code: third, message } };
  return { error: { code: failure.code, message, innerError: deep } };
}

export const invalidArgument = (
  message = 'The argument is invalid or missing or has an incorrect format.',
): GraphFailure => new GraphFailure(400, 'InvalidArgument', message, { second: 'invalidArgument' });

export const badRequest = (message: string): GraphFailure => new GraphFailure(400, 'BadRequest', message);

/** A missing tab, table, chart or name. */
export const notInWorkbook = (): GraphFailure =>
  new GraphFailure(404, 'ItemNotFound', "The requested resource doesn't exist.", { second: 'itemNotFound' });

/** A missing file, folder, share or upload. */
export const notInDrive = (message = 'The resource could not be found.'): GraphFailure =>
  new GraphFailure(404, 'itemNotFound', message);

export const wrongShape = (): GraphFailure =>
  invalidArgument(
    "The number of rows or columns in the input array doesn't match the size or dimensions of the range.",
  );

/** A protected sheet. */
export const sheetProtected = (): GraphFailure =>
  new GraphFailure(403, 'AccessDenied', 'You cannot perform the requested operation.', { second: 'accessDenied' });

export const insertDeleteConflict = (
  message = 'This operation is not allowed. The operation is attempting to shift cells in a table on your worksheet.',
): GraphFailure => new GraphFailure(409, 'InsertDeleteConflict', message, { second: 'insertDeleteConflict' });

export const filteredRangeConflict = (): GraphFailure =>
  new GraphFailure(409, 'FilteredRangeConflict', 'The attempted operation causes a conflict with a filtered range.', {
    second: 'filteredRangeConflict',
  });

export const alreadyExists = (message = 'The resource being created already exists.'): GraphFailure =>
  new GraphFailure(409, 'ItemAlreadyExists', message, { second: 'itemAlreadyExists' });
