/** How the two clouds want requests to be signed: pure functions from a request to its `Authorization` header. */
import { createHash, createHmac } from 'node:crypto';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

/** RFC 3986: everything but letters, digits and `-_.~`. */
function percent(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** Parameters as both sides of an Alibaba Cloud signature write them: by name, percent-encoded. */
export function canonicalQuery(parameters: Readonly<Record<string, string>>): string {
  return Object.entries(parameters)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${percent(name)}=${percent(value)}`)
    .join('&');
}

/**
 * `ACS3-HMAC-SHA256` of Alibaba Cloud (help.aliyun.com/zh/sdk/product-overview/v3-request-structure-and-signature): over
 * the method, the path, the query, every header that is given, and the hash of the body. All headers given are signed.
 */
export function acs3Authorization(
  request: {
    readonly method: string;
    readonly path: string;
    readonly query: string;
    /** By lower-case name; `host`, `x-acs-*` and `content-type`. */
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
  },
  keyId: string,
  keySecret: string,
): string {
  const names = Object.keys(request.headers).sort();
  const canonical = [
    request.method,
    request.path,
    request.query,
    ...names.map((name) => `${name}:${request.headers[name]!.trim()}`),
    '',
    names.join(';'),
    sha256(request.body),
  ].join('\n');
  const signature = hmac(keySecret, `ACS3-HMAC-SHA256\n${sha256(canonical)}`).toString('hex');
  return `ACS3-HMAC-SHA256 Credential=${keyId},SignedHeaders=${names.join(';')},Signature=${signature}`;
}

/**
 * `TC3-HMAC-SHA256` of Tencent Cloud (cloud.tencent.com/document/api/382/52072) for a POST to `/`: over content type,
 * host, action and body, under a key of the day and the service.
 */
export function tc3Authorization(
  request: {
    readonly service: string;
    readonly host: string;
    readonly action: string;
    readonly contentType: string;
    readonly body: string;
    /** Seconds since 1970. */
    readonly timestamp: number;
  },
  secretId: string,
  secretKey: string,
): string {
  const { service, host, action, contentType, body, timestamp } = request;
  const signed = 'content-type;host;x-tc-action';
  const canonical = [
    'POST',
    '/',
    '',
    `content-type:${contentType}`,
    `host:${host}`,
    `x-tc-action:${action.toLowerCase()}`,
    '',
    signed,
    sha256(body),
  ].join('\n');
  const day = new Date(timestamp * 1000).toISOString().slice(0, 10);
  const scope = `${day}/${service}/tc3_request`;
  const key = hmac(hmac(hmac(`TC3${secretKey}`, day), service), 'tc3_request');
  const signature = hmac(key, ['TC3-HMAC-SHA256', timestamp, scope, sha256(canonical)].join('\n')).toString('hex');
  return `TC3-HMAC-SHA256 Credential=${secretId}/${scope}, SignedHeaders=${signed}, Signature=${signature}`;
}

/** SHA-256 of a text in hexadecimal. */
export { sha256 };
