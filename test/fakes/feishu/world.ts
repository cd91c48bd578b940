/** All there is in one tenant: documents, people, chats, messages; what every endpoint works on. */
import { createHash, randomBytes } from 'node:crypto';
import type { FakeChat, FakePerson, FakeTable } from '../feishu.ts';
import { Base, type RecordAction } from './base.ts';
import { Refusal } from './call.ts';
import type { TableSeed } from './fields.ts';
import type { FileEvent, Role } from './shared-file.ts';
import { Spreadsheet, type TabSeed } from './spreadsheet.ts';
import type { FeishuSwitches } from './switches.ts';
import type { FakeTab } from './tab.ts';

const LETTERS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

export interface FileSubject {
  readonly token: string;
  readonly type: 'sheet' | 'bitable';
}

export class World {
  readonly switches: FeishuSwitches;
  readonly now: () => Date;
  /** Another one each time: the SDK keeps tokens by app id for the whole process. */
  readonly appId: string;
  readonly tenant = '2ed263bf32cf1651';
  /** The app itself, as an editor. */
  readonly bot: FakePerson;
  /** Owner of every document that a test makes: a person nobody else is. */
  readonly owner: FakePerson;
  readonly people: FakePerson[] = [];
  readonly chats: FakeChat[] = [];
  readonly spreadsheets = new Map<string, Spreadsheet>();
  readonly bases = new Map<string, Base>();
  /** Tokens of files whose events the app gets. */
  readonly subscribed = new Set<string>();
  /** Uploaded pictures by token, with the document they are bound to. */
  readonly media = new Map<string, { readonly bytes: Buffer; readonly name: string; readonly node: string }>();
  /** Collaborators that were added, by file token and member id. */
  readonly members = new Map<string, Role>();
  /** Called when a file changed. */
  onFile: (file: FileSubject, event: FileEvent, openId: string) => void = () => undefined;
  /** Called when records of a 多维表格 changed. */
  onRecords: (base: Base, table: FakeTable, actions: readonly RecordAction[], openId: string) => void = () => undefined;
  /** Called after anything a person could see changed. */
  readonly onlookers = new Set<() => void>();
  private ids = 0;

  constructor(switches: FeishuSwitches, now: () => Date, appId = `cli_${randomBytes(8).toString('hex')}`) {
    this.appId = appId;
    this.switches = switches;
    this.now = now;
    this.bot = this.person('Rowkeeper', {});
    this.owner = this.person('表格所有者', {});
  }

  /** Ids differ in every character, and are the same in every run. */
  newId(length: number): string {
    const digest = createHash('sha256')
      .update(String(++this.ids))
      .digest();
    return Array.from({ length }, (_, n) => LETTERS[(digest[n % 32] as number) % 62]).join('');
  }

  person(name: string, { email, mobile }: { email?: string | undefined; mobile?: string | undefined }): FakePerson {
    const id = (prefix: string): string => prefix + createHash('md5').update(this.newId(20)).digest('hex');
    return {
      name,
      openId: id('ou_'),
      unionId: id('on_'),
      userId: this.newId(8).toLowerCase(),
      ...(email === undefined ? {} : { email }),
      ...(mobile === undefined ? {} : { mobile }),
    };
  }

  personOf(openId: string): FakePerson | undefined {
    return [this.bot, this.owner, ...this.people].find((person) => person.openId === openId);
  }

  addSpreadsheet(
    title: string,
    seeds: readonly TabSeed[],
    owner: FakePerson = this.owner,
    role: Role = 'manage',
  ): Spreadsheet {
    const file = new Spreadsheet(
      {
        tenant: this.tenant,
        owner,
        newId: (length) => this.newId(length),
        isStale: () => this.switches.staleReads,
        happened: ({ token }, event, openId) => this.tell({ token, type: 'sheet' }, event, openId),
        nowMs: () => this.now().getTime(),
      },
      title,
      seeds,
    );
    file.role = role;
    this.spreadsheets.set(file.token, file);
    return file;
  }

  private tell(file: FileSubject, event: FileEvent, openId: string): void {
    this.onFile(file, event, openId);
    this.changed();
  }

  changed(): void {
    for (const look of this.onlookers) look();
  }

  addBase(title: string, seeds: readonly TableSeed[]): Base {
    const base = new Base(
      {
        owner: this.owner,
        newId: (length) => this.newId(length),
        happened: ({ token }, event, openId) => this.tell({ token, type: 'bitable' }, event, openId),
        recordsChanged: (file, table, actions, openId) => this.onRecords(file, table, actions, openId),
        nowMs: () => this.now().getTime(),
        countsAll: () => this.switches.baseRevision === 'everything',
      },
      title,
      seeds,
    );
    this.bases.set(base.token, base);
    return base;
  }

  openBase(token: string, need: 'read' | 'edit'): Base {
    const base = this.bases.get(token);
    if (base === undefined) {
      const isNode = [...this.bases.values()].some(({ node }) => node === token);
      throw isNode ? new Refusal(91402, 'NOTEXIST') : new Refusal(1254040, 'BaseTokenNotFound');
    }
    if (base.isDeleted || base.isTrashed) throw new Refusal(91402, 'NOTEXIST');
    if (base.role === 'none' || (need === 'edit' && base.role === 'read')) throw new Refusal(91403, 'Forbidden');
    return base;
  }

  /** The spreadsheet of a token, when the app may do `need` with it. Codes differ between v2 and v3. */
  open(token: string, version: 2 | 3, need: 'read' | 'edit'): Spreadsheet {
    const file = this.spreadsheets.get(token);
    if (file === undefined || file.isDeleted) {
      const isNode = [...this.spreadsheets.values()].some(({ node }) => node === token);
      if (isNode) throw new Refusal(91402, 'NOTEXIST');
      throw version === 2 ? new Refusal(90214, 'spreadsheet not found') : new Refusal(1310214, 'SpreadSheet Not Found');
    }
    if (file.role === 'none' || (need === 'edit' && file.role === 'read')) {
      if (version === 3) throw new Refusal(1310213, 'Permission Fail');
      const { forbiddenCode } = this.switches;
      throw new Refusal(forbiddenCode, forbiddenCode === 91403 ? 'Forbidden' : 'Permission denied');
    }
    if (file.isTrashed) {
      throw version === 2 ? new Refusal(90214, 'spreadsheet not found') : new Refusal(1310249, 'Spreadsheet Deleted');
    }
    return file;
  }

  tab(tabs: readonly FakeTab[], sheetId: unknown, version: 2 | 3): FakeTab {
    if (typeof sheetId !== 'string' || sheetId === '') {
      throw version === 2 ? new Refusal(90206, 'sheetId is empty') : new Refusal(1310206, 'Empty SheetId');
    }
    const tab = tabs.find(({ id }) => id === sheetId);
    if (tab === undefined) {
      throw version === 2 ? new Refusal(90215, 'sheetId not found') : new Refusal(1310215, 'SheetId Not Found');
    }
    return tab;
  }
}
