/** A local Graph with one workbook, and the official client signed in with a session, for the tests of that Graph. */
import type { Client, GraphError } from '@microsoft/microsoft-graph-client';
import { afterEach } from 'vitest';
import type { CellValue } from '../../src/model/cell.ts';
import { type TestClock, testClock } from '../fakes/clock.ts';
import { type FakeFile, type FakeGraph, type GraphSwitches, startGraph } from '../fakes/msgraph.ts';
import { sdkClient, secretCredential } from '../fakes/msgraph-client.ts';

export interface Setting {
  readonly graph: FakeGraph;
  readonly file: FakeFile;
  readonly clock: TestClock;
  readonly client: Client;
  /** `/drives/../items/..` */
  readonly item: string;
  /** `{item}/workbook` */
  readonly book: string;
  /** Starts a session and gives its id. */
  session(persistChanges?: boolean): Promise<string>;
}

const open: FakeGraph[] = [];

afterEach(async () => {
  for (const graph of open.splice(0)) await graph.close();
});

const ROWS: readonly (readonly CellValue[])[] = [
  ['编号', '标题', '金额'],
  ['T-1', '打印机坏了', 30],
  ['T-2', '网络慢', 45],
];

export async function setting(
  options: {
    readonly switches?: Partial<GraphSwitches>;
    readonly rows?: readonly (readonly CellValue[])[];
    readonly tab?: string;
  } = {},
): Promise<Setting> {
  const clock = testClock('2026-03-02T01:00:00Z');
  const graph = await startGraph({ now: clock.now, switches: options.switches ?? {} });
  open.push(graph);
  const file = graph.addFile('工单.xlsx', { tabs: [{ name: options.tab ?? '工单', rows: options.rows ?? ROWS }] });
  const client = sdkClient(graph, secretCredential(graph));
  const item = `/drives/${file.driveId}/items/${file.itemId}`;
  return {
    graph,
    file,
    clock,
    client,
    item,
    book: `${item}/workbook`,
    session: async (persistChanges = true) =>
      (await client.api(`${item}/workbook/createSession`).post({ persistChanges })).id as string,
  };
}

export interface Refusal {
  readonly status: number;
  /** All codes, outermost first. */
  readonly codes: readonly string[];
  readonly retryAfter: string | null;
}

/** How a call was refused; fails when it was not. */
export async function refusal(call: Promise<unknown>): Promise<Refusal> {
  const answer = await call.then(
    () => null,
    (error: GraphError) => error,
  );
  if (answer === null) throw new Error('the call was not refused');
  if (answer.statusCode === undefined || answer.statusCode < 400) throw answer;
  const codes: string[] = [];
  for (let each = JSON.parse(String(answer.body)); each !== undefined; each = each.innerError)
    if (typeof each.code === 'string') codes.push(each.code);
  return { status: answer.statusCode, codes, retryAfter: answer.headers?.get('retry-after') ?? null };
}
