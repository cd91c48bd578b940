/**
 * The generation stamp: a counter that travels inside the workbook, so that an old copy saved over a newer one can be
 * told. It stands in cell B1 of a hidden tab, out of people's way and safe from every app that keeps tabs.
 */
import { Buffer } from 'node:buffer';
import { say } from '../../src/messages/index.ts';
import type { SheetInfo, XlsxPackage } from './package.ts';
import type { PackageEdit } from './package-edit.ts';
import { SheetPart } from './sheet-splice.ts';
import { decodeText } from './xml.ts';

/** Name of the tab that holds the stamp. */
export const stampTab = '_sync';
/** Where in it the stamp is: B1. */
export const stampPlace = { row: 0, column: 1 } as const;

/** The tab that holds the stamp, or undefined. */
export function stampSheet(pkg: XlsxPackage): SheetInfo | undefined {
  return pkg.sheets.find((sheet) => sheet.name.toLowerCase() === stampTab);
}

/** The stamp of a workbook; null when it carries none, or one that is no whole number. */
export async function readStamp(pkg: XlsxPackage): Promise<number | null> {
  const info = stampSheet(pkg);
  if (info === undefined) return null;
  const sheet = new SheetPart(info.part, await pkg.inflate(info.part));
  const { span } = sheet.locate(stampPlace.row);
  const cell = span === null ? undefined : sheet.cells(span).find(({ column }) => column === stampPlace.column);
  if (cell === undefined || cell.value === null || cell.type !== 'n') return null;
  const generation = Number(decodeText(sheet.bytes, cell.value.from, cell.value.to));
  return Number.isSafeInteger(generation) && generation >= 0 ? generation : null;
}

/** Adds the hidden tab with its stamp to a workbook that has none. */
export function addStampTab(edit: PackageEdit, generation: number): void {
  const text = (place: string, value: string): string => `<c r="${place}" t="inlineStr"><is><t>${value}</t></is></c>`;
  const rows =
    `<row r="1">${text('A1', 'Rowkeeper')}<c r="B1"><v>${generation}</v></c></row>` +
    `<row r="3">${text('A3', say('zh-CN', 'sync-tab-note'))}</row>` +
    `<row r="4">${text('A4', say('en', 'sync-tab-note'))}</row>`;
  const content = Buffer.from(
    `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="${edit.namespace}">` +
      `<dimension ref="A1:B4"/><sheetData>${rows}</sheetData></worksheet>`,
  );
  edit.listSheet(stampTab, edit.add({ name: 'worksheets/sheet{n}.xml', type: 'worksheet', content }), 'hidden');
}
