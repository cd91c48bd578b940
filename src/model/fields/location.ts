/**
 * A place to go to: an address, coordinates, or both, kept as `张江路 88 号 (31.203405,121.590622)`. Coordinates are
 * latitude first, WGS 84 degrees.
 */
import type { FieldType } from '../field.ts';
import { nameFault } from '../name.ts';
import { acceptText, plainText, refuse } from '../typed.ts';
import { parseText } from './text.ts';

/** A pair at the end of the text; two decimals at least, or house numbers would be coordinates. */
const PAIR =
  / ?[(@[]? ?(?<![\d.])(?<a>[+-]?\d{1,3}\.\d{2,})°? ?(?<ns>[NS])?(?: ?[,、;/] ?| )(?<b>[+-]?\d{1,3}\.\d{2,})°? ?(?<ew>[EW])?[)\]]?$/i;
const DECIMALS = 6;

function degrees(text: string, half: string | undefined, minus: string): number {
  const value = Number(text) * (half?.toUpperCase() === minus ? -1 : 1);
  return value === 0 ? 0 : value;
}

/** Six decimals are a tenth of a metre; zero has no sign. */
function shown(value: number): string {
  return value.toFixed(DECIMALS).replace(/^-(?=0\.0+$)/, '');
}

export const location: FieldType = {
  name: 'location',
  parse(cell) {
    const parsed = parseText(cell);
    if (!parsed.ok) return parsed;
    const typed = plainText(String(parsed.value).replaceAll('\n', ' '));
    const fault = nameFault(typed);
    if (fault !== null) return refuse(fault, cell);
    const pair = PAIR.exec(typed);
    if (!pair?.groups) return acceptText(typed, cell);
    const latitude = degrees(pair.groups.a!, pair.groups.ns, 'S');
    const longitude = degrees(pair.groups.b!, pair.groups.ew, 'W');
    if (Math.abs(latitude) > 90 || Math.abs(longitude) > 180) {
      const [first, second] = [pair.groups.a!, pair.groups.b!];
      return refuse('not-coordinates', cell, { first, second });
    }
    const coordinates = `${shown(latitude)},${shown(longitude)}`;
    const address = typed.slice(0, pair.index).trim();
    return acceptText(address === '' ? coordinates : `${address} (${coordinates})`, cell);
  },
  format: String,
  sql: 'text',
  samples: ['上海市浦东新区张江路 88 号', '31.203405,121.590622', '张江路 88 号 (31.203405,121.590622)'],
  weight: 3,
  kind: 'text',
};
