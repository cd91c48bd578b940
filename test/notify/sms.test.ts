/** SMS gateways against servers that check what their vendors check: signature, limits, answers. */
import { describe, expect, test } from 'vitest';
import { acs3Authorization, canonicalQuery, tc3Authorization } from '../../src/notify/cloud-signature.ts';
import { channelsSchema } from '../../src/notify/settings.ts';
import { json } from '../fakes/receiver.ts';
import { aliyunGateway, tencentGateway } from '../fakes/sms-gateways.ts';
import { delivered, plainMessage, sendings, variables } from './sender.ts';

const { clock, receiver, sender } = sendings();

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
