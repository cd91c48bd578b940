/**
 * The shape of `rowkeeper.json`: one schema from which the check of the file, its types and the JSON Schema that editors
 * use for completion all come. Descriptions are for people who write the file.
 */
import { z } from 'zod';
import { channelsSchema } from '../notify/settings.ts';

/** What a tab may hold that the service mirrors today. */
export const MIRRORED = ['tickets', 'customers', 'service_records', 'follow_ups', 'contacts', 'problems'] as const;
/** What a tab may hold that configures the service: it is read, and answered beside each row. */
export const CONFIGURING = ['fields', 'people', 'rules', 'sla', 'calendar', 'notifications', 'cases'] as const;
/** What else a tab of the templates may hold; such a tab is left alone, and `status` says so. */
export const UNMIRRORED = ['flows', 'kpi'] as const;

/** Where a workbook may live. */
export const CONNECTORS = ['xlsx', 'feishu', 'bitable', 'msgraph'] as const;
export type ConnectorName = (typeof CONNECTORS)[number];

const share = z.number().min(0).max(1);
const count = z.int().min(0);

const option = z.union([
  z.string().min(1),
  z.strictObject({
    label: z.string().min(1).describe('What is kept and shown.'),
    aliases: z.array(z.string().min(1)).optional().describe('Other ways people write it.'),
    category: z.string().min(1).optional().describe('The fixed meaning behind the label.'),
  }),
]);

const column = z.strictObject({
  field: z.string().min(1).describe('Key of a standard field, or a new key for a column of your own.'),
  type: z.string().min(1).optional().describe('Type of a column of your own; text when left out.'),
  flow: z
    .enum(['two_way', 'sheet_to_db', 'db_to_sheet'])
    .optional()
    .describe('Who may change it: both sides, only people in the tab, only the database.'),
  rank: z.int().min(0).max(1000).optional().describe('Higher wins when two tabs disagree; 100 when left out.'),
  options: z.array(option).min(1).optional().describe('Allowed values of a choice.'),
});

const guards = z.strictObject({
  missingCount: count.optional().describe('Rows that may vanish at once before deletions are held.'),
  missingShare: share.optional().describe('Share of rows that may vanish at once before deletions are held.'),
  missingAllShare: share.optional().describe('Share of vanished rows that holds the whole tab.'),
  sortedCount: count.optional().describe('Moved cells of one column that look like a column sorted alone.'),
  clearedCount: count.optional().describe('Cells of a column that may be emptied at once.'),
  clearedShare: share.optional().describe('Share of cells of a column that may be emptied at once.'),
  bulkCount: count.optional().describe('Rows that may change in one column at once.'),
  bulkShare: share.optional().describe('Share of rows that may change in one column at once.'),
});

const tab = z.strictObject({
  holds: z.enum([...MIRRORED, ...CONFIGURING, ...UNMIRRORED]).describe('What the tab shows.'),
  columns: z
    .record(z.string().min(1), z.union([z.string().min(1), column]))
    .optional()
    .describe('Header to field key, or to a column with more to say. Known headers need no entry.'),
  filter: z
    .record(z.string().min(1), z.union([z.string(), z.array(z.string()).min(1)]))
    .optional()
    .describe('Only records whose field has this value, or one of these, are shown here.'),
  hidden: z.array(z.string().min(1)).optional().describe('Keys of fields this tab neither shows nor takes.'),
  readOnly: z.boolean().optional().describe('True: the tab only shows; what people type is written back.'),
  onMissing: z
    .enum(['hide', 'restore', 'close', 'delete'])
    .optional()
    .describe('What a removed row means; hide (keep the record, stop showing it here) when left out.'),
  rank: z.int().min(0).max(1000).optional().describe('Rank of all columns that name none of their own.'),
  guards: guards.optional().describe('How much may change at once before a person is asked.'),
});

const workbook = z.strictObject({
  connector: z
    .enum(CONNECTORS)
    .optional()
    .describe(
      'Where the workbook lives: xlsx (a file in the workspace; when left out), feishu, bitable (多维表格), msgraph (Excel Online: OneDrive, SharePoint).',
    ),
  path: z.string().min(1).optional().describe('The file, relative to the workspace; of xlsx.'),
  url: z.url().optional().describe('The address people open it under; of all but xlsx.'),
  mode: z
    .enum(['workbook', 'file'])
    .optional()
    .describe(
      'Of msgraph: workbook works on the open workbook, file downloads and uploads it whole; what is possible when left out.',
    ),
  lookEverySeconds: z
    .int()
    .min(1)
    .max(3600)
    .optional()
    .describe(
      'How often a workbook that is no file is looked at when no notice came; what its platform bears when left out.',
    ),
  layOut: z
    .strictObject({
      editors: z
        .array(z.string().min(1))
        .describe('Names of people or roles who may change by hand what the service writes.'),
    })
    .optional()
    .describe('Keep dropdowns and protected columns of a workbook that is no file up to date with fields and people.'),
  tabs: z.record(z.string().min(1), tab).describe('Name of the tab, as it stands at the bottom of the window.'),
});

/** The whole file. */
export const workspaceSchema = z.strictObject({
  $schema: z.string().optional(),
  locale: z
    .enum(['zh-CN', 'en'])
    .optional()
    .describe('Language of messages, templates and headers the service writes.'),
  timeZone: z.string().min(1).optional().describe('IANA zone that times in the workbooks are read in.'),
  database: z
    .string()
    .min(1)
    .optional()
    .describe('embedded, or postgres://user@host/name without a password; DATABASE_URL in the environment wins.'),
  channels: channelsSchema.optional().describe('Accounts messages are sent through, and hosts they may reach.'),
  configApproval: z
    .enum(['none', 'second-person'])
    .optional()
    .describe('second-person: changes of the config tabs wait for `rowkeeper rules approve`.'),
  lifecycle: z
    .strictObject({
      mode: z
        .enum(['lenient', 'strict'])
        .optional()
        .describe(
          'lenient takes any status a person types by the nearest legal way; strict refuses it with the reason.',
        ),
      reopenDays: z.int().min(0).max(3650).optional().describe('Days in which a closed ticket can be opened again; 7.'),
      autoCloseDays: z
        .int()
        .min(0)
        .max(3650)
        .nullable()
        .optional()
        .describe('Days after which a resolved ticket closes itself; 3. null: never.'),
    })
    .optional()
    .describe('How statuses may follow each other.'),
  ruleLimit: z
    .int()
    .min(1)
    .max(100_000)
    .optional()
    .describe('A rule that would reach out for more tickets than this at once waits for a person; 200.'),
  kpi: z
    .strictObject({
      hours: z
        .enum(['business', 'calendar'])
        .optional()
        .describe('How lengths of time are counted in the KPI tabs: working time, or the clock on the wall; business.'),
      goodScore: z.int().min(1).max(5).optional().describe('The lowest rating of a satisfied customer; 4.'),
      vipLevels: z
        .array(z.string().min(1))
        .optional()
        .describe('Customer levels whose customers the KPI tabs list one by one.'),
      digest: z
        .strictObject({
          at: z
            .string()
            .min(1)
            .describe('When the letter is written: a cron pattern in the workspace zone, `0 9 * * 1`.'),
          to: z.array(z.string().min(1)).min(1).describe('Names of people in the people tab, or roles.'),
        })
        .optional()
        .describe('The letter with the figures of the last week.'),
    })
    .optional()
    .describe('How figures are counted and who gets them.'),
  web: z
    .strictObject({
      host: z
        .string()
        .min(1)
        .optional()
        .describe('Address the pages are served on; 127.0.0.1. Elsewhere everybody must log in by a link.'),
      port: z.int().min(0).max(65_535).optional().describe('Port of the pages; 8420. 0: any free one.'),
      url: z.url().optional().describe('Address people reach the pages under, for links in letters and workbooks.'),
    })
    .nullable()
    .optional()
    .describe('The web pages; null: none.'),
  workbooks: z
    .record(z.string().regex(/^[\p{L}\p{N}_-]{1,40}$/u), workbook)
    .optional()
    .describe('Each workbook by a short name of your choice.'),
});

/** One tab as written. */
export type TabFile = z.infer<typeof tab>;
/** One workbook as written. */
export type WorkbookFile = z.infer<typeof workbook>;
/** A column as written in its long form. */
export type ColumnFile = z.infer<typeof column>;

/** The JSON Schema of `rowkeeper.json`, for editors; `init` leaves it beside the file. */
export function workspaceJsonSchema(): Readonly<Record<string, unknown>> {
  return { title: 'rowkeeper.json', ...z.toJSONSchema(workspaceSchema) };
}
