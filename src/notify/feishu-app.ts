/**
 * Messages of an app's own bot on Feishu or Lark, as cards, to a person or a chat. A person is found by mail address or
 * mobile number, which the organisation's directory turns into an id; the ids an account was told, and the token it shares
 * with workbooks and events of the same app, are kept in memory for as long as they hold, everything else is in the rows of
 * `messages`.
 *
 * Rules: open.feishu.cn/document/uAjLw4CM/ukTMukTMukTM/reference/im-v1/message/create (50 a second for an app, 5 for one
 * receiver; a card of at most 30 KB; `uuid` drops the same message for an hour) and /patch (14 days, 5 a second).
 */
import { z } from 'zod';
import { contactKey, idsBody, idsPath, readIds } from '../../connectors/feishu/people-api.ts';
import { type FreshToken, sharedTokens } from '../../connectors/feishu/token.ts';
import { type Account, type ChannelTools, type Delivery, defineChannel, delivered, refused, retry } from './channel.ts';
import { byCode, exchange, jsonOf, MINUTE_MS, unreadable, type Verdict } from './exchange.ts';
import { feishuCard } from './feishu-card.ts';
import type { HttpReply, HttpRequest } from './outbound.ts';
import { baseUrl, variable } from './shapes.ts';

const address = 'https://open.feishu.cn';

const settings = z.strictObject({
  kind: z.literal('feishu-app').describe('The bot of an app of your own on Feishu or Lark: to people, with buttons.'),
  appIdEnv: variable.describe('Environment variable with the App ID (cli_…).'),
  appSecretEnv: variable.describe('Environment variable with the App Secret.'),
  chat: z
    .string()
    .regex(/^oc_[\w-]{1,100}$/, 'id of a chat, oc_…')
    .optional()
    .describe('A chat the bot is in: everything goes there. Left out: to each person.'),
  baseUrl: baseUrl(address),
});

type Settings = z.infer<typeof settings>;

const verdicts: Readonly<Record<string, Verdict>> = {
  0: 'delivered',
  // Too often; the same message is under way; a card that somebody is pressing a button of.
  99991400: { waitMs: MINUTE_MS },
  230020: { waitMs: MINUTE_MS },
  230049: { waitMs: MINUTE_MS },
  // Parameters, no such receiver, the bot is not in the chat or not switched on, may not write to this person.
  230001: 'never',
  230002: 'never',
  230006: 'never',
  230013: 'never',
  230018: 'never',
  230027: 'never',
  230029: 'never',
  230034: 'never',
  230035: 'never',
  230038: 'never',
  230053: 'never',
  230054: 'never',
  230075: 'never',
  232009: 'never',
  // The text was judged unfit, or is too long.
  230022: 'never',
  230025: 'never',
  230028: 'never',
  230099: 'never',
  // The app: wrong id or secret, switched off, a right is missing, calls of the month used up.
  10003: 'never',
  10012: 'never',
  10014: 'never',
  99991672: 'never',
  99991673: 'never',
  99991403: 'never',
};

/** A card cannot be changed while a click on it is being answered, which is told with the code of a bad card. */
const revisionVerdicts: Readonly<Record<string, Verdict>> = {
  ...verdicts,
  230099: 'retry',
  // Taken back, too old, or not the bot's own.
  230011: 'never',
  230031: 'never',
  230110: 'never',
};

const deadTokens: ReadonlySet<string> = new Set(['99991661', '99991663', '99991664', '99991665']);

const KNOWN_FOR_MS = 12 * 60 * MINUTE_MS;
const UNKNOWN_FOR_MS = 10 * MINUTE_MS;
const MOST_PEOPLE = 5_000;

/** Whom an account knows, by mail or mobile; null: nobody. */
type People = Map<string, { readonly id: string | null; readonly until: number }>;

const peopleByAccount = new WeakMap<object, People>();

export const feishuApp = defineChannel({
  kind: 'feishu-app',
  settings,
  format: 'plain',
  // A card may have 30 KB; its buttons and lists need some, and marks of JSON count twice.
  limits: { max: 10_000, unit: 'bytes', perMinute: 300 },
  costly: false,
  speaksTo: (given) => (given.chat === undefined ? 'people' : 'chat'),
  senderId: ({ settings: given, secret }) => secret(given.appIdEnv),
  baseUrl: (given) => given.baseUrl ?? address,
  async send(message, account, tools) {
    const receiver = receiverOf(message.to !== '' ? message.to : (account.settings.chat ?? ''));
    if (receiver === null) return refused('notify-feishu-address', { to: message.to });
    const id = receiver.kind === 'contact' ? await idOf(receiver.id, account, tools) : receiver.id;
    if (id === null) return refused('notify-feishu-unknown', { to: receiver.id });
    if (typeof id !== 'string') return id;
    const body = {
      receive_id: id,
      msg_type: 'interactive',
      content: JSON.stringify(feishuCard(message)),
      uuid: message.key,
    };
    const path = `/open-apis/im/v1/messages?receive_id_type=${receiver.kind === 'contact' ? 'open_id' : receiver.kind}`;
    return await ask({ method: 'POST', path, body }, account, tools, verdicts, ({ data }) => {
      const receipt = isObject(data) && typeof data.message_id === 'string' ? data.message_id : null;
      return receipt === null ? delivered : { outcome: 'delivered', receipt };
    });
  },
  async revise(receipt, message, account, tools) {
    const path = `/open-apis/im/v1/messages/${encodeURIComponent(receipt)}`;
    const body = { content: JSON.stringify(feishuCard(message)) };
    return await ask({ method: 'PATCH', path, body }, account, tools, revisionVerdicts, () => delivered);
  },
});

type Receiver = { readonly kind: 'open_id' | 'union_id' | 'chat_id' | 'contact'; readonly id: string };

function receiverOf(to: string): Receiver | null {
  const text = to.trim();
  if (/^ou_[\w-]+$/.test(text)) return { kind: 'open_id', id: text };
  if (/^on_[\w-]+$/.test(text)) return { kind: 'union_id', id: text };
  if (/^oc_[\w-]+$/.test(text)) return { kind: 'chat_id', id: text };
  const isContact = /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text) || /^\+?[\d\s()-]{7,20}$/.test(text);
  return isContact ? { kind: 'contact', id: text } : null;
}

/** The id of a person in this app; null: nobody it can see. A delivery when that could not be asked. */
async function idOf(
  contact: string,
  account: Account<Settings>,
  tools: ChannelTools,
): Promise<string | null | Delivery> {
  const people = peopleOf(account);
  const key = contactKey(contact);
  const known = people.get(key);
  const now = tools.now.getTime();
  if (known !== undefined && known.until > now) return known.id;
  const asked = contact.includes('@') ? { mails: [contact], mobiles: [] } : { mails: [], mobiles: [contact] };
  let id: string | null = null;
  const path = `${idsPath}?user_id_type=open_id`;
  const delivery = await ask({ method: 'POST', path, body: idsBody(asked) }, account, tools, verdicts, ({ data }) => {
    id = readIds(data, asked).get(key) ?? null;
    return delivered;
  });
  if (delivery.outcome !== 'delivered') return delivery;
  if (people.size >= MOST_PEOPLE) people.delete(people.keys().next().value!);
  people.set(key, { id, until: now + (id === null ? UNKNOWN_FOR_MS : KNOWN_FOR_MS) });
  return id;
}

interface Question {
  readonly method: 'POST' | 'PATCH';
  readonly path: string;
  readonly body: object;
}

/** Asks with the token of the account; one that died before its time is replaced once. */
async function ask(
  question: Question,
  account: Account<Settings>,
  tools: ChannelTools,
  codes: Readonly<Record<string, Verdict>>,
  read: (answer: Readonly<Record<string, unknown>>) => Delivery,
): Promise<Delivery> {
  const tokens = sharedTokens(
    account.shared,
    account.settings.baseUrl ?? address,
    account.secret(account.settings.appIdEnv),
  );
  const asker = { by: account, ask: () => freshToken(account, tools), now: () => tools.now };
  for (let attempt = 1; ; attempt++) {
    let token: string;
    try {
      token = await tokens.current(asker);
    } catch (error) {
      if (error instanceof NoToken) return error.delivery;
      throw error;
    }
    let isDead = false;
    const delivery = await call(question, token, account, tools, codes, (answer) => {
      isDead = deadTokens.has(String(answer.code));
      return isDead ? retry('notify-vendor', { vendor: 'Feishu', code: String(answer.code), text: '' }) : read(answer);
    });
    if (!isDead) return delivery;
    tokens.drop(token);
    if (attempt === 2) return delivery;
  }
}

/** Why there is no token, as the delivery that tells it. */
class NoToken extends Error {
  readonly delivery: Delivery;

  constructor(delivery: Delivery) {
    super('no token');
    this.delivery = delivery;
  }
}

/** Asks for a token; throws `NoToken`. */
async function freshToken(account: Account<Settings>, tools: ChannelTools): Promise<FreshToken> {
  const body = {
    app_id: account.secret(account.settings.appIdEnv),
    app_secret: account.secret(account.settings.appSecretEnv),
  };
  const path = '/open-apis/auth/v3/tenant_access_token/internal';
  let fresh: FreshToken | null = null;
  const delivery = await call({ method: 'POST', path, body }, null, account, tools, verdicts, (answer) => {
    const { tenant_access_token: token, expire } = answer;
    if (typeof token !== 'string' || typeof expire !== 'number') {
      return retry('notify-unreadable', { host: new URL(feishuApp.baseUrl(account.settings)!).host, status: '200' });
    }
    fresh = { token, livesSeconds: expire };
    return delivered;
  });
  if (fresh === null) throw new NoToken(delivery);
  return fresh;
}

/** One request; `read` gets an answer that is a success or says that the token is dead. */
async function call(
  { method, path, body }: Question,
  token: string | null,
  account: Account<Settings>,
  tools: ChannelTools,
  codes: Readonly<Record<string, Verdict>>,
  read: (answer: Readonly<Record<string, unknown>>) => Delivery,
): Promise<Delivery> {
  const url = new URL(path, account.settings.baseUrl ?? address);
  const request: HttpRequest = {
    method,
    url: url.href,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(body),
  };
  const secrets = [account.secret(account.settings.appSecretEnv), ...(token === null ? [] : [token])];
  return await exchange(
    { ...tools, http: async (each) => withReset(await tools.http(each)) },
    request,
    secrets,
    (reply) => {
      const answer = jsonOf(reply);
      if (answer === null || answer.code === undefined) return unreadable(reply, url.host);
      const code = String(answer.code);
      if (code === '0' || deadTokens.has(code)) return read(answer);
      const waitSeconds = Number(reply.headers['x-ogw-ratelimit-reset']);
      const verdict = codes[code];
      const isTimed = typeof verdict === 'object' && waitSeconds > 0;
      return byCode('Feishu', code, answer.msg, isTimed ? { [code]: { waitMs: waitSeconds * 1000 } } : codes);
    },
  );
}

/** The vendor's gateway says in a header of its own how long to wait. */
function withReset(reply: HttpReply): HttpReply {
  const reset = reply.headers['x-ogw-ratelimit-reset'];
  return reset === undefined || reply.headers['retry-after'] !== undefined
    ? reply
    : { ...reply, headers: { ...reply.headers, 'retry-after': reset } };
}

function peopleOf(account: object): People {
  let people = peopleByAccount.get(account);
  if (people === undefined) {
    people = new Map();
    peopleByAccount.set(account, people);
  }
  return people;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
