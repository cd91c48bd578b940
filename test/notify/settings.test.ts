/** The section of the configuration: what it takes, and which secrets and hosts follow from it. */
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { ConfigError } from '../../src/model/errors.ts';
import { channelsSchema, hostRules, readyAccounts } from '../../src/notify/settings.ts';

const section = {
  hosts: ['Hooks.Example.com', { host: '10.0.0.5:8080', local: true, plain: true }],
  accounts: {
    运维群: { kind: 'dingtalk', tokenEnv: 'DING_TOKEN', secretEnv: 'DING_SECRET' },
    erp: { kind: 'webhook', url: 'https://erp.example.com:8443/in?x=1', secretEnv: 'ERP_SECRET' },
    inside: { kind: 'webhook', url: 'http://10.0.0.5:8080/', secretEnv: 'ERP_SECRET' },
    mail: { kind: 'mail', host: 'smtp.example.com', from: 'desk@example.com', domains: ['Example.com'] },
  },
};

describe('channels in rowkeeper.json', () => {
  test('name hosts: those of the vendors by themselves, one’s own as they are marked', () => {
    expect(hostRules(channelsSchema.parse(section))).toEqual([
      { host: 'oapi.dingtalk.com', local: false, plain: false },
      { host: 'erp.example.com:8443', local: false, plain: false },
      { host: '10.0.0.5:8080', local: true, plain: true },
      { host: 'hooks.example.com', local: false, plain: false },
    ]);
  });

  test('every variable that is missing is named at once, and no value is', () => {
    const parsed = channelsSchema.parse(section);
    const read = () => readyAccounts(parsed, { DING_TOKEN: 'value-of-it', ERP_SECRET: '' }, 'en');
    expect(read).toThrow(ConfigError);
    expect(read).toThrow(/: DING_SECRET, ERP_SECRET\./);
    expect(read).not.toThrow(/value-of-it/);
    const accounts = readyAccounts(parsed, { DING_TOKEN: 'a', DING_SECRET: 'b', ERP_SECRET: 'c' }, 'en');
    expect([...accounts].map(([name, { channel }]) => [name, channel.kind])).toEqual([
      ['运维群', 'dingtalk'],
      ['erp', 'webhook'],
      ['inside', 'webhook'],
      ['mail', 'mail'],
    ]);
    expect(accounts.get('运维群')!.account.secret('DING_SECRET')).toBe('b');
  });

  test.each<[string, unknown]>([
    ['an unknown kind', { kind: 'pager' }],
    ['a secret itself', { kind: 'dingtalk', token: 'abc' }],
    [
      'a secret where a name belongs',
      { kind: 'dingtalk', tokenEnv: 'https://oapi.dingtalk.com/robot/send?access_token=x' },
    ],
    ['mail to no domain', { kind: 'mail', host: 'h', from: 'a@example.com', domains: [] }],
    ['mail from a list', { kind: 'mail', host: 'h', from: 'a@example.com,b@example.com', domains: ['*'] }],
    ['a webhook to a file', { kind: 'webhook', url: 'file:///etc/passwd', secretEnv: 'S' }],
  ])('%s is refused', (_, account) => {
    expect(channelsSchema.safeParse({ accounts: { a: account } }).success).toBe(false);
  });

  test.each(['*', 'https://a.example', 'a.example/path', 'a b', '', '*.example.com'])(
    'the host %j is refused',
    (host) => {
      expect(channelsSchema.safeParse({ hosts: [host], accounts: {} }).success).toBe(false);
    },
  );

  test('has a JSON Schema, with a word on every key', () => {
    const schema = JSON.stringify(z.toJSONSchema(channelsSchema, { io: 'input' }));
    expect(schema).toContain('Environment variable with the access_token');
  });
});
