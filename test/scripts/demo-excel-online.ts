/**
 * `npm run demo:excel-online`: the Excel Online mode without a Microsoft account. A local server stands in for Microsoft
 * Graph, with a page on which people edit the workbooks; the service, a process of its own, signs in with a device code
 * and works on them through Microsoft's own SDKs. Everything is gone when it ends.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { type Locale, say } from '../../src/messages/index.ts';
import { startGraph } from '../fakes/msgraph.ts';

const PORT = 8422;
/** Notices of the stand-in are sent when it is told to. */
const DELIVER_EVERY_MS = 1_000;
const locale: Locale = process.env.ROWKEEPER_LOCALE === 'en' ? 'en' : 'zh-CN';
const program = resolve(import.meta.dirname, '../../src/rowkeeper.js');

const graph = await startGraph({ port: PORT });
const folder = mkdtempSync(join(tmpdir(), 'rowkeeper-excel-online-'));
const certificate = join(folder, 'certificate.pem');
writeFileSync(certificate, graph.certificate);
const delivering = setInterval(() => void graph.deliver(), DELIVER_EVERY_MS);
let child: ChildProcess | null = null;
let isStopping = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    isStopping = true;
    child?.kill('SIGTERM');
  });
}

/** One command of the service; a code it asks for is typed in at once, as a person would on the page. */
async function run(...args: readonly string[]): Promise<number> {
  const started = spawn(process.execPath, [program, ...args], {
    cwd: folder,
    env: {
      ...process.env,
      NODE_EXTRA_CA_CERTS: certificate,
      ROWKEEPER_MSGRAPH_TENANT_ID: graph.tenantId,
      ROWKEEPER_MSGRAPH_CLIENT_ID: graph.clientId,
      ROWKEEPER_MSGRAPH_ROOT: graph.root,
      ROWKEEPER_MSGRAPH_AUTHORITY: graph.authority,
    },
    stdio: ['ignore', 'inherit', 'pipe'],
  });
  child = started;
  for await (const line of createInterface({ input: started.stderr })) {
    process.stderr.write(`${line}\n`);
    const code = /\/devicelogin\S*\s.*?\b([A-Z0-9]{6,12})\b/.exec(line)?.[1];
    if (code !== undefined) graph.approve(code);
  }
  return await new Promise((done) => {
    if (started.exitCode !== null) done(started.exitCode);
    else started.once('close', (status) => done(status ?? 1));
  });
}

try {
  const made = await run('init', 'workspace', '--connector', 'msgraph', '--locale', locale);
  if (made === 0 && !isStopping) {
    process.stderr.write(`${say(locale, 'demo-excel-page', { address: graph.root })}\n`);
    process.exitCode = await run('start', '--workspace', 'workspace');
  } else process.exitCode = made;
} finally {
  clearInterval(delivering);
  await graph.close();
  rmSync(folder, { recursive: true, force: true });
}
