/** Reading a whole file that others keep: what a look costs, what is no edit, and what a file that cannot be read is called. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { GraphApp, HandedCall } from '../../connectors/msgraph/app.ts';
import { NotFoundError, RefusedError, RetryableError, UnreadableError } from '../../src/model/errors.ts';
import { FileDesk, failure, push, saves, short, shown, stands } from './msgraph-file-desk.ts';

const LOOK = 'GET item 304';
const MOVED = 'GET item 200';
const DOWNLOAD = ['GET content 302', 'GET _download 200'];
const SETTLED_MS = 30_000;

let desk: FileDesk;
beforeEach(async () => {
  desk = await FileDesk.open();
});
afterEach(() => desk.close());

/** The app with downloads in somebody else's hands. */
function withDownloads(answer: (call: HandedCall, real: () => Promise<Uint8Array>) => Promise<Uint8Array>): {
  readonly app: Pick<GraphApp, 'ask' | 'askHanded'>;
} {
  return {
    app: {
      ask: (call) => desk.app.ask(call),
      async askHanded(call) {
        const reply = await desk.app.askHanded(call);
        return call.method === 'GET' ? { ...reply, bytes: await answer(call, async () => reply.bytes) } : reply;
      },
    },
  };
}

test('while nothing changes a look is one call, and nothing is downloaded', async () => {
  const mode = desk.mode(await desk.file());
  expect(await desk.asked(() => mode.pull(['T']))).toEqual([MOVED, ...DOWNLOAD]);
  const { version } = await mode.pull(['T']);
  desk.at += SETTLED_MS;
  expect(await desk.asked(() => mode.version())).toEqual([LOOK, ...DOWNLOAD]);
  const asked = await desk.asked(async () => {
    for (let n = 0; n < 20; n++) {
      desk.at += SETTLED_MS;
      expect(await mode.version()).toBe(version);
    }
  });
  expect(asked).toEqual(Array(20).fill(LOOK));
  expect(await desk.asked(() => mode.describe())).toEqual([LOOK]);
});

test('bytes are held for the read that follows a look, and let go of after a minute', async () => {
  const file = await desk.file();
  const mode = desk.mode(file);
  await mode.version();
  desk.at += SETTLED_MS;
  await mode.version();
  expect(await desk.asked(() => mode.pull(['T']))).toEqual([LOOK]);
  await saves(file, '卡住');
  expect(await desk.asked(() => mode.version())).toEqual([MOVED, ...DOWNLOAD]);
  expect(await desk.asked(() => mode.pull(['T']))).toEqual([LOOK]);
  desk.at += 61_000;
  await mode.version();
  desk.at += 61_000;
  expect(await desk.asked(() => mode.pull(['T']))).toEqual([LOOK, ...DOWNLOAD]);
});

test('a name or folder that changes costs no download, and the file is still found', async () => {
  const file = await desk.file();
  const mode = desk.mode(file);
  const { version } = await mode.pull(['T']);
  file.rename('改名.xlsx');
  file.move('归档/2026');
  expect(await desk.asked(async () => expect(await mode.version()).toBe(version))).toEqual([MOVED]);
  expect(await push(mode, '新')).toEqual(['applied']);
  expect(await shown(mode)).toBe('新');
});

test('what SharePoint writes into the file later is no edit', async () => {
  desk.graph.switches.rewriteLagMs = 8_000;
  const file = await desk.file();
  const mode = desk.mode(file);
  await mode.pull(['T']);
  await push(mode, '新');
  const version = await mode.version();
  const [eTag, sent] = [file.eTag, await file.download()];
  desk.at += 8_000;
  expect(await mode.version()).toBe(version);
  expect(file.eTag).not.toBe(eTag);
  expect(Buffer.from(await file.download()).equals(sent)).toBe(false);
  expect(await desk.mode(file).version()).toBe(version);
  expect(desk.lines.join()).not.toContain('file:changed');
});

test('an edit that only moves the file’s bytes back and forth is told by its cells alone', async () => {
  const file = await desk.file();
  const mode = desk.mode(file);
  const old = await file.download();
  const { version } = await mode.pull(['T']);
  await saves(file, '卡住');
  expect(await mode.version()).not.toBe(version);
  await file.upload(old);
  expect(await mode.version()).toBe(version);
});

test('a download that is behind its tag is found out half a minute later', async () => {
  const file = await desk.file();
  let behind: Uint8Array | null = null;
  const mode = desk.mode(
    file,
    withDownloads(async (_, real) => behind ?? (await real())),
  );
  const { version } = await mode.pull(['T']);
  behind = await file.download();
  await saves(file, '卡住');
  expect(await mode.version()).toBe(version);
  behind = null;
  desk.at += SETTLED_MS - 1;
  expect(await mode.version()).toBe(version);
  desk.at += 1;
  expect(await mode.version()).not.toBe(version);
  expect(await shown(mode)).toBe('卡住');
});

test('right after a write, a download of what was there before is not believed', async () => {
  const file = await desk.file();
  let behind: Uint8Array | null = null;
  const mode = desk.mode(
    file,
    withDownloads(async (_, real) => behind ?? (await real())),
  );
  const before = await file.download();
  await mode.pull(['T']);
  await push(mode, '新');
  behind = before;
  const error = await failure(mode.pull(['T']));
  expect([error.code, error instanceof RetryableError]).toEqual(['msgraph-file-behind', true]);
  behind = null;
  expect(await shown(mode)).toBe('新');
  // A person who puts the old copy back is believed, a little later.
  await file.upload(before);
  expect((await failure(mode.version())).code).toBe('msgraph-file-behind');
  desk.at += SETTLED_MS;
  expect(await shown(mode)).toBe('卡纸');
});

test('the editor is whom the drive names; our own write makes nobody the editor', async () => {
  const file = await desk.file();
  const mode = desk.mode(file);
  await saves(file, '卡住', '李明');
  expect((await mode.pull(['T'])).editor).toBe('李明');
  await push(mode, '新');
  expect((await mode.pull(['T'])).editor).toBe('李明');
  await saves(file, '又改', '张伟');
  expect((await mode.pull(['T'])).editor).toBe('张伟');
});

test('a file that is no workbook is refused, looked at without downloads, and read again when it is one', async () => {
  const file = await desk.file();
  const mode = desk.mode(file);
  const { version } = await mode.pull(['T']);
  const whole = await file.download();
  await file.upload(Buffer.from('d0cf11e0a1b11ae1', 'hex'));
  const error = await failure(mode.pull(['T']));
  expect([error.code, error instanceof UnreadableError]).toEqual(['encrypted', true]);
  expect(await desk.asked(() => failure(mode.version()))).toEqual([LOOK]);
  expect(await failure(push(mode, 'x', version))).toBeInstanceOf(UnreadableError);
  await file.upload(whole);
  expect(await mode.version()).toBe(version);
});

test('a file that is too large is not downloaded', async () => {
  const mode = desk.mode(await desk.file(), { maxFileBytes: 1_000 });
  const asked = await desk.asked(async () => {
    const error = await failure(mode.version());
    expect([error.code, error instanceof UnreadableError]).toEqual(['too-large', true]);
  });
  expect(asked.at(-1)).toBe(MOVED);
});

test('a deleted file is told as such, with what to do', async () => {
  const file = await desk.file();
  const mode = desk.mode(file);
  const version = await mode.version();
  file.remove();
  for (const work of [() => mode.version(), () => mode.pull(['T']), () => push(mode, 'x', version)]) {
    const error = await failure(work());
    expect([error.code, error instanceof NotFoundError]).toEqual(['msgraph-file-gone', true]);
    expect(error.message).toContain(file.name);
    expect(error.hint).toContain('回收站');
  }
});

test('a file the app may not read', async () => {
  const mode = desk.mode(await desk.file());
  desk.graph.switches.failures = [
    { status: 403, code: 'accessDenied', matches: ({ path }) => path.includes('/items/') },
  ];
  expect(await failure(mode.pull(['T']))).toBeInstanceOf(RefusedError);
});

test('a download that breaks off is for another time, and nothing of it is kept', async () => {
  const file = await desk.file();
  let breaks = true;
  const app: Pick<GraphApp, 'ask' | 'askHanded'> = {
    ask: (call) => desk.app.ask(call),
    async askHanded(call) {
      const reply = await desk.app.askHanded(call);
      return breaks ? { ...reply, status: 503, bytes: new Uint8Array() } : reply;
    },
  };
  const mode = desk.mode(file, { app });
  const error = await failure(mode.pull(['T']));
  expect([error.code, error instanceof RetryableError]).toEqual(['msgraph-file-transfer', true]);
  breaks = false;
  expect(await shown(mode)).toBe('卡纸');
});

test('an address that is no longer good is asked for once more', async () => {
  const file = await desk.file();
  const mode = desk.mode(file);
  let saved = false;
  // Somebody saves between the address and the download: the address was of the content before.
  desk.graph.after = async ({ path }) => {
    if (saved || !path.endsWith('/content')) return;
    saved = true;
    await saves(file, '卡住');
  };
  expect(await shown(mode)).toBe('卡住');
  expect(desk.graph.requests.map(short).filter((call) => call.includes('_download'))).toEqual([
    'GET _download 404',
    'GET _download 200',
  ]);
});

test('what was written stands in the file itself', async () => {
  const file = await desk.file();
  await push(desk.mode(file), '新');
  expect(await stands(desk, file)).toBe('新');
});
