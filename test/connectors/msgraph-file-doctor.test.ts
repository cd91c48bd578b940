/** What `doctor` finds out about a workbook that is a whole file, without changing it or touching the workbook API. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { say } from '../../src/messages/index.ts';
import { FileDesk } from './msgraph-file-desk.ts';

let desk: FileDesk;
beforeEach(async () => {
  desk = await FileDesk.open();
});
afterEach(() => desk.close());

test('all is well: it is found, read, and an upload would be taken', async () => {
  const file = await desk.file();
  const { eTag } = file;
  const connector = await desk.connect(file);
  const asked = await desk.asked(async () => {
    const findings = await connector.diagnose!();
    expect(findings.map(({ step, state, code }) => [step, state, code])).toEqual([
      ['sign-in', 'ok', 'msgraph-doctor-signed-in'],
      ['file', 'ok', 'msgraph-doctor-file'],
      ['read', 'ok', 'msgraph-doctor-read'],
      ['write', 'ok', 'msgraph-doctor-whole'],
      ['notices', 'ok', 'msgraph-doctor-looks'],
    ]);
    expect(findings.map(({ code, params }) => say('en', code, params)).at(-1)).toContain('every 10 seconds');
  });
  expect(asked.filter((call) => /^(POST|PUT|PATCH|DELETE)/.test(call))).toEqual([
    'POST createUploadSession 200',
    'DELETE _upload 204',
  ]);
  expect(file.eTag).toBe(eTag);
  expect((await connector.pull(['T'])).generation).toBe(null);
});

test('somebody has it open: reading is fine, writing is told', async () => {
  const file = await desk.file();
  file.open('李明');
  const findings = await (await desk.connect(file)).diagnose!();
  expect(findings.filter(({ state }) => state === 'fail').map(({ step, code }) => [step, code])).toEqual([
    ['write', 'msgraph-file-locked'],
  ]);
});
