/** The Excel Online connector on the local Graph, a workbook worked on in place: all laws. */
import { afterAll, beforeAll, expect } from 'vitest';
import type { CellInput } from '../../src/model/cell.ts';
import { address } from '../../src/model/cell.ts';
import type { PlannedFailure } from '../fakes/msgraph.ts';
import { connectorLaws, type LawSubject } from '../laws/connector.ts';
import { type MsgraphDesk, openDesk } from './msgraph-desk.ts';

let desk: MsgraphDesk;
let files = 0;

beforeAll(async () => {
  desk = await openDesk();
});

afterAll(async () => {
  await desk.close();
});

connectorLaws(
  'msgraph, workbook mode',
  async (tabs): Promise<LawSubject> => {
    const { graph, lines } = desk;
    files++;
    const file = graph.addFile(`售后 工单 ${files}.xlsx`, { tabs });
    const logged = lines.length;
    return {
      connector: desk.connect(file.shareUrl),
      another: async () => desk.connect(file.webUrl),
      async edit(tab, cells) {
        const typed = Object.fromEntries(
          cells.map(({ row, column, value }): [string, CellInput] => [address(row, column), value]),
        );
        file.type(tab, typed);
      },
      renameTab: async (tab, name) => file.renameTab(tab, name),
      removeTab: async (tab) => file.removeTab(tab),
      async obstruct() {
        const failure: PlannedFailure = {
          status: 409,
          code: 'AccessConflict',
          second: 'accessConflict',
          times: Number.POSITIVE_INFINITY,
          matches: ({ method, path }) => method !== 'GET' && !path.endsWith('/createSession'),
        };
        graph.switches.failures.push(failure);
        return async () => void graph.switches.failures.splice(graph.switches.failures.indexOf(failure), 1);
      },
      lose: async () => file.remove(),
      calls: () => graph.requests.length,
      logs: () => lines.slice(logged).join('\n'),
      async dispose() {
        graph.switches.failures.length = 0;
        expect(graph.undocumented).toEqual([]);
      },
    };
  },
  {
    mayRefuse: [{ value: 0.1 + 0.2, reason: 'Excel keeps 15 significant digits, and this number has 17' }],
  },
);
