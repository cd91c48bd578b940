/** What of the vendor's behaviour can be chosen: one member per quirk, with the default that asks most of a client. */

/** What befalls a request, instead of the plain way. */
export type Fault = {
  /** Requests it befalls; all when left out. */
  readonly match?: (request: { readonly method: string; readonly path: string; readonly body: unknown }) => boolean;
  /** So many requests, then it is used up; 1 when left out. */
  times?: number;
} & (
  | /** Too many calls: `status` is 400 on older endpoints, 429 on newer ones. Nothing is done. */ {
      readonly kind: 'throttle';
      readonly status: 400 | 429;
      readonly resetSeconds: number;
    }
  | /** An error code of the vendor. Nothing is done. */ {
      readonly kind: 'refuse';
      readonly code: number;
      readonly message?: string;
      readonly status?: number;
    }
  | /** The connection breaks before anything is done. */ { readonly kind: 'lose-before' }
  | /** The connection breaks after everything was done: the reply is lost. */ { readonly kind: 'lose-after' }
  | /** The reply is lost, and what was asked is done only by `settle()`. */ { readonly kind: 'late' }
  | /** The gateway gives up; `done` tells whether the request was carried out all the same. */ {
      readonly kind: 'gateway';
      readonly status: 502 | 504;
      readonly done: boolean;
    }
  | /** Of the items of a batch only the first `items` are carried out; the rest is refused with `code`. */ {
      readonly kind: 'partial';
      readonly items: number;
      readonly code: number;
    }
);

export interface FeishuSwitches {
  /** Befall the next requests, the first that matches. Used-up ones leave the list. */
  faults: Fault[];
  /** Documented limits are kept by the server's clock: 100 a second, on v3 100 or 20 a minute. */
  rateLimits: boolean;
  /** HTTP status of 99991663 and its kin: both are seen in the field. */
  deadTokenStatus: 200 | 400;
  /** What a document says to an app that is no collaborator: v2 has both codes (v3 always says 1310213). */
  forbiddenCode: 91403 | 90213;
  /** Two writes on one document at a time: the later one is refused with this code, or waits its turn. */
  overlap: 90217 | 90235 | 'wait';
  /** A write that leaves everything as it was answers 90216 instead of success. */
  noChangeIsError: boolean;
  /** A reply over so many bytes is refused with 90221. */
  maxReplyBytes: number;
  /** A v2 body over so many bytes is refused with 90227. */
  maxBodyBytes: number;
  /** Empty cells at the end of a row are left out of replies, down to one. */
  shortRows: boolean;
  /** Text that is an address or an e-mail address becomes a link. */
  autoLink: boolean;
  /** Text that is a number loses that in cells whose format is not `@`: `007` becomes 7. Off: text stays text. */
  textBecomesNumber: boolean;
  /** What a bare `true` in a write becomes. */
  rawBooleans: 'boolean' | 'text' | 'refused';
  /** Scopes the app was not given: their calls answer 99991672. */
  missingScopes: string[];
  /** The caller's address is not in the app's allow list: every call answers 99991401. */
  addressRefused: boolean;
  /** Reads and metainfo answer as documents stood when this was switched on. */
  staleReads: boolean;
  /** `sheets_batch_update` answers all requests in one reply object, as the vendor's sample does. */
  repliesInOne: boolean;
  /** The revision of a 多维表格 itself counts only its tables (each table counts its records), or everything. */
  baseRevision: 'tables' | 'everything';
  /** Events come twice, with the same id. */
  duplicateEvents: boolean;
  /** Events wait for `deliver()`. */
  holdEvents: boolean;
  /** Held edits of one file come as one event with all who edited. Only with `holdEvents`. */
  mergeEdits: boolean;
  /** So many of the next edits make no event at all. */
  lostEdits: number;
  /** The app's own writes make events too. */
  ownEdits: boolean;
  /** An app that only manages a file hears of everything, as its owner does; the vendor sends it edits and records only. */
  allEvents: boolean;
  /** Events longer than this come in parts. */
  frameBytes: number;
  /** The answer of `POST /callback/ws/endpoint`: 0, 1 (busy), 403, 514 (wrong secret, fatal), 1000040343 (try again), 1000040350 (too many). */
  endpointCode: number;
  /** What the long connection is told, in seconds; `pingSeconds` comes back with every pong. */
  pingSeconds: number;
  reconnectSeconds: number;
  /** Where events and card clicks go when no long connection is wanted; null for the long connection. */
  webhook: string | null;
  /** Bodies to the webhook are encrypted and signed. */
  encrypted: boolean;
}

export const defaultSwitches = (): FeishuSwitches => ({
  faults: [],
  rateLimits: false,
  deadTokenStatus: 200,
  forbiddenCode: 91403,
  overlap: 90217,
  noChangeIsError: false,
  maxReplyBytes: 10 * 1024 * 1024,
  maxBodyBytes: 10 * 1024 * 1024,
  shortRows: true,
  autoLink: true,
  textBecomesNumber: false,
  rawBooleans: 'boolean',
  missingScopes: [],
  addressRefused: false,
  staleReads: false,
  repliesInOne: false,
  baseRevision: 'tables',
  duplicateEvents: false,
  holdEvents: false,
  mergeEdits: false,
  lostEdits: 0,
  ownEdits: true,
  allEvents: false,
  frameBytes: 65_536,
  endpointCode: 0,
  pingSeconds: 120,
  reconnectSeconds: 1,
  webhook: null,
  encrypted: true,
});
