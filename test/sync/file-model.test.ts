/** The simulator's file must behave as a real one: it keeps the laws every connector keeps. */
import { connectorLaws } from '../laws/connector.ts';
import { FileModel } from './simulator/file-model.ts';
import { lawSubject } from './simulator/law-subject.ts';

connectorLaws('the file of the simulator', async (tabs) =>
  lawSubject(tabs, (book, nextRow) => new FileModel(book, nextRow)),
);
