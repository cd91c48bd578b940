/** Histories that once failed, kept as plain data and played first from then on. Seeds die when generators change; tapes do not. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { Tape } from './tape.ts';

const folder = new URL('../../regress/', import.meta.url);

export interface Regression {
  readonly name: string;
  readonly tape: Tape;
}

/** All stored histories, by name. */
export function loadRegressions(): Regression[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => ({ name, tape: JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as Tape }));
}

/** Stores a failing history under the name of its invariant; returns the file's name. */
export function saveRegression(invariant: string, tape: Tape): string {
  mkdirSync(folder, { recursive: true });
  const text = `${JSON.stringify(tape)}\n`;
  const digest = [...text].reduce((hash, char) => Math.imul(hash ^ char.charCodeAt(0), 0x01000193) >>> 0, 0x811c9dc5);
  const name = `${invariant.toLowerCase()}-${digest.toString(36)}.json`;
  writeFileSync(new URL(name, folder), text);
  return name;
}
