/** What is said about the database. Every `x` that a person can mend has an `x-hint` with the remedy. */
import type { Texts } from './catalogue.ts';

export const database = {
  'database-in-use': {
    'zh-CN': '数据库 {dir} 正由另一个进程使用（进程号 {pid}，主机 {host}，自 {since} 起）。',
    en: 'The database {dir} is in use by another process (pid {pid} on {host}, since {since}).',
  },
  'database-in-use-hint': {
    'zh-CN': '先停掉那个进程；要让多个进程同时工作，请改用 Postgres（DATABASE_URL）。',
    en: 'Stop that process first; for several processes at once move to Postgres (DATABASE_URL).',
  },
  'database-moved': {
    'zh-CN': '内置数据库的全部内容（{tickets} 张工单）已搬到 Postgres；原来的文件夹保留为 {keptAt}。',
    en: 'Everything in the embedded database ({tickets} tickets) was moved to Postgres; the old folder is kept as {keptAt}.',
  },
  'database-unreadable': {
    'zh-CN': '打不开内置数据库 {dir}（{reason}）。',
    en: 'The embedded database {dir} cannot be opened ({reason}).',
  },
  'database-unreadable-hint': {
    'zh-CN': '检查磁盘空间和文件夹权限；文件夹若已损坏，请用备份替换它。',
    en: 'Check disk space and the permissions of the folder; if it is damaged, put a backup in its place.',
  },
  'database-url': { 'zh-CN': '数据库地址写得不对。', en: 'The address of the database is malformed.' },
  'database-url-hint': {
    'zh-CN': '写成 postgres://用户@主机:5432/库名；密码里的特殊字符要用 % 编码。',
    en: 'Write postgres://user@host:5432/name; special characters of the password must be percent-encoded.',
  },
  'database-login': {
    'zh-CN': 'Postgres（{place}）拒绝了用户 {user} 的登录。',
    en: 'Postgres at {place} refused the login of {user}.',
  },
  'database-login-hint': {
    'zh-CN': '检查 DATABASE_URL 里的用户名和密码（或 PGPASSWORD）。',
    en: 'Check user and password in DATABASE_URL (or PGPASSWORD).',
  },
  'database-missing': { 'zh-CN': 'Postgres 上没有数据库 {place}。', en: 'Postgres has no database {place}.' },
  'database-missing-hint': {
    'zh-CN': '先建库（createdb），或改正地址里的库名。',
    en: 'Create it first (createdb), or correct the name in the address.',
  },
  'database-rights': {
    'zh-CN': '用户 {user} 无权在数据库 {place} 里建表。',
    en: '{user} may not create tables in the database {place}.',
  },
  'database-rights-hint': {
    'zh-CN': '请管理员授权：GRANT CREATE, USAGE ON SCHEMA public。',
    en: 'Ask for: GRANT CREATE, USAGE ON SCHEMA public.',
  },
  'database-too-old': {
    'zh-CN': 'Postgres（{place}）的版本是 {version}，至少要 15。',
    en: 'Postgres at {place} is version {version}; 15 or newer is needed.',
  },
  'database-too-old-hint': { 'zh-CN': '升级服务器，或换一台。', en: 'Upgrade the server, or use another one.' },
  'database-newer': {
    'zh-CN': '数据库已由更新的程序升级（第 {found} 版，本程序只到第 {known} 版）。',
    en: 'A newer program has upgraded this database (to {found}; this one knows up to {known}).',
  },
  'database-newer-hint': { 'zh-CN': '请升级程序；数据没有改动。', en: 'Upgrade the program; no data was changed.' },
  'database-unreachable': {
    'zh-CN': '连不上 Postgres（{place}）：{reason}。',
    en: 'Postgres at {place} cannot be reached ({reason}).',
  },
  'database-unreachable-hint': {
    'zh-CN': '检查服务器是否在运行、地址和端口是否正确、网络是否通。',
    en: 'Check that the server runs, the host and port are right, and the network lets you through.',
  },
  'database-busy': {
    'zh-CN': '数据库正忙（{reason}），稍后会再试。',
    en: 'The database was busy ({reason}); it will be tried again.',
  },
  'database-lost': {
    'zh-CN': '与数据库的连接断了（{reason}），稍后会再试。',
    en: 'The connection to the database was lost ({reason}); it will be tried again.',
  },
} as const satisfies Texts;
