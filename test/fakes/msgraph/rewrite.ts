/**
 * What SharePoint does to an uploaded workbook: it writes properties of its own into the package and packs it anew, so
 * that bytes, size and hash differ from what was sent while every other part is the same. The second time changes nothing.
 */
import { inflateRawSync } from 'node:zlib';
import { makeZip, type RawEntry } from '../workbook-builder.ts';

const PROPERTIES = `<?xml version="1.0" encoding="utf-8"?><Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"><property fmtid="{D5CDD505-2E9C-101B-9397-08002B2CF9AE}" pid="2" name="ContentTypeId"><vt:lpwstr>0x010100</vt:lpwstr></property></Properties>`;
const PART = 'docProps/custom.xml';

/** The rewritten package; bytes that are no zip come back as they are. */
export function rewritten(bytes: Uint8Array): Uint8Array {
  const entries = entriesOf(Buffer.from(bytes));
  if (entries === null) return bytes;
  const parts = entries.filter(({ name }) => name !== PART);
  if (parts.length === entries.length) {
    change(parts, '[Content_Types].xml', '</Types>', [
      `<Override PartName="/${PART}" ContentType="application/vnd.openxmlformats-officedocument.custom-properties+xml"/>`,
    ]);
    change(parts, '_rels/.rels', '</Relationships>', [
      `<Relationship Id="rIdSp" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/custom-properties" Target="${PART}"/>`,
    ]);
  }
  return makeZip([...parts, { name: PART, content: PROPERTIES }]);
}

function change(
  parts: { name: string; content: string | Uint8Array }[],
  name: string,
  end: string,
  added: string[],
): void {
  const part = parts.find((each) => each.name === name);
  if (part === undefined) return;
  part.content = Buffer.from(part.content)
    .toString()
    .replace(end, `${added.join('')}${end}`);
}

function entriesOf(file: Buffer): (RawEntry & { name: string; content: string | Uint8Array })[] | null {
  const end = file.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  if (end < 0) return null;
  const count = file.readUInt16LE(end + 10);
  let at = file.readUInt32LE(end + 16);
  return Array.from({ length: count }, () => {
    const method = file.readUInt16LE(at + 10);
    const size = file.readUInt32LE(at + 20);
    const nameLength = file.readUInt16LE(at + 28);
    const name = file.toString('utf8', at + 46, at + 46 + nameLength);
    const local = file.readUInt32LE(at + 42);
    const start = local + 30 + file.readUInt16LE(local + 26) + file.readUInt16LE(local + 28);
    const data = file.subarray(start, start + size);
    at += 46 + nameLength + file.readUInt16LE(at + 30) + file.readUInt16LE(at + 32);
    return { name, content: method === 0 ? data : inflateRawSync(data) };
  });
}
