/** What can be said of the file a workbook lives in: absent, open elsewhere, disk full. A fault `x` has its remedy under `x-hint`. */
import type { Texts } from './catalogue.ts';

export const file = {
  'workbook-absent': {
    'zh-CN': '工作簿“{file}”暂时不在（可能正在保存）',
    en: 'The workbook “{file}” is not there at the moment (it may be being saved)',
  },
  'workbook-absent-hint': {
    'zh-CN': '若一直不出现：把文件放回 {folder}，或在 rowkeeper.json 里改正路径。',
    en: 'If it stays away: put the file back into {folder}, or correct the path in rowkeeper.json.',
  },
  'folder-absent': {
    'zh-CN': '找不到工作簿“{file}”所在的文件夹 {folder}',
    en: 'The folder {folder} of the workbook “{file}” cannot be found',
  },
  'folder-absent-hint': {
    'zh-CN': '重新连接网络盘，或恢复该文件夹，或在 rowkeeper.json 里改正路径。',
    en: 'Reconnect the network drive, restore the folder, or correct the path in rowkeeper.json.',
  },
  'workbook-changing': {
    'zh-CN': '工作簿“{file}”正在被写入，稍后再读',
    en: 'The workbook “{file}” is being written at this moment; it will be read again shortly',
  },
  'workbook-changing-hint': {
    'zh-CN': '等待保存或复制完成即可。',
    en: 'Wait until the save or copy has finished.',
  },
  'workbook-locked': {
    'zh-CN': '工作簿“{file}”正被打开，写入已排队',
    en: 'The workbook “{file}” is open; writes are queued',
  },
  'workbook-locked-by': {
    'zh-CN': '工作簿“{file}”正被 {holder} 打开，写入已排队',
    en: 'The workbook “{file}” is open at {holder}; writes are queued',
  },
  'workbook-locked-hint': {
    'zh-CN': '保存并关闭该工作簿即可继续；若确实无人打开，请删除残留的锁文件 {lock}。',
    en: 'Save and close the workbook to go on; if really nobody has it open, delete the left-over lock file {lock}.',
  },
  'workbook-held-hint': {
    'zh-CN': '保存并关闭该工作簿即可继续。',
    en: 'Save and close the workbook to go on.',
  },
  'workbook-busy': {
    'zh-CN': '另一个 Rowkeeper 进程正在写工作簿“{file}”',
    en: 'Another Rowkeeper process is writing the workbook “{file}”',
  },
  'workbook-busy-hint': {
    'zh-CN': '一般无需处理，稍后会自动再试。',
    en: 'Nothing to do; it is tried again shortly.',
  },
  'backup-not-written': {
    'zh-CN': '无法在 {backups} 保存旧版本备份，工作簿“{file}”没有改动',
    en: 'No backup of the old content could be kept in {backups}; the workbook “{file}” was not changed',
  },
  'backup-not-written-hint': {
    'zh-CN': '请检查备份文件夹 {backups} 的权限和剩余空间。',
    en: 'Check the permissions and the free space of the backup folder {backups}.',
  },
  'workbook-no-access': {
    'zh-CN': '没有权限读取工作簿“{file}”',
    en: 'The workbook “{file}” may not be read by this service',
  },
  'workbook-no-access-hint': {
    'zh-CN': '请给运行本服务的用户读取 {folder} 及该文件的权限。',
    en: 'Give the user running this service permission to read the file and its folder {folder}.',
  },
  'workbook-read-only': {
    'zh-CN': '工作簿“{file}”被设为只读，没有写入',
    en: 'The workbook “{file}” is marked read-only; nothing was written',
  },
  'workbook-read-only-hint': {
    'zh-CN':
      '去掉文件的只读属性，或给运行本服务的用户写权限；若本就不该写，请在 rowkeeper.json 里把该表设为 readOnly。',
    en: 'Clear the read-only mark or give the user running this service write permission; if it must not be written, set the tab to readOnly in rowkeeper.json.',
  },
  'folder-not-writable': {
    'zh-CN': '文件夹 {folder} 不能写入，工作簿“{file}”没有改动',
    en: 'The folder {folder} cannot be written; the workbook “{file}” was not changed',
  },
  'folder-not-writable-hint': {
    'zh-CN': '请给运行本服务的用户该文件夹的写权限（保存时要在同一文件夹里先写一个临时文件）。',
    en: 'Give the user running this service write permission for the folder (a save first writes a temporary file beside the workbook).',
  },
  'disk-full': {
    'zh-CN': '磁盘已满，工作簿“{file}”没有改动',
    en: 'The disk is full; the workbook “{file}” was not changed',
  },
  'disk-full-hint': {
    'zh-CN': '请在 {folder} 所在的磁盘上腾出空间，之后会自动再试。',
    en: 'Free some space on the disk of {folder}; it is tried again by itself.',
  },
  'file-trouble': {
    'zh-CN': '读写工作簿“{file}”时系统报错（{errno}）',
    en: 'The system reported {errno} while reading or writing the workbook “{file}”',
  },
  'file-trouble-hint': {
    'zh-CN': '请检查 {folder} 所在的磁盘或网络盘，之后会自动再试。',
    en: 'Check the disk or network drive of {folder}; it is tried again by itself.',
  },
  'workbook-not-a-file': {
    'zh-CN': '“{file}”不是文件',
    en: '“{file}” is not a file',
  },
  'workbook-not-a-file-hint': {
    'zh-CN': '请在 rowkeeper.json 里改正路径。',
    en: 'Correct the path in rowkeeper.json.',
  },
  'publish-stale': {
    'zh-CN': '工作簿“{file}”在写入看板页时被别人保存了，未写入，稍后重试。',
    en: 'The workbook “{file}” was saved by somebody while tabs were being published; nothing was written, it is tried again.',
  },
} as const satisfies Texts;
