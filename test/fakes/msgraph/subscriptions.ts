/**
 * Change notifications: the handshake, renewal, expiry, and what is delivered. A drive tells only that something changed,
 * never what. Nothing is sent by itself: `deliver` sends what is due and tries again what was not taken.
 */
import { timingSafeEqual } from 'node:crypto';
import { request as overHttp } from 'node:http';
import { request as overHttps } from 'node:https';
import type { Drive } from './drive.ts';
import { badRequest, GraphFailure, notInDrive } from './failure.ts';
import { created, done, list, ok, type Reply } from './reply.ts';
import type { GraphSwitches } from './switches.ts';

const MINUTE_MS = 60_000;
const LEAST_MS = 45 * MINUTE_MS;
const MOST_MS = 42_300 * MINUTE_MS;
const KEEP_TRYING_MS = 4 * 60 * MINUTE_MS;

interface Subscription {
  readonly id: string;
  readonly resource: string;
  notificationUrl: string;
  readonly lifecycleNotificationUrl: string | null;
  readonly clientState: string | null;
  readonly creatorId: string;
  expiresAt: number;
  /** Since when there is a change to tell of. */
  changedAt: number | null;
  needsReauthorization: boolean;
}

interface Post {
  readonly url: string;
  readonly body: object;
  readonly since: number;
}

/** Sends to loopback only, whatever certificate is there. Gives the status, 0 when nobody answers, and the text. */
export function send(
  address: string,
  contentType: string,
  body: string,
): Promise<{ status: number; text: string; type: string }> {
  const url = new URL(address);
  const nobody = { status: 0, text: '', type: '' };
  if (!['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname)) return Promise.resolve(nobody);
  return new Promise((resolve) => {
    const start = url.protocol === 'https:' ? overHttps : overHttp;
    const request = start(
      url,
      {
        method: 'POST',
        headers: { 'content-type': contentType, 'content-length': Buffer.byteLength(body) },
        agent: false,
        rejectUnauthorized: false,
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          text += chunk;
        });
        const type = String(response.headers['content-type'] ?? '');
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text, type }));
        response.on('error', () => resolve(nobody));
      },
    );
    request.setTimeout(10_000, () => request.destroy());
    request.on('error', () => resolve(nobody));
    request.end(body);
  });
}

export class Subscriptions {
  readonly #all: Subscription[] = [];
  readonly #waiting: Post[] = [];
  readonly #drive: Drive;
  readonly #switches: GraphSwitches;
  readonly #tenantId: string;
  #count = 0;

  constructor(drive: Drive, switches: GraphSwitches, tenantId: string) {
    this.#drive = drive;
    this.#switches = switches;
    this.#tenantId = tenantId;
  }

  async route(
    method: string,
    id: string | null,
    isReauthorize: boolean,
    body: Readonly<Record<string, unknown>>,
    creatorId: string,
    now: Date,
    query: URLSearchParams,
  ): Promise<Reply> {
    this.#expire(now);
    if (id === null) {
      if (method === 'POST') return this.#create(body, creatorId, now);
      return list(this.#all.map(objectOf), query);
    }
    const found = this.#all.find((each) => each.id === id);
    if (found === undefined) throw notInDrive('The object was not found.');
    if (method === 'DELETE') {
      this.#all.splice(this.#all.indexOf(found), 1);
      return done;
    }
    if (isReauthorize) {
      found.needsReauthorization = false;
      return done;
    }
    if (method === 'PATCH') {
      if (typeof body.expirationDateTime === 'string') found.expiresAt = expiry(body.expirationDateTime, now);
      if (typeof body.notificationUrl === 'string') {
        await this.#handshake(body.notificationUrl);
        found.notificationUrl = body.notificationUrl;
      }
      found.needsReauthorization = false;
    }
    return ok(objectOf(found));
  }

  #expire(now: Date): void {
    for (const each of [...this.#all])
      if (now.getTime() >= each.expiresAt) this.#all.splice(this.#all.indexOf(each), 1);
  }

  async #create(body: Readonly<Record<string, unknown>>, creatorId: string, now: Date): Promise<Reply> {
    const { changeType, notificationUrl, resource, clientState } = body as Record<string, string>;
    const lifecycle = typeof body.lifecycleNotificationUrl === 'string' ? body.lifecycleNotificationUrl : null;
    if (changeType !== 'updated')
      throw new GraphFailure(400, 'InvalidRequest', "Only the change type 'updated' is supported for this resource.");
    if ((clientState?.length ?? 0) > 128) throw badRequest('clientState may have 128 characters.');
    const path = `${resource}`.replace(/^\//, '').replace(/^me\/drive\/root$|^drives\/[^/]+\/root$/, 'root');
    const driveId = /^\/?drives\/([^/]+)\/root$/.exec(`${resource}`)?.[1];
    if (path !== 'root' || (driveId !== undefined && decodeURIComponent(driveId) !== this.#drive.id))
      throw new GraphFailure(400, 'InvalidRequest', 'Only the root of a business drive can be subscribed to.');
    const expiresAt = expiry(String(body.expirationDateTime), now);
    await this.#handshake(notificationUrl!);
    if (lifecycle !== null) await this.#handshake(lifecycle);
    const subscription: Subscription = {
      id: `5b1c0000-0000-4000-8000-${String(++this.#count).padStart(12, '0')}`,
      resource: resource!,
      notificationUrl: notificationUrl!,
      lifecycleNotificationUrl: lifecycle,
      clientState: clientState ?? null,
      creatorId,
      expiresAt,
      changedAt: null,
      needsReauthorization: false,
    };
    this.#all.push(subscription);
    return created(objectOf(subscription));
  }

  /** Posts a token to the address and wants it back, decoded, as plain text. */
  async #handshake(address: string): Promise<void> {
    let url: URL;
    try {
      url = new URL(address);
    } catch {
      throw badRequest('The notification URL is not valid.');
    }
    if (url.protocol !== 'https:' && !(this.#switches.takesPlainHttp && url.protocol === 'http:'))
      throw new GraphFailure(400, 'InvalidRequest', 'The notification URL must use https.');
    const token = `Validation: Testing client application reachability for subscription Request-Id: ${++this.#count} + %`;
    url.searchParams.set('validationToken', token);
    const { status, text, type } = await send(url.href, 'text/plain; charset=utf-8', '');
    const isSame = text.length === token.length && timingSafeEqual(Buffer.from(text), Buffer.from(token));
    if (status !== 200 || !isSame || !type.startsWith('text/plain'))
      throw new GraphFailure(400, 'ValidationError', 'Subscription validation request failed.');
  }

  /** Something on the drive changed. */
  changed(now: Date): void {
    this.#expire(now);
    for (const each of this.#all) each.changedAt ??= now.getTime();
  }

  /** Asks for a new authorization of all subscriptions, as Graph does before tokens or subscriptions end. */
  askForReauthorization(now: Date): void {
    for (const each of this.#all) {
      each.needsReauthorization = true;
      if (each.lifecycleNotificationUrl !== null)
        this.#waiting.push({
          url: each.lifecycleNotificationUrl,
          since: now.getTime(),
          body: {
            value: [
              {
                subscriptionId: each.id,
                subscriptionExpirationDateTime: new Date(each.expiresAt).toISOString(),
                tenantId: this.#tenantId,
                clientState: each.clientState,
                lifecycleEvent: 'reauthorizationRequired',
              },
            ],
          },
        });
    }
  }

  /** Sends what is waiting, changes of one address in one post. What is not taken stays for the next time, up to 4 hours. */
  async deliver(now: Date): Promise<void> {
    this.#expire(now);
    const byUrl = new Map<string, Subscription[]>();
    for (const each of this.#all)
      if (each.changedAt !== null && !each.needsReauthorization)
        byUrl.set(each.notificationUrl, [...(byUrl.get(each.notificationUrl) ?? []), each]);
    for (const [url, subscriptions] of byUrl) {
      const value = subscriptions.map(notificationOf(this.#tenantId));
      for (const each of subscriptions) each.changedAt = null;
      if (this.#switches.lostNotifications > 0) {
        this.#switches.lostNotifications--;
        continue;
      }
      const post = { url, body: { value }, since: now.getTime() };
      this.#waiting.push(post, ...(this.#switches.repeatedNotifications ? [post] : []));
    }
    for (const post of this.#waiting.splice(0)) {
      const { status } = await send(post.url, 'application/json; charset=utf-8', JSON.stringify(post.body));
      const isTaken = status >= 200 && status < 300;
      if (!isTaken && now.getTime() - post.since < KEEP_TRYING_MS) this.#waiting.push(post);
    }
  }
}

/** Under 45 minutes is raised to 45, over 42,300 minutes is refused. */
function expiry(text: string, now: Date): number {
  const at = Date.parse(text);
  if (at - now.getTime() > MOST_MS)
    throw new GraphFailure(400, 'ExtensionError', 'Subscription expiration can only be 42300 minutes in the future.');
  return Math.max(at, now.getTime() + LEAST_MS);
}

const objectOf = (subscription: Subscription): Record<string, unknown> => ({
  id: subscription.id,
  resource: subscription.resource,
  changeType: 'updated',
  clientState: null,
  notificationUrl: subscription.notificationUrl,
  lifecycleNotificationUrl: subscription.lifecycleNotificationUrl,
  expirationDateTime: new Date(subscription.expiresAt).toISOString(),
  creatorId: subscription.creatorId,
});

const notificationOf =
  (tenantId: string) =>
  ({ id, expiresAt, clientState, resource }: Subscription): object => ({
    subscriptionId: id,
    subscriptionExpirationDateTime: new Date(expiresAt).toISOString(),
    clientState,
    changeType: 'updated',
    resource: resource.replace(/^\//, ''),
    tenantId,
    resourceData: { '@odata.type': '#Microsoft.Graph.DriveItem' },
  });
