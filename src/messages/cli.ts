/** What the command line says. Faults of `rowkeeper.json` stand in `config.ts`. */
import type { Texts } from './catalogue.ts';

export const cli = {
  'cli-internal': { 'zh-CN': '程序内部错误：{message}', en: 'Internal error: {message}' },
  'cli-internal-hint': {
    'zh-CN': '数据没有因此改动。请带上 ROWKEEPER_LOG=debug 的输出反馈。',
    en: 'Please report it together with the output of ROWKEEPER_LOG=debug.',
  },
} as const satisfies Texts;
