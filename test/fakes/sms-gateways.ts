/**
 * SMS gateways of Alibaba Cloud and Tencent Cloud as documented: the signature is computed from the request as it came,
 * without any code of the program's.
 */
import { createHash, createHmac } from 'node:crypto';
import type { Clock } from '../../src/ports.ts';
import { type Answer, json, type Received } from './receiver.ts';

const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

export interface SmsAccount {
  readonly id: string;
  readonly secret: string;
}

/** Dysms, version 2017-05-25, with the default limit of one message a minute to one number. */
export function aliyunGateway(clock: Clock, { id, secret }: SmsAccount): (request: Received) => Answer {
  const lastAt = new Map<string, number>();
  const nonces = new Set<string>();
  const fault = (Code: string, Message: string, status = 400): Answer =>
    json({ RequestId: 'F655A8D5', Message, Code }, status);
  return ({ method, path, target, query, headers, body }) => {
    const match = /^ACS3-HMAC-SHA256 Credential=([^,]+),SignedHeaders=([^,]+),Signature=([0-9a-f]{64})$/.exec(
      headers.authorization ?? '',
    );
    if (match === null) return fault('MissingAuthorization', 'no signature');
    const [, credential, names, signature] = match as unknown as [string, string, string, string];
    if (credential !== id) return fault('InvalidAccessKeyId.NotFound', 'Specified access key is not found.', 404);
    const signed = names.split(';');
    const needed = ['host', ...Object.keys(headers).filter((name) => name.startsWith('x-acs-'))];
    if (!needed.every((name) => signed.includes(name))) return fault('SignatureDoesNotMatch', 'headers not signed');
    if (headers['x-acs-content-sha256'] !== sha256(body)) return fault('SignatureDoesNotMatch', 'body differs');
    // The query is signed in sorted order, which is the order it came in if the client is right.
    const raw = target.includes('?') ? target.slice(target.indexOf('?') + 1) : '';
    const sorted = raw.split('&').sort().join('&');
    const canonical = `${method}\n${path}\n${sorted}\n${signed.map((name) => `${name}:${headers[name]}\n`).join('')}\n${names}\n${headers['x-acs-content-sha256']}`;
    const right = createHmac('sha256', secret)
      .update(`ACS3-HMAC-SHA256\n${sha256(canonical)}`)
      .digest('hex');
    if (signature !== right) {
      return fault(
        'SignatureDoesNotMatch',
        `Specified signature is not matched with our calculation for ${credential}.`,
      );
    }
    const age = clock.now().getTime() - Date.parse(headers['x-acs-date'] ?? '');
    if (!(Math.abs(age) < 900_000)) return fault('InvalidTimeStamp.Expired', 'expired');
    const nonce = headers['x-acs-signature-nonce'] ?? '';
    if (nonce === '' || nonces.has(nonce)) return fault('SignatureNonceUsed', 'nonce used');
    nonces.add(nonce);
    if (headers['x-acs-action'] !== 'SendSms' || headers['x-acs-version'] !== '2017-05-25') {
      return fault('InvalidAction.NotFound', 'no such action', 404);
    }
    const number = query.get('PhoneNumbers') ?? '';
    if (!/^(86)?1\d{10}$/.test(number)) {
      return json({ Code: 'isv.MOBILE_NUMBER_ILLEGAL', Message: 'illegal number', RequestId: '1' });
    }
    const parameters = Object.values(JSON.parse(query.get('TemplateParam') ?? '{}') as Record<string, string>);
    if (parameters.some((value) => [...value].length > 35)) {
      return json({ Code: 'isv.PARAM_LENGTH_LIMIT', Message: 'too long', RequestId: '1' });
    }
    if (parameters.some((value) => /https?:\/\//.test(value))) {
      return json({ Code: 'isv.PARAM_NOT_SUPPORT_URL', Message: 'no url', RequestId: '1' });
    }
    const now = clock.now().getTime();
    if (now - (lastAt.get(number) ?? Number.NEGATIVE_INFINITY) < 60_000) {
      return json({ Code: 'isv.BUSINESS_LIMIT_CONTROL', Message: '触发分钟级流控Permits:1', RequestId: '1' });
    }
    lastAt.set(number, now);
    return json({ Code: 'OK', Message: 'OK', BizId: '9006', RequestId: 'F655A8D5' });
  };
}

/** SendSms, version 2021-01-11. */
export function tencentGateway(clock: Clock, { id, secret }: SmsAccount): (request: Received) => Answer {
  const fault = (Code: string, Message: string): Answer =>
    json({ Response: { Error: { Code, Message }, RequestId: 'ed93f3cb' } });
  const lastAt = new Map<string, number>();
  return ({ method, path, headers, body }) => {
    const timestamp = Number(headers['x-tc-timestamp']);
    if (!(Math.abs(clock.now().getTime() / 1000 - timestamp) < 300)) return fault('AuthFailure.SignatureExpire', 'old');
    const day = new Date(timestamp * 1000).toISOString().slice(0, 10);
    const match = /^TC3-HMAC-SHA256 Credential=([^/]+)\/([^,]+), SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/.exec(
      headers.authorization ?? '',
    );
    if (match === null) return fault('AuthFailure.SignatureFailure', 'no signature');
    const [, credential, scope, names, signature] = match as unknown as [string, string, string, string, string];
    if (credential !== id) return fault('AuthFailure.SecretIdNotFound', 'unknown id');
    if (scope !== `${day}/sms/tc3_request`) return fault('AuthFailure.SignatureFailure', 'scope');
    const lines = names.split(';').map((name) => `${name}:${headers[name]!.trim().toLowerCase()}\n`);
    const canonical = `${method}\n${path}\n\n${lines.join('')}\n${names}\n${sha256(body)}`;
    const text = `TC3-HMAC-SHA256\n${timestamp}\n${scope}\n${sha256(canonical)}`;
    let key: string | Buffer = `TC3${secret}`;
    for (const part of [day, 'sms', 'tc3_request']) key = createHmac('sha256', key).update(part).digest();
    if (signature !== createHmac('sha256', key).update(text).digest('hex')) {
      return fault('AuthFailure.SignatureFailure', `The provided credentials ${credential} could not be validated.`);
    }
    if (headers['x-tc-action'] !== 'SendSms' || headers['x-tc-version'] !== '2021-01-11' || !headers['x-tc-region']) {
      return fault('InvalidAction', 'no such action');
    }
    const request = JSON.parse(body) as {
      readonly PhoneNumberSet: readonly string[];
      readonly TemplateParamSet: readonly string[];
      readonly SessionContext: string;
    };
    const status = (Code: string, Message: string): Answer =>
      json({
        Response: {
          SendStatusSet: request.PhoneNumberSet.map((PhoneNumber) => ({
            SerialNo: Code === 'Ok' ? '5000:1045710669157053657849499619' : '',
            PhoneNumber,
            Fee: Code === 'Ok' ? 1 : 0,
            SessionContext: request.SessionContext,
            Code,
            Message,
            IsoCode: 'CN',
          })),
          RequestId: 'a0aabda6',
        },
      });
    const number = request.PhoneNumberSet[0] ?? '';
    if (!/^\+\d{7,15}$/.test(number)) return status('InvalidParameterValue.IncorrectPhoneNumber', 'wrong number');
    if (request.TemplateParamSet.some((value) => [...value].length > 12)) {
      return status('InvalidParameterValue.TemplateParameterLengthLimit', 'too long');
    }
    const now = clock.now().getTime();
    if (now - (lastAt.get(number) ?? Number.NEGATIVE_INFINITY) < 30_000) {
      return status('LimitExceeded.PhoneNumberThirtySecondLimit', 'the number of sms messages exceeds the limit');
    }
    lastAt.set(number, now);
    return status('Ok', 'send success');
  };
}
