/**
 * A large ticket workbook, written the way Excel writes one: shared strings, date styles, `spans`, rows with attributes.
 * The content is made from the row number alone, so two workbooks of one size are equal.
 */
import { Buffer } from 'node:buffer';
import { writeFileSync } from 'node:fs';
import { columnLetters } from '../../src/model/cell.ts';
import { makeWorkbook } from '../fakes/workbook-builder.ts';

const STATUSES = ['待分配', '处理中', '待客户确认', '已解决', '已关闭'];
const PRIORITIES = ['紧急', '高', '中', '低'];
const TYPES = ['设备故障', '安装调试', '使用咨询', '备件更换', '软件升级', '投诉建议'];
const PEOPLE = ['张伟', '王芳', '李娜', '刘洋', '陈静', '杨帆', '赵磊', '黄敏'];
const SYMPTOMS = ['无法开机', '运行中有异响', '显示屏花屏', '温度过高报警', '打印不清晰', '网络连接中断'];
const ANSWERS = ['更换主板后恢复正常', '清洁风道并重新涂抹导热硅脂', '升级固件', '现场培训操作人员'];

/** Columns of the table; beyond them the list repeats. */
const COLUMNS: readonly {
  readonly header: string;
  readonly cell: (row: number) => string | number;
  readonly style?: number;
}[] = [
  { header: '工单号', cell: (row) => `T-${String(row).padStart(6, '0')}` },
  { header: '状态', cell: (row) => pick(STATUSES, row) },
  { header: '优先级', cell: (row) => pick(PRIORITIES, row * 7) },
  { header: '问题标题', cell: (row) => `${pick(TYPES, row * 3)}:${pick(SYMPTOMS, row * 5)} #${row}` },
  {
    header: '详细描述',
    cell: (row) =>
      `客户反映第 ${row % 977} 号设备${pick(SYMPTOMS, row)},已持续 ${row % 13} 天,请尽快安排工程师上门处理。回访编号 ${row}`,
  },
  { header: '问题类型', cell: (row) => pick(TYPES, row * 3) },
  { header: '客户名称', cell: (row) => `华东第${(row * 31) % 4_001}分公司` },
  { header: '联系人', cell: (row) => pick(PEOPLE, row * 11) },
  { header: '联系电话', cell: (row) => `138${String((row * 7_919) % 100_000_000).padStart(8, '0')}` },
  { header: '客户级别', cell: (row) => pick(['VIP', '重点', '普通'], row) },
  { header: '产品型号', cell: (row) => `RK-${100 + (row % 60)}` },
  { header: '合同编号', cell: (row) => `HT2026-${String((row * 13) % 20_000).padStart(5, '0')}` },
  { header: '负责人', cell: (row) => pick(PEOPLE, row * 5) },
  { header: '耗时', cell: (row) => ((row * 37) % 900) / 4 },
  { header: '费用', cell: (row) => ((row * 997) % 1_000_000) / 100, style: 3 },
  { header: '满意度', cell: (row) => 1 + (row % 5) },
  { header: '解决方案', cell: (row) => `${pick(ANSWERS, row)},单号 ${row}` },
  { header: '创建日期', cell: (row) => 46_000 + (row % 365), style: 1 },
  { header: '首次响应时间', cell: (row) => 46_000 + (row % 365) + ((row * 7) % 1_440) / 1_440, style: 2 },
  { header: '截止时间', cell: (row) => 46_003 + (row % 365) + ((row * 11) % 1_440) / 1_440, style: 2 },
];

function pick(list: readonly string[], index: number): string {
  return list[index % list.length] ?? '';
}

/** East Asian Excel notes "no reading aid" beside every text that could have one. */
const READING = /[\u3400-\u9fff]/;

const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n';

const STYLES = `${DECLARATION}<styleSheet xmlns="${MAIN}"><numFmts count="1"><numFmt numFmtId="176" formatCode="yyyy/m/d\\ h:mm;@"/></numFmts><fonts count="1"><font><sz val="11"/><name val="等线"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="4"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="14" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="176" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="4" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs></styleSheet>`;

/**
 * Writes a workbook with one tab 工单: a header and `rows` rows of `columns` cells. Returns the file's size in bytes.
 * 100,000 x 20 is about 20 MB, made in a few seconds.
 */
export function makeBenchWorkbook(rows: number, columns: number, path: string): number {
  const strings = new Map<string, number>();
  let uses = 0;
  const shared = (text: string): number => {
    uses++;
    const known = strings.get(text);
    if (known !== undefined) return known;
    strings.set(text, strings.size);
    return strings.size - 1;
  };
  const letters = Array.from({ length: columns }, (_, column) => columnLetters(column));
  const last = `${letters.at(-1)}${rows + 1}`;
  const sheet: Buffer[] = [];
  let text = `${DECLARATION}<worksheet xmlns="${MAIN}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" mc:Ignorable="x14ac" xmlns:x14ac="http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac"><dimension ref="A1:${last}"/><sheetViews><sheetView tabSelected="1" workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetFormatPr defaultRowHeight="14" x14ac:dyDescent="0.2"/><sheetData>`;
  for (let row = 0; row <= rows; row++) {
    text += `<row r="${row + 1}" spans="1:${columns}" x14ac:dyDescent="0.2">`;
    for (let column = 0; column < columns; column++) {
      const spec = COLUMNS[column % COLUMNS.length];
      if (spec === undefined) continue;
      const value = row === 0 ? spec.header : spec.cell(row);
      const style = row === 0 || spec.style === undefined ? '' : ` s="${spec.style}"`;
      text +=
        typeof value === 'number'
          ? `<c r="${letters[column]}${row + 1}"${style}><v>${value}</v></c>`
          : `<c r="${letters[column]}${row + 1}"${style} t="s"><v>${shared(value)}</v></c>`;
    }
    text += '</row>';
    if (text.length > 1_000_000) {
      sheet.push(Buffer.from(text));
      text = '';
    }
  }
  text += `</sheetData><autoFilter ref="A1:${last}"/><pageMargins left="0.7" right="0.7" top="0.75" bottom="0.75" header="0.3" footer="0.3"/></worksheet>`;
  sheet.push(Buffer.from(text));

  const table: Buffer[] = [];
  text = `${DECLARATION}<sst xmlns="${MAIN}" count="${uses}" uniqueCount="${strings.size}">`;
  for (const entry of strings.keys()) {
    text += READING.test(entry)
      ? `<si><t>${entry}</t><phoneticPr fontId="1" type="noConversion"/></si>`
      : `<si><t>${entry}</t></si>`;
    if (text.length > 1_000_000) {
      table.push(Buffer.from(text));
      text = '';
    }
  }
  table.push(Buffer.from(`${text}</sst>`));

  const bytes = makeWorkbook({
    sheets: [{ name: '工单', xml: Buffer.concat(sheet) }],
    stringsXml: Buffer.concat(table),
    styles: STYLES,
  });
  writeFileSync(path, bytes);
  return bytes.length;
}
