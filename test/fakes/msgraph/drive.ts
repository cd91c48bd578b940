/**
 * The document library: its files, their workbooks, tags, versions and locks, and the log of changes that delta reads.
 * A file has a live workbook, which people and the workbook API change, and a saved state, which everything else shows; a
 * save carries the one into the other. Workbooks are replaced, never changed, so old states cost nothing.
 */
import { GraphFailure } from './failure.ts';
import { rewritten } from './rewrite.ts';
import type { GraphSwitches } from './switches.ts';
import { Workbook } from './workbook.ts';
import { readWorkbook, writeWorkbook } from './xlsx.ts';

/** Who did something, as `lastModifiedBy` gives it. */
export interface Identity {
  readonly user?: { readonly displayName: string; readonly email: string; readonly id: string };
  readonly application?: { readonly displayName: string; readonly id: string };
}

export interface Version {
  readonly id: string;
  readonly at: Date;
  readonly by: Identity;
  /** Null when the bytes are no workbook. */
  readonly workbook: Workbook | null;
  /** Made from the workbook when first asked for. */
  bytes: Promise<Uint8Array> | null;
}

interface Before {
  readonly at: number;
  readonly viewer: string;
  readonly workbook: Workbook;
}

/** Who looks: a session's id, or nobody in particular, who reads none of his own writes at once. */
export const NOBODY = '';

/** Libraries keep a limited number of versions. */
const KEPT_VERSIONS = 100;

const guid = (number: number): string => `7c9e6a10-5b1d-4f6e-9c1a-${number.toString(16).padStart(12, '0')}`;

export class File {
  readonly id: string;
  readonly guid: string;
  readonly createdAt: Date;
  createdBy: Identity = {};
  name: string;
  /** Folder path below the root, `''` for the root. */
  folder = '';
  live: Workbook | null;
  versions: Version[] = [];
  eTagNumber = 1;
  cTagNumber = 1;
  /** Rises with every change delta should tell of. */
  changedAt = 0;
  isDeleted = false;
  /** Who has it open in a way that locks it; null for nobody. */
  openedBy: string | null = null;
  checkedOutBy: string | null = null;
  lastWorkbookCallAt = Number.NEGATIVE_INFINITY;
  /** Since when the live workbook is ahead of the saved state. */
  #aheadSince: number | null = null;
  #aheadBy: Identity = {};
  #rewriteAt: number | null = null;
  #before: Before[] = [];
  #saves = 0;
  /** Counts changes of the live workbook; the last one of each viewer, by viewer. */
  readonly #lastWrites = new Map<string, number>();
  #writes = 0;

  constructor(number: number, name: string, workbook: Workbook | null, at: Date) {
    this.id = `01${(number * 7919).toString(36).toUpperCase().padStart(6, 'A')}ROWKEEPERFILE${String(number).padStart(11, '0')}`;
    this.guid = guid(number).toUpperCase();
    this.name = name;
    this.live = workbook;
    this.createdAt = at;
  }

  get eTag(): string {
    return `"{${this.guid}},${this.eTagNumber}"`;
  }

  get cTag(): string {
    return `"c:{${this.guid}},${this.cTagNumber}"`;
  }

  get current(): Version {
    return this.versions.at(-1)!;
  }

  /** Rises with everything that can be seen of the file. */
  get revision(): number {
    return this.#writes + this.eTagNumber;
  }

  get path(): string {
    return this.folder === '' ? this.name : `${this.folder}/${this.name}`;
  }

  bytesOf(version: Version): Promise<Uint8Array> {
    version.bytes ??= writeWorkbook(version.workbook ?? new Workbook());
    return version.bytes;
  }

  /** The workbook a viewer sees: others' changes come late, his own at once. */
  seenBy(viewer: string, now: number, staleMs: number): Workbook {
    if (this.live === null)
      throw new GraphFailure(403, 'AccessDenied', 'Could not obtain a WAC access token.', {
        second: 'unsupportedWorkbook',
      });
    if (staleMs <= 0) return this.live;
    this.#before = this.#before.filter(({ at }) => now - at <= 60_000);
    const own = viewer === NOBODY ? 0 : (this.#lastWrites.get(viewer) ?? 0);
    const first = this.#writes - this.#before.length;
    for (const [index, before] of this.#before.entries()) {
      const number = first + index + 1;
      if (number > own && now - before.at < staleMs && (before.viewer !== viewer || viewer === NOBODY))
        return before.workbook;
    }
    return this.live;
  }

  /** Changes the live workbook in one piece: a refusal inside leaves it as it was. */
  change<T>(viewer: string, by: Identity, now: Date, edit: (workbook: Workbook) => T): T {
    const next = this.seenBy(NOBODY, now.getTime(), 0).clone();
    const result = edit(next);
    if (next.calculationMode !== 'Manual') next.recalculate(now);
    this.#writes++;
    this.#before.push({ at: now.getTime(), viewer, workbook: this.live! });
    if (this.#before.length > 200) this.#before.shift();
    this.#lastWrites.set(viewer, this.#writes);
    this.live = next;
    this.touch(by, now);
    return result;
  }

  /** The live workbook is ahead of what is saved, or a read makes it look so. */
  touch(by: Identity, now: Date): void {
    this.#aheadSince ??= now.getTime();
    this.#aheadBy = by;
  }

  /** Carries out saves and, unless a reply about the upload is still to be given, rewrites that are due; true when tags moved. */
  settle(now: Date, switches: GraphSwitches, withRewrites = true): boolean {
    let hasMoved = false;
    if (this.#aheadSince !== null && now.getTime() - this.#aheadSince >= switches.saveLagMs) {
      this.#aheadSince = null;
      this.#save(this.live, null, this.#aheadBy, now);
      hasMoved = true;
    }
    if (withRewrites && this.#rewriteAt !== null && now.getTime() >= this.#rewriteAt) {
      this.#rewriteAt = null;
      const version = this.current;
      version.bytes = this.bytesOf(version).then(rewritten);
      this.eTagNumber++;
      this.cTagNumber++;
      hasMoved = true;
    }
    return hasMoved;
  }

  #save(workbook: Workbook | null, bytes: Uint8Array | null, by: Identity, now: Date): void {
    this.eTagNumber++;
    this.cTagNumber++;
    const id = `${++this.#saves}.0`;
    this.versions.push({ id, at: now, by, workbook, bytes: bytes === null ? null : Promise.resolve(bytes) });
    if (this.versions.length > KEPT_VERSIONS) this.versions.shift();
  }

  /** A first version, as a file is born with. */
  begin(bytes: Uint8Array | null, by: Identity, at: Date): void {
    this.createdBy = by;
    this.#save(this.live, bytes, by, at);
    this.eTagNumber = 1;
    this.cTagNumber = 1;
  }

  /** Replaces the file by bytes. Bytes that are no workbook are kept, and workbook calls refused from then on. */
  async replace(bytes: Uint8Array, by: Identity, now: Date, switches: GraphSwitches): Promise<void> {
    const workbook = await readWorkbook(bytes, this.live ?? this.versions.at(-1)?.workbook ?? null).catch(() => null);
    workbook?.recalculate(now);
    if (this.live !== null) this.#before.push({ at: now.getTime(), viewer: NOBODY, workbook: this.live });
    this.#writes++;
    this.live = workbook;
    this.#aheadSince = null;
    this.#save(workbook, bytes, by, now);
    if (switches.rewritesUploads && workbook !== null) this.#rewriteAt = now.getTime() + switches.rewriteLagMs;
  }
}

export class Drive {
  readonly id = 'b!Rk9XS0VFUEVSLURSSVZFLTAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDA';
  readonly rootId = '01ROWKEEPERROOT000000000000000000A';
  readonly files: File[] = [];
  /** Rises with every change of any file. */
  changes = 0;
  #count = 0;

  file(id: string): File | undefined {
    return this.files.find((each) => each.id === id && !each.isDeleted);
  }

  byPath(path: string): File | undefined {
    return this.files.find((each) => !each.isDeleted && each.path.toLowerCase() === path.toLowerCase());
  }

  /** A file that is not there yet: its first content makes it appear (`mark`). */
  draft(path: string, by: Identity, at: Date): File {
    const file = new File(++this.#count, path.split('/').at(-1)!, null, at);
    file.folder = path.split('/').slice(0, -1).join('/');
    file.createdBy = by;
    return file;
  }

  add(name: string, workbook: Workbook | null, bytes: Uint8Array | null, by: Identity, at: Date): File {
    const file = new File(++this.#count, name, workbook, at);
    file.begin(bytes, by, at);
    this.mark(file);
    return file;
  }

  /** Notes that delta has something to tell. */
  mark(file: File): void {
    if (!this.files.includes(file)) this.files.push(file);
    file.changedAt = ++this.changes;
  }

  /** Brings every file up to date; true when anything moved. */
  settle(now: Date, switches: GraphSwitches, withRewrites = true): boolean {
    const moved = this.files.filter((file) => file.settle(now, switches, withRewrites));
    for (const file of moved) this.mark(file);
    return moved.length > 0;
  }
}
