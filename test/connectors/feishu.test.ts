/** The laws of connectors for Feishu sheets: the vendor's SDK over loopback against the local Feishu. */

import { startFeishu } from '../fakes/feishu.ts';
import { connectorLaws, type LawSubject } from '../laws/connector.ts';
import { openDesk } from './feishu-desk.ts';

connectorLaws('feishu', async (tabs): Promise<LawSubject> => {
  const feishu = await startFeishu();
  const sheet = feishu.addSpreadsheet('售后', tabs);
  const desk = openDesk(feishu);
  return {
    connector: desk.connect(sheet.url),
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
});
