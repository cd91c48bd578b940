/** The workbooks of a desk: the file each lives in, and every content it ever had. */
import { feishuTraits } from '../feishu-model.ts';
import { FileModel, type WorkbookFile } from '../file-model.ts';
import { graphTraits } from '../graph-model.ts';
import { OnlineModel, type OnlineTraits } from '../online-model.ts';
import { recordsTraits } from '../records-model.ts';
import type { Book } from '../sheet.ts';
import type { ModelName } from '../tape.ts';

const ONLINE: Readonly<Record<Exclude<ModelName, 'file'>, OnlineTraits>> = {
  feishu: feishuTraits,
  graph: graphTraits,
  records: recordsTraits,
};

/** What a workbook of this kind lives in, in memory. */
export function fileOf(model: ModelName, book: Book, nextRow: () => number, nowMs: () => number): WorkbookFile {
  return model === 'file' ? new FileModel(book, nextRow) : new OnlineModel(ONLINE[model], book, nextRow, nowMs);
}

export class Workbooks {
  readonly #files = new Map<string, WorkbookFile>();
  readonly #versions = new Map<string, Book[]>();

  get names(): string[] {
    return [...this.#files.keys()];
  }

  has(workbook: string): boolean {
    return this.#files.has(workbook);
  }

  add(workbook: string, file: WorkbookFile): void {
    this.#files.set(workbook, file);
  }

  file(workbook: string): WorkbookFile {
    return this.#files.get(workbook)!;
  }

  book(workbook: string): Book {
    return this.file(workbook).book;
  }

  books(): ReadonlyMap<string, Book> {
    return new Map([...this.#files].map(([workbook, { book }]) => [workbook, book]));
  }

  /** Every content the file ever had, oldest first. */
  versions(workbook: string): readonly Book[] {
    return this.#versions.get(workbook)!;
  }

  /** What the file holds now is a content to come back to. */
  keepVersion(workbook: string): void {
    const book = this.book(workbook);
    const versions = this.#versions.get(workbook);
    if (versions === undefined) this.#versions.set(workbook, [book]);
    else if (versions.at(-1) !== book) versions.push(book);
  }
}
