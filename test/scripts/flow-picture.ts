/** The picture of sheet, service and Postgres in the README, drawn from words and numbers. Pure: returns SVG text. */

interface Words {
  readonly sheet: string;
  readonly headers: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly problems: string;
  readonly problem: string;
  readonly steps: readonly string[];
  readonly tables: readonly (readonly [name: string, what: string])[];
  readonly typed: string;
  readonly answered: string;
  readonly stored: string;
  readonly owed: string;
  readonly truth: string;
}

const words: Readonly<Record<'zh-CN' | 'en', Words>> = {
  'zh-CN': {
    sheet: '售后工单.xlsx · 大家照常填表',
    headers: ['工单号', '状态', '优先级', '问题标题'],
    rows: [
      ['T-001042-QK', '处理中', '高', '打印机卡纸'],
      ['T-001043-HD', '新建', '中', '扫码枪无法连接'],
      ['T-001044-WF', '新建', '紧鸡', '门禁读卡失败'],
    ],
    problems: '问题清单',
    problem: 'C4 “紧鸡” 不是优先级；原文保留',
    steps: ['读取', '认行', '找出双方改动', '合并', '防误操作', '入库', '写回', '核对'],
    tables: [
      ['tickets', '工单，唯一的真相'],
      ['changes', '谁、何时、从哪改的'],
      ['base', '双方上次认可的值'],
      ['problems', '收不下的和要人定的'],
    ],
    typed: '填的内容',
    answered: '工单号、结果',
    stored: '改动',
    owed: '欠表格的',
    truth: 'Postgres，或内置的 PGlite',
  },
  en: {
    sheet: 'tickets.xlsx · people type as ever',
    headers: ['Ticket', 'Status', 'Priority', 'Title'],
    rows: [
      ['T-001042-QK', 'Open', 'High', 'Printer jams'],
      ['T-001043-HD', 'New', 'Medium', 'Scanner not found'],
      ['T-001044-WF', 'New', 'urgnet', 'Badge reader fails'],
    ],
    problems: 'Problems',
    problem: 'C4 “urgnet” is no priority; kept as typed',
    steps: ['read', 'match rows', 'detect edits', 'reconcile', 'guard', 'apply', 'write', 'verify'],
    tables: [
      ['tickets', 'the truth'],
      ['changes', 'who, when, where'],
      ['base', 'last agreed values'],
      ['problems', 'refused or to decide'],
    ],
    typed: 'what was typed',
    answered: 'numbers, answers',
    stored: 'changes',
    owed: 'what is owed',
    truth: 'Postgres, or PGlite built in',
  },
};

const INK = '#24292f';
const GREEN = '#1d7f4c';
const BLUE = '#2f5f9e';
const RED = '#b3261e';

interface Style {
  readonly size?: number;
  readonly fill?: string;
  readonly anchor?: 'start' | 'middle' | 'end';
  readonly weight?: number;
}

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
const text = (x: number, y: number, content: string, style: Style = {}): string => {
  const { size = 14, fill = INK, anchor = 'start', weight = 400 } = style;
  return `<text x="${x}" y="${y}" font-size="${size}" fill="${fill}" text-anchor="${anchor}" font-weight="${weight}">${escaped(content)}</text>`;
};
const box = (x: number, y: number, width: number, height: number, fill: string, stroke: string, radius = 0): string =>
  `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="${radius}" fill="${fill}" stroke="${stroke}"/>`;
const arrow = (from: number, to: number, y: number, label: string, colour: string): string => {
  const back = to > from ? -8 : 8;
  const line = `<path d="M${from} ${y}H${to}m${back} -5l${-back} 5l${back} 5" fill="none" stroke="${colour}" stroke-width="2"/>`;
  return line + text((from + to) / 2, y - 9, label, { size: 13, fill: colour, anchor: 'middle' });
};

/** A spreadsheet of `words`, its bad cell marked, and the line of 问题清单 below it. */
function sheet(x: number, y: number, w: Words): string {
  const widths = [112, 62, 70, 142];
  const width = widths.reduce((sum, each) => sum + each, 0);
  const cells = [w.headers, ...w.rows].flatMap((row, line) =>
    row.map((content, column) => {
      const left = x + widths.slice(0, column).reduce((sum, each) => sum + each, 0);
      const top = y + 14 + line * 30;
      const bad = line === 3 && column === 2;
      const fill = bad ? '#fde7e5' : line === 0 ? '#e2f0e8' : column === 0 ? '#f1f1f1' : '#ffffff';
      const style = { size: 13, fill: bad ? RED : INK, weight: line === 0 ? 600 : 400 };
      return box(left, top, widths[column] ?? 0, 30, fill, '#c9d1d9') + text(left + 8, top + 20, content, style);
    }),
  );
  const below = y + 164;
  return [
    text(x, y, w.sheet, { weight: 600, fill: GREEN }),
    ...cells,
    box(x, below, width, 58, '#fff8f7', '#e6b8b4', 4),
    text(x + 10, below + 22, w.problems, { size: 13, weight: 600, fill: RED }),
    text(x + 10, below + 44, w.problem, { size: 13 }),
  ].join('');
}

function service(x: number, y: number, w: Words): string {
  const steps = w.steps.map((step, n) => {
    const top = y + 44 + (n >> 1) * 44;
    const left = x + 14 + (n % 2) * 104;
    return (
      box(left, top, 96, 34, '#ffffff', '#b7c7dd', 6) + text(left + 48, top + 22, step, { size: 13, anchor: 'middle' })
    );
  });
  return [
    box(x, y, 228, 226, '#eef3fa', BLUE, 10),
    text(x + 114, y + 28, 'Rowkeeper', { weight: 700, anchor: 'middle', size: 16, fill: BLUE }),
    ...steps,
  ].join('');
}

function store(x: number, y: number, w: Words): string {
  const [width, height] = [252, 200];
  const tables = w.tables.flatMap(([name, what], n) => [
    text(x + 20, y + 56 + n * 36, name, { weight: 600, size: 14 }),
    text(x + 106, y + 56 + n * 36, what, { size: 13 }),
  ]);
  return [
    `<path d="M${x} ${y}v${height}a${width / 2} 20 0 0 0 ${width} 0v${-height}" fill="#f4f1fb" stroke="#6b4fa0"/>`,
    `<ellipse cx="${x + width / 2}" cy="${y}" rx="${width / 2}" ry="20" fill="#e8e0f7" stroke="#6b4fa0"/>`,
    text(x + width / 2, y + 5, w.truth, { weight: 600, size: 14, anchor: 'middle', fill: '#4b3480' }),
    ...tables,
  ].join('');
}

/** The whole picture in one language. */
export function flowPicture(language: 'zh-CN' | 'en'): string {
  const w = words[language];
  const parts = [
    '<rect width="1180" height="290" rx="12" fill="#ffffff"/>',
    sheet(24, 40, w),
    arrow(418, 542, 116, w.typed, GREEN),
    arrow(542, 418, 170, w.answered, BLUE),
    service(550, 32, w),
    arrow(786, 900, 116, w.stored, GREEN),
    arrow(900, 786, 170, w.owed, BLUE),
    store(908, 46, w),
  ];
  const fonts = "system-ui, 'Segoe UI', 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif";
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1180 290" width="1180" font-family="${fonts}">\n${parts.join('\n')}\n</svg>\n`;
}
