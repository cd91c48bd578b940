/** Words on a terminal: columns that line up also with Chinese text, and a progress bar where somebody looks on. */

/** Columns a text takes on a terminal: wide East Asian characters take two. */
export function widthOf(text: string): number {
  let width = 0;
  for (const character of text) width += isWide(character.codePointAt(0) ?? 0) ? 2 : 1;
  return width;
}

function isWide(code: number): boolean {
  return (
    (code >= 0x1100 && code <= 0x115f) ||
    (code >= 0x2e80 && code <= 0xa4cf) ||
    (code >= 0xac00 && code <= 0xd7a3) ||
    (code >= 0xf900 && code <= 0xfaff) ||
    (code >= 0xfe30 && code <= 0xfe6f) ||
    (code >= 0xff00 && code <= 0xff60) ||
    (code >= 0xffe0 && code <= 0xffe6) ||
    (code >= 0x1f300 && code <= 0x1faff) ||
    (code >= 0x20000 && code <= 0x3fffd)
  );
}

/** Text from a sheet made harmless for a terminal: one line, no control characters, not longer than asked. */
export function plainLine(text: string, longest = 60): string {
  const line = text.replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]+/g, ' ').trim();
  if (widthOf(line) <= longest) return line;
  let short = '';
  for (const character of line) {
    if (widthOf(short + character) > longest - 1) break;
    short += character;
  }
  return `${short}…`;
}

/** Rows under a header line, columns two blanks apart. The last column is not cut. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const last = header.length - 1;
  const lines = [header, ...rows].map((row) => row.map((cell, column) => plainLine(cell, column === last ? 500 : 40)));
  const widths = header.map((_, column) => Math.max(...lines.map((row) => widthOf(row[column] ?? ''))));
  const drawn = lines.map((row) =>
    row
      .map((cell, column) => (column === last ? cell : cell + ' '.repeat((widths[column] ?? 0) - widthOf(cell))))
      .join('  ')
      .trimEnd(),
  );
  const rule = widths.map((width, column) => '─'.repeat(column === last ? Math.min(width, 40) : width)).join('  ');
  return [drawn[0], rule, ...drawn.slice(1)].join('\n');
}

/** Shows the share of a long piece of work that is done. */
export interface Progress {
  step(label: string): void;
  share(done: number): void;
  end(): void;
}

const BAR = 24;

/** On a terminal a bar that redraws itself; elsewhere one line a step, so that a log stays readable. */
export function createProgress(write: (text: string) => void, isTerminal: boolean): Progress {
  let label = '';
  let drawn = -1;
  return {
    step(next) {
      if (isTerminal && label !== '') write('\r\u001b[K');
      label = next;
      drawn = -1;
      write(isTerminal ? `${next} …` : `${next}\n`);
    },
    share(done) {
      const filled = Math.floor(Math.max(0, Math.min(1, done)) * BAR);
      if (!isTerminal || filled === drawn) return;
      drawn = filled;
      write(`\r\u001b[K${label} ${'█'.repeat(filled)}${'░'.repeat(BAR - filled)} ${Math.floor(done * 100)}%`);
    },
    end() {
      if (isTerminal) write('\r\u001b[K');
      label = '';
    },
  };
}
