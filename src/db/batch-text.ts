/**
 * Announced writes as compact text: a first import announces a hundred thousand of them. Nearly every write stands for
 * the very text it shows, which is then said once. Pure; `readIntents(writeIntents(x))` gives x.
 */
import type { StrayRow, WriteIntent } from '../model/binding.ts';

type IntentText = [recordId: number, field: string | null, row: number, column: number, ...texts: RawTexts];
type RawTexts = [oldRaw: string, newRaw: string, val?: string | null, reply?: WriteIntent['reply']];
type StrayText = [row: number, id: string, cells: Readonly<Record<string, string>>];

export function writeIntents(intents: readonly WriteIntent[]): string {
  return JSON.stringify(
    intents.map(({ recordId, field, row, column, oldRaw, newRaw, val, reply }): IntentText => {
      if (reply !== undefined) {
        return [recordId, field, row, column, oldRaw, newRaw, val === newRaw ? null : val, reply];
      }
      return val === newRaw
        ? [recordId, field, row, column, oldRaw, newRaw]
        : [recordId, field, row, column, oldRaw, newRaw, val];
    }),
  );
}

export function readIntents(text: string): readonly WriteIntent[] {
  return (JSON.parse(text) as IntentText[]).map(([recordId, field, row, column, oldRaw, newRaw, val, reply]) => ({
    recordId,
    field,
    row,
    column,
    oldRaw,
    newRaw,
    val: val ?? newRaw,
    ...(reply === undefined ? {} : { reply }),
  }));
}

export function writeStrays(strays: readonly StrayRow[]): string {
  return JSON.stringify(strays.map(({ row, id, cells }): StrayText => [row, id, cells]));
}

export function readStrays(text: string): readonly StrayRow[] {
  return (JSON.parse(text) as StrayText[]).map(([row, id, cells]) => ({ row, id, cells }));
}
