/** The tabs the laws of publishing are tried with. */
import type { Connector } from '../../connectors/connector.ts';
import type { Published, PublishedCell, PublishedTab } from '../../src/model/published-tab.ts';

const text = (value: string): PublishedCell => ({ value, look: 'value' });

/** An overview with a chart and a formula over the list beside it. */
export function figures({ more = 0, rows = 3 }: { more?: number; rows?: number } = {}): PublishedTab[] {
  const one = (row: number, column: number, toRow = row) => ({ row, column, toRow, toColumn: column });
  return [
    {
      key: 'overview',
      name: '概览',
      widths: [12, 12],
      rows: [
        [{ value: '看板', look: 'title' }],
        [
          text('新建'),
          { value: 120 + more, format: '0', look: 'figure' },
          { value: rows, formula: "COUNTA('清单'!A2:A99)", look: 'check' },
        ],
        [text('达标率'), { value: 0.96, format: '0%', look: 'value' }, null, { value: true }],
        [{ value: '2026-08-30T02:30:00.000Z', isInstant: true }],
        [text('=1+1')],
      ],
      merges: [{ row: 0, column: 0, toRow: 0, toColumn: 3 }],
      charts: [
        {
          chart: {
            name: 'share',
            kind: 'column',
            title: '本周',
            categories: ['新建', '达标率'],
            series: [{ name: '看板', values: [120 + more, 0.96] }],
            format: '0',
          },
          place: { row: 6, column: 0, toRow: 20, toColumn: 6 },
          categories: one(1, 0, 2),
          series: [{ name: one(0, 0), values: one(1, 1, 2) }],
        },
      ],
      rules: [],
    },
    {
      key: 'list',
      name: '清单',
      widths: [12],
      rows: [[{ value: '编号', look: 'heading' }], ...Array.from({ length: rows }, (_, n) => [text(`T-${n + 1}`)])],
      charts: [],
      rules: [],
    },
  ];
}

/** Publishes in the laws' zone. */
export function publishNow(
  connector: Connector,
  tabs: readonly PublishedTab[],
  restore: readonly string[] = [],
): Promise<Published> {
  if (connector.publish === undefined) throw new Error(`${connector.kind} does not publish`);
  return connector.publish(tabs, { timeZone: 'Asia/Shanghai', restore });
}
