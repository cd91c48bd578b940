/** Events of files on their way to the app: made, held, sent, sent again. Nothing waits here by a clock. */
import type { FakeEvent, FakePerson, FakeTable } from '../feishu.ts';
import type { Base, RecordAction } from './base.ts';
import type { FileEvent } from './shared-file.ts';
import type { FileSubject, World } from './world.ts';

/** What became of one sending. */
export type Answered =
  | { readonly ok: true; readonly body: unknown }
  | { readonly ok: false; readonly why: 'failed' | 'late' | 'closed' };

/** Null: nobody is there to take it. */
export type Send = (payload: unknown) => Promise<Answered> | null;

/** Sent once, and again after 15 s, 5 min, 1 h and 6 h; then given up. */
const MOST_ATTEMPTS = 5;

const TYPES: Readonly<Record<FileEvent, string>> = {
  edit: 'drive.file.edit_v1',
  title: 'drive.file.title_updated_v1',
  trashed: 'drive.file.trashed_v1',
  deleted: 'drive.file.deleted_v1',
  'member-removed': 'drive.file.permission_member_removed_v1',
  'member-added': 'drive.file.permission_member_added_v1',
};

interface Entry extends FakeEvent {
  attempts: number;
  state: FakeEvent['state'];
  readonly payload: { readonly event: Record<string, unknown> };
  readonly file: string;
}

export interface Events {
  readonly all: readonly FakeEvent[];
  /** The head of an event as the platform writes it. */
  header(type: string, id?: string): Record<string, string>;
  userIds(openId: string): Record<string, string>;
  /** Held events go out, undelivered ones go out again; resolves when all have been answered or not. */
  deliver(): Promise<void>;
  /** Resolves when nothing is on its way. */
  idle(): Promise<void>;
}

export function events(world: World, verificationToken: string, send: Send): Events {
  const { switches } = world;
  const all: Entry[] = [];
  const underway = new Set<Promise<void>>();

  const header = (type: string, id = world.newId(32).toLowerCase()): Record<string, string> => ({
    event_id: id,
    token: verificationToken,
    create_time: String(world.now().getTime()),
    event_type: type,
    tenant_key: world.tenant,
    app_id: world.appId,
  });

  function userIds(openId: string): Record<string, string> {
    const person: FakePerson | undefined = world.personOf(openId);
    return { open_id: openId, union_id: person?.unionId ?? '', user_id: person?.userId ?? '' };
  }

  async function attempt(entry: Entry): Promise<void> {
    const sending = send(entry.payload);
    // Nobody is connected: it stays for the next delivery, and this was no attempt.
    if (sending === null) return;
    entry.attempts += 1;
    entry.state = 'sent';
    const answers = switches.duplicateEvents ? [sending, send(entry.payload) ?? sending] : [sending];
    const all = await Promise.all(answers);
    if (all.every(({ ok }) => ok)) entry.state = 'delivered';
    else entry.state = entry.attempts >= MOST_ATTEMPTS ? 'given-up' : 'waiting';
  }

  function start(entry: Entry): void {
    const work: Promise<void> = attempt(entry).finally(() => underway.delete(work));
    underway.add(work);
  }

  function make(type: string, file: string, event: Record<string, unknown>): void {
    const head = header(type);
    const payload = { schema: '2.0', header: head, event };
    const entry: Entry = { id: head.event_id as string, type, payload, file, attempts: 0, state: 'waiting' };
    all.push(entry);
    if (!switches.holdEvents) start(entry);
  }

  /** An app that only manages a file hears of edits and records; of the rest only its owner hears. */
  const hears = (token: string, event: FileEvent): boolean => {
    const file = world.spreadsheets.get(token) ?? world.bases.get(token);
    if (file === undefined || !world.subscribed.has(token) || file.role !== 'manage') return false;
    return event === 'edit' || file.ownerId === world.bot.openId || switches.allEvents;
  };

  world.onFile = ({ token, type }: FileSubject, event, openId) => {
    if (!hears(token, event)) return;
    if (event === 'edit') {
      if (openId === world.bot.openId && !switches.ownEdits) return;
      if (switches.lostEdits > 0) {
        switches.lostEdits -= 1;
        return;
      }
      const held = all.find(
        (each) => each.state === 'waiting' && each.attempts === 0 && each.file === token && each.type === TYPES.edit,
      );
      if (switches.holdEvents && switches.mergeEdits && held !== undefined) {
        const list = held.payload.event.operator_id_list as Record<string, string>[];
        if (!list.some(({ open_id: known }) => known === openId)) list.push(userIds(openId));
        return;
      }
    }
    make(TYPES[event], token, {
      file_type: type,
      file_token: token,
      ...(event === 'edit' ? { operator_id_list: [userIds(openId)] } : { operator_id: userIds(openId) }),
      ...(event.startsWith('member') ? { user_list: [userIds(world.bot.openId)] } : {}),
      subscriber_id_list: [userIds(world.bot.openId)],
    });
  };

  world.onRecords = (base: Base, table: FakeTable, actions: readonly RecordAction[], openId: string) => {
    if (!hears(base.token, 'edit') || (openId === world.bot.openId && !switches.ownEdits)) return;
    const values = (fields: ReadonlyMap<string, unknown>) =>
      [...fields].map(([id, value]) => ({ field_id: id, field_value: value === null ? '' : JSON.stringify(value) }));
    make('drive.file.bitable_record_changed_v1', base.token, {
      file_type: 'bitable',
      file_token: base.token,
      table_id: table.id,
      revision: table.revision,
      operator_id: userIds(openId),
      action_list: actions.map(({ record_id, action, before, after }) => ({
        record_id,
        action,
        before_value: values(before),
        after_value: values(after),
      })),
      subscriber_id_list: [userIds(world.bot.openId)],
      update_time: Math.floor(world.now().getTime() / 1000),
    });
  };

  return {
    all,
    header,
    userIds,
    async deliver() {
      for (const entry of all.filter(({ state }) => state === 'waiting')) start(entry);
      await Promise.all(underway);
    },
    async idle() {
      while (underway.size > 0) await Promise.all(underway);
    },
  };
}
