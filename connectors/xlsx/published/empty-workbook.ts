/** A workbook made from nothing, for tabs to be published into: the least every app opens, with one blank tab. */
import { Buffer } from 'node:buffer';
import { writeZip } from '../zip.ts';
import { DECLARATION, namespacesFor } from './namespaces.ts';
import { blankName } from './publish.ts';

const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const SHEET_ML = 'application/vnd.openxmlformats-officedocument.spreadsheetml.';

/** Chinese text in the face that Windows, WPS and the Mac show best; others take what they have. */
const FONT = '<font><sz val="10"/><name val="Microsoft YaHei"/><family val="2"/><charset val="134"/></font>';

/** The bytes of the workbook. The first tab that is published takes the place of the blank one. */
export async function createEmptyWorkbook(): Promise<Uint8Array> {
  const { relationships } = namespacesFor(MAIN);
  const link = (id: number, type: string, target: string): string =>
    `<Relationship Id="rId${id}" Type="${relationships}/${type}" Target="${target}"/>`;
  const links = (list: string): string =>
    `${DECLARATION}<Relationships xmlns="${PACKAGE}/relationships">${list}</Relationships>`;
  const override = (part: string, type: string): string =>
    `<Override PartName="/xl/${part}" ContentType="${SHEET_ML}${type}+xml"/>`;
  const parts = {
    '[Content_Types].xml':
      `${DECLARATION}<Types xmlns="${PACKAGE}/content-types">` +
      '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>' +
      '<Default Extension="xml" ContentType="application/xml"/>' +
      `${override('workbook.xml', 'sheet.main')}${override('worksheets/sheet1.xml', 'worksheet')}${override('styles.xml', 'styles')}</Types>`,
    '_rels/.rels': links(link(1, 'officeDocument', 'xl/workbook.xml')),
    'xl/workbook.xml':
      `${DECLARATION}<workbook xmlns="${MAIN}" xmlns:r="${relationships}"><bookViews><workbookView activeTab="0"/></bookViews>` +
      '<sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets>' +
      `<definedNames><definedName name="${blankName}" hidden="1">'Sheet1'!$A$1</definedName></definedNames></workbook>`,
    'xl/_rels/workbook.xml.rels': links(
      link(1, 'worksheet', 'worksheets/sheet1.xml') + link(2, 'styles', 'styles.xml'),
    ),
    'xl/worksheets/sheet1.xml': `${DECLARATION}<worksheet xmlns="${MAIN}"><sheetData/></worksheet>`,
    'xl/styles.xml':
      `${DECLARATION}<styleSheet xmlns="${MAIN}"><fonts count="1">${FONT}</fonts>` +
      '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>' +
      '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>' +
      '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>' +
      '<cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs>' +
      '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>',
  };
  const none = { bytes: Buffer.alloc(0), entries: [], comment: Buffer.alloc(0) };
  const added = Object.entries(parts).map(([name, text]) => ({ name, content: Buffer.from(text) }));
  return writeZip(none, { replaced: new Map(), removed: new Set(), added });
}
