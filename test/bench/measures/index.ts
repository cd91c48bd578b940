/** Every measurement by name; loaded on demand, so that none carries the memory of another's libraries. */
import type { Measure } from './measure.ts';

const floor = () => import('./floor.ts');
const exceljs = () => import('./exceljs.ts');
const sheetjs = () => import('./sheetjs.ts');
const engine = () => import('./engine.ts');
const ours = () => import('./ours.ts');
const sla = () => import('./sla.ts');
const rules = () => import('./rules.ts');
const kpi = () => import('./kpi.ts');
const ruleEngines = () => import('./rule-engines.ts');

export const measures: Readonly<Record<string, () => Promise<Measure>>> = {
  read: async () => (await ours()).read,
  'change-1': async () => (await ours()).changeOne,
  'change-1000': async () => (await ours()).changeThousand,
  'append-100': async () => (await ours()).appendHundred,
  import: async () => (await engine()).firstImport,
  'import-whole': async () => (await engine()).wholeImport,
  'write-numbers': async () => (await engine()).numbersOnly,
  copy: async () => (await engine()).copy,
  quiet: async () => (await engine()).quiet,
  cycle: async () => (await engine()).oneCell,
  'rules-hits': async () => (await rules()).ruleHits,
  'rules-explained': async () => (await rules()).rulesExplained,
  'rules-json': async () => (await ruleEngines()).jsonRules,
  'rules-zen': async () => (await ruleEngines()).zenRules,
  'rule-checks': async () => (await import('./rule-checks.ts')).ruleChecks,
  'kpi-refresh': async () => (await kpi()).kpiRefresh,
  'kpi-rebuild': async () => (await kpi()).kpiRebuild,
  'kpi-log': async () => (await kpi()).kpiFromLog,
  'floor-inflate': async () => (await floor()).floorInflate,
  'floor-scan': async () => (await floor()).floorScan,
  'exceljs-load': async () => (await exceljs()).exceljsLoad,
  'exceljs-cell': async () => (await exceljs()).exceljsCell,
  'exceljs-cells': async () => (await exceljs()).exceljsCells,
  'exceljs-rows': async () => (await exceljs()).exceljsRows,
  'sheetjs-read': async () => (await sheetjs()).sheetjsRead,
  'sla-due': async () => (await sla()).slaDue,
  'sla-dayjs': async () => (await sla()).slaDueDayjs,
};
