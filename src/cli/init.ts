/** `init`: makes a workspace, whole or not at all. */

import { existsSync, rmSync } from 'node:fs';
import { mkdir, readdir, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { Option } from 'commander';
import { runPass } from '../app/pass.ts';
import { openFolder } from '../config/folder.ts';
import { workspaceJsonSchema } from '../config/schema.ts';
import { CONFIG_NAME, standardWorkbooks } from '../config/workspace.ts';
import { skipPending } from '../db/pending-events.ts';
import type { Locale } from '../messages/index.ts';
import { InputError, RefusedError } from '../model/errors.ts';
import { openApp } from '../node.ts';
import type { ChannelSettings } from '../notify/settings.ts';
import { demoAccounts, demoHistory, seedDemo, type TemplateName, templateFiles } from '../templates/index.ts';
import type { CommandPart, Shell } from './shell.ts';
import { createProgress } from './terminal.ts';

interface Options {
  readonly template: TemplateName;
  readonly locale: Locale;
}

export interface Made {
  readonly workspace: string;
  readonly template: TemplateName;
  readonly files: readonly string[];
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
    .action(
      shell.action(async (given: string, options: Options) => {
        const dir = resolve(shell.io.cwd, given);
        const made = await makeWorkspace(shell, dir, options);
        return { json: made, text: `${shell.say('init-done', { dir })}\n${shell.say('init-next', { dir: given })}` };
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
export async function makeWorkspace(shell: Shell, dir: string, { template, locale }: Options): Promise<Made> {
  await refuseTaken(shell, dir);
  await mkdir(dirname(dir), { recursive: true });
  const building = join(dirname(dir), `.${basename(dir)}-${process.pid}`);
  await mkdir(building);
  const drop = (): void => rmSync(building, { recursive: true, force: true });
  // A second Ctrl-C ends the process at once; then only this is still run.
  process.once('exit', drop);
  const progress = createProgress(shell.io.err, shell.io.isTerminal);
  try {
    progress.step(shell.say('init-step-workbooks'));
    const files = await templateFiles(locale, template, shell.io.now());
    for (const file of files) await writeFile(join(building, file.name), file.bytes);
    await writeFile(join(building, 'rowkeeper.schema.json'), `${JSON.stringify(workspaceJsonSchema(), null, 2)}\n`);
    await writeFile(join(building, CONFIG_NAME), configText(locale));
    await fillWorkspace(shell, building, template, progress);
    if (shell.io.stop.aborted) throw new RefusedError('stopped', shell.say('start-stopping'));
    if (existsSync(dir)) await rmdir(dir);
    await rename(building, dir);
    return { workspace: dir, template, files: [CONFIG_NAME, ...files.map((file) => file.name)] };
  } finally {
    progress.end();
    process.off('exit', drop);
    await rm(building, { recursive: true, force: true });
  }
}

async function fillWorkspace(
  shell: Shell,
  building: string,
  template: TemplateName,
  progress: ReturnType<typeof createProgress>,
): Promise<void> {
  progress.step(shell.say('init-step-database'));
  const folder = await openFolder(building, shell.environment);
  const app = await openApp(folder, shell.environment, shell.io.now);
  try {
    const { store } = app.database;
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
    await runPass(app, { confirmFirstContact: true });
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

/** The settings of a new workspace, written out in full so that there is something to change. */
function configText(locale: Locale): string {
  const settings = {
    $schema: './rowkeeper.schema.json',
    locale,
    timeZone: 'Asia/Shanghai',
    database: 'embedded',
    channels: { accounts: exampleAccounts },
    workbooks: standardWorkbooks(locale),
  };
  return `${JSON.stringify(settings, null, 2)}\n`;
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
