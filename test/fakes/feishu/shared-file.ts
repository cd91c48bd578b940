/** What spreadsheets and bases are alike in: a file with an address, an owner, a bin, and an app that may or may not reach it. */
import type { FakePerson } from '../feishu.ts';

export type Role = 'none' | 'read' | 'edit' | 'manage';

/** What happened to a file, as events tell it. */
export type FileEvent = 'edit' | 'title' | 'trashed' | 'deleted' | 'member-removed' | 'member-added';

export interface FileSurroundings {
  readonly owner: FakePerson;
  newId(length: number): string;
  happened(file: SharedFile, event: FileEvent, openId: string): void;
  nowMs(): number;
}

export abstract class SharedFile<Around extends FileSurroundings = FileSurroundings> {
  readonly token: string;
  readonly node: string;
  readonly ownerId: string;
  title: string;
  isTrashed = false;
  isDeleted = false;
  role: Role = 'manage';
  lastEditor: string;
  lastEditMs: number;
  readonly createdMs: number;
  protected readonly around: Around;

  protected constructor(around: Around, title: string, ownerId = around.owner.openId) {
    this.around = around;
    this.token = around.newId(27);
    this.node = around.newId(27);
    this.title = title;
    this.ownerId = ownerId;
    this.lastEditor = ownerId;
    this.createdMs = around.nowMs();
    this.lastEditMs = this.createdMs;
  }

  wikiUrl(): string {
    return `https://example.feishu.cn/wiki/${this.node}`;
  }

  trash(): void {
    this.isTrashed = true;
    this.around.happened(this, 'trashed', this.ownerId);
  }

  restore(): void {
    this.isTrashed = false;
  }

  /** Gone for good. */
  erase(): void {
    this.isDeleted = true;
    this.around.happened(this, 'deleted', this.ownerId);
  }

  removeApp(): void {
    this.around.happened(this, 'member-removed', this.ownerId);
    this.role = 'none';
  }

  addApp(role: Role = 'manage'): void {
    this.role = role;
    this.around.happened(this, 'member-added', this.ownerId);
  }

  protected by(editor: FakePerson | undefined): string {
    return editor?.openId ?? this.ownerId;
  }
}
