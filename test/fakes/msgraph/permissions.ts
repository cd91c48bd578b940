/** Which permission a call needs, after Microsoft's permission data; a token without it is answered 403. */
import { badRequest, GraphFailure } from './failure.ts';
import type { Bearer } from './login.ts';
import type { GraphSwitches } from './switches.ts';

const WRITE = [
  'Files.ReadWrite.All',
  'Sites.ReadWrite.All',
  'Files.ReadWrite',
  'Sites.Manage.All',
  'Sites.FullControl.All',
];
const READ = [...WRITE, 'Files.Read.All', 'Sites.Read.All', 'Files.Read'];

function neededFor(path: string, method: string, { kind }: Bearer): readonly string[] {
  if (path.startsWith('/subscriptions')) return ['Files.ReadWrite.All', 'Sites.ReadWrite.All'];
  if (path.includes('/workbook')) return WRITE;
  // An application may open an upload session with the permission for sites only.
  if (path.endsWith('/createUploadSession'))
    return kind === 'application' ? ['Sites.ReadWrite.All', 'Sites.FullControl.All'] : WRITE;
  return method === 'GET' ? READ : WRITE;
}

/** `/me` is nobody for an application. */
export function checkMe(bearer: Bearer, rawPath: string): void {
  if (bearer.kind === 'application' && rawPath.startsWith('/me/'))
    throw badRequest('/me request is only valid with delegated authentication flow.');
}

export function checkPermission(bearer: Bearer, method: string, path: string, switches: GraphSwitches): void {
  const isWorkbook = path.includes('/workbook');
  if (isWorkbook && bearer.kind === 'application' && !switches.applicationMayUseWorkbooks)
    throw new GraphFailure(403, 'AccessDenied', 'Could not obtain a WAC access token.', {
      second: 'forbiddenUncategorized',
      third: 'EditModeAccessDenied',
    });
  const needed = neededFor(path, method, bearer);
  if (!needed.some((each) => bearer.permissions.includes(each)))
    throw new GraphFailure(403, 'accessDenied', 'Access denied');
}
