/** How a number shows in a cell: the formats the vendor lists, and dates by their letters. */

const DAY_MS = 86_400_000;
/** Serial 0 is 1899-12-30. */
const EPOCH = Date.UTC(1899, 11, 30);

export const serialOf = (wallMs: number): number => (wallMs - EPOCH) / DAY_MS;

/** True for formats that show a day or a time. */
export function isDateFormat(format: string): boolean {
  const bare = format.replace(/"[^"]*"|\\./g, '').replace(/\[[^\]]*\]/g, '');
  return /[yMdHhms]/.test(bare) && !/[0#@]/.test(bare);
}

export function shownNumber(value: number, format: string): string {
  if (isDateFormat(format)) return shownDate(value, format);
  const bare = format.replace(/"([^"]*)"/g, '$1').replace(/\\(.)/g, '$1');
  const pattern = /(#,##)?[0#]+(\.0+)?(%|E\+00)?/.exec(bare);
  if (pattern === null) return general(value);
  const decimals = pattern[2] === undefined ? 0 : pattern[2].length - 1;
  const [before, after] = [bare.slice(0, pattern.index), bare.slice(pattern.index + pattern[0].length)];
  let digits: string;
  if (pattern[3] === 'E+00') {
    const [mantissa, exponent] = Math.abs(value).toExponential(decimals).split('e') as [string, string];
    digits = `${mantissa}E${exponent[0]}${exponent.slice(1).padStart(2, '0')}`;
  } else {
    digits = Math.abs(pattern[3] === '%' ? value * 100 : value).toFixed(decimals);
    if (pattern[1] !== undefined) digits = digits.replace(/\B(?=(\d{3})+(?!\d))/g, ',');
    if (pattern[3] === '%') digits += '%';
  }
  return `${value < 0 ? '-' : ''}${before}${digits}${after}`;
}

/** Without a format; long numbers lose their digits. */
function general(value: number): string {
  if (Math.abs(value) < 1e11) return String(value);
  const [mantissa, exponent] = value.toExponential(2).split('e') as [string, string];
  return `${mantissa}E${exponent}`;
}

function shownDate(serial: number, format: string): string {
  // The vendor keeps seconds; what a serial holds beyond them does not show.
  const at = new Date(EPOCH + Math.round(serial * 86_400) * 1000);
  let isTime = false;
  return format.replace(
    /"([^"]*)"|\\(.)|y{2,4}|M{1,2}|m{1,2}|d{1,2}|H{1,2}|h{1,2}|s{1,2}/g,
    (part, quoted, escaped) => {
      if (quoted !== undefined || escaped !== undefined) return quoted ?? escaped;
      const two = (value: number): string => String(value).padStart(part.length === 2 ? 2 : 1, '0');
      switch (part[0]) {
        case 'y':
          return part.length === 2 ? two(at.getUTCFullYear() % 100) : String(at.getUTCFullYear()).padStart(4, '0');
        case 'd':
          return two(at.getUTCDate());
        case 'H':
        case 'h':
          isTime = true;
          return two(at.getUTCHours());
        case 's':
          return two(at.getUTCSeconds());
        default:
          // A small m after an hour is minutes, as people write it.
          return part[0] === 'M' || !isTime ? two(at.getUTCMonth() + 1) : two(at.getUTCMinutes());
      }
    },
  );
}
