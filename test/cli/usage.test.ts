import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDesk, type Desk } from './harness.ts';

let desk: Desk;
beforeAll(async () => {
  desk = await createDesk();
});
afterAll(() => desk.remove());

describe('a command line that cannot be understood', () => {
  test.each([
    [['frobnicate'], 'frobnicate'],
    [['statu'], 'status'],
    [['tickets', '--wher', 'a=1'], '--where'],
    [['set'], 'ticket'],
    [['init', 'x', '--template', 'fancy'], 'demo, blank'],
    [['status', '-w', 'nowhere'], 'rowkeeper init'],
    [[], '--help'],
  ])('%j ends with 2 and says what to do', async (argv, mention) => {
    const plain = await desk.run(...argv);
    expect(plain.exitCode).toBe(2);
    expect(plain.out).toBe('');
    expect(plain.err).toContain(mention);

    const data = await desk.run(...argv, '--json');
    expect(data.exitCode).toBe(2);
    const { error } = data.json();
    expect(error).toMatchObject({ code: expect.any(String), message: expect.any(String), details: expect.any(Object) });
    expect(`${error.message} ${error.hint}`).toContain(mention);
  });

  test('help and version are no failures', async () => {
    expect(await desk.run('--help')).toMatchObject({ exitCode: 0, err: '' });
    expect((await desk.run('--version')).out).toMatch(/^\d+\.\d+\.\d+/);
    expect((await desk.run('tickets', '--help')).out).toContain('--where');
  });

  test('the language is the one asked for where no workspace says it', async () => {
    const english = await createDesk({ ROWKEEPER_LOCALE: 'en' });
    expect((await english.run('frobnicate')).err).toContain('There is no command "frobnicate"');
    await english.remove();
  });
});
