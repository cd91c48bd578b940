/**
 * `npm run demo:feishu`: the Feishu mode without an account. A local server stands in for Feishu, with a page on which people
 * edit the sheets and press the buttons of cards; the service runs against it through Feishu's own SDK. Everything is gone
 * when it ends.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Io } from '../../src/cli/shell.ts';
import { runCli } from '../../src/cli.ts';
import { type Locale, say } from '../../src/messages/index.ts';
import { demoPeople, serviceDirector } from '../../src/templates/people.ts';
import { startFeishu } from '../fakes/feishu.ts';

const PORT = 8421;
const locale: Locale = process.env.ROWKEEPER_LOCALE === 'en' ? 'en' : 'zh-CN';
const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop.abort());

const feishu = await startFeishu({ port: PORT });
const folder = mkdtempSync(join(tmpdir(), 'rowkeeper-feishu-'));
try {
  for (const { name, mail } of demoPeople) feishu.addPerson({ name, email: mail });
  const manager = demoPeople.find(({ name }) => name === serviceDirector)!;
  const io: Io = {
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
    cwd: folder,
    variables: {
      ...process.env,
      ROWKEEPER_FEISHU_APP_ID: feishu.appId,
      ROWKEEPER_FEISHU_APP_SECRET: feishu.appSecret,
      ROWKEEPER_FEISHU_DOMAIN: feishu.domain,
    },
    isTerminal: process.stderr.isTTY === true,
    operator: manager.name,
    now: () => new Date(),
    stop: stop.signal,
  };
  const made = await runCli(
    ['init', 'workspace', '--connector', 'feishu', '--locale', locale, '--manager', manager.mail],
    io,
  );
  if (made === 0) {
    process.stderr.write(`${say(locale, 'demo-page', { address: feishu.domain })}\n`);
    process.exitCode = await runCli(['start', '--workspace', 'workspace'], io);
  } else process.exitCode = made;
} finally {
  await feishu.close();
  rmSync(folder, { recursive: true, force: true });
}
