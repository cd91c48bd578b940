/** Robots of chat groups against servers that check what their vendors check: signature, limits, answers. */
import { describe, expect, test } from 'vitest';
import { channelOf } from '../../src/notify/index.ts';
import { outgoingMessage } from '../../src/notify/letter.ts';
import { json } from '../fakes/receiver.ts';
import { dingtalkRobot, feishuRobot, wecomRobot } from '../fakes/robots.ts';
import { delivered, plainMessage, sendings, variables } from './sender.ts';

const { clock, receiver, sender } = sendings();

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
