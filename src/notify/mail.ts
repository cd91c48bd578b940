/**
 * Mail by SMTP. Encrypted unless the configuration says otherwise, only to domains on the account's list, text and HTML
 * side by side. The `Message-ID` is made of the idempotency key, so that a mail sent twice is one mail to whoever drops
 * doubles.
 *
 * Replies: RFC 5321, 4.2.1 (4yz: later, 5yz: never). The server's host is the operator's own word and may be private.
 */
import type { SMTPTransportOptions } from 'nodemailer';
import { z } from 'zod';
import { type Delivery, defineChannel, delivered, type Picture, refused, retry } from './channel.ts';
import { redact } from './outbound.ts';
import { variable } from './shapes.ts';
import { escapeHtml, singleLine } from './template.ts';

/** For one mail from the first packet to the last answer; shorter than the lease of whoever sends. */
const wholeMs = 90_000;

const domain = z
  .string()
  .regex(/^(?:\*|[a-z0-9-]+(?:\.[a-z0-9-]+)+)$/i, 'domain, or * for every one')
  .toLowerCase();

/** An address and nothing more: no name, no list, no comment, no quoted part. */
const addressPattern = /^[^\s@<>()[\]\\,;:"]{1,64}@([\p{L}\p{N}.-]{1,253})$/u;
const address = z.string().regex(addressPattern, 'mail address');

export const mail = defineChannel({
  kind: 'mail',
  settings: z.strictObject({
    kind: z.literal('mail').describe('Mail by SMTP.'),
    host: z.string().min(1).describe('SMTP server.'),
    port: z.int().min(1).max(65_535).optional().describe('465 for implicit TLS, else 587, when left out.'),
    tls: z
      .enum(['starttls', 'implicit', 'none'])
      .optional()
      .describe(
        'starttls when left out, and then required: mail is never sent in the clear unless none is written here.',
      ),
    caEnv: variable.optional().describe('Environment variable with the PEM certificate of your own authority.'),
    userEnv: variable.optional().describe('Environment variable with the user name; with passwordEnv.'),
    passwordEnv: variable.optional().describe('Environment variable with the password.'),
    from: address.describe('Address that mails come from.'),
    fromName: z.string().min(1).max(60).optional().describe('Name beside it.'),
    replyTo: address.optional().describe('Where answers go.'),
    domains: z.array(domain).min(1).describe('Domains that mail may go to; "*" for every one.'),
  }),
  format: 'html',
  limits: { max: 100_000, unit: 'characters', perMinute: null },
  costly: false,
  showsPictures: true,
  baseUrl: () => null,
  async send({ key, to, title, text, plain, link, pictures }, { settings, secret }) {
    const receiver = addressPattern.exec(to.trim())?.[1]?.toLowerCase();
    if (receiver === undefined) return refused('notify-bad-address');
    if (!settings.domains.includes('*') && !settings.domains.includes(receiver)) {
      return refused('notify-domain-not-allowed', { domain: receiver });
    }
    const user = settings.userEnv === undefined ? '' : secret(settings.userEnv);
    const password = settings.passwordEnv === undefined ? '' : secret(settings.passwordEnv);
    const tls = settings.tls ?? 'starttls';
    const { createTransport } = await import('nodemailer');
    const options: SMTPTransportOptions = {
      host: settings.host,
      port: settings.port ?? (tls === 'implicit' ? 465 : 587),
      secure: tls === 'implicit',
      requireTLS: tls === 'starttls',
      ignoreTLS: tls === 'none',
      ...(user === '' ? {} : { auth: { user, pass: password } }),
      tls: { minVersion: 'TLSv1.2', ...(settings.caEnv === undefined ? {} : { ca: secret(settings.caEnv) }) },
      connectionTimeout: 10_000,
      greetingTimeout: 10_000,
      socketTimeout: 20_000,
      // Nothing in a message may make the library read a file or a URL.
      disableFileAccess: true,
      disableUrlAccess: true,
    };
    const transport = createTransport(options);
    try {
      const sent = await transport.sendMail({
        signal: AbortSignal.timeout(wholeMs),
        from: settings.fromName === undefined ? settings.from : { name: settings.fromName, address: settings.from },
        to: { name: '', address: to.trim() },
        ...(settings.replyTo === undefined ? {} : { replyTo: settings.replyTo }),
        subject: singleLine(title),
        text: link === null ? plain : `${plain}\n\n${link}`,
        html: htmlBody(text, link, pictures, key),
        attachments: pictures.map(({ png }, n) => ({
          filename: `${n + 1}.png`,
          content: Buffer.from(png),
          contentType: 'image/png',
          contentDisposition: 'inline' as const,
          cid: pictureId(key, n),
        })),
        messageId: `<${key}@${settings.from.split('@')[1]}>`,
        headers: { 'X-Rowkeeper-Id': key, 'Auto-Submitted': 'auto-generated' },
      });
      return sent.accepted.length > 0 ? delivered : refused('notify-mail', { host: settings.host, reason: 'rejected' });
    } catch (error) {
      return mailFailure(error, settings.host, [user, password]);
    } finally {
      transport.close();
    }
  },
});

/** As the mail's own text refers to a picture; nothing outside the mail is ever loaded. */
function pictureId(key: string, n: number): string {
  return `${key}.${n + 1}@rowkeeper`;
}

function htmlBody(text: string, link: string | null, pictures: readonly Picture[], key: string): string {
  const lines = text.replaceAll('\n', '<br>');
  const drawn = pictures.map(
    ({ title }, n) =>
      `<p><img src="cid:${pictureId(key, n)}" alt="${escapeHtml(title)}" width="680" style="max-width:100%;height:auto"></p>`,
  );
  const target = link === null ? '' : `<p><a href="${escapeHtml(link)}">${escapeHtml(link)}</a></p>`;
  return `<!doctype html><html><body><p>${lines}</p>${target}${drawn.join('')}</body></html>`;
}

function mailFailure(error: unknown, host: string, secrets: readonly string[]): Delivery {
  const { code, responseCode, response } = error as {
    readonly code?: string;
    readonly responseCode?: number;
    readonly response?: string;
  };
  const said = response === undefined ? (code ?? 'failed') : redact(singleLine(response), secrets).slice(0, 200);
  const params = { host, reason: said };
  // 503 says that the session went wrong, not the message.
  if (responseCode !== undefined && responseCode >= 500 && responseCode !== 503) return refused('notify-mail', params);
  return retry('notify-mail', params);
}
