/** The laws of connectors for Feishu sheets: the vendor's SDK over loopback against the local Feishu. */

import { type FeishuSwitches, startFeishu } from '../fakes/feishu.ts';
import { connectorLaws, type LawSubject, type LawTab } from '../laws/connector.ts';
import { openDesk } from './feishu-desk.ts';

async function subject(tabs: readonly LawTab[], switches: Partial<FeishuSwitches>): Promise<LawSubject> {
  const feishu = await startFeishu({ switches });
  const sheet = feishu.addSpreadsheet('售后', tabs);
  const desk = openDesk(feishu);
  const connector = desk.connect(sheet.url);
  return {
    connector: {
      ...connector,
      // The law's edits are made when the line of events is up; those before it are found by looking.
      async watch(notice) {
        const stop = await connector.watch!(notice);
        await feishu.connected();
        return stop;
      },
    },
    another: async () => desk.connect(sheet.url),
    edit: async (tab, cells) => sheet.type(tab, cells),
    renameTab: async (tab, name) => sheet.renameTab(tab, name),
    removeTab: async (tab) => sheet.removeTab(tab),
    obstruct: async () => {
      const fault = {
        kind: 'refuse',
        code: 90217,
        times: Number.POSITIVE_INFINITY,
        match: ({ method }: { readonly method: string }) => method !== 'GET',
      } as const;
      feishu.switches.faults.push(fault);
      return async () => {
        feishu.switches.faults = feishu.switches.faults.filter((each) => each !== fault);
      };
    },
    lose: async () => sheet.trash(),
    calls: () => feishu.requests.length,
    logs: () => desk.lines.join('\n'),
    dispose: async () => {
      await desk.close();
      await feishu.close();
    },
  };
}

connectorLaws('feishu', (tabs) => subject(tabs, {}));

// What is documented nowhere and reported both ways.
connectorLaws('feishu as others report it', (tabs) =>
  subject(tabs, {
    textBecomesNumber: true,
    noChangeIsError: true,
    shortRows: false,
    autoLink: false,
    deadTokenStatus: 400,
    forbiddenCode: 90213,
    overlap: 90235,
    repliesInOne: true,
  }),
);
