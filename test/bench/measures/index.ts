/** Every measurement by name. */
import { floorInflate, floorScan } from './floor.ts';
import type { Measure } from './measure.ts';
import { read } from './ours.ts';
import { exceljsCell, exceljsCells, exceljsLoad, exceljsRows, sheetjsRead } from './peers.ts';

export const measures: Readonly<Record<string, Measure>> = {
  read,
  'floor-inflate': floorInflate,
  'floor-scan': floorScan,
  'exceljs-load': exceljsLoad,
  'exceljs-cell': exceljsCell,
  'exceljs-cells': exceljsCells,
  'exceljs-rows': exceljsRows,
  'sheetjs-read': sheetjsRead,
};
