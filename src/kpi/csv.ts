/** Figures as CSV that Excel opens as it is: with a mark of UTF-8, and no cell that a spreadsheet would take for a formula. */

/** Rows as CSV after RFC 4180, lines ended by CRLF. */
export function csvText(rows: readonly (readonly (string | number | null)[])[]): string {
  return `\uFEFF${rows.map((row) => `${row.map(cellText).join()}\r\n`).join('')}`;
}

function cellText(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
