/** Events sent to an address: plain or encrypted, signed over the bytes that go out. */
import { createCipheriv, createHash, randomBytes } from 'node:crypto';
import type { Answered } from './events.ts';
import type { World } from './world.ts';

const ANSWER_MS = 3_000;
const CHALLENGE_MS = 1_000;

/** AES-256-CBC under SHA-256 of the key; base64 of the 16 bytes of iv and the cipher text. */
export function encrypt(key: string, text: string, iv: Buffer = randomBytes(16)): string {
  const cipher = createCipheriv('aes-256-cbc', createHash('sha256').update(key).digest(), iv);
  return Buffer.concat([iv, cipher.update(text, 'utf8'), cipher.final()]).toString('base64');
}

/** Hex SHA-256 over timestamp, nonce, key and the raw body. */
export function signature(timestamp: string, nonce: string, key: string, body: string): string {
  return createHash('sha256').update(`${timestamp}${nonce}${key}${body}`).digest('hex');
}

export interface Webhook {
  send(payload: unknown): Promise<Answered>;
  /** Asks the address to prove itself, as the console does when it is saved. */
  challenge(): Promise<boolean>;
}

export function webhook(world: World, encryptKey: string, verificationToken: string): Webhook {
  const { switches } = world;

  async function post(payload: unknown, timeoutMs: number): Promise<Answered> {
    const text = JSON.stringify(payload);
    const body = switches.encrypted ? JSON.stringify({ encrypt: encrypt(encryptKey, text) }) : text;
    const timestamp = String(Math.floor(world.now().getTime() / 1000));
    const nonce = world.newId(10);
    const signed = { 'x-lark-signature': signature(timestamp, nonce, encryptKey, body) };
    try {
      const response = await fetch(switches.webhook as string, {
        method: 'POST',
        redirect: 'manual',
        headers: {
          'content-type': 'application/json; charset=utf-8',
          'x-lark-request-timestamp': timestamp,
          'x-lark-request-nonce': nonce,
          ...(switches.encrypted ? signed : {}),
        },
        body,
        signal: AbortSignal.timeout(timeoutMs),
      });
      const answer = await response.text();
      if (response.status !== 200) return { ok: false, why: 'failed' };
      return { ok: true, body: answer === '' ? undefined : parsed(answer) };
    } catch (error) {
      return { ok: false, why: (error as Error).name === 'TimeoutError' ? 'late' : 'closed' };
    }
  }

  return {
    send: (payload) => post(payload, ANSWER_MS),
    async challenge() {
      const challenge = world.newId(20);
      const answered = await post({ challenge, token: verificationToken, type: 'url_verification' }, CHALLENGE_MS);
      return answered.ok && (answered.body as { challenge?: unknown } | undefined)?.challenge === challenge;
    },
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
