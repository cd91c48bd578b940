/**
 * The charts of published tabs: drawn when they are new, brought up to date where they stand, left away where a person
 * deleted them. Charts of people that read our cells follow too.
 *
 * A chart of ours is known by the name of its drawn object, which the apps keep (LibreOffice puts a number behind it when
 * the tab is moved). Where a library dropped all of those names it is known by the ranges it reads.
 */
import type { Area, PublishedChart } from '../../../src/model/published-tab.ts';
import type { XlsxPackage } from '../package.ts';
import type { PackageEdit } from '../package-edit.ts';
import type { PartLinks } from '../part-links.ts';
import type { Points } from './chart-cache.ts';
import { ChartEdit, type Decide } from './chart-refresh.ts';
import { chartPart, formOf } from './chart-xml.ts';
import { anchorOf, emptyDrawing, objectName, openDrawing, type PlacedChart, SheetDrawing } from './drawing.ts';
import type { ChartMemory, TabMemory } from './memory.ts';
import type { Namespaces } from './namespaces.ts';
import type { LaidTab } from './plan.ts';
import { parseReference, sameArea } from './references.ts';

const DRAWING = 'application/vnd.openxmlformats-officedocument.drawing+xml';
const CHART = 'application/vnd.openxmlformats-officedocument.drawingml.chart+xml';

/** A tab that stood in the workbook before. */
export interface StandingTab {
  readonly laid: LaidTab;
  readonly before: TabMemory;
  readonly sheetPart: string;
}

/** Draws charts on a sheet that has no drawing; null when there is none to draw. Returns the relationship to the drawing. */
export async function drawCharts(
  edit: PackageEdit,
  laid: LaidTab,
  charts: readonly PublishedChart[],
  links: PartLinks,
  namespaces: Namespaces,
): Promise<string | null> {
  const drawn = charts.filter(({ chart }) => chart.kind !== 'heat-map');
  if (drawn.length === 0) return null;
  const content = emptyDrawing(namespaces);
  const part = edit.addPart('drawings/drawing{n}.xml', DRAWING, content);
  const drawing = new SheetDrawing(part, content, () => null);
  for (const chart of drawn) await draw(edit, drawing, laid, chart, namespaces);
  edit.set(part, drawing.edit.pieces());
  return links.add('drawing', part);
}

async function draw(
  edit: PackageEdit,
  drawing: SheetDrawing,
  laid: LaidTab,
  published: PublishedChart,
  namespaces: Namespaces,
): Promise<void> {
  const { chart, place } = published;
  const part = edit.addPart(
    'charts/chart{n}.xml',
    CHART,
    chartPart(published, laid.plan, laid.name, padsOf(laid, published), namespaces),
  );
  const relationshipId = (await edit.linksOf(drawing.part)).add('chart', part);
  drawing.add(anchorOf({ name: chart.name, title: chart.title, place, relationshipId }, namespaces));
}

/** All charts of the workbook that were there before. */
export class WorkbookCharts {
  private readonly edit: PackageEdit;
  private readonly namespaces: Namespaces;
  private readonly tabs: readonly StandingTab[];
  /** Parts of charts of ours. */
  private readonly ours = new Set<string>();

  constructor(edit: PackageEdit, namespaces: Namespaces, tabs: readonly StandingTab[]) {
    this.edit = edit;
    this.namespaces = namespaces;
    this.tabs = tabs;
  }

  /** Brings the charts of a tab up to date; `giveDrawing` is asked when the sheet needs one. How many changed. */
  async refresh(tab: StandingTab, giveDrawing: (relationshipId: string) => void): Promise<number> {
    const { laid, before, sheetPart } = tab;
    const { edit, namespaces } = this;
    const { pkg } = edit;
    const drawing = await openDrawing(pkg, sheetPart);
    const placed =
      drawing === null ? new Map<string, PlacedChart>() : await findOurs(pkg, drawing, before, laid.plan.charts);
    const known = new Map(before.charts.map((chart) => [chart.name, chart]));
    const fresh: PublishedChart[] = [];
    let changed = 0;
    for (const published of laid.plan.charts) {
      if (published.chart.kind === 'heat-map') continue;
      const memory = known.get(published.chart.name);
      const place = placed.get(published.chart.name);
      if (place !== undefined) {
        this.ours.add(place.part);
        if (await this.update(tab, published, memory, place.part)) changed++;
      } else if (memory === undefined) fresh.push(published);
    }
    const planned = new Set(
      laid.plan.charts.filter(({ chart }) => chart.kind !== 'heat-map').map(({ chart }) => chart.name),
    );
    for (const [name, place] of placed) {
      if (planned.has(name) || drawing === null) continue;
      drawing.cut(place);
      (await edit.linksOf(drawing.part)).remove(place.relationshipId);
      edit.removePart(place.part);
      this.ours.add(place.part);
      changed++;
    }
    if (fresh.length > 0 && drawing === null) {
      const id = await drawCharts(edit, laid, fresh, await edit.linksOf(sheetPart), namespaces);
      if (id !== null) giveDrawing(id);
    } else if (drawing !== null) {
      for (const published of fresh) await draw(edit, drawing, laid, published, namespaces);
    }
    if (drawing?.edit.changed === true) edit.set(drawing.part, drawing.edit.pieces());
    return changed + fresh.length;
  }

  private async update(
    { laid }: StandingTab,
    published: PublishedChart,
    memory: ChartMemory | undefined,
    part: string,
  ): Promise<boolean> {
    const { edit, namespaces } = this;
    if (memory === undefined || memory.form !== formOf(published.chart)) {
      edit.set(part, chartPart(published, laid.plan, laid.name, padsOf(laid, published), namespaces));
      return true;
    }
    const chart = new ChartEdit(await edit.pkg.inflate(part));
    chart.update(published, memory, padsOf(laid, published), laid.name, (area) => pointsOf(laid, area), this.decide);
    if (chart.edit.changed) edit.set(part, chart.edit.pieces());
    return chart.edit.changed;
  }

  /** Charts of people, on any sheet. Call last. How many changed. */
  async followOthers(): Promise<number> {
    if (this.tabs.length === 0) return 0;
    const { edit } = this;
    const { pkg } = edit;
    const chartSheets = (await pkg.relationships(pkg.workbookPart)).filter(({ type }) => type === 'chartsheet');
    let changed = 0;
    for (const sheet of [...pkg.sheets.map(({ part }) => part), ...chartSheets.map(({ target }) => target)]) {
      for (const { part } of (await openDrawing(pkg, sheet))?.charts ?? []) {
        if (this.ours.has(part)) continue;
        this.ours.add(part);
        const chart = new ChartEdit(await pkg.inflate(part));
        chart.follow(this.decide);
        if (!chart.edit.changed) continue;
        edit.set(part, chart.edit.pieces());
        changed++;
      }
    }
    return changed;
  }

  /** A range of ours becomes what it is now; others keep their extent, and the values in our area are ours. */
  private readonly decide: Decide = ({ tab, area }) => {
    const standing = this.tabs.find(({ laid }) => laid.name.toLowerCase() === tab.toLowerCase());
    if (standing === undefined) return null;
    const { laid, before } = standing;
    const now = movedRange(before, laid, area) ?? area;
    const isSeen = now.row < laid.height && now.column < laid.width;
    if (!isSeen && sameArea(now, area)) return null;
    return { tab: laid.name, area: now, points: () => pointsOf(laid, now) };
  };
}

function padsOf(laid: LaidTab, { chart }: PublishedChart): ChartMemory['pads'] {
  return laid.memory.charts.find(({ name }) => name === chart.name)?.pads ?? null;
}

/** What a range that a chart of ours read last has become; null for any other range. */
function movedRange(before: TabMemory, laid: LaidTab, area: Area): Area | null {
  for (const chart of before.charts) {
    const now = laid.plan.charts.find((one) => one.chart.name === chart.name);
    if (now === undefined) continue;
    if (sameArea(chart.categories, area)) return now.categories;
    for (const [i, ranges] of chart.series.entries()) {
      const to = now.series[i];
      if (to === undefined) continue;
      if (sameArea(ranges.values, area)) return to.values;
      if (ranges.x !== null && to.x !== undefined && sameArea(ranges.x, area)) return to.x;
      if (sameArea(ranges.name, area)) return to.name;
    }
  }
  return null;
}

/** Values of cells of a plan, row by row; null when the range is not all ours. */
function pointsOf(laid: LaidTab, area: Area): Points | null {
  if (area.toRow >= laid.height || area.toColumn >= laid.width) return null;
  const points: (string | number | null)[] = [];
  for (let row = area.row; row <= area.toRow; row++) {
    for (let column = area.column; column <= area.toColumn; column++) {
      const value = laid.cell(row, column)?.value ?? null;
      points.push(typeof value === 'number' || typeof value === 'string' ? value : null);
    }
  }
  return points;
}

/** Charts of ours on a drawing, by their names in the plan. */
async function findOurs(
  pkg: XlsxPackage,
  drawing: SheetDrawing,
  before: TabMemory,
  planned: readonly PublishedChart[],
): Promise<Map<string, PlacedChart>> {
  const names = new Set([...before.charts.map(({ name }) => name), ...planned.map(({ chart }) => chart.name)]);
  const found = new Map<string, PlacedChart>();
  for (const name of names) {
    const own = objectName(name);
    const place =
      drawing.charts.find((chart) => chart.name === own) ??
      drawing.charts.find((chart) => chart.name.startsWith(own) && /^ \d+$/.test(chart.name.slice(own.length)));
    if (place !== undefined) found.set(name, place);
  }
  if (found.size > 0 || before.charts.length === 0) return found;
  const read = await Promise.all(
    drawing.charts.map(async (place) => ({ place, areas: await areasOf(pkg, place.part) })),
  );
  const taken = new Set<PlacedChart>();
  for (const { name, series } of before.charts) {
    const match = read.find(
      ({ place, areas }) =>
        !taken.has(place) &&
        areas.length === series.length &&
        series.every(({ values }) => areas.some((area) => sameArea(area, values))),
    );
    if (match === undefined) continue;
    taken.add(match.place);
    found.set(name, match.place);
  }
  return found;
}

async function areasOf(pkg: XlsxPackage, part: string): Promise<Area[]> {
  const { references } = new ChartEdit(await pkg.inflate(part));
  return references.flatMap(({ role, text }) => {
    const area = role === 'val' || role === 'yVal' ? parseReference(text)?.area : undefined;
    return area === undefined ? [] : [area];
  });
}
