/** What a test or a demo holds in its hands: the local Graph from outside. */
import type { CellValue } from '../../../src/model/cell.ts';
import type { FakeFile } from './people.ts';
import type { GraphSwitches } from './switches.ts';

/** One request as it came, and how it was answered. */
export interface GraphRequest {
  readonly method: string;
  /** Decoded, without the query; Graph's own begin with `/v1.0`. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  /** Parsed JSON, a form, or null. */
  readonly body: unknown;
  readonly byteLength: number;
  readonly at: Date;
  /** 0 until it is answered, and for ever when the connection was cut. */
  status: number;
}

type Hook = (request: GraphRequest) => void | Promise<void>;

export interface FakeGraph {
  /** `https://127.0.0.1:port`; `/v1.0` is below it. */
  readonly root: string;
  /** Where to sign in; the same server. */
  readonly authority: string;
  /** PEM of the authority to trust. */
  readonly certificate: string;
  readonly tenantId: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly switches: GraphSwitches;
  /** The last 20,000. */
  readonly requests: readonly GraphRequest[];
  /** Requests nobody documents, with the reason: assert that there are none. */
  readonly undocumented: readonly string[];
  /** Called before a request is carried out; the request waits for it. */
  before: Hook | null;
  /** Called after it was carried out and before it is answered. */
  after: Hook | null;
  readonly files: readonly FakeFile[];
  /** Puts a workbook into the library: from rows of cells, tab by tab, or from a file's bytes (await `ready` then). */
  addFile(
    name: string,
    workbook:
      | { readonly tabs: readonly { readonly name: string; readonly rows: readonly (readonly CellValue[])[] }[] }
      | { readonly bytes: Uint8Array },
  ): FakeFile;
  /** Resolves when files that were added from bytes are read. */
  ready(): Promise<void>;
  /** The person types the device code and agrees. */
  approve(userCode: string): void;
  decline(userCode: string): void;
  /** Makes all access tokens given so far expire. */
  expireTokens(): void;
  /** Makes all refresh tokens given so far useless, as a changed password does. */
  revokeRefreshTokens(): void;
  /** Asks the clients of all subscriptions to authorize them anew. */
  askForReauthorization(): void;
  /** Carries out saves that are due and sends what is waiting, also what was not taken before. */
  deliver(): Promise<void>;
  close(): Promise<void>;
}
