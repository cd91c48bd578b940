/** SheetJS, as its manual says. */
import type { Measure } from './measure.ts';

/** The little of SheetJS that is used; it is installed beside the benchmark only, so its types are not at hand. */
interface SheetJs {
  readFile(
    path: string,
    options: { dense: boolean },
  ): {
    readonly SheetNames: readonly string[];
    readonly Sheets: Readonly<Record<string, { readonly '!data'?: readonly (readonly unknown[])[] }>>;
  };
}

export const sheetjsRead: Measure = async ({ path }) => {
  const name: string = 'xlsx';
  const sheetjs = ((await import(name)) as { default: SheetJs }).default;
  return {
    async work() {
      const book = sheetjs.readFile(path, { dense: true });
      const tab = book.Sheets[book.SheetNames[0] as string] as unknown as readonly unknown[] & { '!data'?: unknown[] };
      return { rows: (tab['!data'] ?? tab).length };
    },
  };
};
