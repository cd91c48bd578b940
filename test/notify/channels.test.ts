/** Every channel against a local server that checks what its vendor checks: signature, limits, answers. */
import { createHmac } from 'node:crypto';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import type { Delivery, OutgoingMessage } from '../../src/notify/channel.ts';
import { acs3Authorization, canonicalQuery, tc3Authorization } from '../../src/notify/cloud-signature.ts';
import { channelOf, channels } from '../../src/notify/index.ts';
import { outgoingMessage } from '../../src/notify/letter.ts';
import { createOutbound } from '../../src/notify/outbound.ts';
import { channelsSchema, hostRules, readyAccounts } from '../../src/notify/settings.ts';
import { certificate } from '../fakes/certificate.ts';
import { testClock } from '../fakes/clock.ts';
import { type Answer, json, type Received, type Receiver, startReceiver } from '../fakes/receiver.ts';
import { dingtalkRobot, feishuRobot, wecomRobot } from '../fakes/robots.ts';
import { aliyunGateway, tencentGateway } from '../fakes/sms-gateways.ts';
import { type SmtpFake, type SmtpOptions, startSmtp } from '../fakes/smtp.ts';

const clock = testClock('2026-03-10T02:00:00.000Z');
const variables = {
  TOKEN: 'tok/en+1=',
  SECRET: 'SEC"quoted"密',
  KEY_ID: 'LTAI-key-id',
  KEY_SECRET: 'key-secret-1234',
  CA: certificate,
  USER: 'desk',
  PASSWORD: 'pass:word"1',
};
const secrets = [variables.TOKEN, variables.SECRET, variables.KEY_ID, variables.KEY_SECRET, variables.PASSWORD];

const closing: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const close of closing) await close();
});
afterEach(() => clock.set('2026-03-10T02:00:00.000Z'));

async function receiver(answer?: (request: Received) => Answer): Promise<Receiver> {
  const started = await startReceiver(answer);
  closing.push(started.close);
  return started;
}

/** Sends through an account as the configuration makes it, with loopback marked as plain and local. */
function sender(settings: Readonly<Record<string, unknown>>, hosts: readonly string[] = []) {
  const section = channelsSchema.parse({
    hosts: hosts.map((host) => ({ host, local: true, plain: true })),
    accounts: { account: settings },
  });
  const http = createOutbound({ hosts: hostRules(section), timeoutMs: 1_000 });
  const { channel, account } = readyAccounts(section, variables, 'en').get('account')!;
  return async (message: Partial<OutgoingMessage> = {}): Promise<Delivery> => {
    const delivery = await channel.send({ ...plainMessage, ...message }, account, { http, now: clock.now() });
    for (const secret of secrets) expect(JSON.stringify(delivery)).not.toContain(JSON.stringify(secret).slice(1, -1));
    return delivery;
  };
}

const plainMessage: OutgoingMessage = {
  key: '0123456789abcdef0123456789abcdef',
  to: '',
  title: '新工单 T-000001-AB',
  text: '客户：华东电力\n标题：空调不制冷',
  plain: '客户：华东电力\n标题：空调不制冷',
  values: { 工单号: 'T-000001-AB', 标题: '空调不制冷，现场温度三十八度，客户要求今天内上门处理，否则投诉' },
  link: 'https://desk.example/t/1',
};

const delivered = { outcome: 'delivered' };

describe('DingTalk', () => {
  const settings = { kind: 'dingtalk', tokenEnv: 'TOKEN', secretEnv: 'SECRET' };
  async function robot() {
    const server = await receiver(dingtalkRobot(clock, variables.TOKEN, variables.SECRET));
    return { server, send: sender({ ...settings, baseUrl: server.url }, [server.host]) };
  }

  test('a signed message arrives; a person is called by the number in the text; everybody never is', async () => {
    const { server, send } = await robot();
    expect(await send({ to: '13800138000' })).toEqual(delivered);
    const body = JSON.parse(server.received[0]!.body);
    expect(body.at).toEqual({ atMobiles: ['13800138000'], isAtAll: false });
    expect(body.markdown.title).toBe('新工单 T-000001-AB');
    expect(body.markdown.text).toContain('@13800138000');
    expect(body.markdown.text).toContain('](https://desk.example/t/1)');
  });

  test('a wrong signature, a wrong token and a clock that is off are refused, whatever the answer repeats', async () => {
    const { server } = await robot();
    const other = sender({ ...settings, secretEnv: 'KEY_SECRET', baseUrl: server.url }, [server.host]);
    expect(await other()).toMatchObject({
      outcome: 'refused',
      reason: { params: { code: '310000', text: 'sign not match, token ***' } },
    });
    const unknown = sender({ ...settings, tokenEnv: 'KEY_ID', baseUrl: server.url }, [server.host]);
    expect(await unknown()).toMatchObject({ outcome: 'refused', reason: { params: { code: '300001' } } });
  });

  test('the 21st message in a minute has to wait ten', async () => {
    const { send } = await robot();
    for (let i = 0; i < 20; i++) expect(await send()).toEqual(delivered);
    expect(await send()).toMatchObject({ outcome: 'retry', afterMs: 600_000, reason: { params: { code: '130101' } } });
    expect(channelOf('dingtalk').limits.perMinute).toBe(20);
  });

  test('the longest text still fits', async () => {
    const { send } = await robot();
    const { limits } = channelOf('dingtalk');
    expect(await send({ text: '长'.repeat(limits.max / 3) })).toEqual(delivered);
  });
});

describe('WeCom', () => {
  async function robot() {
    const server = await receiver(wecomRobot(clock, variables.TOKEN));
    return { server, send: sender({ kind: 'wecom', keyEnv: 'TOKEN', baseUrl: server.url }, [server.host]) };
  }

  test('a message arrives, and a person is called by id', async () => {
    const { server, send } = await robot();
    expect(await send({ to: 'zhang<@all>san' })).toEqual(delivered);
    const { markdown } = JSON.parse(server.received[0]!.body);
    expect(markdown.content).toMatch(/\n<@zhangallsan>$/);
  });

  test('what the limits allow fits, with title, link and mention', async () => {
    const { send } = await robot();
    const letter = {
      title: '题'.repeat(100),
      text: '{a}',
      values: { a: '长文'.repeat(5_000) },
      audience: 'staff',
      link: plainMessage.link,
    } as const;
    const message = outgoingMessage(letter, channelOf('wecom'), 'k', 'a'.repeat(64), 'zh-CN');
    expect(await send({ ...message, link: `https://desk.example/${'x'.repeat(200)}` })).toEqual(delivered);
  });

  test('too many and a wrong key', async () => {
    const { server, send } = await robot();
    for (let i = 0; i < 20; i++) await send();
    expect(await send()).toMatchObject({ outcome: 'retry', afterMs: 60_000, reason: { params: { code: '45009' } } });
    const wrong = sender({ kind: 'wecom', keyEnv: 'KEY_ID', baseUrl: server.url }, [server.host]);
    expect(await wrong()).toMatchObject({ outcome: 'refused', reason: { params: { code: '93000' } } });
  });
});

describe('Feishu', () => {
  const settings = { kind: 'feishu', tokenEnv: 'KEY_ID', secretEnv: 'SECRET' };
  async function robot() {
    const server = await receiver(feishuRobot(clock, variables.KEY_ID, variables.SECRET));
    return { server, send: sender({ ...settings, baseUrl: server.url }, [server.host]) };
  }

  test('a signed post arrives; text is text, the link is a part of its own, and nobody is everybody', async () => {
    const { server, send } = await robot();
    expect(await send({ text: '<at user_id="all"></at>\n第二行', to: 'all' })).toEqual(delivered);
    const { content } = JSON.parse(server.received[0]!.body);
    expect(content.post.zh_cn.content).toEqual([
      [{ tag: 'text', text: '<at user_id="all"></at>' }],
      [{ tag: 'text', text: '第二行' }],
      [{ tag: 'a', text: plainMessage.link, href: plainMessage.link }],
    ]);
  });

  test('a person is called by id', async () => {
    const { server, send } = await robot();
    expect(await send({ to: 'ou_18eac8' })).toEqual(delivered);
    expect(server.received[0]!.body).toContain('{"tag":"at","user_id":"ou_18eac8"}');
  });

  test('a wrong secret is refused; too many have to wait', async () => {
    const { server, send } = await robot();
    const wrong = sender({ ...settings, secretEnv: 'KEY_SECRET', baseUrl: server.url }, [server.host]);
    expect(await wrong()).toMatchObject({ outcome: 'refused', reason: { params: { code: '19021' } } });
    server.next(json({ code: 9499, msg: 'too many request' }), json({ StatusCode: 0, StatusMessage: 'success' }));
    expect(await send()).toMatchObject({ outcome: 'retry', afterMs: 60_000, reason: { params: { code: '9499' } } });
    expect(await send()).toEqual(delivered);
  });

  test('the longest text fits', async () => {
    const { send } = await robot();
    const { limits } = channelOf('feishu');
    expect(await send({ text: `${'长\n'.repeat(100)}${'长'.repeat(limits.max / 3 - 140)}` })).toEqual(delivered);
  });
});

describe('SMS by Alibaba Cloud', () => {
  const settings = {
    kind: 'sms-aliyun',
    keyIdEnv: 'KEY_ID',
    keySecretEnv: 'KEY_SECRET',
    signName: '售后 服务*(测试)',
    templateCode: 'SMS_1',
    variables: { no: '工单号', title: '标题' },
  };
  async function gateway() {
    const server = await receiver(aliyunGateway(clock, { id: variables.KEY_ID, secret: variables.KEY_SECRET }));
    return { server, send: sender({ ...settings, baseUrl: server.url }, [server.host]) };
  }

  test('the signature is the one of the documentation’s example', () => {
    const headers = {
      host: 'ecs.cn-shanghai.aliyuncs.com',
      'x-acs-action': 'RunInstances',
      'x-acs-content-sha256': 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
      'x-acs-date': '2023-10-26T10:22:32Z',
      'x-acs-signature-nonce': '3156853299f313e23d1673dc12e1703d',
      'x-acs-version': '2014-05-26',
    };
    const query = canonicalQuery({
      RegionId: 'cn-shanghai',
      ImageId: 'win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd',
    });
    const request = { method: 'POST', path: '/', query, headers, body: '' };
    expect(acs3Authorization(request, 'YourAccessKeyId', 'YourAccessKeySecret')).toMatch(
      /Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0$/,
    );
  });

  test('a signed request arrives, values cut to what a variable holds, the key as its own id', async () => {
    const { server, send } = await gateway();
    expect(await send({ to: '138 0013-8000' })).toEqual(delivered);
    const { query } = server.received[0]!;
    expect(query.get('PhoneNumbers')).toBe('8613800138000');
    expect(query.get('SignName')).toBe(settings.signName);
    expect(query.get('OutId')).toBe(plainMessage.key);
    const filled = JSON.parse(query.get('TemplateParam')!);
    expect(filled.no).toBe('T-000001-AB');
    expect([...filled.title].length).toBeLessThanOrEqual(35);
  });

  test('one number twice in a minute waits; a second attempt is not taken for a replay', async () => {
    const { send } = await gateway();
    expect(await send({ to: '13800138000' })).toEqual(delivered);
    clock.move(1);
    expect(await send({ to: '13800138000' })).toMatchObject({ outcome: 'retry', afterMs: 60_000 });
    clock.move(60_000);
    expect(await send({ to: '13800138000' })).toEqual(delivered);
  });

  test('wrong keys, wrong numbers and an account without money are refused', async () => {
    const { server, send } = await gateway();
    const wrong = sender({ ...settings, keySecretEnv: 'SECRET', baseUrl: server.url }, [server.host]);
    expect(await wrong({ to: '13800138000' })).toMatchObject({
      outcome: 'refused',
      reason: { params: { code: 'SignatureDoesNotMatch' } },
    });
    const sent = server.received.length;
    expect(await send({ to: '12345' })).toMatchObject({ outcome: 'refused', reason: { code: 'notify-bad-number' } });
    expect(server.received.length).toBe(sent);
    server.next(
      json({ Code: 'isv.AMOUNT_NOT_ENOUGH', Message: '账户余额不足' }),
      json({ Code: 'isp.SYSTEM_ERROR', Message: 'x' }),
    );
    expect(await send({ to: '13800138000' })).toMatchObject({ outcome: 'refused' });
    expect(await send({ to: '13800138000' })).toMatchObject({ outcome: 'retry', afterMs: null });
  });
});

describe('SMS by Tencent Cloud', () => {
  const settings = {
    kind: 'sms-tencent',
    secretIdEnv: 'KEY_ID',
    secretKeyEnv: 'KEY_SECRET',
    appId: '1400006666',
    signName: '售后服务',
    templateId: '1110',
    variables: ['工单号', '标题'],
  };
  async function gateway() {
    const server = await receiver(tencentGateway(clock, { id: variables.KEY_ID, secret: variables.KEY_SECRET }));
    return { server, send: sender({ ...settings, baseUrl: server.url }, [server.host]) };
  }

  test.each([
    ['********************************', '10b1a37a7301a02ca19a647ad722d5e43b4b3cff309d421d85b46093f6ab6c4f'],
    ['Gu5t9xGARNpq86cd98joQYCN3*******', 'be4f67d323c78ab9acb7395e43c0dbcf822a9cfac32fea2449a7bc7726b770a3'],
  ])('the signature is the one of the documentation’s example (%s)', (secretKey, signature) => {
    const request = {
      service: 'cvm',
      host: 'cvm.tencentcloudapi.com',
      action: 'DescribeInstances',
      contentType: 'application/json; charset=utf-8',
      body: '{"Limit": 1, "Filters": [{"Values": ["\\u672a\\u547d\\u540d"], "Name": "instance-name"}]}',
      timestamp: 1_551_113_065,
    };
    expect(tc3Authorization(request, 'id', secretKey)).toMatch(new RegExp(`Signature=${signature}$`));
  });

  test('a signed request arrives, and the status of the number counts', async () => {
    const { server, send } = await gateway();
    expect(await send({ to: '13800138000' })).toEqual(delivered);
    expect(JSON.parse(server.received[0]!.body)).toMatchObject({
      PhoneNumberSet: ['+8613800138000'],
      SessionContext: plainMessage.key,
      TemplateParamSet: ['T-000001-AB', '空调不制冷，现场温度三…'],
    });
    expect(await send({ to: '13800138000' })).toMatchObject({ outcome: 'retry', afterMs: 60_000 });
    server.next(json({ Response: { SendStatusSet: [{ Code: 'LimitExceeded.PhoneNumberDailyLimit', Message: 'x' }] } }));
    expect(await send({ to: '13800138000' })).toMatchObject({ outcome: 'refused' });
  });

  test('wrong keys are refused, and the answer may repeat them', async () => {
    const { server } = await gateway();
    const wrong = sender({ ...settings, secretKeyEnv: 'PASSWORD', baseUrl: server.url }, [server.host]);
    const delivery = await wrong({ to: '+1 415 555 2671' });
    expect(delivery).toMatchObject({
      outcome: 'refused',
      reason: { params: { code: 'AuthFailure.SignatureFailure' } },
    });
  });
});

describe('SMS by a gateway of one’s own', () => {
  test('values are encoded for where they stand', async () => {
    const server = await receiver(() => json({ code: 0 }));
    const text = '“空调” & "x"\\ {secret} \n {to}';
    const send = sender(
      {
        kind: 'sms-http',
        url: `${server.url}/send/{to}?sign={secret}&id={key}`,
        body: '{"to":"{to}","text":"{text}"}',
        secretEnv: 'SECRET',
        success: '"code":0',
      },
      [server.host],
    );
    expect(await send({ to: '+86 138 0013 8000', text })).toEqual(delivered);
    const { path, query, body, headers } = server.received[0]!;
    expect(path).toBe('/send/13800138000');
    expect(query.get('sign')).toBe(variables.SECRET);
    expect(headers['idempotency-key']).toBe(plainMessage.key);
    expect(JSON.parse(body)).toEqual({ to: '13800138000', text });
    server.next({ body: `{"code":7,"error":"sign ${variables.SECRET} wrong"}` });
    expect(await send({ to: '13800138000' })).toMatchObject({ outcome: 'retry', reason: { code: 'notify-vendor' } });
  });

  test('as a form, with the country, by GET', async () => {
    const server = await receiver();
    const form = {
      kind: 'sms-http',
      url: `${server.url}/s`,
      body: 'm={to}&t={text}',
      bodyType: 'form',
      countryCode: true,
    };
    expect(await sender(form, [server.host])({ to: '13800138000', text: 'a=1&b=2' })).toEqual(delivered);
    expect(Object.fromEntries(new URLSearchParams(server.received[0]!.body))).toEqual({
      m: '8613800138000',
      t: 'a=1&b=2',
    });
    const get = { kind: 'sms-http', method: 'GET', url: `${server.url}/s?t={text}` };
    expect(await sender(get, [server.host])({ to: '13800138000', text: 'a&t=b#c' })).toEqual(delivered);
    expect(server.received[1]).toMatchObject({ method: 'GET', body: '' });
    expect(server.received[1]!.query.getAll('t')).toEqual(['a&t=b#c']);
  });

  test('a host cannot come from a message', () => {
    for (const url of ['https://{to}/x', 'https://sms.{text}.example/', '{text}', 'https://a.example{text}']) {
      expect(channelsSchema.safeParse({ accounts: { a: { kind: 'sms-http', url } } }).success).toBe(false);
    }
  });
});

describe('webhook', () => {
  test('is signed over time and body, and says which message it is', async () => {
    const server = await receiver();
    const send = sender({ kind: 'webhook', url: `${server.url}/hook`, secretEnv: 'SECRET' }, [server.host]);
    expect(await send()).toEqual(delivered);
    const { headers, body } = server.received[0]!;
    const timestamp = headers['x-rowkeeper-timestamp'];
    expect(timestamp).toBe(String(clock.now().getTime() / 1000));
    const signature = createHmac('sha256', variables.SECRET).update(`${timestamp}.${body}`).digest('hex');
    expect(headers['x-rowkeeper-signature']).toBe(`sha256=${signature}`);
    expect([headers['x-rowkeeper-id'], headers['idempotency-key'], JSON.parse(body).id]).toEqual(
      Array(3).fill(plainMessage.key),
    );
  });

  test.each<[string, Answer, object]>([
    ['429 with seconds', { status: 429, headers: { 'retry-after': '7' } }, { outcome: 'retry', afterMs: 7_000 }],
    [
      '503 with a date',
      { status: 503, headers: { 'retry-after': 'Tue, 10 Mar 2026 02:05:00 GMT' } },
      { outcome: 'retry', afterMs: 300_000 },
    ],
    ['429 without', { status: 429 }, { outcome: 'retry', afterMs: 60_000 }],
    ['503 with nonsense', { status: 503, headers: { 'retry-after': 'soon' } }, { outcome: 'retry', afterMs: 60_000 }],
    ['500', { status: 500 }, { outcome: 'retry', afterMs: null }],
    ['404', { status: 404 }, { outcome: 'refused' }],
    ['401', { status: 401 }, { outcome: 'refused' }],
    [
      '302',
      { status: 302, headers: { location: 'https://evil.example/' } },
      { outcome: 'refused', reason: { code: 'notify-redirected' } },
    ],
    ['silence', 'silence', { outcome: 'retry', reason: { code: 'notify-unanswered' } }],
    ['hanging up', 'hang-up', { outcome: 'retry', reason: { code: 'notify-unanswered' } }],
  ])('%s', async (_, answer, delivery) => {
    const server = await receiver(() => answer);
    const send = sender({ kind: 'webhook', url: server.url, secretEnv: 'SECRET' }, [server.host]);
    expect(await send()).toMatchObject(delivery);
  });

  test('to a place inside the house is refused unless that is marked', async () => {
    const send = sender({ kind: 'webhook', url: 'https://127.0.0.1:1/hook', secretEnv: 'SECRET' });
    expect(await send()).toMatchObject({ outcome: 'refused', reason: { params: { reason: 'private-address' } } });
  });
});

describe('mail', () => {
  const settings = {
    kind: 'mail',
    host: '127.0.0.1',
    from: 'desk@example.com',
    fromName: '售后服务台',
    domains: ['example.org'],
    caEnv: 'CA',
  };
  const login = { userEnv: 'USER', passwordEnv: 'PASSWORD' };
  async function server(options: Partial<SmtpOptions> = {}): Promise<SmtpFake> {
    const started = await startSmtp({
      tls: 'starttls',
      user: variables.USER,
      password: variables.PASSWORD,
      ...options,
    });
    closing.push(started.close);
    return started;
  }
  const to = 'zhang@example.org';

  test.each(['starttls', 'implicit'] as const)(
    'goes out encrypted and logged in (%s), text and HTML side by side',
    async (tls) => {
      const smtp = await server({ tls });
      const send = sender({ ...settings, ...login, port: smtp.port, tls });
      expect(
        await send({ to, title: '空调 <不制冷>\r\nBcc: evil@example.net', text: '客户：&#60;b&#62;\n二' }),
      ).toEqual(delivered);
      const [mail] = smtp.mails;
      expect(mail).toMatchObject({ from: 'desk@example.com', to: [to], secure: true });
      expect(mail!.source).toContain(`Message-ID: <${plainMessage.key}@example.com>`);
      expect(mail!.source).toMatch(/^Auto-Submitted: auto-generated\r$/m);
      expect(mail!.source).not.toMatch(/^Bcc:/im);
      expect(mail!.source).toContain('multipart/alternative');
    },
  );

  test('never falls back to the clear', async () => {
    const smtp = await server({ tls: 'none' });
    const send = sender({ ...settings, port: smtp.port });
    expect(await send({ to })).toMatchObject({ outcome: 'refused', reason: { code: 'notify-mail' } });
    expect(smtp.mails).toEqual([]);
  });

  test('is sent in the clear where the configuration says so', async () => {
    const smtp = await startSmtp({ tls: 'none' });
    closing.push(smtp.close);
    expect(await sender({ ...settings, port: smtp.port, tls: 'none' })({ to })).toEqual(delivered);
    expect(smtp.mails[0]).toMatchObject({ secure: false });
  });

  test('goes to no server whose certificate nobody vouches for', async () => {
    const smtp = await server();
    const { caEnv: _, ...trusting } = settings;
    expect(await sender({ ...trusting, ...login, port: smtp.port })({ to })).toMatchObject({ outcome: 'retry' });
    expect(smtp.mails).toEqual([]);
  });

  test('a wrong password is refused, though the server repeats it', async () => {
    const smtp = await server();
    const send = sender({ ...settings, userEnv: 'USER', passwordEnv: 'KEY_SECRET', port: smtp.port });
    expect(await send({ to })).toMatchObject({
      outcome: 'refused',
      reason: { params: { reason: expect.stringContaining('***') } },
    });
  });

  test('4yz is for later, 5yz for never', async () => {
    const smtp = await server();
    const send = sender({ ...settings, ...login, port: smtp.port });
    smtp.answerNext(451, 552);
    expect(await send({ to })).toMatchObject({ outcome: 'retry', afterMs: null });
    expect(await send({ to })).toMatchObject({ outcome: 'refused' });
    expect(await send({ to: 'nobody@example.org' })).toMatchObject({ outcome: 'refused' });
  });

  test('a server that is not there is for later', async () => {
    const smtp = await startSmtp({ tls: 'none' });
    await smtp.close();
    expect(await sender({ ...settings, port: smtp.port })({ to })).toMatchObject({ outcome: 'retry' });
  });

  test.each([
    ['a@example.net', 'notify-domain-not-allowed'],
    ['a@example.org.evil.net', 'notify-domain-not-allowed'],
    ['a@sub.example.org', 'notify-domain-not-allowed'],
    ['a@example.org, b@example.net', 'notify-bad-address'],
    ['a@example.org\r\nBcc: b@example.net', 'notify-bad-address'],
    ['"x" <a@example.org>', 'notify-bad-address'],
    ['a@b@example.org', 'notify-bad-address'],
    ['张三', 'notify-bad-address'],
  ])('to %s is refused before anything is opened', async (address, code) => {
    // Port 1: a connection would fail otherwise.
    expect(await sender({ ...settings, port: 1 })({ to: address })).toMatchObject({
      outcome: 'refused',
      reason: { code },
    });
  });
});

describe('every channel', () => {
  const examples: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
    mail: { host: '127.0.0.1', port: 1, tls: 'none', from: 'a@example.com', domains: ['*'] },
    feishu: { tokenEnv: 'TOKEN' },
    dingtalk: { tokenEnv: 'TOKEN' },
    wecom: { keyEnv: 'TOKEN' },
    'sms-aliyun': { keyIdEnv: 'KEY_ID', keySecretEnv: 'KEY_SECRET', signName: 's', templateCode: 't', variables: {} },
    'sms-tencent': {
      secretIdEnv: 'KEY_ID',
      secretKeyEnv: 'KEY_SECRET',
      appId: '1',
      signName: 's',
      templateId: '1',
      variables: [],
    },
    'sms-http': { url: 'https://sms.invalid/' },
    webhook: { url: 'https://hook.invalid/', secretEnv: 'SECRET' },
  };

  test.each(channels.map(({ kind }) => kind))(
    '%s: an answer it does not know is no delivery, and a dead line no end',
    async (kind) => {
      const to = kind === 'mail' ? 'a@example.org' : kind.startsWith('sms') ? '13800138000' : '';
      const given = { kind, ...examples[kind] };
      if (kind !== 'mail') {
        const server = await receiver(() => ({
          body: kind === 'webhook' || kind === 'sms-http' ? '' : '<html>login</html>',
        }));
        const place = 'url' in given ? { url: `${server.url}/` } : { baseUrl: server.url };
        const send = sender({ ...given, ...place }, [server.host]);
        const expected = kind === 'webhook' || kind === 'sms-http' ? 'delivered' : 'retry';
        expect(await send({ to })).toMatchObject({ outcome: expected });
        server.next({ status: 502 }, { status: 429, headers: { 'retry-after': '3' } }, { status: 301 });
        expect(await send({ to })).toMatchObject({ outcome: 'retry', afterMs: null });
        expect(await send({ to })).toMatchObject({ outcome: 'retry', afterMs: 3_000 });
        expect(await send({ to })).toMatchObject({ outcome: 'refused' });
        await server.close();
        closing.splice(closing.indexOf(server.close), 1);
        expect(await send({ to })).toMatchObject({ outcome: 'retry', afterMs: null });
        return;
      }
      expect(await sender(given)({ to })).toMatchObject({ outcome: 'retry', afterMs: null });
    },
  );
});
