/** `init`: makes a workspace, whole or not at all. */

import { existsSync, rmSync } from 'node:fs';
import { mkdir, readdir, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { Option } from 'commander';
import type { Editors } from '../../connectors/connector.ts';
import type { MadeWorkbook } from '../../connectors/index.ts';
import { runPass } from '../app/pass.ts';
import type { Environment } from '../config/env.ts';
import { openFolder } from '../config/folder.ts';
import { CONNECTORS, type ConnectorName, workspaceJsonSchema } from '../config/schema.ts';
import { CONFIG_NAME, standardWorkbooks } from '../config/workspace.ts';
import { skipPending } from '../db/pending-events.ts';
import type { Locale } from '../messages/index.ts';
import { InputError, RefusedError, RetryableError } from '../model/errors.ts';
import { makeOnPlatform, openApp } from '../node.ts';
import type { ChannelSettings } from '../notify/settings.ts';
import { wordsIn } from '../templates/config-tab.ts';
import {
  demoAccounts,
  demoHistory,
  seedDemo,
  type TemplateName,
  templateFiles,
  templateWorkbooks,
} from '../templates/index.ts';
import { roles } from '../templates/people.ts';
import type { CommandPart, Shell } from './shell.ts';
import { wait } from './sync.ts';
import { createProgress, type Progress } from './terminal.ts';

interface Options {
  readonly template: TemplateName;
  readonly locale: Locale;
  /** Where the workbooks are made; files in the workspace when left out. */
  readonly connector?: ConnectorName;
  /** Folder of the platform, and who is to manage what is made there. */
  readonly folder?: string;
  readonly manager?: string;
}

export interface Made {
  readonly workspace: string;
  readonly template: TemplateName;
  readonly files: readonly string[];
  /** Addresses of the workbooks that are no files, by key. */
  readonly addresses: Readonly<Record<string, string>>;
}

export const init: CommandPart = (program, shell) => {
  program
    .command('init')
    .description(shell.say('cli-init'))
    .argument('<dir>', shell.say('cli-arg-dir'))
    .addOption(
      new Option('--template <name>', shell.say('cli-option-template')).choices(['demo', 'blank']).default('demo'),
    )
    .addOption(
      new Option('--locale <locale>', shell.say('cli-option-locale'))
        .choices(['zh-CN', 'en'])
        .default(shell.environment.locale ?? 'zh-CN'),
    )
    .addOption(new Option('--connector <name>', shell.say('cli-option-connector')).choices(CONNECTORS).default('xlsx'))
    .option('--folder <token>', shell.say('cli-option-folder'))
    .option('--manager <person>', shell.say('cli-option-manager'))
    .action(
      shell.action(async (given: string, options: Options) => {
        const dir = resolve(shell.io.cwd, given);
        const made = await makeWorkspace(shell, dir, options);
        const addresses = Object.entries(made.addresses).map(([key, address]) => `  ${key}: ${address}`);
        const lines = [shell.say('init-done', { dir }), ...addresses, shell.say('init-next', { dir: given })];
        return { json: made, text: lines.join('\n') };
      }),
    );
};

/** True when a folder does not exist or holds nothing. */
export async function isVacant(dir: string): Promise<boolean> {
  try {
    return (await readdir(dir)).length === 0;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT';
  }
}

/**
 * Makes a workspace in a folder that does not exist or is empty. It is built beside its place and moved there in one
 * step at the end, so that a failure or Ctrl-C leaves nothing behind. Throws `RefusedError` `workspace-exists` or
 * `folder-not-empty`.
 */
export async function makeWorkspace(shell: Shell, dir: string, options: Options): Promise<Made> {
  const { template, locale, connector = 'xlsx' } = options;
  await refuseTaken(shell, dir);
  await mkdir(dirname(dir), { recursive: true });
  const building = join(dirname(dir), `.${basename(dir)}-${process.pid}`);
  await mkdir(building);
  const drop = (): void => rmSync(building, { recursive: true, force: true });
  // A second Ctrl-C ends the process at once; then only this is still run.
  process.once('exit', drop);
  const progress = createProgress(shell.io.err, shell.io.isTerminal);
  const online = new Map<string, MadeWorkbook>();
  try {
    progress.step(shell.say('init-step-workbooks'));
    const files = connector === 'xlsx' ? await templateFiles(locale, template, shell.io.now()) : [];
    for (const file of files) await writeFile(join(building, file.name), file.bytes);
    if (connector !== 'xlsx') await makeDocuments(shell, building, connector, options, progress, online);
    const addresses = Object.fromEntries([...online].map(([key, { address }]) => [key, address]));
    await writeFile(join(building, 'rowkeeper.schema.json'), `${JSON.stringify(workspaceJsonSchema(), null, 2)}\n`);
    await writeFile(join(building, CONFIG_NAME), configText(options, shell.environment, addresses));
    await fillWorkspace(shell, building, options, progress, online);
    if (shell.io.stop.aborted) throw new RefusedError('stopped', shell.say('start-stopping'));
    if (existsSync(dir)) await rmdir(dir);
    await rename(building, dir);
    return { workspace: dir, template, files: [CONFIG_NAME, ...files.map((file) => file.name)], addresses };
  } catch (error) {
    const left = [...online.values()].map(({ address }) => address);
    if (left.length > 0) shell.io.err(`${shell.say('init-left-behind', { addresses: left.join('\n  ') })}\n`);
    throw error;
  } finally {
    progress.end();
    process.off('exit', drop);
    await rm(building, { recursive: true, force: true });
  }
}

/** One document for each workbook of the templates; `made` gets each as soon as it is there. */
async function makeDocuments(
  shell: Shell,
  dir: string,
  connector: ConnectorName,
  options: Options,
  progress: Progress,
  made: Map<string, MadeWorkbook>,
): Promise<void> {
  const { locale, template } = options;
  const [folder, manager] = [options.folder ?? null, options.manager ?? null];
  const workbooks = templateWorkbooks(locale, template, connector);
  let drawn: ReturnType<typeof templateFiles> | null = null;
  const wanted = workbooks.map(({ key, title, tabs }) => {
    const file = async (): Promise<Uint8Array> => {
      drawn ??= templateFiles(locale, template, shell.io.now());
      return (await drawn).find(({ name }) => name === `${title}.xlsx`)!.bytes;
    };
    return { connector: homeOf(key, connector), title, firstTab: tabs[0]!.name, file, folder, manager };
  });
  const tell = (text: string): void => void shell.io.err(`${text}\n`);
  const isMade = (workbook: MadeWorkbook, index: number): void => {
    made.set(workbooks[index]!.key, workbook);
    progress.share(made.size / wanted.length);
  };
  await makeOnPlatform(shell.environment, dir, shell.io.now, wanted, isMade, locale, tell);
}

async function fillWorkspace(
  shell: Shell,
  building: string,
  { template, locale: language, manager, connector = 'xlsx' }: Options,
  progress: Progress,
  online: ReadonlyMap<string, MadeWorkbook>,
): Promise<void> {
  progress.step(shell.say('init-step-database'));
  const folder = await openFolder(building, shell.environment);
  const app = await openApp(folder, shell.environment, shell.io.now, (text) => shell.io.err(`${text}\n`));
  try {
    const { store } = app.database;
    const editors = editorsOf(manager);
    const workbooks = templateWorkbooks(language, template, connector);
    for (const { key, title, tabs } of workbooks) {
      if (online.get(key)?.hasTabs !== false) continue;
      const home = await app.connectorOf(key);
      if (home?.layOut === undefined) continue;
      progress.step(shell.say('init-step-tabs', { title }));
      const { without } = await patiently(() => home.layOut!(tabs, editors));
      for (const { code, params } of without) shell.io.err(`${shell.say(code, params)}\n`);
    }
    if (template === 'demo') {
      if ((await store.listRecords('tickets')).length > 0) {
        throw new RefusedError('database-used', shell.say('init-database-used'), {
          hint: shell.say('init-database-used-hint'),
        });
      }
      progress.step(shell.say('init-step-history'));
      const { timeZone, locale } = folder.settings;
      await seedDemo(store, demoHistory(shell.io.now(), timeZone, locale), progress.share);
      // The past is told, not answered: no rule assigns or alerts for what happened two months ago.
      await app.database.db.transaction(skipPending);
    }
    progress.step(shell.say('init-step-sync'));
    await runPass(app, { confirmFirstContact: true, wait });
  } finally {
    await app.close();
  }
}

async function refuseTaken(shell: Shell, dir: string): Promise<void> {
  if (existsSync(join(dir, CONFIG_NAME))) {
    throw new RefusedError('workspace-exists', shell.say('init-exists', { dir }), {
      hint: shell.say('init-exists-hint', { dir }),
    });
  }
  try {
    if (await isVacant(dir)) return;
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? '';
    throw new InputError('not-a-folder', shell.say('init-not-folder', { dir, reason }), { cause });
  }
  throw new RefusedError('folder-not-empty', shell.say('init-not-empty', { dir }), {
    hint: shell.say('init-not-empty-hint'),
  });
}

/** Who manages the documents may also change what the service writes in them. */
function editorsOf(manager: string | undefined): Editors {
  if (manager === undefined) return { emails: [], mobiles: [] };
  return manager.includes('@') ? { emails: [manager], mobiles: [] } : { emails: [], mobiles: [manager] };
}

const MOST_TRIES = 5;

/** Again after the time a platform asks for, a few times: nobody is there yet who could try later. */
async function patiently<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof RetryableError) || tries === MOST_TRIES) throw error;
      await wait(error.retryAfterMs);
    }
  }
}

/** What the service writes may be changed by hand by those who answer for the service. */
function laidOut(workbook: string, locale: Locale): { readonly layOut?: { readonly editors: readonly string[] } } {
  return workbook === 'team' ? { layOut: { editors: [wordsIn(roles.service, locale) as string] } } : {};
}

/** Tables of records hold tickets; rules and figures want a sheet. */
function homeOf(workbook: string, connector: ConnectorName): ConnectorName {
  return connector === 'bitable' && workbook !== 'team' ? 'feishu' : connector;
}

/** The settings of a new workspace, written out in full so that there is something to change. */
function configText(
  { locale, connector = 'xlsx' }: Options,
  environment: Environment,
  addresses: Readonly<Record<string, string>>,
): string {
  const standard = standardWorkbooks(locale);
  const settings = {
    $schema: './rowkeeper.schema.json',
    locale,
    timeZone: 'Asia/Shanghai',
    database: 'embedded',
    channels: channelsOf(connector, environment),
    workbooks:
      connector === 'xlsx'
        ? standard
        : Object.fromEntries(
            Object.entries(standard).map(([key, { tabs }]) => [
              key,
              { connector: homeOf(key, connector), url: addresses[key], ...laidOut(key, locale), tabs },
            ]),
          ),
  };
  return `${JSON.stringify(settings, null, 2)}\n`;
}

/** Where the workbooks are on Feishu, the bot of the same app writes to people. */
function channelsOf(connector: ConnectorName, { variables }: Environment): ChannelSettings {
  if (connector === 'xlsx') return { accounts: exampleAccounts };
  const domain = variables.ROWKEEPER_FEISHU_DOMAIN?.trim().replace(/\/+$/, '') ?? '';
  const bot = {
    kind: 'feishu-app',
    appIdEnv: 'ROWKEEPER_FEISHU_APP_ID',
    appSecretEnv: 'ROWKEEPER_FEISHU_APP_SECRET',
    ...(domain === '' ? {} : { baseUrl: domain }),
  } as const;
  const { mail, sms, feishu } = demoAccounts;
  const accounts = { [mail]: exampleAccounts[mail]!, [feishu]: bot, [sms]: exampleAccounts[sms]! };
  // A stand-in on this machine speaks without TLS.
  const local = domain.startsWith('http:')
    ? { hosts: [{ host: new URL(domain).host, local: true as const, plain: true }] }
    : {};
  return { ...local, accounts };
}

/** What the 通知 tab of a new workspace names. None sends anything until its variables are set in the environment. */
const exampleAccounts: ChannelSettings['accounts'] = {
  [demoAccounts.mail]: {
    kind: 'mail',
    host: 'smtp.example.com',
    userEnv: 'ROWKEEPER_MAIL_USER',
    passwordEnv: 'ROWKEEPER_MAIL_PASSWORD',
    from: 'service@example.com',
    domains: ['example.com'],
  },
  [demoAccounts.dingtalk]: {
    kind: 'dingtalk',
    tokenEnv: 'ROWKEEPER_DINGTALK_TOKEN',
    secretEnv: 'ROWKEEPER_DINGTALK_SECRET',
  },
  [demoAccounts.wecom]: { kind: 'wecom', keyEnv: 'ROWKEEPER_WECOM_KEY' },
  [demoAccounts.feishu]: {
    kind: 'feishu',
    tokenEnv: 'ROWKEEPER_FEISHU_TOKEN',
    secretEnv: 'ROWKEEPER_FEISHU_SECRET',
  },
  [demoAccounts.sms]: {
    kind: 'sms-http',
    url: 'https://sms.example.com/send',
    body: '{"to":"{to}","text":"{text}","key":"{secret}"}',
    secretEnv: 'ROWKEEPER_SMS_KEY',
  },
};
