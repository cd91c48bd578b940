/**
 * A workbook as bytes: what it shows, and the bytes it becomes when cells are written or tabs published. Nothing here
 * knows where the bytes lie: a file on a disk and a download of some service are read and changed the same way.
 */
import { createHash } from 'node:crypto';
import { UnreadableError } from '../../src/model/errors.ts';
import type { Published, PublishedTab } from '../../src/model/published-tab.ts';
import type { Outcome, PublishOptions, Pulled, Push, WorkbookInfo } from '../connector.ts';
import { openPackage, PACKAGE_LIMITS, type XlsxPackage } from './package.ts';
import { patchWorkbook } from './patch.ts';
import { publishTabs } from './published/publish.ts';
import { readTabs } from './read.ts';
import { readStamp } from './stamp.ts';
import { bufferOf, XmlCursor } from './xml.ts';

export interface WorkbookBytes {
  readonly info: WorkbookInfo;
  /** Tabs by name, the stamp, and whom the file names as its last editor. */
  read(tabs: readonly string[]): Promise<Omit<Pulled, 'version'>>;
  /** Carries out a push that was planned on these bytes. */
  patch(push: Pick<Push, 'operations' | 'generation'>): Promise<Rewritten<{ readonly outcomes: readonly Outcome[] }>>;
  /** As `Connector.publish`. */
  publish(
    tabs: readonly PublishedTab[],
    options: PublishOptions,
  ): Promise<Rewritten<{ readonly published: Published }>>;
  /**
   * A token of what `read` could show of any tab, the editor left out: equal for two files that differ only in their
   * packing, their properties or custom parts. Made from the checksums of the parts, which are proven when a part is read.
   */
  print(): Promise<string>;
}

/** What was done, and the bytes it takes; null where the workbook may stay as it is. */
export type Rewritten<Told> = Told & { readonly bytes: Uint8Array | null };

/** Reads the directory only. `UnreadableError` with a `Refusal` as its code, here and from what it returns. */
export async function openWorkbook(
  source: Uint8Array,
  maxFileBytes: number = PACKAGE_LIMITS.maxFileBytes,
): Promise<WorkbookBytes> {
  const bytes = bufferOf(source);
  const pkg = await openPackage(bytes, { maxFileBytes });
  return {
    info: { tabs: pkg.sheets.map(({ name, state }) => ({ name, id: name, hidden: state !== 'visible' })) },

    async read(tabs) {
      const wanted = pkg.sheets.filter((sheet) => tabs.includes(sheet.name));
      const [grids, generation, editor] = await Promise.all([readTabs(pkg, wanted), readStamp(pkg), readEditor(pkg)]);
      return { grids, generation, editor };
    },

    async patch({ operations, generation }) {
      const { bytes: patched, outcomes } = await patchWorkbook(pkg, operations, { generation });
      return { outcomes, bytes: isWorthWriting(outcomes) && !bytes.equals(patched) ? patched : null };
    },

    async publish(tabs, options) {
      const { bytes: made, ...published } = await publishTabs(pkg, bytes, tabs, options);
      return { published, bytes: published.changed === 0 ? null : made };
    },

    print: () => printOf(pkg),
  };
}

/** A push of which nothing could be done leaves no stamp either; one without operations is made for its stamp. */
function isWorthWriting(outcomes: readonly Outcome[]): boolean {
  return outcomes.length === 0 || outcomes.some(({ status }) => status === 'applied');
}

async function printOf(pkg: XlsxPackage): Promise<string> {
  const hash = createHash('sha256');
  const add = (...facts: readonly unknown[]): void => void hash.update(`${JSON.stringify(facts)}\n`);
  const sum = (part: string | null): unknown => (part === null ? null : pkg.checksum(part));
  add(pkg.date1904, sum(pkg.stylesPart), sum(pkg.sharedStringsPart));
  for (const { name, part, state } of pkg.sheets) {
    // Only links show; what else a sheet leads to is called differently by every app that saves.
    const links = (await pkg.relationships(part)).filter(({ type }) => type === 'hyperlink');
    add(name, state, sum(part), ...links.map(({ id, target }) => [id, target]));
  }
  return hash.digest('hex');
}

/** What libraries write where no person's name is known. */
const namelessEditors: ReadonlySet<string> = new Set(['unknown', 'openpyxl', 'rowkeeper']);

/** `lastModifiedBy` of the package's core properties. A name is a comfort: properties that cannot be read have none. */
async function readEditor(pkg: XlsxPackage): Promise<string | null> {
  const relationship = (await pkg.relationships('')).find(({ type }) => type === 'core-properties');
  if (relationship === undefined || !pkg.has(relationship.target)) return null;
  try {
    const cursor = new XmlCursor(await pkg.inflate(relationship.target));
    const name = cursor.find('lastModifiedBy') ? cursor.text().trim() : '';
    return name === '' || namelessEditors.has(name.toLowerCase()) ? null : name;
  } catch (error) {
    if (error instanceof UnreadableError) return null;
    throw error;
  }
}
