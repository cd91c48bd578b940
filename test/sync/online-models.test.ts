/** The simulator's online workbooks must behave as real ones: they keep the laws every connector keeps. */
import { connectorLaws } from '../laws/connector.ts';
import { feishuTraits } from './simulator/feishu-model.ts';
import { graphTraits } from './simulator/graph-model.ts';
import { lawSubject } from './simulator/law-subject.ts';
import { OnlineModel } from './simulator/online-model.ts';
import { recordsTraits } from './simulator/records-model.ts';

for (const traits of [feishuTraits, graphTraits, recordsTraits]) {
  connectorLaws(`the ${traits.kind} workbook of the simulator`, async (tabs) =>
    lawSubject(tabs, (book, nextRow) => new OnlineModel(traits, book, nextRow)),
  );
}
