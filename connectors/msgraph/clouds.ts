/**
 * The national clouds of Microsoft Graph: where to sign in, where to call, and whether workbooks can be worked on in place
 * (deployments; the v1.0 metadata of each cloud). An app is registered per cloud, and a token of one is refused by the
 * others.
 */

export interface Cloud {
  /** Where people and apps sign in, without a slash at the end. */
  readonly authority: string;
  /** Root of Graph, without version and slash. The scope to ask for is this and `/.default`. */
  readonly root: string;
  /** False: there is no `/workbook` in this cloud, whole files only (metadata of 21Vianet has no workbook types). */
  readonly hasWorkbookApi: boolean;
}

export const clouds = {
  global: {
    authority: 'https://login.microsoftonline.com',
    root: 'https://graph.microsoft.com',
    hasWorkbookApi: true,
  },
  'us-gov': {
    authority: 'https://login.microsoftonline.us',
    root: 'https://graph.microsoft.us',
    hasWorkbookApi: true,
  },
  'us-dod': {
    authority: 'https://login.microsoftonline.us',
    root: 'https://dod-graph.microsoft.us',
    hasWorkbookApi: true,
  },
  china: {
    authority: 'https://login.chinacloudapi.cn',
    root: 'https://microsoftgraph.chinacloudapi.cn',
    hasWorkbookApi: false,
  },
} as const satisfies Readonly<Record<string, Cloud>>;

export type CloudName = keyof typeof clouds;
