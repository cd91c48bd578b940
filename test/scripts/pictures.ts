/**
 * Makes the pictures of the README: `node --import tsx test/scripts/pictures.ts`. The drawing comes from code; the
 * screens are the demo workspace after one run, as LibreOffice and Chromium show it. Needs both, and pdftoppm.
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { chromiumPath, launchChromium } from '../web/browser.ts';
import { startOffice } from '../witness/office.ts';
import { excelOnlinePicture, feishuPicture } from './demo-pictures.ts';
import { flowPicture } from './flow-picture.ts';

const root = resolve(import.meta.dirname, '../..');
const pictures = join(root, '.github/pictures');
const screens = [
  { name: 'tickets', file: '售后工单.xlsx', tab: '工单', range: 'A29:J44' },
  { name: 'problems', file: '售后工单.xlsx', tab: '问题清单', range: 'A2:J4' },
  { name: 'rules', file: '管理配置.xlsx', tab: '规则', range: 'A2:J13' },
  { name: 'kpi', file: 'KPI看板.xlsx', tab: '概览', range: 'A1:L50' },
] as const;

mkdirSync(pictures, { recursive: true });
for (const language of ['zh-CN', 'en'] as const) {
  writeFileSync(join(pictures, `flow.${language}.svg`), flowPicture(language));
}

const folder = mkdtempSync(join(tmpdir(), 'rowkeeper-pictures-'));
const workspace = join(folder, 'workspace');
const rowkeeper = (...args: readonly string[]): void => {
  execFileSync(process.execPath, [join(root, 'src/rowkeeper.js'), ...args], { stdio: 'inherit' });
};
rowkeeper('init', workspace);
rowkeeper('sync', '--once', '--workspace', workspace);

const chromium = chromiumPath() ?? '';
if (chromium === '') throw new Error('Chromium is not installed');
const office = await startOffice();
try {
  const book = join(workspace, '售后工单.xlsx');
  await office.edit(book, '工单', { D44: '扫码枪无法连接', C44: '紧鸡', B42: '搞定', C41: '紧急' });
  await office.edit(join(workspace, '管理配置.xlsx'), '规则', { F7: '紧集' });
  rowkeeper('sync', '--once', '--workspace', workspace);
  rowkeeper('kpi', '--publish', '--workspace', workspace);
  for (const { name, file, tab, range } of screens) {
    const page = join(folder, `${name}.pdf`);
    await office.picture(join(workspace, file), tab, range, page);
    execFileSync('pdftoppm', ['-png', '-r', '90', '-singlefile', page, join(pictures, name)]);
  }
  await dashboardPicture(join(pictures, 'dashboard.png'));
  const browser = await launchChromium(chromium);
  try {
    await feishuPicture(browser, join(pictures, 'feishu.png'));
    await excelOnlinePicture(browser, join(pictures, 'excel-online.png'));
  } finally {
    await browser.close();
  }
} finally {
  await office.close();
  rmSync(folder, { recursive: true, force: true });
}

/** The dashboard of the running service, the last 90 days. */
async function dashboardPicture(path: string): Promise<void> {
  const service = spawn(process.execPath, [join(root, 'src/rowkeeper.js'), 'start', '--workspace', workspace], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  try {
    const address = await new Promise<string>((found, gone) => {
      let said = '';
      service.stderr.setEncoding('utf8').on('data', (text: string) => {
        said += text;
        const [place] = /http:\/\/[\d.:]+\/dashboard(?=\s)/.exec(said) ?? [];
        if (place !== undefined) found(place);
      });
      service.once('exit', () => gone(new Error(said)));
    });
    const browser = await launchChromium(chromium);
    try {
      const page = await browser.newPage({ viewport: { width: 1280, height: 1400 } });
      await page.goto(`${address}/overview?period=last-90-days`);
      await page.locator('canvas, svg').first().waitFor();
      await page.screenshot({ path });
    } finally {
      await browser.close();
    }
  } finally {
    service.kill('SIGTERM');
    if (service.exitCode === null) await once(service, 'exit');
  }
}
