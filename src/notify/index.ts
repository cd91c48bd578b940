/** The channels, by kind. */
import type { Channel } from './channel.ts';
import { dingtalk } from './dingtalk.ts';
import { feishu } from './feishu.ts';
import { feishuApp } from './feishu-app.ts';
import { mail } from './mail.ts';
import { smsAliyun } from './sms-aliyun.ts';
import { smsHttp } from './sms-http.ts';
import { smsTencent } from './sms-tencent.ts';
import { webhook } from './webhook.ts';
import { wecom } from './wecom.ts';

/** In the order in which people are told about them. */
export const channels = [mail, feishuApp, feishu, dingtalk, wecom, smsAliyun, smsTencent, smsHttp, webhook] as const;

const byKind = new Map(channels.map((channel) => [channel.kind, channel]));

/** The channel of a kind that the configuration has checked. */
export function channelOf(kind: string): Channel {
  const channel = byKind.get(kind);
  if (channel === undefined) throw new Error(`no channel of kind ${kind}`);
  return channel;
}
