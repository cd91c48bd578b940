/**
 * Builds .xlsx files from raw parts, and zips from raw entries, in every odd form a spreadsheet app or an attacker can
 * give them. Shares no code with what reads them.
 */
import { Buffer } from 'node:buffer';
import { crc32, deflateRawSync } from 'node:zlib';

const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const STRICT = 'http://purl.oclc.org/ooxml/spreadsheetml/main';
const RELATIONS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const STRICT_RELATIONS = 'http://purl.oclc.org/ooxml/officeDocument/relationships';
const PACKAGE_RELATIONS = 'http://schemas.openxmlformats.org/package/2006/relationships';

type Content = string | Uint8Array;

/** One zip entry. What is not given is what an ordinary writer would put there; what is given may be a lie. */
export interface RawEntry {
  readonly name: string;
  readonly content: Content;
  /** Declared method; the content is deflated unless it is 0. */
  readonly method?: number;
  readonly flags?: number;
  /** Sizes behind the data, with or without the signature, in 4 or 8 bytes. */
  readonly descriptor?: 'signed' | 'plain' | 'signed64';
  /** Sizes and offset in a zip64 field. */
  readonly zip64?: boolean;
  readonly extra?: Uint8Array;
  readonly comment?: string;
  readonly declaredSize?: number;
  readonly declaredCrc?: number;
}

export interface ZipOptions {
  /** Bytes before the first entry. */
  readonly prefix?: Uint8Array;
  readonly comment?: string;
  /** A zip64 end record and locator. */
  readonly zip64End?: boolean;
}

/** Writes a zip of these entries in order. */
export function makeZip(entries: readonly RawEntry[], options: ZipOptions = {}): Uint8Array {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const put = (chunk: Uint8Array): void => {
    chunks.push(chunk);
    length += chunk.length;
  };
  put(options.prefix ?? new Uint8Array());
  const records: Buffer[] = [];
  for (const entry of entries) {
    const content = Buffer.from(entry.content);
    const method = entry.method ?? 8;
    const data = method === 0 ? content : deflateRawSync(content, { level: 1 });
    const name = Buffer.from(entry.name);
    const crc = entry.declaredCrc ?? crc32(content);
    const size = entry.declaredSize ?? content.length;
    const late = entry.descriptor !== undefined;
    const flags = (entry.flags ?? 0x0800) | (late ? 8 : 0);
    const start = length;
    const extra = entry.extra ?? new Uint8Array();

    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(20, 4);
    local.writeUInt16LE(flags, 6);
    local.writeUInt16LE(method, 8);
    local.writeUInt32LE(0x5a215a21, 10);
    if (!late) {
      local.writeUInt32LE(crc, 14);
      local.writeUInt32LE(data.length, 18);
      local.writeUInt32LE(size, 22);
    }
    local.writeUInt16LE(name.length, 26);
    local.writeUInt16LE(extra.length, 28);
    put(local);
    put(name);
    put(extra);
    put(data);
    if (entry.descriptor !== undefined) put(descriptor(entry.descriptor, crc, data.length, size));

    const zip64 = entry.zip64 === true ? zip64Field(size, data.length, start) : new Uint8Array();
    const comment = Buffer.from(entry.comment ?? '');
    const record = Buffer.alloc(46);
    record.writeUInt32LE(0x02014b50, 0);
    record.writeUInt16LE(0x0314, 4);
    record.writeUInt16LE(20, 6);
    record.writeUInt16LE(flags, 8);
    record.writeUInt16LE(method, 10);
    record.writeUInt32LE(0x5a215a21, 12);
    record.writeUInt32LE(crc, 16);
    record.writeUInt32LE(entry.zip64 === true ? 0xffffffff : data.length, 20);
    record.writeUInt32LE(entry.zip64 === true ? 0xffffffff : size, 24);
    record.writeUInt16LE(name.length, 28);
    record.writeUInt16LE(extra.length + zip64.length, 30);
    record.writeUInt16LE(comment.length, 32);
    record.writeUInt32LE(0x81a40000, 38);
    record.writeUInt32LE(entry.zip64 === true ? 0xffffffff : start, 42);
    records.push(Buffer.concat([record, name, extra, zip64, comment]));
  }
  const directoryStart = length;
  for (const record of records) put(record);
  const directorySize = length - directoryStart;
  if (options.zip64End === true) put(zip64End(records.length, directorySize, directoryStart));
  const comment = Buffer.from(options.comment ?? '');
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(options.zip64End === true ? 0xffff : records.length, 8);
  end.writeUInt16LE(options.zip64End === true ? 0xffff : records.length, 10);
  end.writeUInt32LE(options.zip64End === true ? 0xffffffff : directorySize, 12);
  end.writeUInt32LE(options.zip64End === true ? 0xffffffff : directoryStart, 16);
  end.writeUInt16LE(comment.length, 20);
  put(end);
  put(comment);
  return Buffer.concat(chunks, length);
}

function descriptor(form: 'signed' | 'plain' | 'signed64', crc: number, compressed: number, size: number): Buffer {
  const made = Buffer.alloc(form === 'plain' ? 12 : form === 'signed' ? 16 : 24);
  const at = form === 'plain' ? 0 : 4;
  if (form !== 'plain') made.writeUInt32LE(0x08074b50, 0);
  made.writeUInt32LE(crc, at);
  made.writeUInt32LE(compressed, at + 4);
  made.writeUInt32LE(size, form === 'signed64' ? 16 : at + 8);
  return made;
}

function zip64Field(size: number, compressed: number, start: number): Buffer {
  const field = Buffer.alloc(28);
  field.writeUInt16LE(1, 0);
  field.writeUInt16LE(24, 2);
  field.writeBigUInt64LE(BigInt(size), 4);
  field.writeBigUInt64LE(BigInt(compressed), 12);
  field.writeBigUInt64LE(BigInt(start), 20);
  return field;
}

function zip64End(count: number, size: number, start: number): Buffer {
  const made = Buffer.alloc(76);
  made.writeUInt32LE(0x06064b50, 0);
  made.writeBigUInt64LE(44n, 4);
  made.writeUInt16LE(45, 12);
  made.writeUInt16LE(45, 14);
  made.writeBigUInt64LE(BigInt(count), 24);
  made.writeBigUInt64LE(BigInt(count), 32);
  made.writeBigUInt64LE(BigInt(size), 40);
  made.writeBigUInt64LE(BigInt(start), 48);
  made.writeUInt32LE(0x07064b50, 56);
  made.writeBigUInt64LE(BigInt(start + size), 64);
  made.writeUInt32LE(1, 72);
  return made;
}

export interface SheetSpec {
  readonly name: string;
  /** What stands inside `<sheetData>`. */
  readonly rows?: string;
  /** What stands before and behind `<sheetData>`. */
  readonly head?: string;
  readonly tail?: string;
  /** The whole part instead. */
  readonly xml?: Content;
  /** Name of the part; `xl/worksheets/sheetN.xml` when not given. */
  readonly part?: string;
  readonly state?: 'hidden' | 'veryHidden';
  /** What stands inside the part's `<Relationships>`. */
  readonly relationships?: string;
}

export interface WorkbookSpec {
  readonly sheets: readonly SheetSpec[];
  /** What stands inside `<sst>`; or the whole part. */
  readonly strings?: string;
  readonly stringsXml?: Content;
  /** The whole styles part instead of `STYLES`; null for none. */
  readonly styles?: string | null;
  /** What stands before `<sheets>`, for example `<workbookPr date1904="1"/>`. */
  readonly workbookHead?: string;
  /** Namespaces of strict OOXML. */
  readonly strict?: boolean;
  /** Parts to add, or to put in place of made ones. */
  readonly parts?: Readonly<Record<string, Content>>;
  /** Parts of workbook and package under other names. */
  readonly workbookPart?: string;
}

/** `s` of the cells of `STYLES`. */
export const STYLE = {
  general: 0,
  day: 1,
  dateTime: 2,
  time: 3,
  dayInWords: 4,
  elapsed: 5,
  quoted: 6,
  bold: 7,
} as const;

/** A styles part with the formats named in `STYLE`. */
export const STYLES = `<styleSheet xmlns="${MAIN}"><numFmts count="4"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss"/><numFmt numFmtId="165" formatCode="[$-804]yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;;@"/><numFmt numFmtId="166" formatCode="[h]:mm"/><numFmt numFmtId="167" formatCode="[Red]#,##0.00\\ &quot;days&quot;"/></numFmts><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="14" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="8">${[
  0, 14, 164, 20, 165, 166, 167,
]
  .map((id) => `<xf numFmtId="${id}" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>`)
  .join(
    '',
  )}<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0"/></cellXfs><dxfs count="1"><dxf><numFmt numFmtId="164" formatCode="0.00"/></dxf></dxfs></styleSheet>`;

/** The parts of a workbook, in the order of a usual file. */
export function workbookParts(spec: WorkbookSpec): Map<string, Content> {
  const relations = spec.strict === true ? STRICT_RELATIONS : RELATIONS;
  const main = spec.strict === true ? STRICT : MAIN;
  const workbookPart = spec.workbookPart ?? 'xl/workbook.xml';
  const slash = workbookPart.lastIndexOf('/') + 1;
  const folder = workbookPart.slice(0, slash);
  const stylesPart = `${folder}styles.xml`;
  const stringsPart = `${folder}sharedStrings.xml`;
  const names = spec.sheets.map((sheet, i) => sheet.part ?? `${folder}worksheets/sheet${i + 1}.xml`);
  const styles = spec.styles === undefined ? STYLES : spec.styles;
  const strings = spec.stringsXml ?? (spec.strings === undefined ? null : `<sst xmlns="${main}">${spec.strings}</sst>`);
  const parts = new Map<string, Content>();

  const kind = 'application/vnd.openxmlformats-officedocument.spreadsheetml';
  const override = (part: string, type: string): string =>
    `<Override PartName="/${part}" ContentType="${kind}.${type}+xml"/>`;
  parts.set(
    '[Content_Types].xml',
    `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>${override(workbookPart, 'sheet.main')}${names.map((name) => override(name, 'worksheet')).join('')}${styles === null ? '' : override(stylesPart, 'styles')}${strings === null ? '' : override(stringsPart, 'sharedStrings')}</Types>`,
  );
  const relationship = (id: string, type: string, target: string): string =>
    `<Relationship Id="${id}" Type="${relations}/${type}" Target="${target}"/>`;
  const list = (inner: string): string => `<Relationships xmlns="${PACKAGE_RELATIONS}">${inner}</Relationships>`;
  parts.set('_rels/.rels', list(relationship('rId1', 'officeDocument', workbookPart)));
  parts.set(
    workbookPart,
    `<workbook xmlns="${main}" xmlns:r="${relations}">${spec.workbookHead ?? ''}<sheets>${spec.sheets
      .map((sheet, i) => {
        const state = sheet.state === undefined ? '' : ` state="${sheet.state}"`;
        return `<sheet name="${sheet.name}" sheetId="${i + 1}"${state} r:id="rId${i + 1}"/>`;
      })
      .join('')}</sheets></workbook>`,
  );
  parts.set(
    `${folder}_rels/${workbookPart.slice(slash)}.rels`,
    list(
      names.map((name, i) => relationship(`rId${i + 1}`, 'worksheet', `/${name}`)).join('') +
        (styles === null ? '' : relationship('rIdStyles', 'styles', `/${stylesPart}`)) +
        (strings === null ? '' : relationship('rIdStrings', 'sharedStrings', `/${stringsPart}`)),
    ),
  );
  spec.sheets.forEach((sheet, i) => {
    const name = names[i] ?? '';
    const whole = `<worksheet xmlns="${main}" xmlns:r="${relations}">${sheet.head ?? ''}<sheetData>${sheet.rows ?? ''}</sheetData>${sheet.tail ?? ''}</worksheet>`;
    parts.set(name, sheet.xml ?? whole);
    if (sheet.relationships !== undefined) {
      const cut = name.lastIndexOf('/') + 1;
      parts.set(`${name.slice(0, cut)}_rels/${name.slice(cut)}.rels`, list(sheet.relationships));
    }
  });
  if (styles !== null) parts.set(stylesPart, styles);
  if (strings !== null) parts.set(stringsPart, strings);
  for (const [name, content] of Object.entries(spec.parts ?? {})) parts.set(name, content);
  return parts;
}

/** A whole workbook. `shape` may change each entry on its way into the zip. */
export function makeWorkbook(
  spec: WorkbookSpec,
  shape: (entry: RawEntry, index: number) => RawEntry = (entry) => entry,
  options: ZipOptions = {},
): Uint8Array {
  const entries = [...workbookParts(spec)].map(([name, content], index) => shape({ name, content }, index));
  return makeZip(entries, options);
}
