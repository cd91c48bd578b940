/**
 * Random plans published one after another, with a person's edits between: what is the person's stays, what is the
 * plan's ends as if it had been published fresh, and a second time nothing changes.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openPackage } from '../../connectors/xlsx/package.ts';
import { patchWorkbook } from '../../connectors/xlsx/patch.ts';
import { createEmptyWorkbook } from '../../connectors/xlsx/published/empty-workbook.ts';
import { publishTabs } from '../../connectors/xlsx/published/publish.ts';
import { readTab } from '../../connectors/xlsx/read.ts';
import type { CellInput, CellValue, Grid } from '../../src/model/cell.ts';
import { cellAt } from '../../src/model/cell.ts';
import type { ChartKind } from '../../src/model/chart.ts';
import type { PublishedCell, PublishedChart, PublishedTab } from '../../src/model/published-tab.ts';
import { packageFaults, requireWitness } from '../witness/office.ts';

const options = { timeZone: 'Asia/Shanghai', restore: [] };
const KEYS = ['alpha', 'beta'] as const;
/** Beyond every area a plan can have. */
const OWN_COLUMN = 20;

const value = fc.oneof(
  fc.integer({ min: -99, max: 9999 }),
  fc.double({ min: 0, max: 1, noNaN: true }),
  fc.constantFrom('待受理', '=1+1', 'a<b & "c"', ' x ', "it's", ''),
  fc.boolean(),
  fc.constant(null),
);
const look = fc.constantFrom('title', 'heading', 'label', 'figure', 'value', 'note', 'good', 'bad', 'faint', undefined);
const plannedCell: fc.Arbitrary<PublishedCell | null> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ value, look, format: fc.constantFrom('0', '0.0%', undefined) }).map(bare) },
  { weight: 1, arbitrary: fc.constant({ value: '2026-08-30T02:30:00.000Z', isInstant: true }) },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom("'beta'!A1+1", 'SUM(A1:A3)', "COUNTA('alpha'!A:A)")
      .map((formula) => ({ value: 3, formula })),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom("#'beta'!A1", 'https://example.com/?a=1&b=2').map((link) => ({ value: '去', link })),
  },
  { weight: 1, arbitrary: fc.constant(null) },
);

/** Without what is not there: `undefined` is no value of the model. */
function bare(cell: {
  value: PublishedCell['value'];
  look: PublishedCell['look'] | undefined;
  format: string | undefined;
}): PublishedCell {
  const { look: drawn, format, ...rest } = cell;
  return { ...rest, ...(drawn === undefined ? {} : { look: drawn }), ...(format === undefined ? {} : { format }) };
}

const kinds: readonly ChartKind[] = ['column', 'bar', 'line', 'pie', 'funnel', 'scatter', 'heat-map'];

/** A chart over the last two columns of a tab's figures, put below the other rows. */
function chartFor(
  name: string,
  kind: ChartKind,
  values: readonly (number | null)[],
  at: number,
): { rows: PublishedCell[][]; chart: PublishedChart } {
  const names = values.map((_, i) => `第${i + 1}周`);
  const area = (column: number) => ({ row: at + 1, column, toRow: at + values.length, toColumn: column });
  const head = { row: at, column: 1, toRow: at, toColumn: 1 };
  const isScatter = kind === 'scatter';
  const series = { name: '数', values, ...(isScatter ? { x: values.map((_, i) => i * 2) } : {}) };
  return {
    rows: [
      [{ value: '周' }, { value: '数' }, { value: '横' }],
      ...values.map((one, i) => [{ value: names[i] as string }, { value: one }, { value: i * 2 }]),
    ],
    chart: {
      chart: { name, kind, title: `图 ${name}`, categories: names, series: [series], format: '0' },
      place: { row: 0, column: 8, toRow: 12, toColumn: 14 },
      categories: area(0),
      series: [{ name: head, values: area(1), ...(isScatter ? { x: area(2) } : {}) }],
    },
  };
}

const plannedTab = (key: string): fc.Arbitrary<PublishedTab> =>
  fc
    .record({
      cells: fc.array(fc.array(plannedCell, { maxLength: 5 }), { minLength: 1, maxLength: 7 }),
      charts: fc.array(
        fc.record({
          kind: fc.constantFrom(...kinds),
          values: fc.array(fc.option(fc.integer({ min: 0, max: 50 })), { minLength: 1, maxLength: 6 }),
        }),
        { maxLength: 3 },
      ),
      ruled: fc.boolean(),
      filtered: fc.boolean(),
      merged: fc.boolean(),
    })
    .map(({ cells, charts, ruled, filtered, merged }) => {
      const rows: (PublishedCell | null)[][] = cells.map((row) => [...row]);
      const drawn = charts.map(({ kind, values }, i) => {
        const made = chartFor(`c${i}`, kind, values, rows.length);
        rows.push(...made.rows);
        return made.chart;
      });
      if (merged) rows.push([{ value: '注', look: 'note' }, null]);
      const last = rows.length - 1;
      return {
        key,
        name: key,
        widths: [12, 14],
        rows,
        charts: drawn,
        rules: ruled
          ? [{ kind: 'data-bar' as const, area: { row: 0, column: 1, toRow: last, toColumn: 1 }, colour: '0072B2' }]
          : [],
        ...(filtered ? { filter: { row: 0, column: 0, toRow: last, toColumn: 2 } } : {}),
        ...(merged ? { merges: [{ row: last, column: 0, toRow: last, toColumn: 1 }] } : {}),
      };
    });

const plans = fc.tuple(plannedTab('alpha'), plannedTab('beta'));

type Edit =
  | { readonly kind: 'own'; readonly tab: number; readonly row: number; readonly value: CellInput }
  | {
      readonly kind: 'inside';
      readonly tab: number;
      readonly row: number;
      readonly column: number;
      readonly value: CellInput;
    }
  | { readonly kind: 'rename'; readonly tab: number; readonly name: string }
  | { readonly kind: 'chart'; readonly tab: number }
  | { readonly kind: 'width'; readonly tab: number; readonly width: number };

const tabNumber = fc.nat(1);
const edit: fc.Arbitrary<Edit> = fc.oneof(
  fc.record({
    kind: fc.constant('own' as const),
    tab: tabNumber,
    row: fc.nat(30),
    value: fc.constantFrom<CellInput>('我的', 42, true, '=x'),
  }),
  fc.record({
    kind: fc.constant('inside' as const),
    tab: tabNumber,
    row: fc.nat(6),
    column: fc.nat(4),
    value: fc.constantFrom<CellInput>('手改', 10_077, null),
  }),
  fc.record({
    kind: fc.constant('rename' as const),
    tab: tabNumber,
    name: fc.constantFrom("老板's", '页 & <一>', 'B2', '2026'),
  }),
  fc.record({ kind: fc.constant('chart' as const), tab: tabNumber }),
  fc.record({ kind: fc.constant('width' as const), tab: tabNumber, width: fc.integer({ min: 5, max: 60 }) }),
);

const steps = fc.array(fc.record({ plan: plans, edits: fc.array(edit, { maxLength: 4 }) }), {
  minLength: 1,
  maxLength: 4,
});

const DRAWING_ML = 'http://schemas.openxmlformats.org/drawingml/2006';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** A person at work; the names tabs have now are kept in `names`, own cells in `own`, widths in `widths`. */
class Person {
  readonly names: string[] = [...KEYS];
  /** What the person typed, by tab, row and column. */
  readonly own = new Map<string, CellValue>();
  readonly widths = new Map<number, number>();
  /** Charts of the person's own, by their parts. */
  readonly charts: string[] = [];

  async edit(bytes: Uint8Array, change: Edit): Promise<Uint8Array> {
    const name = this.names[change.tab] as string;
    if (change.kind === 'rename') {
      if (this.names.includes(change.name)) return bytes;
      this.names[change.tab] = change.name;
      return this.rewrite(bytes, null, (xml) =>
        xml
          .replace(`<sheet name="${escaped(name)}"`, () => `<sheet name="${escaped(change.name)}"`)
          .replaceAll(
            `'${escaped(name.replaceAll("'", "''"))}'!`,
            () => `'${escaped(change.name.replaceAll("'", "''"))}'!`,
          ),
      );
    }
    if (change.kind === 'chart') return this.draw(bytes, name);
    if (change.kind === 'width') {
      this.widths.set(change.tab, change.width);
      return this.rewrite(bytes, name, (xml) => xml.replace(/width="[\d.]+"/, `width="${change.width}"`));
    }
    const column = change.kind === 'own' ? OWN_COLUMN : change.column;
    const operation = { kind: 'cell', tab: name, row: change.row, column, value: change.value } as const;
    const patched = await patchWorkbook(await openPackage(bytes), [operation], {
      generation: null,
      allowFormulaOverwrite: true,
    });
    const place = `${change.tab} ${change.row} ${column}`;
    if (patched.outcomes[0]?.status === 'applied') this.own.set(place, change.value);
    return patched.bytes;
  }

  /** A chart of the person's own over cells of ours, drawn beside those that are there. */
  private async draw(bytes: Uint8Array, tab: string): Promise<Uint8Array> {
    const pkg = await openPackage(bytes);
    const sheet = pkg.sheets.find(({ name }) => name === tab)?.part ?? '';
    const drawing = (await pkg.relationships(sheet)).find(({ type }) => type === 'drawing')?.target;
    if (drawing === undefined) return bytes;
    const text = async (part: string): Promise<string> => Buffer.from(await pkg.inflate(part)).toString('utf8');
    const links = drawing.replace('drawings/', 'drawings/_rels/').concat('.rels');
    if (!pkg.has(links)) return bytes;
    const number = 900 + 50 * this.charts.length;
    const part = `xl/charts/chart${number}.xml`;
    this.charts.push(part);
    const reference = escaped(`'${tab.replaceAll("'", "''")}'!$A$1:$A$3`);
    const root = `<c:chartSpace xmlns:c="${DRAWING_ML}/chart" xmlns:a="${DRAWING_ML}/main">`;
    const axis = (id: number, other: number, at: string): string =>
      `<c:axId val="${id}"/><c:scaling><c:orientation val="minMax"/></c:scaling><c:delete val="0"/><c:axPos val="${at}"/><c:crossAx val="${other}"/>`;
    const chart =
      `${root}<c:chart><c:plotArea><c:barChart><c:barDir val="col"/><c:grouping val="clustered"/><c:ser><c:idx val="0"/><c:order val="0"/>` +
      `<c:val><c:numRef><c:f>${reference}</c:f></c:numRef></c:val></c:ser><c:axId val="1"/><c:axId val="2"/></c:barChart>` +
      `<c:catAx>${axis(1, 2, 'b')}</c:catAx><c:valAx>${axis(2, 1, 'l')}</c:valAx></c:plotArea></c:chart></c:chartSpace>`;
    const place = '<xdr:col>30</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>1</xdr:row><xdr:rowOff>0</xdr:rowOff>';
    const anchor =
      `<xdr:twoCellAnchor><xdr:from>${place}</xdr:from><xdr:to>${place}</xdr:to><xdr:graphicFrame macro=""><xdr:nvGraphicFramePr>` +
      `<xdr:cNvPr id="${number}" name="图表 ${number}"/><xdr:cNvGraphicFramePr/></xdr:nvGraphicFramePr><xdr:xfrm><a:off x="0" y="0"/><a:ext cx="0" cy="0"/></xdr:xfrm>` +
      `<a:graphic><a:graphicData uri="${DRAWING_ML}/chart"><c:chart xmlns:c="${DRAWING_ML}/chart" xmlns:r="${OFFICE}" r:id="rId${number}"/></a:graphicData></a:graphic>` +
      '</xdr:graphicFrame><xdr:clientData/></xdr:twoCellAnchor>';
    const changes = {
      [part]: chart,
      [drawing]: (await text(drawing)).replace('</xdr:wsDr>', () => `${anchor}</xdr:wsDr>`),
      [links]: (await text(links)).replace(
        '</Relationships>',
        `<Relationship Id="rId${number}" Type="${OFFICE}/chart" Target="../charts/chart${number}.xml"/></Relationships>`,
      ),
      '[Content_Types].xml': (await text('[Content_Types].xml')).replace(
        '</Types>',
        `<Override PartName="/${part}" ContentType="application/vnd.openxmlformats-officedocument.drawingml.chart+xml"/></Types>`,
      ),
    };
    return pkg.save(new Map(Object.entries(changes).map(([name, xml]) => [name, Buffer.from(xml)])));
  }

  /** All parts that name tabs, or the one sheet. */
  private async rewrite(bytes: Uint8Array, only: string | null, change: (xml: string) => string): Promise<Uint8Array> {
    const pkg = await openPackage(bytes);
    const all = pkg.partNames.filter((name) =>
      /^xl\/(workbook|worksheets\/sheet\d+|charts\/chart\d+)\.xml$/.test(name),
    );
    const parts = only === null ? all : pkg.sheets.filter(({ name }) => name === only).map(({ part }) => part);
    const changes = new Map<string, Uint8Array>();
    for (const part of parts)
      changes.set(part, Buffer.from(change(Buffer.from(await pkg.inflate(part)).toString('utf8'))));
    return pkg.save(changes);
  }
}

async function gridOf(bytes: Uint8Array, name: string): Promise<Grid> {
  const pkg = await openPackage(bytes);
  const sheet = pkg.sheets.find((one) => one.name === name);
  if (sheet === undefined) throw new Error(`no tab ${name}`);
  return readTab(pkg, sheet);
}

/** A value with the plan's names for tabs. */
function planned(found: CellValue, names: readonly string[]): CellValue {
  const text = (formula: string): string =>
    KEYS.reduce(
      (all, key, i) => all.replaceAll(`'${(names[i] as string).replaceAll("'", "''")}'!`, `'${key}'!`),
      formula,
    );
  if (typeof found !== 'object' || found === null) return found;
  // A grid without rows does not tell of its merges.
  if (found.kind === 'covered') return null;
  if (found.kind === 'formula') return { ...found, formula: text(found.formula) };
  return found.kind === 'link' ? { ...found, url: text(found.url) } : found;
}

test('whatever is published after whatever people did, both sides have theirs', async (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'rowkeeper-publish-'));
  const files: string[] = [];
  try {
    await fc.assert(
      fc.asyncProperty(steps, async (all) => {
        const person = new Person();
        let bytes = await createEmptyWorkbook();
        for (const { plan, edits } of all) {
          const result = await publishTabs(await openPackage(bytes), bytes, plan, options);
          bytes = result.bytes;
          expect(result.missing).toEqual([]);
          const again = await publishTabs(await openPackage(bytes), bytes, plan, options);
          expect(again).toMatchObject({ changed: 0, replaced: [], made: [] });
          expect(again.bytes).toBe(bytes);

          const empty = await createEmptyWorkbook();
          const fresh = (await publishTabs(await openPackage(empty), empty, plan, options)).bytes;
          const faults: object[] = [];
          for (const [i, tab] of plan.entries()) {
            const [found, wanted] = [await gridOf(bytes, person.names[i] as string), await gridOf(fresh, tab.key)];
            const width = Math.max(...tab.rows.map((row) => row.length));
            for (let row = 0; row < 45; row++) {
              for (let column = 0; column <= OWN_COLUMN; column++) {
                const place = `${i} ${row} ${column}`;
                const isInside = row < tab.rows.length && column < width;
                if (isInside) person.own.delete(place);
                const expected = isInside ? cellAt(wanted, row, column) : (person.own.get(place) ?? null);
                const stands = planned(cellAt(found, row, column), person.names);
                if (!isDeepStrictEqual(stands, planned(expected, KEYS))) faults.push({ place, stands, expected });
              }
            }
          }
          expect(faults).toEqual([]);
          for (const [i, width] of person.widths) {
            const pkg = await openPackage(bytes);
            const part = pkg.sheets.find(({ name }) => name === person.names[i])?.part as string;
            expect(Buffer.from(await pkg.inflate(part)).toString('utf8')).toContain(`width="${width}"`);
          }
          const { partNames } = await openPackage(bytes);
          for (const part of person.charts) expect(partNames).toContain(part);
          for (const change of edits) bytes = await person.edit(bytes, change);
        }
        const path = join(folder, `${files.length}.xlsx`);
        writeFileSync(path, bytes);
        files.push(path);
      }),
      { numRuns: 40 },
    );
    requireWitness(context, 'openpyxl');
    const faults = Object.values(packageFaults(files)).flat();
    expect(faults).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
