/** One call of the API: what arrived, what is answered, and how an endpoint says no. */
import type { FakeRequest } from '../feishu.ts';

/** An error of the vendor. Its HTTP status follows from the family of the code where none is given. */
export class Refusal extends Error {
  readonly code: number;
  readonly status: number;
  readonly data: unknown;
  constructor(
    code: number,
    message: string,
    { status = statusOf(code), data }: { status?: number; data?: unknown } = {},
  ) {
    super(message);
    this.code = code;
    this.status = status;
    this.data = data;
  }
}

/** Old endpoints say 200 to nearly everything; new ones use the status. Which of them does what is hardly documented: go by the code. */
function statusOf(code: number): number {
  const one: Readonly<Record<number, number>> = {
    90213: 403,
    91403: 403,
    1310234: 200,
    1315201: 500,
    1315203: 500,
    1069601: 500,
    1069603: 403,
    99991201: 404,
    99991400: 400,
  };
  if (one[code] !== undefined) return one[code];
  if (code >= 1_310_000 || (code >= 230_000 && code < 240_000)) return 400;
  return code >= 90_000 && code < 1_300_000 ? 200 : 400;
}

/** A reply that is not the usual envelope. */
export class Plain {
  readonly body: unknown;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  constructor(
    body: unknown,
    { status = 200, headers = {} }: { status?: number; headers?: Record<string, string> } = {},
  ) {
    this.body = body;
    this.status = status;
    this.headers = headers;
  }
}

/** What came from outside: each endpoint checks what it needs of it. */
// biome-ignore lint/suspicious/noExplicitAny: nothing is known of it
export type Loose = any;

export interface Call {
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: Loose;
  /** Of a form: the file's bytes. */
  readonly file: Buffer | null;
  readonly request: FakeRequest;
  /** Of a batch only so many items may be done, then the call fails with the code: a fault of the server. */
  readonly partial: { readonly items: number; readonly code: number } | null;
}

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** `/open-apis/sheets/v3/spreadsheets/:token` */
  readonly path: string;
  /** Name of the parameter that is a document only one write at a time may change. */
  readonly serial?: string;
  /** The code for a second write at a time, where it is not the switch's. */
  readonly overlapCode?: number;
  /** Scopes of which one is enough. */
  readonly scopes?: readonly string[];
  /** Calls a minute, where it is not the 100 a second that most endpoints of sheets take. */
  readonly perMinute?: number;
  /** Needs no token. */
  readonly isOpen?: boolean;
  /** `msg` of a success: the vendor's endpoints differ. */
  readonly msg?: string;
  readonly handle: (call: Call) => unknown;
}

export interface Found {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
}

/** Finds the route of a path; a written-out part wins over a parameter. */
export function router(routes: readonly Route[]): (method: string, path: string) => Found | null {
  const parts = routes.map((route) => ({ route, parts: route.path.split('/') }));
  // Written-out parts first: `/float_images/query` is not an image called `query`.
  const weight = (pattern: readonly string[]): string =>
    pattern.map((part) => (part.startsWith(':') ? '1' : '0')).join('');
  parts.sort((one, other) => weight(one.parts).localeCompare(weight(other.parts)));
  return (method, path) => {
    const asked = path.split('/').map((part) => decodeURIComponent(part));
    for (const { route, parts: pattern } of parts) {
      if (route.method !== method || pattern.length !== asked.length) continue;
      const params: Record<string, string> = {};
      const fits = pattern.every((part, n) => {
        if (!part.startsWith(':')) return part === asked[n];
        params[part.slice(1)] = asked[n] as string;
        return asked[n] !== '';
      });
      if (fits) return { route, params };
    }
    return null;
  };
}
