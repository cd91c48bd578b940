/** `xlsx get` and `xlsx set`: the lossless reader and writer for any workbook; no workspace needed. */
import { formatRange } from '../../connectors/xlsx/a1.ts';
import { address, columnLetters } from '../model/cell.ts';
import type { CommandPart } from './shell.ts';
import { table } from './terminal.ts';
import { cellJson, cellShown, parseAssignment, readRange, writeCells } from './xlsx-file.ts';

export const xlsx: CommandPart = (program, shell) => {
  const clock = { now: shell.io.now };
  const group = program.command('xlsx').description(shell.say('cli-xlsx'));

  group
    .command('get')
    .description(shell.say('cli-xlsx-get'))
    .argument('<file>', shell.say('cli-arg-file'))
    .argument('<range>', shell.say('cli-arg-range'))
    .action(
      shell.action(async (file: string, target: string) => {
        const { tab, range, values } = await readRange(resolvePath(file), target, clock, shell.locale);
        const header = ['', ...(values[0] ?? []).map((_, index) => columnLetters(range.left + index))];
        const rows = values.map((line, index) => [String(range.top + index + 1), ...line.map(cellShown)]);
        return {
          json: {
            file,
            tab,
            range: values.length === 0 ? null : formatRange(range),
            values: values.map((line) => line.map(cellJson)),
          },
          text: values.length === 0 ? shell.say('cli-tab-empty', { tab }) : table(header, rows),
        };
      }),
    );

  group
    .command('set')
    .description(shell.say('cli-xlsx-set'))
    .argument('<file>', shell.say('cli-arg-file'))
    .argument('<assignment...>', shell.say('cli-arg-cells'))
    .option('--text', shell.say('cli-option-text'))
    .action(
      shell.action(async (file: string, assignments: readonly string[], options: { readonly text?: boolean }) => {
        const cells = assignments.map((text) => parseAssignment(text, options.text === true, shell.locale));
        await writeCells(resolvePath(file), cells, clock, shell.locale);
        const places = cells.map(({ tab, row, column }) => `${tab}!${address(row, column)}`);
        return {
          json: { file, written: cells.length, cells: places },
          text: shell.say('cli-xlsx-written', { file, count: cells.length, cells: places.join(', ') }),
        };
      }),
    );

  function resolvePath(file: string): string {
    return /^([/\\]|[A-Za-z]:)/.test(file) ? file : `${shell.io.cwd}/${file}`;
  }
};
