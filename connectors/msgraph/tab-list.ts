/** The tabs of a workbook, with the ids that survive a rename, and new ones. */
import type { TabInfo } from '../connector.ts';
import { tabPath } from '../msgraph-api.ts';
import { readTab } from './reading.ts';
import type { WorkbookSession } from './session.ts';

/** The tabs in their order. */
export async function listTabs(session: WorkbookSession): Promise<TabInfo[]> {
  const { value } = await session.call<{
    value?: readonly { id?: string; name?: string; position?: number; visibility?: string }[];
  }>({ method: 'GET', path: '/worksheets?$select=id,name,position,visibility' });
  return (value ?? [])
    .map(({ id = '', name = '', position = 0, visibility }) => ({
      id,
      name,
      position,
      hidden: visibility !== 'Visible',
    }))
    .sort((a, b) => a.position - b.position)
    .map(({ id, name, hidden }) => ({ id, name, hidden }));
}

/** The one empty tab a new workbook begins with, or null. */
export async function onlyBlank(session: WorkbookSession, tabs: readonly TabInfo[]): Promise<TabInfo | null> {
  const [only] = tabs;
  if (only === undefined || tabs.length > 1) return null;
  return (await readTab(session, only.id, null)).rows.length === 0 ? only : null;
}

/** Makes tabs; resolves to their ids. The blank one, where there is one, takes the first name. */
export function createTabMaker(session: WorkbookSession, blank: TabInfo | null): (name: string) => Promise<string> {
  let free = blank;
  return async (name) => {
    if (free === null) {
      return (await session.call<{ id: string }>({ method: 'POST', path: '/worksheets/add', body: { name } })).id;
    }
    const { id, name: old } = free;
    free = null;
    if (old !== name) await session.call({ method: 'PATCH', path: tabPath(id), body: { name }, isRepeatable: true });
    return id;
  };
}
