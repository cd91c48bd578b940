/** What can be said of a workbook that is downloaded and uploaded whole. A fault `x` has its remedy under `x-hint`. */
import type { Texts } from './catalogue.ts';

export const msgraphFile = {
  'msgraph-file-gone': {
    'zh-CN': '工作簿“{file}”已不在原来的文档库里（被删除，或移到了别的网站或网盘）',
    en: 'The workbook “{file}” is no longer in its library (deleted, or moved to another site or drive)',
  },
  'msgraph-file-gone-hint': {
    'zh-CN':
      '误删的可在 OneDrive 或 SharePoint 的回收站里还原，还原后自动继续；若是移到了别的网站或网盘，请在 rowkeeper.json 里换成新的链接。在同一文档库里改名或移动不受影响。',
    en: 'A deleted file can be restored from the recycle bin of OneDrive or SharePoint; work then goes on by itself. If it moved to another site or drive, put its new link into rowkeeper.json. Renaming or moving it inside the library does no harm.',
  },
  'msgraph-file-locked': {
    'zh-CN': '工作簿“{file}”正被打开，写入已排队',
    en: 'The workbook “{file}” is open; writes are queued',
  },
  'msgraph-file-locked-hint': {
    'zh-CN': '请在 Excel 和浏览器里都关闭该工作簿；关闭后 OneDrive 可能还要几分钟才放开。',
    en: 'Close the workbook in Excel and in the browser; OneDrive may take some minutes more to release it.',
  },
  'msgraph-file-checked-out': {
    'zh-CN': '工作簿“{file}”已被签出，写入已排队',
    en: 'The workbook “{file}” is checked out; writes are queued',
  },
  'msgraph-file-checked-out-hint': {
    'zh-CN': '请签出的人在文档库里把它签入，或放弃签出；文档库若要求“编辑前签出”，请在库设置里关掉。',
    en: 'Have the person check it in or discard the check-out; if the library requires a check-out before editing, turn that off in its settings.',
  },
  'msgraph-file-checked-out-by': {
    'zh-CN': '工作簿“{file}”已被 {person} 签出，写入已排队',
    en: 'The workbook “{file}” is checked out to {person}; writes are queued',
  },
  'msgraph-file-behind': {
    'zh-CN': 'OneDrive 给出的还是工作簿“{file}”写入之前的内容，稍后再读',
    en: 'OneDrive still hands out what the workbook “{file}” held before the last write; it will be read again shortly',
  },
  'msgraph-file-behind-hint': {
    'zh-CN': '无需处理，通常几秒到半分钟就会跟上。',
    en: 'Nothing to do; it catches up within seconds, half a minute at most.',
  },
  'msgraph-file-contested': {
    'zh-CN': 'OneDrive 一再说工作簿“{file}”刚被改过，内容却没有变；本次没有写入',
    en: 'OneDrive keeps saying that the workbook “{file}” has just changed, while its content is the same; nothing was written',
  },
  'msgraph-file-contested-hint': {
    'zh-CN': '一般无需处理，稍后会自动再试；若一直如此，请看看是否有同步程序反复上传这个文件。',
    en: 'Nothing to do; it is tried again shortly. If it goes on, look for a sync program that keeps uploading the file.',
  },
  'msgraph-file-no-write': {
    'zh-CN': '没有写入工作簿“{file}”的权限（{code}）',
    en: 'The workbook “{file}” may not be written ({code})',
  },
  'msgraph-file-no-write-hint': {
    'zh-CN':
      '用服务账号登录的：把文件共享给该账号并允许编辑；以应用身份运行的：请管理员授予应用权限 Sites.ReadWrite.All 并完成管理员同意。',
    en: 'With a service account: share the file with it, with the right to edit. As an app of its own: have an administrator grant the application permission Sites.ReadWrite.All, with admin consent.',
  },
  'msgraph-file-policy': {
    'zh-CN': '组织的策略不允许替换工作簿“{file}”的内容（常见原因是敏感度标签）',
    en: 'A policy of the organisation forbids replacing the content of the workbook “{file}” (a sensitivity label is the usual cause)',
  },
  'msgraph-file-policy-hint': {
    'zh-CN': '换一个不加密的敏感度标签，或改用服务账号登录（受标签保护的文件不能以应用身份替换）。',
    en: 'Give the file a label without encryption, or sign in with a service account (an app of its own may not replace protected files).',
  },
  'msgraph-file-no-space': {
    'zh-CN': '存放工作簿“{file}”的网盘或网站空间已满，没有写入',
    en: 'The drive or site that holds the workbook “{file}” is full; nothing was written',
  },
  'msgraph-file-no-space-hint': {
    'zh-CN': '请清理空间（旧版本和回收站也占用配额），或请管理员增加配额，之后会自动再试。',
    en: 'Free some space (old versions and the recycle bin count too) or have the quota raised; it is tried again by itself.',
  },
  'msgraph-file-transfer': {
    'zh-CN': '工作簿“{file}”没有传完（{code}），内容没有改动',
    en: 'The workbook “{file}” was not transferred to the end ({code}); it was not changed',
  },
  'msgraph-file-transfer-hint': {
    'zh-CN': '一般无需处理，稍后会自动再试；若一直如此，请检查到 OneDrive 和 SharePoint 的网络。',
    en: 'Nothing to do; it is tried again shortly. If it goes on, check the way to OneDrive and SharePoint.',
  },
  'msgraph-file-uncertain': {
    'zh-CN': '工作簿“{file}”已上传，但没有等到结果；下次读取时会核对',
    en: 'The workbook “{file}” was uploaded, and the outcome never came back; the next read will tell',
  },
  'msgraph-file-uncertain-hint': {
    'zh-CN': '无需处理。',
    en: 'Nothing to do.',
  },
} as const satisfies Texts;
