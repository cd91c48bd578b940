/** Figures as CSV that is safe to open: text stays text in every spreadsheet program, whatever it begins with. Pure. */

/** Stands before the first line of a file, so that Excel reads it as UTF-8. */
export const csvMark = '\uFEFF';

/** Rows as RFC 4180 has them, numbers as such. Parts of a file may be made one after the other. */
export function csvText(rows: readonly (readonly (string | number | null)[])[]): string {
  return rows.map((row) => `${row.map(cellText).join()}\r\n`).join('');
}

function cellText(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  // Excel, WPS and LibreOffice take such a beginning for a formula; blanks before it do not keep them from it.
  const plain = /^[\s\u200b\ufeff]*[=+\-@＝＋－＠]|^[\t\r\n|%]/u.test(value) ? `'${value}` : value;
  return /[",\r\n]|^\s|\s$/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}
