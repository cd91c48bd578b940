/**
 * How badly the local Graph behaves. Left alone it is Graph on a good day; every member turns on one thing that is
 * documented or reported of the real one. Plain and mutable: set a member at any time, also between two calls of a client.
 */

/** One planned failure. */
export interface PlannedFailure {
  readonly status: number;
  /** Outer code. Default: what the status is called. */
  readonly code?: string;
  /** Second-level code. */
  readonly second?: string;
  /** A code below that. */
  readonly third?: string;
  readonly message?: string;
  /** `Retry-After` as sent: `'2'`, `'2.128'` or an HTTP date; left out when missing. */
  readonly retryAfter?: string;
  /** `after`: the request was carried out, only its answer is lost. Default `before`. */
  readonly when?: 'before' | 'after';
  /** The connection is cut instead of an answer. */
  readonly hangUp?: boolean;
  /** How many requests it meets. Default 1. */
  times?: number;
  /** Which requests it meets. Default: all below `/v1.0`. */
  readonly matches?: (request: { readonly method: string; readonly path: string }) => boolean;
}

export interface GraphSwitches {
  // Signing in
  /** Which national cloud this is: names hosts, refuses tokens for another cloud's Graph, and `china` has no workbook API. */
  cloud: 'global' | 'usgov' | 'dod' | 'china';
  /** Seconds an access token lives. The real one lives 60 to 90 minutes. */
  tokenSeconds: number;
  /** Seconds between two polls of a device code, as told to the client. */
  deviceCodeIntervalSeconds: number;
  /** False: no administrator has agreed to the application: AADSTS65001 for people, AADSTS7000229 for the application itself. */
  hasConsent: boolean;
  /** False: the application is no public client, and device codes are refused with AADSTS7000218. */
  isPublicClient: boolean;
  /** Application permissions that were granted. */
  applicationPermissions: string[];
  /** Delegated permissions that were granted. */
  delegatedPermissions: string[];
  /** False: workbook calls with an application's own token are refused, as documented; true: they work, as reported. */
  applicationMayUseWorkbooks: boolean;

  // Workbook calls
  /** Reads lag behind edits of others, and sessionless reads behind every edit, by this. About 5 s is reported, up to 30 s said. */
  staleMs: number;
  /** Idle time after which a persistent session is gone (404, `invalidSessionReCreatable`). */
  sessionIdleMs: number;
  /** The same for a session that keeps its changes to itself. */
  privateSessionIdleMs: number;
  /** So many of the next calls in a session find its server dead: 503 without a known code, the session is gone. */
  lostServers: number;
  /** So many of the next writes without a persistent session are answered 200 and dropped. */
  droppedWrites: number;
  /** `numberFormat` beside `values` in one PATCH is applied first. The order is not documented; false is the harsher reading. */
  formatsBeforeValues: boolean;
  /** A PATCH just below a table makes the table grow, as typing does. Not documented either way. */
  patchGrowsTables: boolean;
  /** `Prefer: respond-async` is answered 202, and its operation needs so many looks until it is done; 0 answers at once. */
  asyncLooks: number;
  /** So many of the next such operations fail: HTTP 200 with `status: failed`. */
  failingOperations: number;
  /** Bytes of one request to the workbook. */
  maxRequestBytes: number;
  /** Bytes of one reply of the workbook. */
  maxReplyBytes: number;
  /** Cells of a range above which its grids are null. */
  maxCells: number;
  /** Calls on one workbook at a time; more are answered 429, and more than twice as many 409 `accessConflict`. */
  parallelCalls: number;
  /** Answers 200 where the current pages say 201 or 204, as older samples do. */
  oldStatuses: boolean;
  /** `documented`: error bodies as the error pages show them; `seen`: as they are reported. */
  errorStyle: 'seen' | 'documented';

  // Every call
  /** Failures for the next requests, in order of the list; used up ones are removed. */
  failures: PlannedFailure[];
  /** At most `calls` requests in any `perMs`, else 429 with a decimal `Retry-After`; null: no limit. */
  throttle: { calls: number; perMs: number } | null;
  /** Refuses every call before a sent `Retry-After` has passed. */
  enforceRetryAfter: boolean;

  // Files
  /** A change shows in eTag, content, versions and delta only so long after it shows in the workbook. */
  saveLagMs: number;
  /** Every workbook read saves the file: a new version, a new eTag, a notification, and the same cells. */
  readsSave: boolean;
  /** SharePoint puts properties of its own into an uploaded workbook: bytes, size and eTag move once more. */
  rewritesUploads: boolean;
  /** How long after the upload that happens. */
  rewriteLagMs: number;
  /** Which of the three seen bodies a 423 has. */
  lockedBody: 'resourceLocked' | 'notAllowed' | 'accessDenied';
  /** Which of the two seen bodies a 412 has. */
  preconditionBody: 'resourceModified' | 'notAllowed';
  /** So long after the last workbook call uploads are refused with 423; up to 6 minutes are said. */
  lockAfterWorkbookMs: number;
  /** The precondition of an upload session is looked at again with its last piece. Only the first look is documented. */
  lastPieceChecksMatch: boolean;
  /** So many of the next uploads are refused with 409 or 412 although the tag is right. */
  wrongPreconditions: number;
  /** A sharing link answers 403 until a call asks to redeem it (`Prefer: redeemSharingLink`). */
  sharesNeedRedeeming: boolean;

  // Changes
  /** Items on one page of delta. */
  deltaPage: number;
  /** So many of the next delta calls with a token are answered 410. */
  expiredDeltas: number;
  /** Changed items come twice, first in an older state. */
  deltaRepeats: boolean;
  /** So many of the next notifications never arrive. */
  lostNotifications: number;
  /** Every notification arrives twice. */
  repeatedNotifications: boolean;
  /** A plain-http address is taken for notifications. Graph itself takes https only. */
  takesPlainHttp: boolean;
}

const FIVE_MEGABYTES = 5 * 1024 * 1024;

export const goodDay = (): GraphSwitches => ({
  cloud: 'global',
  tokenSeconds: 4500,
  deviceCodeIntervalSeconds: 5,
  hasConsent: true,
  isPublicClient: true,
  applicationPermissions: ['Files.ReadWrite.All', 'Sites.ReadWrite.All'],
  delegatedPermissions: ['Files.ReadWrite.All', 'Sites.ReadWrite.All', 'User.Read'],
  applicationMayUseWorkbooks: true,
  staleMs: 0,
  sessionIdleMs: 300_000,
  privateSessionIdleMs: 420_000,
  lostServers: 0,
  droppedWrites: 0,
  formatsBeforeValues: false,
  patchGrowsTables: false,
  asyncLooks: 0,
  failingOperations: 0,
  maxRequestBytes: FIVE_MEGABYTES,
  maxReplyBytes: FIVE_MEGABYTES,
  maxCells: 5_000_000,
  parallelCalls: Number.POSITIVE_INFINITY,
  oldStatuses: false,
  errorStyle: 'seen',
  failures: [],
  throttle: null,
  enforceRetryAfter: false,
  saveLagMs: 0,
  readsSave: false,
  rewritesUploads: true,
  rewriteLagMs: 0,
  lockedBody: 'resourceLocked',
  preconditionBody: 'resourceModified',
  lockAfterWorkbookMs: 0,
  lastPieceChecksMatch: true,
  wrongPreconditions: 0,
  sharesNeedRedeeming: false,
  deltaPage: 200,
  expiredDeltas: 0,
  deltaRepeats: false,
  lostNotifications: 0,
  repeatedNotifications: false,
  takesPlainHttp: true,
});
