/**
 * What Feishu tells by itself, as plain data: its events made ours, and our answers made its. Nothing is sent from here;
 * whatever a sender left out or made up is read as missing, because a webhook takes bodies from the whole internet.
 *
 * Shapes: open.feishu.cn/document/ukTMukTMukTM/uUDN04SN0QjL1QDN/event/file-edited and its neighbours,
 * /document/uAjLw4CM/ukzMukzMukzM/feishu-cards/card-callback-communication.
 */
import type { Locale } from '../../src/messages/index.ts';

/** An event with its header and body in one object, as the vendor's SDK hands it over. */
export type FlatEvent = Readonly<Record<string, unknown>>;

/** What happened to a file. `access`: who may open it; `records`: rows of a table of a base. */
export type FileEventKind = 'edited' | 'renamed' | 'trashed' | 'deleted' | 'access' | 'records';

export interface FileEvent {
  readonly kind: FileEventKind;
  readonly fileToken: string;
  /** Of a base: the table whose rows changed. */
  readonly tableId: string | null;
}

/** Somebody pressed a button of a card, or picked from a list in it. */
export interface CardClick {
  readonly eventId: string;
  /** Who, by the id people have in this app. */
  readonly openId: string;
  /** What the button carries; never to be trusted by itself. */
  readonly value: Readonly<Record<string, unknown>>;
  /** What was picked, where the element is a list. */
  readonly option: string | null;
  /** The message the card stands in. */
  readonly messageId: string;
  /** Lets the card be changed twice within 30 minutes. */
  readonly updateToken: string;
}

export type ToastKind = 'info' | 'success' | 'warning' | 'error';

/** What a click is answered with. */
export interface CardAnswer {
  /** The text in each language: the vendor shows the one of the person's app. */
  readonly toast: { readonly kind: ToastKind; readonly text: Readonly<Record<Locale, string>> };
  /** The card as it stands from now on; absent: as it was. */
  readonly card?: object;
}

const fileEvents: Readonly<Record<string, FileEventKind>> = {
  'drive.file.edit_v1': 'edited',
  'drive.file.title_updated_v1': 'renamed',
  'drive.file.trashed_v1': 'trashed',
  'drive.file.deleted_v1': 'deleted',
  'drive.file.permission_member_added_v1': 'access',
  'drive.file.permission_member_removed_v1': 'access',
  'drive.file.bitable_record_changed_v1': 'records',
  'drive.file.bitable_field_changed_v1': 'edited',
};

const cardEvent = 'card.action.trigger';

/** Types of the events that mean something to us. */
export const eventTypes: readonly string[] = [...Object.keys(fileEvents), cardEvent];

/** Header and body of an event in one object; null for what is no event. */
export function flatEvent(payload: unknown): FlatEvent | null {
  if (!isObject(payload)) return null;
  const { header, event } = payload;
  if (!isObject(event)) return null;
  // The first form of events has no header: `uuid` is its id, and its type stands in the body.
  return { event_type: event.type, event_id: payload.uuid, ...(isObject(header) ? header : {}), ...event };
}

/** The id by which an event that is told again is known; null where there is none. */
export function eventId(event: FlatEvent): string | null {
  return text(event.event_id) ?? text(event.uuid);
}

export function readFileEvent(event: FlatEvent): FileEvent | null {
  const kind = Object.hasOwn(fileEvents, String(event.event_type)) ? fileEvents[String(event.event_type)] : undefined;
  const fileToken = text(event.file_token);
  return kind === undefined || fileToken === null ? null : { kind, fileToken, tableId: text(event.table_id) };
}

export function readCardClick(event: FlatEvent): CardClick | null {
  if (event.event_type !== cardEvent) return null;
  const { operator, action, context } = event;
  const id = eventId(event);
  const openId = isObject(operator) ? text(operator.open_id) : null;
  const messageId = isObject(context) ? text(context.open_message_id) : null;
  if (id === null || openId === null || messageId === null || !isObject(action)) return null;
  return {
    eventId: id,
    openId,
    value: isObject(action.value) ? action.value : {},
    option: text(action.option),
    messageId,
    updateToken: text(event.token) ?? '',
  };
}

/** The answer to a click as the vendor wants it. */
export function cardReply({ toast, card }: CardAnswer): object {
  return {
    toast: {
      type: toast.kind,
      content: toast.text['zh-CN'],
      i18n: { zh_cn: toast.text['zh-CN'], en_us: toast.text.en },
    },
    ...(card === undefined ? {} : { card: { type: 'raw', data: card } }),
  };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' && value.length <= 1_000 ? value : null;
}
