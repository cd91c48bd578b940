/** `kpi`: figures of a period on the terminal, as CSV, as JSON or as pictures, and the tickets behind one. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type KpiResult, type KpiTickets, kpiTickets, kpi as operation } from '../app/kpi.ts';
import { kpiPublish } from '../app/publish-kpi.ts';
import type { WorkspaceFolder } from '../config/folder.ts';
import { csvMark, csvText } from '../kpi/csv.ts';
import { movingPeriods } from '../kpi/period.ts';
import type { Section, Unit } from '../kpi/section.ts';
import { chartsOf, panelRows, shownChange, shownValue } from '../kpi/shown.ts';
import { reach } from './reach.ts';
import type { CommandPart, Output, Shell } from './shell.ts';
import { createProgress, table } from './terminal.ts';
import { shownTime } from './values.ts';

interface Options {
  readonly period?: string;
  readonly hours?: 'business' | 'calendar';
  readonly filter: readonly string[];
  readonly section?: string;
  readonly tickets?: string;
  readonly csv?: boolean;
  readonly png?: string;
  readonly rebuild?: boolean;
  readonly publish?: boolean;
  readonly restore: readonly string[];
}

export const kpi: CommandPart = (program, shell) => {
  const several = (text: string, before: readonly string[]): readonly string[] => [...before, text];
  program
    .command('kpi')
    .description(shell.say('cli-kpi'))
    .option('--period <span>', shell.say('cli-option-period', { known: movingPeriods.join(', ') }))
    .option('--hours <kind>', shell.say('cli-option-hours'))
    .option('--filter <name=value>', shell.say('cli-option-filter'), several, [])
    .option('--section <name>', shell.say('cli-option-section'))
    .option('--tickets <figure>', shell.say('cli-option-figure-tickets'))
    .option('--csv', shell.say('cli-option-csv'))
    .option('--png <dir>', shell.say('cli-option-png'))
    .option('--rebuild', shell.say('cli-option-rebuild'))
    .option('--publish', shell.say('cli-option-publish'))
    .option('--restore <tab>', shell.say('cli-option-restore'), several, [])
    .action(shell.action((options: Options) => run(shell, options)));
};

async function run(shell: Shell, options: Options): Promise<Output> {
  const folder = await shell.openFolder();
  if (options.publish === true || options.restore.length > 0) return await publish(shell, folder, options.restore);
  const { period, hours, tickets, section, csv = false, png, rebuild } = options;
  const asked = { ...(period && { period }), ...(hours && { hours }), filter: options.filter };
  if (tickets !== undefined) {
    return showTickets(shell, folder, await reach(shell, folder, kpiTickets, { ...asked, kpi: tickets }), csv);
  }
  const progress = createProgress(shell.io.err, shell.io.isTerminal);
  // Folding what changed takes a moment nobody notices; folding everything is worth a bar.
  if (rebuild === true) progress.step(shell.say('kpi-step-fold'));
  const result = await reach(
    shell,
    folder,
    operation,
    { ...asked, ...(section && { section }), ...(rebuild && { rebuild }) },
    rebuild === true ? progress.share : undefined,
  );
  progress.end();
  const written = png === undefined ? [] : await writePictures(shell, result.sections, resolve(shell.io.cwd, png));
  const isWhole = section !== undefined || csv;
  const shown = isWhole ? result.sections : result.sections.filter(({ name }) => name === 'overview');
  const text = csv
    ? `${csvMark}${csvText(csvRows(shown, shell)).trimEnd()}`
    : [
        head(shell, folder, result),
        ...shown.map((each) => sectionText(each, shell, folder)),
        ...more(shell, result, isWhole),
      ].join('\n\n');
  return { json: { ...result, pictures: written }, text: csv ? text : [text, ...written].join('\n') };
}

/** Writes the figures into their workbooks now; the running service does so by itself. */
async function publish(shell: Shell, folder: WorkspaceFolder, restore: readonly string[]): Promise<Output> {
  const results = await reach(shell, folder, kpiPublish, { restore: [...restore] });
  const lines = results.map(({ workbook, state, changed, made, missing }) =>
    [
      shell.say(`kpi-publish-${state}`, { workbook, changed }),
      ...(made.length === 0
        ? []
        : [shell.say('kpi-publish-made', { tabs: made.join(shell.say('kpi.list-separator')) })]),
      ...(missing.length === 0
        ? []
        : [
            shell.say('kpi-publish-missing', {
              tabs: missing.join(shell.say('kpi.list-separator')),
              name: missing[0]!,
            }),
          ]),
    ].join('\n'),
  );
  const text = lines.length === 0 ? shell.say('kpi-publish-none') : lines.join('\n');
  return { json: results, text };
}

function head(shell: Shell, folder: WorkspaceFolder, { period, hours, as_of, tickets }: KpiResult): string {
  return shell.say('kpi-head', {
    period,
    hours: shell.say(`kpi-hours-${hours}`),
    at: shownTime(folder, as_of),
    count: tickets,
  });
}

function more(shell: Shell, { sections }: KpiResult, isWhole: boolean): readonly string[] {
  const others = sections.map(({ name }) => name).filter((name) => name !== 'overview');
  return isWhole || others.length === 0 ? [] : [shell.say('kpi-more', { names: others.join(', ') })];
}

function sectionText({ panels }: Section, shell: Shell, folder: WorkspaceFolder): string {
  const { timeZone } = folder.settings;
  const { locale } = shell;
  const parts = panels.map((panel) => {
    const note = panel.kind === 'cards' || panel.note === undefined ? [] : [panel.note];
    if (panel.kind === 'cards') {
      const header = ['figure', 'value', 'change', 'note'].map((name) => shell.say(`kpi.column.${name}`));
      const rows = panel.cards.map((card) => [
        card.label,
        shownValue(card.value, card.unit, locale, timeZone),
        shownChange(card, locale) ?? '',
        card.note,
      ]);
      return [panel.title, table(header, rows)].join('\n');
    }
    const [header = [], ...rows] = panelRows(panel, locale);
    const units: readonly Unit[] =
      panel.kind === 'table'
        ? panel.columns.map(({ unit }) => unit)
        : header.map((_, n) => (n === 0 ? 'text' : chartUnit(panel.chart.format)));
    const shown = rows.map((row) => row.map((value, n) => shownValue(value, units[n] ?? 'text', locale, timeZone)));
    return [
      panel.title,
      ...note,
      table(
        header.map((cell) => String(cell ?? '')),
        shown,
      ),
    ].join('\n');
  });
  return parts.join('\n\n');
}

function chartUnit(format: string): Unit {
  return format.endsWith('%') ? 'percent' : format === '0' ? 'count' : 'decimal';
}

function csvRows(sections: readonly Section[], shell: Shell): readonly (readonly (string | number | null)[])[] {
  return sections.flatMap(({ title, panels }) =>
    panels.flatMap((panel) => [[title, panel.title], ...panelRows(panel, shell.locale), []]),
  );
}

async function writePictures(shell: Shell, sections: readonly Section[], dir: string): Promise<readonly string[]> {
  const { chartPicture } = await import('../kpi/picture.ts');
  await mkdir(dir, { recursive: true });
  const charts = chartsOf(sections);
  const progress = createProgress(shell.io.err, shell.io.isTerminal);
  progress.step(shell.say('kpi-step-draw'));
  const written: string[] = [];
  for (const [n, { name, panel }] of charts.entries()) {
    const path = join(dir, `${name}.png`);
    await writeFile(path, await chartPicture(panel.chart));
    written.push(path);
    progress.share((n + 1) / charts.length);
  }
  progress.end();
  return written;
}

function showTickets(shell: Shell, folder: WorkspaceFolder, result: KpiTickets, isCsv: boolean): Output {
  const { tickets, unit, label, summary, period } = result;
  const header = ['ticket', 'title', 'customer', 'assignee', 'status', 'created', 'value'].map((name) =>
    shell.say(`cli-column-${name}`),
  );
  const rows = tickets.map((ticket) => [
    ticket.number,
    ticket.title ?? '',
    ticket.customer ?? '',
    ticket.assignee ?? '',
    ticket.status ?? '',
    ticket.createdAt === null ? '' : shownTime(folder, ticket.createdAt),
    ticket.leftOut === null
      ? shownValue(ticket.value, unit, shell.locale, folder.settings.timeZone)
      : shell.say(`kpi.left-out.${ticket.leftOut}`),
  ]);
  if (isCsv) return { json: result, text: `${csvMark}${csvText([header, ...rows]).trimEnd()}` };
  const text = rows.length === 0 ? shell.say('kpi-no-tickets', { label, period }) : table(header, rows);
  return { json: result, text: `${label} · ${period}\n${summary}\n\n${text}` };
}
