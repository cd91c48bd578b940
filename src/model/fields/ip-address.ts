/** Where a device is reached in a network: an IPv4 address, with a port or a prefix length if need be, or an IPv6 address. */
import type { FieldType } from '../field.ts';
import { accept, plainText, refuse } from '../typed.ts';

const V4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})(?:\/(\d{1,2})|:(\d{1,5}))?$/;
const V6 = /^[0-9a-f:.]{2,45}$/i;

function readV4(text: string): string | undefined {
  const part = V4.exec(text);
  if (!part) return undefined;
  const bytes = part.slice(1, 5).map(Number);
  const [prefix, port] = [part[5], part[6]];
  if (bytes.some((byte) => byte > 255) || Number(prefix ?? 0) > 32) return undefined;
  if (port !== undefined && (Number(port) < 1 || Number(port) > 65_535)) return undefined;
  const tail = prefix !== undefined ? `/${Number(prefix)}` : port !== undefined ? `:${Number(port)}` : '';
  return `${bytes.join('.')}${tail}`;
}

/** The URL standard defines how an IPv6 address is read and written shortest; its parser is at hand everywhere. */
function readV6(text: string): string | undefined {
  const bare = text.replace(/^\[(.*)\]$/, '$1');
  if (!V6.test(bare) || !bare.includes(':')) return undefined;
  const url = `http://[${bare}]/`;
  return URL.canParse(url) ? new URL(url).hostname.slice(1, -1) : undefined;
}

export const ipAddress: FieldType = {
  name: 'ip-address',
  parse(cell) {
    if (typeof cell !== 'string') return refuse('not-an-ip-address', cell);
    const text = plainText(cell).replaceAll('。', '.');
    const address = readV4(text) ?? readV6(text);
    return address === undefined ? refuse('not-an-ip-address', cell) : accept(address);
  },
  format: String,
  sql: 'text',
  samples: ['192.168.1.20', '10.0.0.0/24', '192.168.1.20:8080', '2001:db8::1'],
  weight: 3,
  kind: 'text',
};
