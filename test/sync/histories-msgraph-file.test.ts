/** A few histories on real .xlsx bytes that lie on a drive, through Excel Online's file mode over TLS to a local Graph. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Connector } from '../../connectors/connector.ts';
import { fileCapabilities } from '../../connectors/msgraph/file-mode.ts';
import { FileDesk } from '../connectors/msgraph-file-desk.ts';
import type { FakeFile } from '../fakes/msgraph.ts';
import { tellFailure } from './simulator/histories.ts';
import { play } from './simulator/play.ts';
import { RealFile, type Shelf } from './simulator/real-file.ts';
import { tapes } from './simulator/tape.ts';

const HISTORIES = 12;
/** Longer than a download may be behind its tag, so that an old copy is believed at once. */
const BETWEEN_CALLS_MS = 31_000;

let desk: FileDesk;
beforeAll(async () => {
  desk = await FileDesk.open();
});
afterAll(() => desk.close());

function driveShelf(): Shelf {
  let file: Promise<FakeFile> | null = null;
  let close: (() => void) | null = null;
  const there = (): Promise<FakeFile> => {
    file ??= desk.file();
    return file;
  };
  return {
    connect(): Connector {
      let mode: Promise<ReturnType<FileDesk['mode']>> | null = null;
      const open = () => {
        desk.at += BETWEEN_CALLS_MS;
        mode ??= there().then((found) => desk.mode(found));
        return mode;
      };
      return {
        kind: 'msgraph',
        capabilities: fileCapabilities,
        describe: async () => (await open()).describe(),
        version: async () => (await open()).version(),
        pull: async (tabs) => (await open()).pull(tabs),
        push: async (push) => (await open()).push(push),
        close: async () => (await mode)?.close(),
      };
    },
    take: async () => (await there()).download(),
    put: async (bytes) => (await there()).upload(bytes),
    async lock(isLocked) {
      if (isLocked === (close !== null)) return;
      if (close === null) close = (await there()).open('李明');
      else {
        close();
        close = null;
      }
    },
    moments: null,
  };
}

test(`${HISTORIES} histories on files of a drive hold I1 to I16`, async () => {
  let played = 0;
  for (const tape of fc.sample(tapes, { numRuns: HISTORIES, seed: 20_261_126 })) {
    const { violations } = await play(tape, {
      file: (_workbook, book, nextRow) => new RealFile(driveShelf(), book, nextRow),
    });
    expect(violations.length === 0 ? '' : tellFailure({ tape, violations })).toBe('');
    played += 1;
  }
  expect(played).toBe(HISTORIES);
});
