/** The way out: nobody gets it to call a place that the configuration does not allow. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isPublicAddress } from '../../src/notify/addresses.ts';
import {
  createOutbound,
  type HostRule,
  type HttpRequest,
  OutboundError,
  type ResolvedAddress,
  redact,
} from '../../src/notify/outbound.ts';
import { type Receiver, startReceiver } from '../fakes/receiver.ts';

let receiver: Receiver;
let secure: Receiver;
beforeAll(async () => {
  receiver = await startReceiver(() => ({ status: 200, body: 'ok', headers: { 'x-kind': 'test' } }));
  secure = await startReceiver(undefined, { tls: true });
});
afterAll(() => Promise.all([receiver.close(), secure.close()]));

const allowed = (host: string): HostRule => ({ host, local: false, plain: false });
const plain = (host: string): HostRule => ({ host, local: true, plain: true });
const post = (url: string, body = '{}'): HttpRequest => ({ method: 'POST', url, headers: {}, body });
const address = (text: string): ResolvedAddress => ({ address: text, family: text.includes(':') ? 6 : 4 });

async function failure(call: Promise<unknown>): Promise<OutboundError> {
  const error = await call.then(
    () => expect.unreachable('it should have failed'),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(OutboundError);
  return error as OutboundError;
}

describe('addresses', () => {
  test.each([
    '127.0.0.1',
    '127.8.8.8',
    '0.0.0.0',
    '10.1.2.3',
    '100.64.0.1',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '192.0.0.8',
    '198.18.0.1',
    '203.0.113.9',
    '224.0.0.1',
    '255.255.255.255',
    '240.0.0.1',
    '::1',
    '::',
    'fe80::1',
    'fc00::1',
    'fd12:3456::1',
    'ff02::1',
    '::ffff:127.0.0.1',
    '::ffff:8.8.8.8',
    '::127.0.0.1',
    '64:ff9b::7f00:1',
    '64:ff9b:1::1',
    '2002:7f00:1::',
    '2001:0:7f00:1::',
    '2001:db8::1',
    '100::1',
    '3fff::1',
    'localhost',
    '',
    '127.1',
    '2130706433',
    '0x7f.1',
  ])('%s is not on the public internet', (text) => expect(isPublicAddress(text)).toBe(false));

  test.each([
    '8.8.8.8',
    '1.1.1.1',
    '172.15.0.1',
    '172.32.0.1',
    '100.128.0.1',
    '223.5.5.5',
    '2400:3200::1',
    '2606:4700::1111',
  ])('%s is', (text) => expect(isPublicAddress(text)).toBe(true));
});

describe('hosts', () => {
  test('a call goes through to a host that is marked as plain and local', async () => {
    const call = createOutbound({ hosts: [plain(receiver.host)] });
    const reply = await call({ ...post(`${receiver.url}/a?b=1`, '你好'), headers: { 'x-a': '1' } });
    expect(reply).toMatchObject({ status: 200, body: 'ok', headers: { 'x-kind': 'test' } });
    expect(receiver.received.at(-1)).toMatchObject({ path: '/a', body: '你好', headers: { 'x-a': '1' } });
  });

  test.each([
    ['another host', 'https://evil.example/', 'host-not-allowed'],
    ['another port of a host', 'https://hooks.example.com:8443/', 'host-not-allowed'],
    ['a host that only begins like it', 'https://hooks.example.com.evil.example/', 'host-not-allowed'],
    ['a name before an @', 'https://hooks.example.com@evil.example/', 'host-not-allowed'],
    ['credentials', 'https://a:b@hooks.example.com/', 'credentials-in-url'],
    ['no TLS', 'http://hooks.example.com/', 'not-https'],
    ['another scheme', 'ftp://hooks.example.com/', 'not-https'],
    ['a file', 'file:///etc/passwd', 'host-not-allowed'],
    ['no URL', 'hooks.example.com', 'bad-url'],
    ['the loopback address as a number', 'https://2130706433/', 'host-not-allowed'],
    ['the loopback address in hexadecimal', 'https://0x7f000001/', 'host-not-allowed'],
    ['the loopback address in octal', 'https://0177.0.0.1/', 'host-not-allowed'],
    ['a mapped address', 'https://[::ffff:127.0.0.1]/', 'host-not-allowed'],
  ])('%s is refused', async (_, url, what) => {
    const resolve = async () => [address('8.8.8.8')];
    const call = createOutbound({ hosts: [allowed('hooks.example.com')], resolve });
    expect(await failure(call(post(url)))).toMatchObject({ kind: 'refused', what });
  });

  test.each(['127.0.0.1', '[::ffff:7f00:1]', '[::1]', '10.0.0.1'])(
    'the address %s on the list is refused all the same, unless it is marked as local',
    async (host) => {
      const call = createOutbound({ hosts: [allowed(host)] });
      expect(await failure(call(post(`https://${host}/`)))).toMatchObject({ kind: 'refused', what: 'private-address' });
    },
  );

  test.each([
    ['127.0.0.1'],
    ['10.0.0.1'],
    ['::ffff:10.0.0.1'],
    ['8.8.8.8', '192.168.0.1'],
    ['fe80::1', '2606:4700::1'],
  ])('a name that leads to %s is refused', async (...addresses) => {
    const resolve = async () => addresses.map(address);
    const call = createOutbound({ hosts: [allowed('hooks.example.com')], resolve });
    const error = await failure(call(post('https://hooks.example.com/')));
    expect(error).toMatchObject({ kind: 'refused', what: 'private-address' });
  });

  test('no TLS needs both marks', async () => {
    const call = createOutbound({ hosts: [{ host: receiver.host, local: true, plain: false }] });
    expect(await failure(call(post(receiver.url)))).toMatchObject({ kind: 'refused', what: 'not-https' });
  });

  test('a certificate nobody vouches for ends the call before anything is sent', async () => {
    const call = createOutbound({ hosts: [{ host: secure.host, local: true, plain: false }] });
    const error = await failure(call(post(`${secure.url}/secret`)));
    expect(error).toMatchObject({ kind: 'unreachable', what: expect.stringMatching(/CERT/) });
    expect(secure.received).toEqual([]);
  });

  test('a name that turns to another address after the check gains nothing', async () => {
    // The name is asked for once, and the connection goes to what was answered then.
    let asked = 0;
    const resolve = async () => {
      asked += 1;
      return [address(asked === 1 ? '127.0.0.1' : '192.0.2.1')];
    };
    const port = receiver.host.split(':')[1];
    const name = `rebinding.invalid:${port}`;
    const call = createOutbound({ hosts: [plain(name)], resolve });
    expect((await call(post(`http://${name}/`))).body).toBe('ok');
    expect(receiver.received.at(-1)?.headers.host).toBe(name);
    expect(asked).toBe(1);
  });
});

describe('replies', () => {
  const call = () =>
    createOutbound({ hosts: [plain(receiver.host)], timeoutMs: 2_000, maxReplyBytes: 1_000, maxRequestBytes: 1_000 });

  test('a redirect is a reply, not a way', async () => {
    const before = receiver.received.length;
    receiver.next({ status: 307, headers: { location: `${receiver.url}/elsewhere` } });
    expect((await call()(post(receiver.url))).status).toBe(307);
    expect(receiver.received.length).toBe(before + 1);
  });

  test('what is too long is neither sent nor read to its end', async () => {
    expect(await failure(call()(post(receiver.url, 'x'.repeat(1_001))))).toMatchObject({
      kind: 'refused',
      what: 'body-too-long',
    });
    receiver.next({ body: 'x'.repeat(500_000) });
    expect(await failure(call()(post(receiver.url)))).toMatchObject({ kind: 'unanswered', what: 'reply-too-long' });
  });

  test('silence ends in time, and a request that went out is told from one that did not', async () => {
    receiver.next('silence', 'hang-up');
    const impatient = createOutbound({ hosts: [plain(receiver.host)], timeoutMs: 150 });
    expect(await failure(impatient(post(receiver.url)))).toMatchObject({ kind: 'unanswered', what: 'timeout' });
    expect(await failure(call()(post(receiver.url)))).toMatchObject({ kind: 'unanswered', what: 'ECONNRESET' });
    const gone = await startReceiver();
    await gone.close();
    const nobody = createOutbound({ hosts: [plain(gone.host)] });
    expect(await failure(nobody(post(gone.url)))).toMatchObject({ kind: 'unreachable', what: 'ECONNREFUSED' });
  });

  test('a resolver that never answers does not hold the call', async () => {
    const impatient = createOutbound({
      hosts: [allowed('slow.example.com')],
      timeoutMs: 50,
      resolve: () => new Promise(() => {}),
    });
    expect(await failure(impatient(post('https://slow.example.com/')))).toMatchObject({
      kind: 'unreachable',
      what: 'timeout',
    });
  });

  test('no error tells more of a URL than its host', async () => {
    const resolve = async () => {
      throw Object.assign(new Error('getaddrinfo ENOTFOUND /hook/s3cret'), { code: 'ENOTFOUND' });
    };
    const failing = createOutbound({ hosts: [allowed('hooks.example.com')], resolve });
    for (const url of ['https://hooks.example.com/hook/s3cret?key=s3cret', 'http://hooks.example.com/s3cret']) {
      const error = await failure(failing(post(url, 's3cret')));
      expect(`${error} ${JSON.stringify(error)} ${error.stack}`).not.toContain('s3cret');
    }
  });
});

test('redaction finds a secret in every form a reply may repeat it in', () => {
  const marks = fc.constantFrom('a', 'Z', '7', '"', '\\', '+', '/', '密', '=', '&');
  fc.assert(
    fc.property(fc.string({ unit: marks, minLength: 4, maxLength: 40 }), (secret) => {
      const said = [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)].join(' - ');
      expect(redact(said, ['', secret])).toBe('*** - *** - ***');
    }),
  );
});
