/** Mail against a server on loopback: encrypted, logged in, to whom it may go, and what the answers mean. */
import { describe, expect, test } from 'vitest';
import { type SmtpFake, type SmtpOptions, startSmtp } from '../fakes/smtp.ts';
import { delivered, plainMessage, sendings, variables } from './sender.ts';

const { closing, sender } = sendings();

describe('mail', () => {
  const settings = {
    kind: 'mail',
    host: '127.0.0.1',
    from: 'desk@example.com',
    fromName: '售后服务台',
    domains: ['example.org'],
    caEnv: 'CA',
  };
  const login = { userEnv: 'USER', passwordEnv: 'PASSWORD' };
  async function server(options: Partial<SmtpOptions> = {}): Promise<SmtpFake> {
    const started = await startSmtp({
      tls: 'starttls',
      user: variables.USER,
      password: variables.PASSWORD,
      ...options,
    });
    closing.push(started.close);
    return started;
  }
  const to = 'zhang@example.org';

  test.each(['starttls', 'implicit'] as const)(
    'goes out encrypted and logged in (%s), text and HTML side by side',
    async (tls) => {
      const smtp = await server({ tls });
      const send = sender({ ...settings, ...login, port: smtp.port, tls });
      expect(
        await send({ to, title: '空调 <不制冷>\r\nBcc: evil@example.net', text: '客户：&#60;b&#62;\n二' }),
      ).toEqual(delivered);
      const [mail] = smtp.mails;
      expect(mail).toMatchObject({ from: 'desk@example.com', to: [to], secure: true });
      expect(mail!.source).toContain(`Message-ID: <${plainMessage.key}@example.com>`);
      expect(mail!.source).toMatch(/^Auto-Submitted: auto-generated\r$/m);
      expect(mail!.source).not.toMatch(/^Bcc:/im);
      expect(mail!.source).toContain('multipart/alternative');
    },
  );

  test('shows pictures below the text, each carried in the mail itself', async () => {
    const smtp = await server();
    const send = sender({ ...settings, ...login, port: smtp.port });
    const pictures = [
      { title: '趋势 "<b>', png: Uint8Array.of(137, 80, 78, 71) },
      { title: '分布', png: Uint8Array.of(1, 2, 3) },
    ];
    expect(await send({ to, pictures })).toEqual(delivered);
    const { source } = smtp.mails[0]!;
    expect(source.match(/^Content-Type: image\/png/gm)).toHaveLength(2);
    expect(source).toContain(Buffer.from([137, 80, 78, 71]).toString('base64'));
    for (const n of [1, 2]) expect(source.toLowerCase()).toContain(`content-id: <${plainMessage.key}.${n}@rowkeeper>`);
    // Quoted-printable: soft line ends and equals signs apart, the HTML stands there as it is.
    const html = source.replaceAll('=\r\n', '').replaceAll('=3D', '=');
    expect(html).toContain(`<img src="cid:${plainMessage.key}.1@rowkeeper" alt="`);
    expect(html).not.toContain('"<b>');
  });

  test('never falls back to the clear', async () => {
    const smtp = await server({ tls: 'none' });
    const send = sender({ ...settings, port: smtp.port });
    expect(await send({ to })).toMatchObject({ outcome: 'refused', reason: { code: 'notify-mail' } });
    expect(smtp.mails).toEqual([]);
  });

  test('is sent in the clear where the configuration says so', async () => {
    const smtp = await startSmtp({ tls: 'none' });
    closing.push(smtp.close);
    expect(await sender({ ...settings, port: smtp.port, tls: 'none' })({ to })).toEqual(delivered);
    expect(smtp.mails[0]).toMatchObject({ secure: false });
  });

  test('goes to no server whose certificate nobody vouches for', async () => {
    const smtp = await server();
    const { caEnv: _, ...trusting } = settings;
    expect(await sender({ ...trusting, ...login, port: smtp.port })({ to })).toMatchObject({ outcome: 'retry' });
    expect(smtp.mails).toEqual([]);
  });

  test('a wrong password is refused, though the server repeats it', async () => {
    const smtp = await server();
    const send = sender({ ...settings, userEnv: 'USER', passwordEnv: 'KEY_SECRET', port: smtp.port });
    expect(await send({ to })).toMatchObject({
      outcome: 'refused',
      reason: { params: { reason: expect.stringContaining('***') } },
    });
  });

  test('4yz is for later, 5yz for never', async () => {
    const smtp = await server();
    const send = sender({ ...settings, ...login, port: smtp.port });
    smtp.answerNext(451, 552);
    expect(await send({ to })).toMatchObject({ outcome: 'retry', afterMs: null });
    expect(await send({ to })).toMatchObject({ outcome: 'refused' });
    expect(await send({ to: 'nobody@example.org' })).toMatchObject({ outcome: 'refused' });
  });

  test('a server that is not there is for later', async () => {
    const smtp = await startSmtp({ tls: 'none' });
    await smtp.close();
    expect(await sender({ ...settings, port: smtp.port })({ to })).toMatchObject({ outcome: 'retry' });
  });

  test.each([
    ['a@example.net', 'notify-domain-not-allowed'],
    ['a@example.org.evil.net', 'notify-domain-not-allowed'],
    ['a@sub.example.org', 'notify-domain-not-allowed'],
    ['a@example.org, b@example.net', 'notify-bad-address'],
    ['a@example.org\r\nBcc: b@example.net', 'notify-bad-address'],
    ['"x" <a@example.org>', 'notify-bad-address'],
    ['a@b@example.org', 'notify-bad-address'],
    ['张三', 'notify-bad-address'],
  ])('to %s is refused before anything is opened', async (address, code) => {
    // Port 1: a connection would fail otherwise.
    expect(await sender({ ...settings, port: 1 })({ to: address })).toMatchObject({
      outcome: 'refused',
      reason: { code },
    });
  });
});
