/** Rows as CSV that is safe to open: text stays text in every spreadsheet program, whatever it begins with. Pure. */

/** Lines end as RFC 4180 says. Numbers are written as such. */
export function csvText(rows: readonly (readonly (string | number)[])[]): string {
  return rows.map((row) => `${row.map(cellText).join(',')}\r\n`).join('');
}

function cellText(value: string | number): string {
  if (typeof value === 'number') return String(value);
  // Excel, WPS and LibreOffice take such a beginning for a formula; blanks before it do not keep them from it.
  const plain = /^[\s\u200b\ufeff]*[=+\-@＝＋－＠]|^[\t\r\n|%]/u.test(value) ? `'${value}` : value;
  return /[",\r\n]|^\s|\s$/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}
