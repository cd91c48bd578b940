import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { createServer, connect as dial } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { callControl } from '../../src/control.ts';
import { embeddedOwner, embeddedSocketPath } from '../../src/db/embedded-lock.ts';

const entry = resolve(import.meta.dirname, '../../src/rowkeeper.js');
let dir: string;
const services: Service[] = [];

interface Service {
  readonly process: ChildProcess;
  /** Resolves once standard error has the text; rejects when the process ends without. */
  said(text: string): Promise<string>;
  /** Ends it as Ctrl-C does and returns its exit code. */
  stop(): Promise<number | null>;
}

function start(...argv: string[]): Service {
  const child = spawn(process.execPath, [entry, ...argv], { cwd: dir, stdio: ['ignore', 'ignore', 'pipe'] });
  let heard = '';
  const ended = once(child, 'exit');
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    heard += text;
  });
  const service: Service = {
    process: child,
    said: (text) =>
      new Promise((done, fail) => {
        const look = (): void => {
          if (heard.includes(text)) done(heard);
        };
        child.stderr!.on('data', look);
        look();
        void ended.then(() =>
          heard.includes(text) ? done(heard) : fail(new Error(`ended without "${text}": ${heard}`)),
        );
      }),
    async stop() {
      if (child.exitCode === null) child.kill('SIGINT');
      await ended;
      return child.exitCode;
    },
  };
  services.push(service);
  return service;
}

async function command(...argv: string[]): Promise<{ readonly exitCode: number; readonly out: string }> {
  const child = spawn(process.execPath, [entry, ...argv, '-w', 'ws', '--json'], {
    cwd: dir,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let out = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  const [exitCode] = await once(child, 'close');
  return { exitCode, out };
}

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'rowkeeper-service-'));
});
afterAll(async () => {
  await Promise.all(services.map((service) => service.stop()));
  await rm(dir, { recursive: true, force: true });
});

test('one command makes a workspace and serves it; others reach it; Ctrl-C ends it cleanly and a second start goes on', async () => {
  const first = start('start', '-w', 'ws');
  const welcome = await first.said('Ctrl-C');
  expect(welcome).toContain('售后工单.xlsx');
  const address = /http:\/\/127\.0\.0\.1:\d+\/dashboard/.exec(welcome)![0];
  expect(await (await fetch(address)).text()).toContain('新建工单');
  // A page that stays open: it must not keep the service from ending.
  const events = await fetch(`${address}/events`);
  const number = /T-\d{6}-[A-Z]{2}/.exec(welcome)![0];

  const second = await command('sync', '--once');
  expect(second.exitCode).toBe(3);
  expect(JSON.parse(second.out).error.details).toMatchObject({ pid: first.process.pid });

  const set = await command('set', number, '负责人=陈静');
  expect(JSON.parse(set.out).changes).toMatchObject([{ field: 'assignee', new: '陈静' }]);
  await first.said('售后工单.xlsx/工单');
  const { out } = await command('xlsx', 'get', 'ws/售后工单.xlsx', '工单!A2:Q43');
  expect(JSON.parse(out).values.find((line: string[]) => line[0] === number)[16]).toBe('陈静');

  const told = events.body!.getReader();
  let heard = '';
  for (let part = await told.read(); !heard.includes('figures'); part = await told.read()) {
    expect(part.done).toBe(false);
    heard += new TextDecoder().decode(part.value);
  }

  expect(await first.stop()).toBe(0);
  const database = join(dir, 'ws', '.rowkeeper', 'database');
  expect(await embeddedOwner(database)).toBeNull();

  const again = start('start', '-w', 'ws');
  await again.said('Ctrl-C');
  const kept = JSON.parse((await command('tickets', '--where', `ticket_no=${number}`)).out);
  expect(kept).toMatchObject([{ assignee: '陈静' }]);

  // A stranger on this machine: finds the socket, does not know the token, gets not a single byte.
  const socket = dial(await embeddedSocketPath(database));
  let got = '';
  socket.setEncoding('utf8').on('data', (text: string) => {
    got += text;
  });
  socket.on('error', () => undefined);
  socket.write(`${'0'.repeat(64)}{"nonce":"x"}\n{"name":"tickets","input":{"where":[]}}\n`);
  await once(socket, 'close');
  expect(got).toBe('');
  expect((await stat(`${database}.owner.json`)).mode & 0o077).toBe(0);
  expect(await again.stop()).toBe(0);
});

test('a command tells nothing to whoever listens in the place of a dead service', async () => {
  let heard = '';
  const impostor = createServer((socket) => {
    socket.setEncoding('utf8').on('data', (text: string) => {
      heard += text;
      socket.write('{"proof":"0000"}\n');
    });
  });
  const path = process.platform === 'win32' ? `\\\\.\\pipe\\rowkeeper-test-${process.pid}` : join(dir, 'impostor.sock');
  impostor.listen(path);
  await once(impostor, 'listening');
  const reply = await callControl(dial(path), 'the token', { name: 'set', input: { secret: 'hush' } });
  impostor.close();
  expect(reply).toBeNull();
  expect(heard).not.toContain('hush');
  expect(heard).not.toContain('the token');
});

test('the settings of a made workspace name their schema', async () => {
  const file = JSON.parse(await readFile(join(dir, 'ws', 'rowkeeper.json'), 'utf8'));
  expect(file.$schema).toBe('./rowkeeper.schema.json');
  const schema = JSON.parse(await readFile(join(dir, 'ws', 'rowkeeper.schema.json'), 'utf8'));
  expect(Object.keys(schema.properties)).toEqual(
    expect.arrayContaining(['locale', 'timeZone', 'database', 'workbooks']),
  );
});
