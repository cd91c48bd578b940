/** The 附件限制 cell: `最多5个，每个20MB，jpg/png/pdf`, in any order. */
import type { TabRow } from './row.ts';
import { shortened } from './row.ts';

export interface AttachmentLimits {
  /** Files in one field; null: no limit of its own. */
  readonly most: number | null;
  /** Size of one file; null: no limit of its own. */
  readonly eachBytes: number | null;
  /** File name endings in lower case, without a dot; empty: any. */
  readonly extensions: readonly string[];
}

const COUNT = /^(?:最多|不超过|up to|at most|max)? ?(\d{1,4}) ?(?:个|张|份|files?)$/i;
const SIZE =
  /^(?:每个|单个|最大|不超过|each|up to|max)? ?(?:不超过|最大|up to)? ?(\d{1,6}(?:\.\d+)?) ?(k|m|g)b?(?: each)?$/i;
const EXTENSION = /^\.?[a-z0-9]{1,8}$/i;
const UNITS: Readonly<Record<string, number>> = { k: 2 ** 10, m: 2 ** 20, g: 2 ** 30 };
/** Groups of endings people name by what they are. */
const GROUPS: ReadonlyMap<string, readonly string[]> = new Map([
  ['图片', ['jpg', 'jpeg', 'png', 'gif', 'webp', 'heic']],
  ['images', ['jpg', 'jpeg', 'png', 'gif', 'webp', 'heic']],
  ['视频', ['mp4', 'mov']],
  ['videos', ['mp4', 'mov']],
  ['文档', ['pdf', 'doc', 'docx', 'xls', 'xlsx', 'txt']],
  ['documents', ['pdf', 'doc', 'docx', 'xls', 'xlsx', 'txt']],
]);

export function readAttachmentLimits(row: TabRow): AttachmentLimits {
  let [most, eachBytes]: (number | null)[] = [null, null];
  const extensions = new Set<string>();
  for (const part of row.words('attachments', /[、,;|/\n]/)) {
    const count = COUNT.exec(part);
    const size = SIZE.exec(part);
    const group = GROUPS.get(part.toLowerCase());
    if (count && Number(count[1]) > 0) most = Number(count[1]);
    else if (size && Number(size[1]) > 0) eachBytes = Math.round(Number(size[1]) * UNITS[size[2]!.toLowerCase()]!);
    else if (group) for (const ending of group) extensions.add(ending);
    else if (EXTENSION.test(part)) extensions.add(part.replace('.', '').toLowerCase());
    else row.note('error', 'attachments', 'tab-attachments', { typed: shortened(part) });
  }
  return { most: most ?? null, eachBytes: eachBytes ?? null, extensions: [...extensions] };
}
