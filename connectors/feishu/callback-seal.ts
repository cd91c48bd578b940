/**
 * How Feishu seals and signs what it sends to a webhook. Pure: bytes in, a verdict or a text out. The vendor's SDK signs
 * over its own printing of the parsed body; what is signed are the bytes as they came, and only those are looked at here.
 *
 * open.feishu.cn/document/ukTMukTMukTM/uYDNxYjL2QTM24iN0EjN/event-subscription-configure-/encrypt-key-encryption-configuration-case
 */
import { createDecipheriv, createHash, timingSafeEqual } from 'node:crypto';

const IV_BYTES = 16;

/** The text of a sealed body (AES-256-CBC under the SHA-256 of the key, the IV in front); null for what was not sealed with this key. */
export function openSealed(sealed: string, encryptKey: string): string | null {
  const bytes = Buffer.from(sealed, 'base64');
  if (bytes.length < 2 * IV_BYTES || bytes.length % IV_BYTES !== 0) return null;
  try {
    const key = createHash('sha256').update(encryptKey).digest();
    const decipher = createDecipheriv('aes-256-cbc', key, bytes.subarray(0, IV_BYTES));
    const text = Buffer.concat([decipher.update(bytes.subarray(IV_BYTES)), decipher.final()]);
    return new TextDecoder('utf-8', { fatal: true }).decode(text);
  } catch {
    return null;
  }
}

/** `X-Lark-Signature` of a body: hexadecimal SHA-256 over timestamp, nonce, key and the bytes as they are sent. */
export function signatureOf(timestamp: string, nonce: string, encryptKey: string, body: Uint8Array): string {
  return createHash('sha256').update(`${timestamp}${nonce}${encryptKey}`).update(body).digest('hex');
}

/** Compares two texts in a time that tells nothing about where they differ. */
export function isSameText(given: string, right: string): boolean {
  const [a, b] = [given, right].map((text) => createHash('sha256').update(text).digest());
  return timingSafeEqual(a!, b!);
}
