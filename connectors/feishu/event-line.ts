/**
 * The long connection on which Feishu tells what happened: the vendor's own client, kept up for good. The service needs no
 * public address for it. One of all connected clients of an app gets each event, so an app belongs to one service.
 *
 * open.feishu.cn/document/ukTMukTMukTM/uYDNxYjL2QTM24iN0EjN/event-subscription-configure-/request-url-configuration-case
 */
import {
  defaultHttpInstance,
  EventDispatcher,
  type HttpInstance,
  LoggerLevel,
  WSClient,
} from '@larksuiteoapi/node-sdk';
import type { Timers } from '../../src/ports.ts';
import { eventTypes, type FlatEvent } from './events-api.ts';

export interface EventLineSettings {
  readonly domain: string;
  readonly appId: string;
  readonly appSecret: string;
  readonly timers: Timers;
  /** Gets every event that means something to us; what it returns is the answer, what it throws lets the event be told again. */
  readonly receive: (event: FlatEvent) => Promise<unknown>;
  /** The line stands. `again`: it was down, and what happened meanwhile may be told to nobody. */
  readonly up: (again: boolean) => void;
  /** The line is down and tried again. `reason`: a word of ours, no text of the vendor's. */
  readonly down: (reason: 'lost' | 'refused' | 'bad-app-id') => void;
}

export interface EventLine {
  close(): void;
}

/** After a refusal (a wrong secret, the app switched off, too many connections) somebody has to do something first. */
const AFTER_REFUSAL_MS = 5 * 60_000;
const HANDSHAKE_MS = 15_000;
/** A line on which no answer to a ping comes for so long is dead. */
const PONG_SECONDS = 30;

/** The client writes tokens and bodies of events to its log: nothing of that is kept. */
const silent = { error: () => {}, warn: () => {}, info: () => {}, debug: () => {}, trace: () => {} };

export function openEventLine({ domain, appId, appSecret, timers, receive, up, down }: EventLineSettings): EventLine {
  // The client returns without a word when the id looks otherwise.
  if (!/^cli_[0-9a-fA-F]{16}$/.test(appId)) {
    down('bad-app-id');
    return { close: () => undefined };
  }
  const logging = { logger: silent, loggerLevel: LoggerLevel.error };
  // A proxy set for something else is not obeyed here either; the client wants the body of a reply alone.
  const http = defaultHttpInstance.create({ proxy: false, maxRedirects: 0 });
  http.interceptors.response.use((reply) => reply.data);
  const dispatcher = new EventDispatcher(logging);
  dispatcher.register(Object.fromEntries(eventTypes.map((type) => [type, receive])));
  let wasUp = false;
  let cancel = (): void => undefined;
  const isUp = (): void => {
    up(wasUp);
    wasUp = true;
  };
  const client = new WSClient({
    appId,
    appSecret,
    domain,
    httpInstance: http as unknown as HttpInstance,
    ...logging,
    handshakeTimeoutMs: HANDSHAKE_MS,
    wsConfig: { pingTimeout: PONG_SECONDS },
    onReady: isUp,
    onReconnected: isUp,
    onReconnecting: () => down('lost'),
    onError: () => {
      down('refused');
      cancel = timers.after(AFTER_REFUSAL_MS, start);
    },
  });
  function start(): void {
    void client.start({ eventDispatcher: dispatcher });
  }
  start();
  return {
    close() {
      cancel();
      client.close({ force: true });
    },
  };
}
