/**
 * Announced writes as compact text: a first import announces a hundred thousand of them. Nearly every write stands for
 * the very text it shows, which is then said once. Pure; `readIntents(writeIntents(x))` gives x.
 */
import type { WriteIntent } from '../model/binding.ts';

type IntentText = [recordId: number, field: string | null, row: number, column: number, ...texts: RawTexts];
type RawTexts = [oldRaw: string, newRaw: string, val?: string];

export function writeIntents(intents: readonly WriteIntent[]): string {
  return JSON.stringify(
    intents.map(
      ({ recordId, field, row, column, oldRaw, newRaw, val }): IntentText =>
        val === newRaw
          ? [recordId, field, row, column, oldRaw, newRaw]
          : [recordId, field, row, column, oldRaw, newRaw, val],
    ),
  );
}

export function readIntents(text: string): readonly WriteIntent[] {
  return (JSON.parse(text) as IntentText[]).map(([recordId, field, row, column, oldRaw, newRaw, val = newRaw]) => ({
    recordId,
    field,
    row,
    column,
    oldRaw,
    newRaw,
    val,
  }));
}
