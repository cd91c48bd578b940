/** Messages the bot sends, and cards people click. */
import type { ClickAnswer, FakeMessage, FakePerson } from '../feishu.ts';
import { type Call, type Loose, Refusal, type Route } from './call.ts';
import { cardFault } from './card.ts';
import type { Events, Send } from './events.ts';
import type { World } from './world.ts';

const SEND = ['im:message', 'im:message:send_as_bot'];
const UPDATE = ['im:message', 'im:message:send_as_bot', 'im:message:update'];
const SAME_UUID_MS = 3_600_000;
const EDITABLE_MS = 14 * 86_400_000;
const TOKEN_MS = 1_800_000;
const TOKEN_USES = 2;
const CARD_BYTES = 30 * 1024;
const TEXT_BYTES = 150 * 1024;

/** What a message is while it may still change. */
type Kept = { -readonly [M in keyof FakeMessage]: FakeMessage[M] };

interface LateToken {
  readonly message: Kept;
  readonly atMs: number;
  uses: number;
  /** The click was answered: an update before that is undone by the answer. */
  answered: boolean;
}

export interface Chat {
  readonly routes: readonly Route[];
  readonly messages: readonly FakeMessage[];
  click(
    message: FakeMessage,
    person: FakePerson,
    value: unknown,
    more?: Readonly<Record<string, unknown>>,
  ): Promise<ClickAnswer>;
  /** A person takes the bot's message back, or leaves. */
  recall(message: FakeMessage): void;
  /** A message that came another way. */
  keep(message: Pick<FakeMessage, 'messageId' | 'chatId' | 'person' | 'type' | 'content' | 'createdMs'>): void;
}

export function chat(world: World, events: Events, send: Send): Chat {
  const messages: Kept[] = [];
  const lateTokens = new Map<string, LateToken>();
  const privateChats = new Map<string, string>();

  function receiverOf(type: string, id: unknown): { chatId: string; person?: FakePerson } {
    if (typeof id !== 'string' || id === '')
      throw new Refusal(230001, 'Your request contains an invalid request parameter.');
    if (type === 'chat_id') {
      const group = world.chats.find(({ chatId }) => chatId === id);
      if (group !== undefined) return { chatId: id };
      const [openId] = [...privateChats].find(([, chatId]) => chatId === id) ?? [];
      const person = openId === undefined ? undefined : world.personOf(openId);
      if (person !== undefined) return { chatId: id, person };
      throw id.startsWith('oc_')
        ? new Refusal(230002, 'Bot can NOT be out of the chat.')
        : new Refusal(230001, 'invalid receive_id');
    }
    const keys: Readonly<Record<string, 'openId' | 'unionId' | 'userId' | 'email'>> = {
      open_id: 'openId',
      union_id: 'unionId',
      user_id: 'userId',
      email: 'email',
    };
    const key = keys[type];
    if (key === undefined) throw new Refusal(99992402, 'field validation failed', { status: 400 });
    const person = world.people.find((each) => each[key] === id);
    if (person === undefined) {
      throw key === 'openId' && id.startsWith('ou_')
        ? new Refusal(230013, 'Bot has NO availability to this user.')
        : new Refusal(230001, 'Your request contains an invalid request parameter, ext=invalid receive_id');
    }
    const chatId = privateChats.get(person.openId) ?? `oc_${world.newId(32).toLowerCase()}`;
    privateChats.set(person.openId, chatId);
    return { chatId, person };
  }

  function contentOf(type: string, content: unknown): Loose {
    if (typeof content !== 'string') throw new Refusal(230001, 'content is not a string');
    let parsed: Loose;
    try {
      parsed = JSON.parse(content);
    } catch {
      throw new Refusal(230001, 'content is not a string in json format');
    }
    if (Buffer.byteLength(content) > (type === 'text' ? TEXT_BYTES : CARD_BYTES)) {
      throw new Refusal(230025, 'The length of the message content reaches its limit.');
    }
    if (type === 'interactive') {
      const fault = cardFault(parsed);
      if (fault !== null) throw new Refusal(230099, `Failed to create card content, ext=${fault};`);
    }
    return parsed;
  }

  const shown = (message: Kept) => ({
    message_id: message.messageId,
    msg_type: message.type,
    create_time: String(message.createdMs),
    update_time: String(message.updatedMs),
    deleted: false,
    updated: message.updatedMs !== message.createdMs,
    chat_id: message.chatId,
    sender: { id: world.appId, id_type: 'app_id', sender_type: 'app', tenant_key: world.tenant },
    body: { content: JSON.stringify(message.content) },
  });

  function create(call: Call) {
    const { receive_id: id, msg_type: type, content, uuid } = call.body ?? {};
    const now = world.now().getTime();
    if (uuid !== undefined && (typeof uuid !== 'string' || uuid.length > 50)) throw new Refusal(230001, 'invalid uuid');
    if (!/^(text|post|image|file|audio|media|sticker|interactive|share_chat|share_user|system)$/.test(type ?? '')) {
      throw new Refusal(230001, 'Your request contains an invalid request parameter, ext=invalid msg_type');
    }
    const receiver = receiverOf(call.query.get('receive_id_type') ?? '', id);
    const parsed = contentOf(type, content);
    const known = messages.find(
      (each) =>
        uuid !== undefined &&
        uuid !== '' &&
        each.uuid === uuid &&
        each.chatId === receiver.chatId &&
        now - each.createdMs < SAME_UUID_MS,
    );
    if (known !== undefined) return shown(known);
    const message: Kept = {
      messageId: `om_${world.newId(32).toLowerCase()}`,
      chatId: receiver.chatId,
      person: receiver.person ?? null,
      type,
      content: parsed,
      uuid: uuid ?? null,
      createdMs: now,
      updatedMs: now,
      isRecalled: false,
    };
    messages.push(message);
    world.changed();
    return shown(message);
  }

  function found(id: unknown): Kept {
    const message = messages.find(({ messageId }) => messageId === id);
    if (message === undefined)
      throw new Refusal(230001, 'Your request contains an invalid request parameter, ext=invalid message_id');
    if (message.isRecalled) throw new Refusal(230011, 'The message is recalled.');
    return message;
  }

  function patch(call: Call) {
    const message = found(call.params.message);
    const now = world.now().getTime();
    if (message.type !== 'interactive') throw new Refusal(230001, 'This message is NOT a card.');
    if (now - message.createdMs > EDITABLE_MS)
      throw new Refusal(230031, 'Message can only be modified within 14 days after sending.');
    const card = contentOf('interactive', call.body?.content);
    if (!isShared(message.content) || !isShared(card)) throw new Refusal(230001, 'NOT shared card');
    message.content = card;
    message.updatedMs = now;
    world.changed();
    return {};
  }

  function batch(call: Call) {
    const { msg_type: type, open_ids: ids = [], content, card } = call.body ?? {};
    const parsed = type === 'interactive' ? card : content;
    if (parsed === undefined || !Array.isArray(ids)) throw new Refusal(230001, 'invalid request parameter');
    const invalid = ids.filter((id: string) => !world.people.some(({ openId }) => openId === id));
    for (const id of ids.filter((each: string) => !invalid.includes(each))) {
      const receiver = receiverOf('open_id', id);
      const now = world.now().getTime();
      messages.push({
        messageId: `om_${world.newId(32).toLowerCase()}`,
        chatId: receiver.chatId,
        person: receiver.person ?? null,
        type,
        content: parsed,
        uuid: null,
        createdMs: now,
        updatedMs: now,
        isRecalled: false,
      });
    }
    world.changed();
    return { message_id: `bm-${world.newId(32).toLowerCase()}`, invalid_open_ids: invalid };
  }

  function chats() {
    return {
      items: world.chats.map(({ chatId, name }) => ({
        chat_id: chatId,
        name,
        avatar: '',
        description: '',
        external: false,
        tenant_key: world.tenant,
      })),
      has_more: false,
      page_token: '',
    };
  }

  function lateUpdate(call: Call) {
    const { token, card } = call.body ?? {};
    if (typeof token !== 'string' || !token.startsWith('c-')) throw new Refusal(300020, 'invalid token');
    const late = lateTokens.get(token);
    if (late === undefined || world.now().getTime() - late.atMs > TOKEN_MS) throw new Refusal(300030, 'token expired');
    if (late.uses >= TOKEN_USES) throw new Refusal(300040, 'token used up');
    const fault = cardFault(card);
    if (fault !== null) throw new Refusal(11311, fault);
    if (Buffer.byteLength(JSON.stringify(card)) > CARD_BYTES) throw new Refusal(100000, 'card too large');
    if (!isShared(card) && !Array.isArray(card.open_ids)) throw new Refusal(300090, 'open_ids is empty');
    if (late.message.isRecalled) throw new Refusal(200000, 'message recalled');
    late.uses += 1;
    if (!late.answered) return;
    late.message.content = card;
    late.message.updatedMs = world.now().getTime();
    world.changed();
  }

  async function click(
    given: FakeMessage,
    person: FakePerson,
    value: unknown,
    more: Readonly<Record<string, unknown>> = {},
  ): Promise<ClickAnswer> {
    const message = found(given.messageId);
    const token = `c-${world.newId(40).toLowerCase()}`;
    const late: LateToken = { message, atMs: world.now().getTime(), uses: 0, answered: false };
    lateTokens.set(token, late);
    const header = events.header('card.action.trigger');
    const sending = send({
      schema: '2.0',
      // Of cards it is microseconds.
      header: { ...header, create_time: `${world.now().getTime()}000` },
      event: {
        operator: { tenant_key: world.tenant, ...events.userIds(person.openId) },
        token,
        action: { value, tag: 'button', timezone: 'Asia/Shanghai', ...more },
        host: 'im_message',
        context: { open_message_id: message.messageId, open_chat_id: message.chatId },
      },
    });
    if (sending === null) return { error: 200340 };
    const answered = await sending;
    late.answered = true;
    if (!answered.ok) return { error: answered.why === 'late' ? 200341 : answered.why === 'failed' ? 200671 : 200340 };
    const body = (answered.body ?? {}) as { toast?: ClickAnswer['toast']; card?: { type?: unknown; data?: Loose } };
    if (typeof body !== 'object') return { error: 200672 };
    if (body.card !== undefined) {
      if (body.card.type !== 'raw' || cardFault(body.card.data) !== null) return { error: 200673 };
      message.content = body.card.data;
      message.updatedMs = world.now().getTime();
      world.changed();
    }
    return {
      ...(body.toast === undefined ? {} : { toast: body.toast }),
      ...(body.card === undefined ? {} : { card: body.card.data }),
    };
  }

  return {
    messages,
    click,
    recall(message) {
      found(message.messageId).isRecalled = true;
      world.changed();
    },
    keep(message) {
      messages.push({ ...message, uuid: null, updatedMs: message.createdMs, isRecalled: false });
      world.changed();
    },
    routes: [
      { method: 'POST', path: '/open-apis/im/v1/messages', scopes: SEND, handle: create },
      { method: 'PATCH', path: '/open-apis/im/v1/messages/:message', scopes: UPDATE, msg: 'ok', handle: patch },
      { method: 'POST', path: '/open-apis/message/v4/batch_send/', scopes: SEND, msg: 'ok', handle: batch },
      { method: 'GET', path: '/open-apis/im/v1/chats', scopes: ['im:chat', 'im:chat:readonly'], handle: chats },
      { method: 'POST', path: '/open-apis/interactive/v1/card/update', scopes: UPDATE, msg: 'ok', handle: lateUpdate },
    ],
  };
}

/** All who see a card see the same one: the only kind that can be changed later. */
const isShared = (card: Loose): boolean => card?.schema === '2.0' || card?.config?.update_multi === true;
