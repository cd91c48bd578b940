/**
 * A local Feishu: what the vendor's own SDK talks to over loopback when its `domain` is this server's. It keeps the
 * vendor's quirks, which `switches` turn on and off; people act through the methods here.
 */
import type { CellInput, CellRange, CellValue } from '../../src/model/cell.ts';
import { bitableRecordRoutes } from './feishu/bitable-records.ts';
import { bitableTableRoutes } from './feishu/bitable-tables.ts';
import { chat as chatRoom } from './feishu/chat.ts';
import { conditionalFormatRoutes } from './feishu/conditional-formats.ts';
import type { FakeCell } from './feishu/content.ts';
import { dimensionRoutes } from './feishu/dimensions.ts';
import { driveRoutes } from './feishu/drive.ts';
import { dropdownRoutes } from './feishu/dropdowns.ts';
import { type Events, events as eventDesk, type Send } from './feishu/events.ts';
import type { TableSeed } from './feishu/fields.ts';
import { longConnections } from './feishu/long-connection.ts';
import { lookRoutes } from './feishu/looks.ts';
import { overlayRoutes } from './feishu/overlays.ts';
import { page as demoPage } from './feishu/page.ts';
import { peopleRoutes } from './feishu/people.ts';
import { protectionRoutes } from './feishu/protection.ts';
import { robots as robotShop } from './feishu/robot.ts';
import { startGateway } from './feishu/server.ts';
import type { Role } from './feishu/shared-file.ts';
import { structureRoutes } from './feishu/structure.ts';
import { defaultSwitches, type FeishuSwitches } from './feishu/switches.ts';
import type { FakeTab } from './feishu/tab.ts';
import { tokens as tokenDesk } from './feishu/tokens.ts';
import { valueRoutes } from './feishu/values.ts';
import { webhook as webhookDesk } from './feishu/webhook.ts';
import { World } from './feishu/world.ts';

export type { FakeCell } from './feishu/content.ts';
export type { TableSeed } from './feishu/fields.ts';
export type { Fault, FeishuSwitches } from './feishu/switches.ts';
export type { FakeTab } from './feishu/tab.ts';

export interface FakeRequest {
  readonly method: string;
  /** Decoded, without the query. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body: unknown;
  /** The code answered; null before the answer, and when it has none. */
  code: number | null;
  /** The HTTP status answered; null before the answer, 0 when the connection was broken instead. */
  status: number | null;
}

export interface FakePerson {
  readonly name: string;
  readonly openId: string;
  readonly unionId: string;
  readonly userId: string;
  readonly email?: string;
  readonly mobile?: string;
}

export interface FakeChat {
  readonly chatId: string;
  readonly name: string;
}

export interface FakeSpreadsheet {
  readonly token: string;
  readonly url: string;
  /** The same workbook inside a wiki. */
  wikiUrl(): string;
  readonly title: string;
  readonly revision: number;
  /** open_id of whoever changed it last. */
  readonly lastEditor: string;
  readonly tabs: readonly FakeTab[];
  /** A tab by its title or id. */
  tab(title: string): FakeTab;
  /** A person changes anything; one revision. Without an editor it is the owner. */
  edit(change: (tabs: FakeTab[]) => void, editor?: FakePerson): void;
  /** A person types into cells: a leading `=` makes a formula, an address a link. Throws where the tab is protected from them. */
  type(tab: string, cells: readonly { row: number; column: number; value: CellInput }[], editor?: FakePerson): void;
  insertRows(tab: string, at: number, count: number, editor?: FakePerson): void;
  deleteRows(tab: string, at: number, count: number, editor?: FakePerson): void;
  insertColumns(tab: string, at: number, count: number, editor?: FakePerson): void;
  deleteColumns(tab: string, at: number, count: number, editor?: FakePerson): void;
  /** Sorts the rows below the frozen ones (below the first where none are). */
  sortRows(
    tab: string,
    compare: (one: readonly (FakeCell | undefined)[], other: readonly (FakeCell | undefined)[]) => number,
    editor?: FakePerson,
  ): void;
  addTab(title: string, index?: number, editor?: FakePerson): FakeTab;
  renameTab(tab: string, to: string, editor?: FakePerson): void;
  removeTab(tab: string, editor?: FakePerson): void;
  /** A tab that shows a 多维表格 instead of a grid. */
  embedBase(title: string, baseToken?: string): void;
  /** Locks rows or columns (from 0, ends included) for all but the owner and `editors`. */
  protect(tab: string, axis: 'ROWS' | 'COLUMNS', first: number, last: number, editors?: readonly FakePerson[]): void;
  rename(title: string, editor?: FakePerson): void;
  trash(): void;
  restore(): void;
  /** Gone for good. */
  erase(): void;
  /** The app is no collaborator any more, and is one again. */
  removeApp(): void;
  addApp(role?: Role): void;
}

export interface FakeField {
  readonly id: string;
  name: string;
  /** As the vendor numbers them. */
  type: number;
  uiType: string;
  property: Readonly<Record<string, unknown>> | null;
  readonly isPrimary: boolean;
}

export interface FakeRecord {
  readonly id: string;
  /** By field id; people as open_ids, everything else as the API takes it. */
  readonly values: Map<string, unknown>;
  /** What an auto number shows. */
  readonly serial: number;
  readonly createdMs: number;
  modifiedMs: number;
  /** open_ids. */
  readonly createdBy: string;
  modifiedBy: string;
}

export interface FakeTable {
  readonly id: string;
  name: string;
  revision: number;
  readonly fields: FakeField[];
  readonly records: FakeRecord[];
  /** The last auto number given. */
  serial: number;
}

/** A 多维表格. Tables are named by name or id, fields by name; without an editor it is the owner who acts. */
export interface FakeBase {
  readonly token: string;
  readonly url: string;
  /** The same base inside a wiki. */
  wikiUrl(): string;
  readonly title: string;
  readonly revision: number;
  readonly tables: readonly FakeTable[];
  table(name: string): FakeTable;
  /** People as lists of open_ids, everything else as the API takes it. */
  addRecord(table: string, fields: Readonly<Record<string, unknown>>, editor?: FakePerson): FakeRecord;
  /** null clears. */
  editRecord(table: string, id: string, fields: Readonly<Record<string, unknown>>, editor?: FakePerson): void;
  deleteRecord(table: string, id: string, editor?: FakePerson): void;
  renameField(table: string, name: string, to: string, editor?: FakePerson): void;
  addField(table: string, field: TableSeed['fields'][number], editor?: FakePerson): void;
  removeField(table: string, name: string, editor?: FakePerson): void;
  addTable(table: TableSeed, editor?: FakePerson): FakeTable;
  renameTable(table: string, to: string, editor?: FakePerson): void;
  removeTable(table: string, editor?: FakePerson): void;
  trash(): void;
  restore(): void;
  /** Gone for good. */
  erase(): void;
  removeApp(): void;
  addApp(role?: Role): void;
}

/** What the bot sent, as it stands now: after later changes of a card. */
export interface FakeMessage {
  readonly messageId: string;
  readonly chatId: string;
  /** Whom it was sent to; null for a group. */
  readonly person: FakePerson | null;
  readonly type: string;
  /** Parsed: of a card, the card. */
  // biome-ignore lint/suspicious/noExplicitAny: cards are looked at member by member
  readonly content: any;
  readonly uuid: string | null;
  readonly createdMs: number;
  readonly updatedMs: number;
  readonly isRecalled: boolean;
}

/** What a person sees after a click: the app's toast and card, or the code of a failure (200340 nobody there, 200341 late, 200671 failed, 200672 and 200673 wrong answer). */
export interface ClickAnswer {
  readonly toast?: { readonly type: string; readonly content: string };
  readonly card?: unknown;
  readonly error?: number;
}

export interface FakeEvent {
  readonly id: string;
  readonly type: string;
  readonly payload: unknown;
  readonly attempts: number;
  /** `waiting`: held, or not delivered yet; `sent`: not answered yet. */
  readonly state: 'waiting' | 'sent' | 'delivered' | 'given-up';
}

export interface FakeFeishu {
  readonly domain: string;
  readonly appId: string;
  readonly appSecret: string;
  readonly encryptKey: string;
  readonly verificationToken: string;
  /** Change its members at any time. */
  readonly switches: FeishuSwitches;
  /** Every request that arrived. */
  readonly requests: readonly FakeRequest[];
  /** Called, and awaited, before a request is carried out: people act between any two calls. */
  before: ((request: FakeRequest) => void | Promise<void>) | null;
  /** Called, and awaited, after a request was carried out and before its answer goes out. */
  after: ((request: FakeRequest) => void | Promise<void>) | null;
  addPerson(person: { name: string; email?: string; mobile?: string }): FakePerson;
  addChat(name: string): FakeChat;
  addSpreadsheet(
    title: string,
    tabs: readonly {
      name: string;
      rows: readonly (readonly CellValue[])[];
      merges?: readonly CellRange[];
    }[],
  ): FakeSpreadsheet;
  addBase(title: string, tables: readonly TableSeed[]): FakeBase;
  readonly messages: readonly FakeMessage[];
  /** Every event made, oldest first. */
  readonly events: readonly FakeEvent[];
  /**
   * A person clicks a button of a card. Delivered once, as `card.action.trigger`, over the long connection or to the
   * webhook; `more` goes into `action` (`option`, `form_value`, `tag` ...).
   */
  click(
    message: FakeMessage,
    person: FakePerson,
    value: unknown,
    more?: Readonly<Record<string, unknown>>,
  ): Promise<ClickAnswer>;
  /** The bot's message is taken back. */
  recall(message: FakeMessage): void;
  /** A robot of a group; its path under `domain`. What it gets is among `messages`, its id as `chatId`. */
  addRobot(secret?: string): string;
  /** Held events go out, undelivered ones again (each call is one step of 15 s, 5 min, 1 h, 6 h); resolves when all were answered or not. */
  deliver(): Promise<void>;
  /** Resolves when no event is on its way. */
  idle(): Promise<void>;
  /** Resolves when so many long connections are open. */
  connected(count?: number): Promise<void>;
  readonly connections: number;
  /** Cuts all long connections. */
  dropConnections(): void;
  /** Asks the webhook to prove itself, as the console does: true when it did. */
  checkWebhook(): Promise<boolean>;
  /** All spreadsheets there are, those the app made too, in the order they were made. */
  readonly spreadsheets: readonly FakeSpreadsheet[];
  readonly bases: readonly FakeBase[];
  /** Collaborators the app added to files: by file token and member id, with a blank between. */
  readonly members: ReadonlyMap<string, Role>;
  /** All tokens die before their time. */
  killTokens(): void;
  /** Carries out what requests with the fault `late` asked for. */
  settle(): Promise<void>;
  close(): Promise<void>;
}

export async function startFeishu({
  port,
  appId,
  now = () => new Date(),
  switches,
}: {
  /** Any free one when left out. */
  readonly port?: number;
  /** `cli_` and 16 hex digits; another one each time when left out. */
  readonly appId?: string;
  readonly now?: () => Date;
  readonly switches?: Partial<FeishuSwitches>;
} = {}): Promise<FakeFeishu> {
  const world = new World({ ...defaultSwitches(), ...switches }, now, appId);
  const appSecret = 'fake-app-secret-0123456789abcdef';
  const encryptKey = 'fake-encrypt-key';
  const verificationToken = 'fake-verification-token';
  const tokens = tokenDesk(world, appSecret);
  const connections = longConnections(world, appSecret);
  const hook = webhookDesk(world, encryptKey, verificationToken);
  const send: Send = (payload) => (world.switches.webhook === null ? connections.send(payload) : hook.send(payload));
  const events: Events = eventDesk(world, verificationToken, send);
  const chat = chatRoom(world, events, send);
  const robots = robotShop(world, chat.keep);
  const routes = [
    ...tokens.routes,
    ...connections.routes,
    ...chat.routes,
    ...robots.routes,
    ...valueRoutes(world),
    ...structureRoutes(world),
    ...dimensionRoutes(world),
    ...lookRoutes(world),
    ...dropdownRoutes(world),
    ...conditionalFormatRoutes(world),
    ...protectionRoutes(world),
    ...overlayRoutes(world),
    ...bitableTableRoutes(world),
    ...bitableRecordRoutes(world),
    ...driveRoutes(world),
    ...peopleRoutes(world),
  ];
  const page = demoPage(world, chat, events, () => connections.count);
  const gateway = await startGateway(world, tokens, routes, { port, aside: page.aside });
  connections.attach(gateway.server, gateway.port);
  return {
    domain: `http://127.0.0.1:${gateway.port}`,
    appId: world.appId,
    appSecret,
    encryptKey,
    verificationToken,
    switches: world.switches,
    requests: gateway.requests,
    messages: chat.messages,
    events: events.all,
    members: world.members,
    get spreadsheets() {
      return [...world.spreadsheets.values()];
    },
    get bases() {
      return [...world.bases.values()];
    },
    get before() {
      return gateway.before;
    },
    set before(hook) {
      gateway.before = hook;
    },
    get after() {
      return gateway.after;
    },
    set after(hook) {
      gateway.after = hook;
    },
    get connections() {
      return connections.count;
    },
    addPerson(person) {
      const added = world.person(person.name, person);
      world.people.push(added);
      return added;
    },
    addChat(name) {
      const chat = { chatId: `oc_${world.newId(32).toLowerCase()}`, name };
      world.chats.push(chat);
      return chat;
    },
    addSpreadsheet: (title, tabs) => world.addSpreadsheet(title, tabs),
    addBase: (title, tables) => world.addBase(title, tables),
    click: chat.click,
    recall: chat.recall,
    addRobot: robots.add,
    deliver: events.deliver,
    idle: events.idle,
    connected: (count = 1) => connections.waitFor(count),
    dropConnections: connections.drop,
    checkWebhook: hook.challenge,
    killTokens: tokens.kill,
    settle: gateway.settle,
    async close() {
      page.close();
      connections.close();
      await gateway.close();
    },
  };
}
