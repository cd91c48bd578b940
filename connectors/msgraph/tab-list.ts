/** The tabs of a workbook, with the ids that survive a rename. */
import type { TabInfo } from '../connector.ts';
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
