/**
 * What the running service says on a terminal: a line when something was done, held or failed, and when what failed works
 * again; none while all is quiet, and none about a failure that goes on.
 */
import { basename } from 'node:path';
import { reportError } from '../app/report.ts';
import type { WorkspaceFolder } from '../config/folder.ts';
import type { Tell } from '../service.ts';
import type { Shell } from './shell.ts';

export function terminalTeller(
  { say, locale, io }: Pick<Shell, 'say' | 'locale' | 'io'>,
  { settings, workbookPaths }: Pick<WorkspaceFolder, 'settings' | 'workbookPaths'>,
): Tell {
  const held = new Map<string, string>();
  const failed = new Map<string, string>();
  const line = (key: string, params: Readonly<Record<string, string | number>>): void => {
    const clock = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium', timeZone: settings.timeZone });
    io.err(`${say(key, { time: clock.format(io.now()), ...params })}\n`);
  };
  const nameOf = (key: string): string => basename(workbookPaths.get(key) ?? key);
  return {
    ran(key, { reports }) {
      const workbook = nameOf(key);
      for (const report of reports) {
        const { tab, created, applied, written, problems } = report;
        if (created + applied + written > 0)
          line('start-cycle', { workbook, tab, created, applied, written, problems });
        const before = held.get(`${key}/${tab}`);
        if (report.held !== null && report.held !== before) line('start-held', { workbook, tab, held: report.held });
        if (report.held === null && before !== undefined) line('start-freed', { workbook, tab });
        if (report.held === null) held.delete(`${key}/${tab}`);
        else held.set(`${key}/${tab}`, report.held);
      }
    },
    configured(key, tabs) {
      line('start-configured', { workbook: nameOf(key), tabs: tabs.join('、') });
    },
    answered({ answered, changed }) {
      if (changed > 0) line('start-answered', { answered, changed });
    },
    failed(key, error) {
      const { message } = reportError(error, locale);
      if (failed.get(key) === message) return;
      failed.set(key, message);
      line('start-failed', { workbook: nameOf(key), message });
    },
    recovered(key) {
      if (failed.delete(key)) line('start-recovered', { workbook: nameOf(key) });
    },
  };
}
