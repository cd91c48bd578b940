/** A multipart form: its fields and its one file. */

export interface Form {
  readonly fields: Readonly<Record<string, string>>;
  readonly file: Buffer | null;
}

export function readForm(contentType: string, body: Buffer): Form {
  const boundary = /boundary=(?:"([^"]+)"|([^;]+))/.exec(contentType);
  const fields: Record<string, string> = {};
  let file: Buffer | null = null;
  if (boundary === null) return { fields, file };
  const mark = Buffer.from(`--${(boundary[1] ?? boundary[2]) as string}`);
  for (let at = body.indexOf(mark); at >= 0; ) {
    const next = body.indexOf(mark, at + mark.length);
    if (next < 0) break;
    // Between two marks: CRLF, head, empty line, content, CRLF.
    const part = body.subarray(at + mark.length + 2, next - 2);
    const end = part.indexOf('\r\n\r\n');
    const head = part.subarray(0, end).toString();
    const content = part.subarray(end + 4);
    const name = /name="([^"]*)"/.exec(head)?.[1] ?? '';
    // The SDK sends bytes without a file name.
    if (name === 'file' || /filename="/.test(head)) file = Buffer.from(content);
    else fields[name] = content.toString();
    at = next;
  }
  return { fields, file };
}
