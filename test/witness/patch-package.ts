/**
 * Workbooks built from raw parts, for tests of the writer: one with nearly everything a person's workbook can hold, and
 * small ones of odd forms. The container is written here, stored without compression, so that no code under test has
 * touched it.
 */
import { crc32 } from 'node:zlib';

export type Parts = Readonly<Record<string, string | Buffer>>;

/** A zip with these entries, in order. */
export function zipOf(parts: Parts): Uint8Array {
  const locals: Buffer[] = [];
  const records: Buffer[] = [];
  let offset = 0;
  for (const [name, part] of Object.entries(parts)) {
    const content = Buffer.from(part as string);
    const nameBytes = Buffer.from(name);
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt32LE(0x00210000, 6);
    fields.writeUInt32LE(crc32(content), 10);
    fields.writeUInt32LE(content.length, 14);
    fields.writeUInt32LE(content.length, 18);
    fields.writeUInt16LE(nameBytes.length, 22);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(offset, 10);
    locals.push(Buffer.from('PK\x03\x04', 'latin1'), fields, nameBytes, content);
    records.push(Buffer.from('PK\x01\x02\x14\x00', 'latin1'), fields, place, nameBytes);
    offset += 30 + nameBytes.length + content.length;
  }
  const directory = Buffer.concat(records);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(Object.keys(parts).length, 8);
  end.writeUInt16LE(Object.keys(parts).length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return new Uint8Array(Buffer.concat([...locals, directory, end]));
}

const DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n';
export const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const SHEET_ML = 'application/vnd.openxmlformats-officedocument.spreadsheetml';
const X14 = 'http://schemas.microsoft.com/office/spreadsheetml/2009/9/main';
const XM = 'http://schemas.microsoft.com/office/excel/2006/main';

function links(entries: readonly (readonly [type: string, target: string, external?: boolean])[]): string {
  const all = entries.map(([type, target, external], i) => {
    const full = type.includes(':') ? type : `${OFFICE}/${type}`;
    return `<Relationship Id="rId${i + 1}" Type="${full}" Target="${target}"${external === true ? ' TargetMode="External"' : ''}/>`;
  });
  return `${DECLARATION}<Relationships xmlns="${PACKAGE}/relationships">${all.join('')}</Relationships>`;
}

function contentTypes(overrides: Readonly<Record<string, string>>): string {
  const defaults = Object.entries({
    rels: 'application/vnd.openxmlformats-package.relationships+xml',
    xml: 'application/xml',
    png: 'image/png',
    vml: 'application/vnd.openxmlformats-officedocument.vmlDrawing',
    bin: 'application/vnd.openxmlformats-officedocument.spreadsheetml.printerSettings',
  }).map(([extension, type]) => `<Default Extension="${extension}" ContentType="${type}"/>`);
  const parts = Object.entries(overrides).map(
    ([part, type]) =>
      `<Override PartName="/${part}" ContentType="${type.startsWith('+') ? SHEET_ML + type.slice(1) : type}"/>`,
  );
  return `${DECLARATION}<Types xmlns="${PACKAGE}/content-types">${[...defaults, ...parts].join('')}</Types>`;
}

const STYLES = `${DECLARATION}<styleSheet xmlns="${MAIN}"><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;"/></numFmts><fonts count="2"><font><sz val="11"/><name val="等线"/></font><font><b/><sz val="11"/><color rgb="FFFFFFFF"/><name val="等线"/></font></fonts><fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill><fill><patternFill patternType="solid"><fgColor rgb="FF4472C4"/></patternFill></fill></fills><borders count="2"><border><left/><right/><top/><bottom/><diagonal/></border><border><left style="thin"/><right style="thin"/><top style="thin"/><bottom style="thin"/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="5"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="0" fontId="1" fillId="2" borderId="1" xfId="0" applyFont="1"/><xf numFmtId="0" fontId="0" fillId="0" borderId="1" xfId="0" applyBorder="1"><alignment vertical="center" wrapText="1"/></xf><xf numFmtId="164" fontId="0" fillId="0" borderId="1" xfId="0" applyNumberFormat="1"/><xf numFmtId="4" fontId="0" fillId="0" borderId="1" xfId="0"/></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles><dxfs count="1"><dxf><font><color rgb="FF9C0006"/></font></dxf></dxfs></styleSheet>`;

const TEXTS = [
  '工单号',
  '状态',
  '日期',
  '金额',
  '含税',
  '备注',
  'T-1',
  'T-2',
  'T-3',
  '待受理',
  '处理中',
  'a < b & "c"',
];

/** `rich` has formats inside the text. */
const SHARED = `${DECLARATION}<sst xmlns="${MAIN}" count="99" uniqueCount="${TEXTS.length + 1}">${TEXTS.map(
  (text) => `<si><t>${text.replace(/&/g, '&amp;').replace(/</g, '&lt;')}</t></si>`,
).join('')}<si><r><t>粗</t></r><r><rPr><b/></rPr><t xml:space="preserve"> 体</t></r></si></sst>`;

const shared = (place: string, style: number, index: number): string =>
  `<c r="${place}" s="${style}" t="s"><v>${index}</v></c>`;

const ROW_LOOKS = 'spans="1:7" ht="20.5" customHeight="1" x14ac:dyDescent="0.25"';

/** Rows 1-4 of the main sheet: header and three tickets; G is a person's own total. */
export const GOLDEN_ROWS: readonly string[] = [
  `<row r="1" spans="1:7" x14ac:dyDescent="0.25">${[0, 1, 2, 3, 4, 5].map((i) => shared(`${'ABCDEF'[i]}1`, 1, i)).join('')}<c r="G1"><f>SUM(D2:D100)</f><v>60.5</v></c></row>`,
  `<row r="2" ${ROW_LOOKS}>${shared('A2', 2, 6)}${shared('B2', 2, 9)}<c r="C2" s="3"><v>46000</v></c><c r="D2" s="4"><v>10.5</v></c><c r="E2" s="4"><f>工单表[[#This Row],[金额]]*1.13</f><v>11.865</v></c>${shared('F2', 2, 11)}</row>`,
  `<row r="3" ${ROW_LOOKS}>${shared('A3', 2, 7)}${shared('B3', 2, 10)}<c r="C3" s="3"><v>46001.5</v></c><c r="D3" s="4"><v>20</v></c><c r="E3" s="4"><f>工单表[[#This Row],[金额]]*1.13</f><v>22.6</v></c>${shared('F3', 2, 12)}<c r="G3"><v>0.1</v></c></row>`,
  `<row r="4" ${ROW_LOOKS}>${shared('A4', 2, 8)}${shared('B4', 2, 9)}<c r="C4" s="3"/><c r="D4" s="4"><v>30</v></c><c r="E4" s="4"><f>工单表[[#This Row],[金额]]*1.13</f><v>33.9</v></c><c r="F4" s="2" t="b"><v>1</v></c></row>`,
];

const MAIN_SHEET = `${DECLARATION}<worksheet xmlns="${MAIN}" xmlns:r="${OFFICE}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" mc:Ignorable="x14ac xr" xmlns:x14ac="http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac" xmlns:xr="http://schemas.microsoft.com/office/spreadsheetml/2014/revision" xr:uid="{00000000-0001-0000-0000-000000000000}"><sheetPr codeName="Sheet1"/><dimension ref="A1:G4"/><sheetViews><sheetView tabSelected="1" workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetFormatPr defaultRowHeight="15" x14ac:dyDescent="0.25"/><cols><col min="1" max="1" width="14" customWidth="1"/><col min="8" max="9" width="9" style="3" customWidth="1"/></cols><sheetData>${GOLDEN_ROWS.join('')}</sheetData><conditionalFormatting sqref="B2:B4 D2:D4"><cfRule type="cellIs" dxfId="0" priority="1" operator="equal"><formula>"待受理"</formula></cfRule></conditionalFormatting><dataValidations count="1"><dataValidation type="list" allowBlank="1" showErrorMessage="1" sqref="B2:B4"><formula1>"待受理,处理中"</formula1></dataValidation></dataValidations><hyperlinks><hyperlink ref="A2" r:id="rId7"/></hyperlinks><pageMargins left="0.7" right="0.7" top="0.75" bottom="0.75" header="0.3" footer="0.3"/><pageSetup orientation="portrait" r:id="rId5"/><ignoredErrors><ignoredError sqref="A2:A4" numberStoredAsText="1"/></ignoredErrors><drawing r:id="rId1"/><legacyDrawing r:id="rId3"/><tableParts count="1"><tablePart r:id="rId2"/></tableParts><extLst><ext uri="{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}" xmlns:x14="${X14}"><x14:dataValidations count="1" xmlns:xm="${XM}"><x14:dataValidation type="list" allowBlank="1"><x14:formula1><xm:f>其他!$A$1:$A$2</xm:f></x14:formula1><xm:sqref>F2:F4</xm:sqref></x14:dataValidation></x14:dataValidations></ext><ext uri="{05C60535-1F16-4fd2-B633-F4F36F0B64E0}" xmlns:x14="${X14}"><x14:sparklineGroups xmlns:xm="${XM}"><x14:sparklineGroup><x14:sparklines><x14:sparkline><xm:f>工单!D2:D4</xm:f><xm:sqref>G4</xm:sqref></x14:sparkline></x14:sparklines></x14:sparklineGroup></x14:sparklineGroups></ext></extLst></worksheet>`;

/** `B4` depends on nothing that is ever edited; `B2`, `B3`, `B5` do, one of them through a name. */
export const GOLDEN_OTHER_ROWS = `<row r="1"><c r="A1" t="s"><v>9</v></c><c r="B1"><v>7</v></c></row><row r="2"><c r="A2" t="s"><v>10</v></c><c r="B2"><f>SUM(工单!$D:$D)</f><v>60.5</v></c></row><row r="3"><c r="B3"><f>B2+1</f><v>61.5</v></c></row><row r="4"><c r="B4"><f>B1*2</f><v>14</v></c></row><row r="5"><c r="B5"><f>COUNTA(状态列)</f><v>3</v></c></row>`;

const OTHER_SHEET = `${DECLARATION}<worksheet xmlns="${MAIN}" xmlns:r="${OFFICE}"><dimension ref="A1:B5"/><sheetData>${GOLDEN_OTHER_ROWS}</sheetData><pageMargins left="0.7" right="0.7" top="0.75" bottom="0.75" header="0.3" footer="0.3"/></worksheet>`;

const TABLE = `${DECLARATION}<table xmlns="${MAIN}" id="1" name="工单表" displayName="工单表" ref="A1:F4" totalsRowShown="0"><autoFilter ref="A1:F4"/><tableColumns count="6"><tableColumn id="1" name="工单号"/><tableColumn id="2" name="状态"/><tableColumn id="3" name="日期"/><tableColumn id="4" name="金额"/><tableColumn id="5" name="含税"><calculatedColumnFormula>工单表[[#This Row],[金额]]*1.13</calculatedColumnFormula></tableColumn><tableColumn id="6" name="备注"/></tableColumns><tableStyleInfo name="TableStyleMedium2" showFirstColumn="0" showLastColumn="0" showRowStripes="1" showColumnStripes="0"/></table>`;

const CHART = `${DECLARATION}<c:chartSpace xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><c:chart><c:autoTitleDeleted val="1"/><c:plotArea><c:layout/><c:barChart><c:barDir val="col"/><c:grouping val="clustered"/><c:varyColors val="0"/><c:ser><c:idx val="0"/><c:order val="0"/><c:cat><c:strRef><c:f>工单!$A$2:$A$4</c:f></c:strRef></c:cat><c:val><c:numRef><c:f>工单!$D$2:$D$4</c:f></c:numRef></c:val></c:ser><c:gapWidth val="80"/><c:axId val="1"/><c:axId val="2"/></c:barChart><c:catAx><c:axId val="1"/><c:scaling><c:orientation val="minMax"/></c:scaling><c:delete val="0"/><c:axPos val="b"/><c:crossAx val="2"/></c:catAx><c:valAx><c:axId val="2"/><c:scaling><c:orientation val="minMax"/></c:scaling><c:delete val="0"/><c:axPos val="l"/><c:crossAx val="1"/></c:valAx></c:plotArea><c:plotVisOnly val="1"/></c:chart></c:chartSpace>`;

const DRAWING = `${DECLARATION}<xdr:wsDr xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:r="${OFFICE}"><xdr:twoCellAnchor><xdr:from><xdr:col>8</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>1</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:from><xdr:to><xdr:col>14</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>12</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:to><xdr:graphicFrame macro=""><xdr:nvGraphicFramePr><xdr:cNvPr id="2" name="图表"/><xdr:cNvGraphicFramePr/></xdr:nvGraphicFramePr><xdr:xfrm><a:off x="0" y="0"/><a:ext cx="0" cy="0"/></xdr:xfrm><a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart"><c:chart xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" r:id="rId1"/></a:graphicData></a:graphic></xdr:graphicFrame><xdr:clientData/></xdr:twoCellAnchor><xdr:oneCellAnchor><xdr:from><xdr:col>8</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>14</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:from><xdr:ext cx="200000" cy="200000"/><xdr:pic><xdr:nvPicPr><xdr:cNvPr id="3" name="图片"/><xdr:cNvPicPr/></xdr:nvPicPr><xdr:blipFill><a:blip r:embed="rId2"/><a:stretch><a:fillRect/></a:stretch></xdr:blipFill><xdr:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="200000" cy="200000"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></xdr:spPr></xdr:pic><xdr:clientData/></xdr:oneCellAnchor></xdr:wsDr>`;

const COMMENTS = `${DECLARATION}<comments xmlns="${MAIN}"><authors><author>tc={A}</author></authors><commentList><comment ref="B2" authorId="0"><text><t>请跟进</t></text></comment></commentList></comments>`;
const THREAD = `${DECLARATION}<ThreadedComments xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"><threadedComment ref="B2" dT="2026-01-01T00:00:00.00" personId="{P}" id="{A}"><text>请跟进</text></threadedComment></ThreadedComments>`;
const PERSONS = `${DECLARATION}<personList xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"><person displayName="张工" id="{P}" userId="u" providerId="None"/></personList>`;
const VML = `<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:x="urn:schemas-microsoft-com:office:excel"><v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe"/><v:shape id="_x0000_s1025" type="#_x0000_t202" style="visibility:hidden"><x:ClientData ObjectType="Note"><x:Row>1</x:Row><x:Column>1</x:Column></x:ClientData></v:shape></xml>`;

const PIVOT_CACHE = `${DECLARATION}<pivotCacheDefinition xmlns="${MAIN}" xmlns:r="${OFFICE}" r:id="rId1" refreshedBy="x" createdVersion="6" refreshedVersion="6" recordCount="0"><cacheSource type="worksheet"><worksheetSource ref="A1:F4" sheet="工单"/></cacheSource><cacheFields count="1"><cacheField name="工单号" numFmtId="0"><sharedItems/></cacheField></cacheFields></pivotCacheDefinition>`;
const PIVOT_RECORDS = `${DECLARATION}<pivotCacheRecords xmlns="${MAIN}" count="0"/>`;

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

const WORKBOOK = `${DECLARATION}<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><fileVersion appName="xl" lastEdited="7" lowestEdited="7" rupBuild="22228"/><workbookPr codeName="ThisWorkbook" defaultThemeVersion="166925"/><bookViews><workbookView xWindow="0" yWindow="0" windowWidth="20000" windowHeight="12000"/></bookViews><sheets><sheet name="工单" sheetId="1" r:id="rId1"/><sheet name="其他" sheetId="5" r:id="rId2"/></sheets><definedNames><definedName name="_xlnm._FilterDatabase" localSheetId="1" hidden="1">其他!$A$1:$B$4</definedName><definedName name="_xlnm.Print_Area" localSheetId="0">工单!$A$1:$G$4</definedName><definedName name="状态列">工单!$B$2:$B$200</definedName></definedNames><calcPr calcId="191029"/><pivotCaches><pivotCache cacheId="1" r:id="rId8"/></pivotCaches></workbook>`;

const CALC_CHAIN = `${DECLARATION}<calcChain xmlns="${MAIN}"><c r="E2" i="1"/><c r="E3"/><c r="E4"/><c r="G1"/><c r="B2" i="5"/><c r="B3"/><c r="B4"/><c r="B5"/></calcChain>`;

/** A workbook with nearly everything a library loses. Tabs 工单 (a table in A1:F4, a total in G1) and 其他 (formulas over it). */
export const GOLDEN: Parts = {
  '[Content_Types].xml': contentTypes({
    'xl/workbook.xml': 'application/vnd.ms-excel.sheet.macroEnabled.main+xml',
    'xl/worksheets/sheet1.xml': '+.worksheet+xml',
    'xl/worksheets/sheet2.xml': '+.worksheet+xml',
    'xl/styles.xml': '+.styles+xml',
    'xl/sharedStrings.xml': '+.sharedStrings+xml',
    'xl/calcChain.xml': '+.calcChain+xml',
    'xl/tables/table1.xml': '+.table+xml',
    'xl/comments1.xml': '+.comments+xml',
    'xl/threadedComments/threadedComment1.xml': 'application/vnd.ms-excel.threadedcomments+xml',
    'xl/persons/person.xml': 'application/vnd.ms-excel.person+xml',
    'xl/drawings/drawing1.xml': 'application/vnd.openxmlformats-officedocument.drawing+xml',
    'xl/charts/chart1.xml': 'application/vnd.openxmlformats-officedocument.drawingml.chart+xml',
    'xl/vbaProject.bin': 'application/vnd.ms-office.vbaProject',
    'xl/pivotCache/pivotCacheDefinition1.xml': '+.pivotCacheDefinition+xml',
    'xl/pivotCache/pivotCacheRecords1.xml': '+.pivotCacheRecords+xml',
  }),
  '_rels/.rels': links([['officeDocument', 'xl/workbook.xml']]),
  'xl/workbook.xml': WORKBOOK,
  'xl/_rels/workbook.xml.rels': links([
    ['worksheet', 'worksheets/sheet1.xml'],
    ['worksheet', 'worksheets/sheet2.xml'],
    ['styles', 'styles.xml'],
    ['sharedStrings', 'sharedStrings.xml'],
    ['calcChain', 'calcChain.xml'],
    ['http://schemas.microsoft.com/office/2006/relationships/vbaProject', 'vbaProject.bin'],
    ['http://schemas.microsoft.com/office/2017/10/relationships/person', 'persons/person.xml'],
    ['pivotCacheDefinition', 'pivotCache/pivotCacheDefinition1.xml'],
    ['customXml', '../customXml/item1.xml'],
  ]),
  'xl/worksheets/sheet1.xml': MAIN_SHEET,
  'xl/worksheets/_rels/sheet1.xml.rels': links([
    ['drawing', '../drawings/drawing1.xml'],
    ['table', '../tables/table1.xml'],
    ['vmlDrawing', '../drawings/vmlDrawing1.vml'],
    ['comments', '../comments1.xml'],
    ['printerSettings', '../printerSettings/printerSettings1.bin'],
    [
      'http://schemas.microsoft.com/office/2017/10/relationships/threadedComment',
      '../threadedComments/threadedComment1.xml',
    ],
    ['hyperlink', 'https://example.com/T-1', true],
  ]),
  'xl/worksheets/sheet2.xml': OTHER_SHEET,
  'xl/styles.xml': STYLES,
  'xl/sharedStrings.xml': SHARED,
  'xl/calcChain.xml': CALC_CHAIN,
  'xl/tables/table1.xml': TABLE,
  'xl/comments1.xml': COMMENTS,
  'xl/threadedComments/threadedComment1.xml': THREAD,
  'xl/persons/person.xml': PERSONS,
  'xl/drawings/drawing1.xml': DRAWING,
  'xl/drawings/_rels/drawing1.xml.rels': links([
    ['chart', '../charts/chart1.xml'],
    ['image', '../media/image1.png'],
  ]),
  'xl/drawings/vmlDrawing1.vml': VML,
  'xl/charts/chart1.xml': CHART,
  'xl/media/image1.png': PNG,
  'xl/printerSettings/printerSettings1.bin': Buffer.from([1, 2, 3, 0, 255]),
  'xl/vbaProject.bin': Buffer.from('not really a macro, but kept like one'),
  'xl/pivotCache/pivotCacheDefinition1.xml': PIVOT_CACHE,
  'xl/pivotCache/_rels/pivotCacheDefinition1.xml.rels': links([['pivotCacheRecords', 'pivotCacheRecords1.xml']]),
  'xl/pivotCache/pivotCacheRecords1.xml': PIVOT_RECORDS,
  'customXml/item1.xml': '<data xmlns="urn:own">kept</data>',
};

/** A workbook of one tab `T` from the text of its sheet part, and others by name. `main` is the namespace of all of them. */
export function smallWorkbook(
  sheet: string,
  {
    more = {},
    names = '',
    main = MAIN,
    office = OFFICE,
    styles = STYLES as string | null,
    texts = null as string | null,
  } = {},
): Uint8Array {
  const others = Object.entries(more as Readonly<Record<string, string>>);
  const tabs = [['T', sheet] as const, ...others];
  const list = tabs.map(([name], i) => `<sheet name="${name}" sheetId="${i + 1}" r:id="rId${i + 1}"/>`).join('');
  const kept: [string, string][] = tabs.map((_, i) => [`${office}/worksheet`, `worksheets/sheet${i + 1}.xml`]);
  if (styles !== null) kept.push([`${office}/styles`, 'styles.xml']);
  if (texts !== null) kept.push([`${office}/sharedStrings`, 'sharedStrings.xml']);
  const parts: Record<string, string> = {
    '[Content_Types].xml': contentTypes({
      'xl/workbook.xml': '+.sheet.main+xml',
      ...Object.fromEntries(tabs.map((_, i) => [`xl/worksheets/sheet${i + 1}.xml`, '+.worksheet+xml'])),
      ...(styles === null ? {} : { 'xl/styles.xml': '+.styles+xml' }),
      ...(texts === null ? {} : { 'xl/sharedStrings.xml': '+.sharedStrings+xml' }),
    }),
    '_rels/.rels': links([[`${office}/officeDocument`, 'xl/workbook.xml']]),
    'xl/workbook.xml': `${DECLARATION}<workbook xmlns="${main}" xmlns:r="${office}"><sheets>${list}</sheets>${names}</workbook>`,
    'xl/_rels/workbook.xml.rels': links(kept),
  };
  tabs.forEach(([, text], i) => {
    parts[`xl/worksheets/sheet${i + 1}.xml`] = text;
  });
  if (styles !== null) parts['xl/styles.xml'] = styles.replaceAll(MAIN, main);
  if (texts !== null) parts['xl/sharedStrings.xml'] = texts;
  return zipOf(parts);
}

/** A sheet part around the text of its rows. */
export function sheetOf(rows: string, { head = '', tail = '' } = {}): string {
  return `${DECLARATION}<worksheet xmlns="${MAIN}">${head}<sheetData>${rows}</sheetData>${tail}</worksheet>`;
}
