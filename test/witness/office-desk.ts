/** LibreOffice and a folder for one test file: the app starts when it is first asked for and is gone with the file. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { type Office, startOffice } from './office.ts';

export interface OfficeDesk {
  /** Empty at first. */
  readonly folder: string;
  open(): Promise<Office>;
}

export function officeDesk(name: string): OfficeDesk {
  const folder = mkdtempSync(join(tmpdir(), `rowkeeper-${name}-`));
  let office: Office | null = null;
  afterAll(async () => {
    await office?.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    folder,
    async open() {
      office ??= await startOffice();
      return office;
    },
  };
}
