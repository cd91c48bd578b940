/** Excel Online as a whole file, over TLS to a local Graph of a cloud without the workbook API: all laws. */
import { withoutTab, withTabRenamed, withTyped } from '../fakes/person-saves.ts';
import { connectorLaws, type LawSubject } from '../laws/connector.ts';
import { FileDesk } from './msgraph-file-desk.ts';

connectorLaws('msgraph in file mode', async (tabs): Promise<LawSubject> => {
  const desk = await FileDesk.open();
  const file = await desk.file(tabs);
  const save = async (change: (bytes: Uint8Array) => Promise<Uint8Array>): Promise<void> =>
    file.upload(await change(await file.download()));
  return {
    connector: await desk.connect(file),
    another: () => desk.connect(file),
    edit: (tab, cells) => save((bytes) => withTyped(bytes, tab, cells)),
    renameTab: (tab, name) => save((bytes) => withTabRenamed(bytes, tab, name)),
    removeTab: (tab) => save((bytes) => withoutTab(bytes, tab)),
    obstruct: async () => {
      const close = file.open('李明');
      return async () => close();
    },
    lose: async () => file.remove(),
    calls: () => desk.graph.requests.length,
    logs: () => desk.lines.join('\n'),
    dispose: () => desk.close(),
  };
});
