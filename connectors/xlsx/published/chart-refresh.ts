/**
 * A chart that stands in the workbook, brought up to date: the ranges it reads and the values it keeps beside them.
 * Whatever an app or a person made of its looks stays, because only those pieces of the part are exchanged. A chart is
 * drawn anew only when the plan gives it another form: another kind, or other series.
 */
import type { Chart } from '../../../src/model/chart.ts';
import type { Area, PublishedChart } from '../../../src/model/published-tab.ts';
import { attributeSpans, PartEdit, prefixAt } from '../splice.ts';
import { decodeText, escapeXml, XmlCursor } from '../xml.ts';
import { numberCache, type Points, textCache } from './chart-cache.ts';
import { orderOfSeries, pointLabels } from './chart-xml.ts';
import { type ChartMemory, memoryTab, padsArea } from './memory.ts';
import { namespacesFor } from './namespaces.ts';
import { parseReference, referenceTo, sameArea } from './references.ts';

type Role = 'tx' | 'cat' | 'val' | 'xVal' | 'yVal' | 'other';

/** One reference of a chart with the values kept beside it. */
interface ChartReference {
  /** Place of its series among those of the chart; -1 outside of series. */
  readonly series: number;
  readonly role: Role;
  readonly kind: 'number' | 'text';
  readonly text: string;
  readonly from: number;
  readonly to: number;
  /** End of the element that holds the reference: where a cache would be put. */
  readonly after: number;
  readonly cache: { readonly from: number; readonly to: number } | null;
  readonly format: string;
  readonly points: Points;
}

/** What a reference is to be; null leaves it. */
export type Decide = (reference: { readonly tab: string; readonly area: Area }) => {
  readonly tab: string;
  readonly area: Area;
  /** Values for a kind of cache; null leaves what is kept. */
  readonly points: (kind: 'number' | 'text') => Points | null;
} | null;

/** A chart part as far as it is kept up to date. */
export class ChartEdit {
  readonly edit: PartEdit;
  private readonly prefix: string;
  private readonly drawingPrefix: string;
  /** Declares the drawing prefix where it is used: some libraries do not at the root. */
  private readonly declaration: string;
  readonly references: readonly ChartReference[];
  private readonly labels = new Map<number, { start: number; end: number }>();
  private readonly texts: { from: number; to: number; text: string }[] = [];
  private readonly crossings: { tagStart: number; tagEnd: number; isAcross: boolean; value: number }[] = [];
  private seriesCount = 0;

  constructor(bytes: Uint8Array) {
    this.edit = new PartEdit(bytes);
    const root = new XmlCursor(this.edit.bytes);
    root.next();
    this.prefix = prefixAt(this.edit.bytes, root.tagStart);
    const declared = attributeSpans(this.edit.bytes, root.tagStart, root.tagEnd).find(
      ({ name, valueStart, valueEnd }) => {
        const value = this.edit.bytes.toString('utf8', valueStart, valueEnd);
        return name.startsWith('xmlns:') && /\/drawingml(?:\/2006)?\/main$/.test(value);
      },
    );
    this.drawingPrefix = `${declared?.name.slice('xmlns:'.length) ?? 'a'}:`;
    const isStrict = this.edit.bytes.toString('latin1', root.tagStart, root.tagEnd).includes('http://purl.oclc.org/');
    const { drawing } = namespacesFor(isStrict ? 'http://purl.oclc.org/' : '');
    this.declaration = declared === undefined ? ` xmlns:a="${drawing}"` : '';
    this.references = this.read();
  }

  private read(): ChartReference[] {
    const { bytes } = this.edit;
    const cursor = new XmlCursor(bytes);
    const found: ChartReference[] = [];
    const open: string[] = [];
    let series = -1;
    let axisAt = '';
    while (cursor.next()) {
      const name = prefixAt(bytes, cursor.tagStart) + cursor.name;
      const isOurs = name === this.prefix + cursor.name;
      if (cursor.closing) {
        if (isOurs && cursor.name === 'ser') series = -1;
        open.pop();
        continue;
      }
      if (isOurs && cursor.name === 'ser') series = this.seriesCount++;
      if (isOurs && cursor.name === 'axPos') axisAt = cursor.attribute('val') ?? '';
      if (isOurs && cursor.name === 'crossesAt') {
        const { tagStart, tagEnd } = cursor;
        this.crossings.push({
          tagStart,
          tagEnd,
          isAcross: axisAt === 'b' || axisAt === 't',
          value: Number(cursor.attribute('val')),
        });
      }
      const parent = open.at(-1) ?? '';
      if (isOurs && (cursor.name === 'numRef' || cursor.name === 'strRef') && !cursor.empty) {
        const reference = this.readReference(cursor, cursor.name, series, roleOf(parent, this.prefix));
        if (reference !== null) found.push(reference);
        continue;
      }
      if (isOurs && cursor.name === 'dLbls' && series >= 0 && parent === `${this.prefix}ser` && !cursor.empty) {
        const start = cursor.tagStart;
        while (cursor.next() && !(cursor.closes('dLbls') && prefixAt(bytes, cursor.tagStart) === this.prefix));
        this.labels.set(series, { start, end: cursor.tagEnd });
        continue;
      }
      if (name === `${this.drawingPrefix}t` && !cursor.empty) {
        const from = cursor.tagEnd;
        while (cursor.next() && !cursor.closes('t'));
        this.texts.push({ from, to: cursor.tagStart, text: decodeText(bytes, from, cursor.tagStart) });
        continue;
      }
      if (!cursor.empty) open.push(name);
    }
    return found;
  }

  private readReference(cursor: XmlCursor, element: string, series: number, role: Role): ChartReference | null {
    const { bytes } = this.edit;
    let place: { from: number; to: number; after: number } | null = null;
    let cache: { from: number; to: number; points: Points; format: string } | null = null;
    while (cursor.next() && !cursor.closes(element)) {
      if (cursor.opens('f') && !cursor.empty && place === null) {
        const from = cursor.tagEnd;
        while (cursor.next() && !cursor.closes('f'));
        place = { from, to: cursor.tagStart, after: cursor.tagEnd };
      } else if ((cursor.opens('numCache') || cursor.opens('strCache')) && !cursor.empty) {
        cache = this.readCache(cursor, cursor.name);
      }
    }
    if (place === null) return null;
    const kind = element === 'numRef' ? 'number' : 'text';
    const text = decodeText(bytes, place.from, place.to);
    const { format = 'General', points = [] } = cache ?? {};
    return { series, role, kind, text, ...place, cache, format, points };
  }

  private readCache(cursor: XmlCursor, element: string): { from: number; to: number; points: Points; format: string } {
    const from = cursor.tagEnd;
    const points: (string | number | null)[] = [];
    let format = 'General';
    let at = -1;
    while (cursor.next() && !cursor.closes(element)) {
      if (cursor.opens('formatCode')) format = cursor.text();
      else if (cursor.opens('ptCount')) points.length = Math.min(Number(cursor.attribute('val') ?? 0), 100_000);
      else if (cursor.opens('pt')) at = Number(cursor.attribute('idx') ?? 0);
      else if (cursor.opens('v') && at >= 0 && at < 100_000) {
        const text = cursor.text();
        points[at] = element === 'strCache' ? text : Number(text);
      }
    }
    return { from, to: cursor.tagStart, points: Array.from(points, (point) => point ?? null), format };
  }

  /** Brings every reference up to date that `decide` knows. */
  follow(decide: Decide): void {
    for (const reference of this.references) {
      const parsed = parseReference(reference.text);
      if (parsed !== null) this.write(reference, parsed, decide(parsed));
    }
  }

  private write(reference: ChartReference, parsed: ReturnType<typeof parseReference>, wish: ReturnType<Decide>): void {
    if (wish === null) return;
    const { prefix, edit } = this;
    if (parsed === null || parsed.tab !== wish.tab || !sameArea(parsed.area, wish.area)) {
      edit.replace(reference.from, reference.to, escapeXml(referenceTo(wish.tab, wish.area)));
    }
    const points = wish.points(reference.kind);
    if (points === null || samePoints(points, reference.points)) return;
    const inner =
      reference.kind === 'number' ? numberCache(points, reference.format, prefix) : textCache(points, prefix);
    const element = `${prefix}${reference.kind === 'number' ? 'numCache' : 'strCache'}`;
    if (reference.cache !== null) edit.replace(reference.cache.from, reference.cache.to, inner);
    else edit.insert(reference.after, `<${element}>${inner}</${element}>`);
  }

  /** Brings a chart of ours up to date. `points`: values of cells of its tab, for what an app made of a reference. */
  update(
    { chart, categories, series }: PublishedChart,
    before: ChartMemory,
    pads: ChartMemory['pads'],
    tab: string,
    points: (area: Area) => Points | null,
    others: Decide,
  ): void {
    const shift = chart.kind === 'funnel' ? 1 : 0;
    const numbers = this.numbersOfSeries(chart, before, shift);
    for (const reference of this.references) {
      const parsed = parseReference(reference.text);
      const number = numbers.get(reference.series);
      const isPad = shift === 1 && number === undefined && reference.role === 'cat';
      const ranges = number === undefined ? undefined : series[number];
      const values = number === undefined ? undefined : chart.series[number];
      const wish = (area: Area | undefined, own: Points | undefined, kind: 'number' | 'text'): ReturnType<Decide> =>
        area === undefined
          ? null
          : { tab, area, points: (asked) => (asked === kind && own !== undefined ? own : points(area)) };
      let wanted: ReturnType<Decide> = null;
      if (parsed?.tab.toLowerCase() === memoryTab) {
        if (pads !== null) wanted = { tab: memoryTab, area: padsArea(pads), points: () => pads.values };
      } else if (reference.role === 'cat' && (isPad || number !== undefined))
        wanted = wish(categories, chart.categories, 'text');
      else if (reference.role === 'tx')
        wanted = wish(ranges?.name, values === undefined ? undefined : [values.name], 'text');
      else if (reference.role === 'xVal') wanted = wish(ranges?.x, values?.x, 'number');
      else if (reference.role === 'val' || reference.role === 'yVal')
        wanted = wish(ranges?.values, values?.values, 'number');
      else if (parsed !== null) wanted = others(parsed);
      if (wanted === null && number === undefined && parsed !== null && !isPad) wanted = others(parsed);
      this.write(reference, parsed, wanted);
    }
    this.updateTexts(chart, before);
    this.updateCuts(chart, before);
    if (chart.kind === 'scatter' && !sameTexts(chart.categories, before.points)) {
      for (const [place, { start, end }] of this.labels) {
        if (numbers.get(place) !== 0) continue;
        this.edit.replace(start, end, pointLabels(chart.categories, this.prefix, this.drawingPrefix, this.declaration));
      }
    }
  }

  /** Which series of the plan each series of the part is: by the range it read last, else by its place. */
  private numbersOfSeries(chart: Chart, before: ChartMemory, shift: number): Map<number, number> {
    const numbers = new Map<number, number>();
    for (const { series, role, text } of this.references) {
      if (role !== 'val' && role !== 'yVal') continue;
      const area = parseReference(text)?.area;
      const number = area === undefined ? -1 : before.series.findIndex(({ values }) => sameArea(values, area));
      if (number >= 0 && ![...numbers.values()].includes(number)) numbers.set(series, number);
    }
    const order = orderOfSeries(chart);
    if (numbers.size < order.length && this.seriesCount === order.length + shift) {
      for (const [at, number] of order.entries()) {
        if (!numbers.has(at + shift) && ![...numbers.values()].includes(number)) numbers.set(at + shift, number);
      }
    }
    return numbers;
  }

  private updateTexts(chart: Chart, before: ChartMemory): void {
    const renamed = new Map([
      [before.title, chart.title],
      [before.xTitle, chart.xTitle ?? ''],
      [before.yTitle, chart.yTitle ?? ''],
    ]);
    for (const { from, to, text } of this.texts) {
      const now = renamed.get(text);
      if (now !== undefined && now !== '' && now !== text) this.edit.replace(from, to, escapeXml(now));
    }
  }

  private updateCuts({ cuts }: Chart, before: ChartMemory): void {
    if (cuts === undefined || before.cuts === null) return;
    for (const { tagStart, tagEnd, isAcross, value } of this.crossings) {
      const [was, now] = isAcross ? [before.cuts.y, cuts.y] : [before.cuts.x, cuts.x];
      if (value === was && now !== was) this.edit.setAttribute(tagStart, tagEnd, 'val', String(now));
    }
  }
}

function roleOf(parent: string, prefix: string): Role {
  const name = parent.slice(prefix.length);
  return name === 'tx' || name === 'cat' || name === 'val' || name === 'xVal' || name === 'yVal' ? name : 'other';
}

/** A point left out and an empty one are the same; apps keep 15 digits. */
function samePoints(a: Points, b: Points): boolean {
  if (a.length !== b.length) return false;
  return a.every((point, i) => {
    const other = b[i] ?? null;
    if (typeof point === 'number' && typeof other === 'number') {
      return Math.abs(point - other) <= 1e-12 * Math.max(Math.abs(point), Math.abs(other));
    }
    return (point === '' ? null : point) === (other === '' ? null : other);
  });
}

function sameTexts(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((text, i) => text === b[i]);
}
