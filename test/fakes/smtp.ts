/** A mail server on loopback: STARTTLS or TLS from the start, a user with a password, and what it received. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { certificate, certificateKey } from './certificate.ts';

export interface ReceivedMail {
  readonly from: string;
  readonly to: readonly string[];
  readonly secure: boolean;
  /** Headers and body, decoded no further. */
  readonly source: string;
}

export interface SmtpFake {
  readonly port: number;
  readonly mails: readonly ReceivedMail[];
  /** The next mails are answered with these codes at the end of their data. */
  answerNext(...codes: number[]): void;
  close(): Promise<void>;
}

export interface SmtpOptions {
  readonly tls: 'starttls' | 'implicit' | 'none';
  readonly user?: string;
  readonly password?: string;
}

export async function startSmtp({ tls, user, password }: SmtpOptions): Promise<SmtpFake> {
  const mails: ReceivedMail[] = [];
  const planned: number[] = [];
  const server = new SMTPServer({
    secure: tls === 'implicit',
    cert: certificate,
    key: certificateKey,
    authOptional: user === undefined,
    disabledCommands: [...(tls === 'starttls' ? [] : ['STARTTLS']), ...(user === undefined ? ['AUTH'] : [])],
    disableReverseLookup: true,
    logger: false,
    onAuth(auth, _, answer) {
      if (auth.username === user && auth.password === password) answer(null, { user: auth.username! });
      else answer(Object.assign(new Error(`5.7.8 wrong password ${auth.password}`), { responseCode: 535 }));
    },
    onRcptTo({ address }, _, answer) {
      if (address.startsWith('nobody@')) {
        answer(Object.assign(new Error('5.1.1 no such user'), { responseCode: 550 }));
      } else answer();
    },
    onData(stream, session, answer) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const code = planned.shift();
        if (code !== undefined) {
          answer(Object.assign(new Error('planned answer'), { responseCode: code }));
          return;
        }
        mails.push({
          from: session.envelope.mailFrom === false ? '' : (session.envelope.mailFrom?.address ?? ''),
          to: session.envelope.rcptTo.map(({ address }) => address),
          secure: session.secure === true,
          source: Buffer.concat(chunks).toString(),
        });
        answer(null);
      });
    },
  });
  // A client that hangs up on a certificate it does not trust is none of the server's faults.
  server.on('error', () => {});
  const listening = server.listen(0, '127.0.0.1');
  await once(listening, 'listening');
  return {
    port: (listening.address() as AddressInfo).port,
    mails,
    answerNext: (...codes) => void planned.push(...codes),
    close: () => new Promise((closed) => server.close(() => closed())),
  };
}
