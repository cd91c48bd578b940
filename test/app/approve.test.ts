import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { release } from '../../src/app/release.ts';
import { rulesApprove, rulesVersions } from '../../src/app/rules-approve.ts';
import { rulesReplay } from '../../src/app/rules-replay.ts';
import { status } from '../../src/app/status.ts';
import { say } from '../../src/messages/index.ts';
import { openRuleDesk, type RuleDesk } from './rule-desk.ts';

let desk: RuleDesk;
const approve = (list = false, operator: string | null = '王芳') => rulesApprove.run(desk.app, { list, operator });
const priorityOf = async (title: string): Promise<unknown> => {
  const number = await desk.numberOf(title);
  return (await desk.app.database.store.findRecords('tickets', [number])).get(number)!.values.priority;
};

describe('a second person', () => {
  beforeEach(async () => {
    desk = await openRuleDesk({ configApproval: 'second-person' });
    await desk.sync();
    await desk.write('admin', '规则', { '设置.优先级': '低' }, 4);
    await desk.sync();
  });
  afterEach(() => desk.close());

  test('sees row and cell of what waits; until it is let in, nothing changes', async () => {
    const { waiting, approved } = await approve(true);
    expect(approved).toBeNull();
    expect(waiting).toMatchObject({
      state: 'waiting',
      in_force_at: null,
      changes: [
        {
          workbook: 'admin',
          tab: '规则',
          other: false,
          rows: [
            {
              kind: 'changed',
              row: '没填优先级按中',
              number: 4,
              cells: [{ cell: 'R4', header: '设置.优先级', old: '中', new: '低' }],
            },
          ],
        },
      ],
    });
    const { config } = await status.run(desk.app, {});
    expect(config.waiting).toMatchObject({ version: waiting!.version });
    expect(config.tabs.find(({ holds }) => holds === 'rules')).toMatchObject({ state: 'waiting' });
    const tried = await rulesReplay.run(desk.app, { since: '1d', version: null, waiting: true });
    expect(tried).toMatchObject({ against: 'waiting', version: waiting!.version });
    await desk.write('team', '工单', { 问题标题: '想换标签纸' });
    await desk.sync();
    expect(await priorityOf('想换标签纸')).toBe('中');
  });

  test('lets it in, once, and it holds from then on', async () => {
    const { approved } = await approve();
    expect(approved).toBe((await desk.app.keeper.current()).version);
    expect(await approve()).toEqual({ waiting: null, approved: null });
    await desk.write('team', '工单', { 问题标题: '想换标签纸' });
    await desk.sync();
    expect(await priorityOf('想换标签纸')).toBe('低');
    expect(await desk.read('admin', '规则', 4, '检查')).toBe('✓');
    const versions = await rulesVersions.run(desk.app, {});
    expect(versions[0]).toMatchObject({ version: approved, state: 'in-force', approver: '王芳' });
    expect(versions[0]!.changes).toHaveLength(1);
    expect(versions.at(-1)!.changes.length).toBeGreaterThan(5);
  });

  test('is not the one who made the change, when that is known', async () => {
    await desk.app.database.db.query(`update config_versions set author = '李 雷' where state = 'waiting'`);
    await expect(approve(false, '李雷')).rejects.toMatchObject({ code: 'approver-is-author', name: 'RefusedError' });
    expect((await approve(true, '李雷')).waiting).toMatchObject({ author: '李 雷' });
    expect((await approve(false, '韩梅梅')).approved).not.toBeNull();
  });

  test('sees rows that are new and rows that are gone', async () => {
    await desk.write('admin', '规则', { 名称: '没有写优先级' }, 4);
    await desk.sync();
    const [tab] = (await approve(true)).waiting!.changes;
    expect(tab!.rows.map(({ kind, row }) => [kind, row])).toEqual([
      ['added', '没有写优先级'],
      ['removed', '没填优先级按中'],
    ]);
  });
});

describe('a rule that would act on too many tickets at once', () => {
  beforeEach(async () => {
    desk = await openRuleDesk({ ruleLimit: 1 });
    await desk.sync();
    for (const title of ['甲线停机', '乙线停机']) {
      await desk.write('team', '工单', { 问题标题: title, 优先级: '紧急' });
    }
    await desk.sync();
  });
  afterEach(() => desk.close());

  test('waits until it is released by its name; then its events go on', async () => {
    const { events } = await status.run(desk.app, {});
    const [name] = Object.keys(events.held);
    expect(name).toMatch(/^rules\//);
    expect((await desk.problems()).map(({ kind }) => kind)).toContain('guard');
    // The tab itself is not held: releasing it lets nothing else go.
    expect(await release.run(desk.app, { binding: '工单' })).toEqual({ binding: 'team/工单', released: [] });

    const released = await release.run(desk.app, { binding: name! });
    expect(released).toEqual({ binding: name, released: ['rules'], events: events.held[name!] });
    expect((await desk.problems()).filter(({ kind }) => kind === 'guard')).toEqual([]);
    const unanswered = await desk.app.database.store.listRecords('tickets');
    expect(unanswered.some(({ values }) => values.assignee)).toBe(false);
    await desk.sync();
    expect((await desk.app.database.store.listRecords('tickets')).every(({ values }) => values.assignee)).toBe(true);
  });

  test('a rule that holds nothing, and one that nobody knows', async () => {
    const quiet = await release.run(desk.app, { binding: 'rules/不满意就回访' });
    expect(quiet).toEqual({ binding: 'rules/不满意就回访', released: [], events: 0 });
    const unknown = release.run(desk.app, { binding: 'rules/没有的规则' });
    await expect(unknown).rejects.toMatchObject({ code: 'unknown-binding' });
  });
});

test.each(['config', 'rule', 'message'])('problems of kind %s have a name in both languages', (kind) => {
  for (const locale of ['zh-CN', 'en'] as const) expect(say(locale, `kind.${kind}`)).not.toBe(`kind.${kind}`);
});
