/** Who somebody on Feishu is among the people of a team. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createFeishuApp, type FeishuApp } from '../../connectors/feishu/app.ts';
import { createFeishuPeople, type Reachable } from '../../connectors/feishu/people.ts';
import { testClock } from '../fakes/clock.ts';
import { type FakeFeishu, startFeishu } from '../fakes/feishu.ts';

const clock = testClock('2026-03-10T02:00:00.000Z');
let feishu: FakeFeishu;
let app: FeishuApp;

beforeEach(async () => {
  feishu = await startFeishu({ now: clock.now });
  const { domain, appId, appSecret } = feishu;
  app = createFeishuApp({ domain, appId, appSecret, clock, logger: { log: () => undefined } });
});
afterEach(async () => {
  await app.close();
  await feishu.close();
});

const asked = (): number => feishu.requests.filter(({ path }) => path.endsWith('/batch_get_id')).length;
const member = (name: string, more: Partial<Reachable> = {}): Reachable => {
  return { name, openId: null, mail: null, mobile: null, ...more };
};

test('is found by mail or mobile however they are written, in batches, and asked once', async () => {
  const zhang = feishu.addPerson({ name: '张伟', email: 'zhang@example.com' });
  const chen = feishu.addPerson({ name: '陈静', mobile: '+8613800001305' });
  const others = Array.from({ length: 118 }, (_, n) => member(`同事${n}`, { mail: `c${n}@example.com` }));
  const team = [
    ...others,
    member('张伟', { mail: 'Zhang@Example.com' }),
    member('陈静', { mail: 'c@example.com', mobile: '138-0000-1305' }),
  ];
  const people = createFeishuPeople(app, clock);
  expect(await people.whoIs(zhang.openId, team)).toBe('张伟');
  expect(asked()).toBe(3);
  expect(await people.whoIs(chen.openId, team)).toBe('陈静');
  expect(await people.whoIs('ou_nobody', team)).toBeNull();
  expect(asked()).toBe(3);
  // Whoever joins is known before long.
  const joined = feishu.addPerson({ name: '同事7', email: 'c7@example.com' });
  expect(await people.whoIs(joined.openId, team)).toBeNull();
  clock.move(5 * 60_000);
  expect(await people.whoIs(joined.openId, team)).toBe('同事7');
});

test('is nobody where two people of the team share an address, and is not asked where the id is known', async () => {
  const zhang = feishu.addPerson({ name: '张伟', email: 'desk@example.com' });
  const people = createFeishuPeople(app, clock);
  const shared = [member('甲', { mail: 'desk@example.com' }), member('乙', { mail: 'desk@example.com' })];
  expect(await people.whoIs(zhang.openId, shared)).toBeNull();
  const before = asked();
  expect(await people.whoIs('ou_1', [member('丙', { openId: 'ou_1' }), ...shared])).toBe('丙');
  expect(asked()).toBe(before);
});

test('is an error, not nobody, while the directory cannot be asked', async () => {
  feishu.switches.missingScopes.push('contact:user.id:readonly');
  const people = createFeishuPeople(app, clock);
  await expect(people.whoIs('ou_1', [member('甲', { mail: 'a@example.com' })])).rejects.toThrow();
});
