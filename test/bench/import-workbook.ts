/** The large workbook as a team would bring it to a first start: no ticket numbers yet, and every value one its field takes. */
import { readFile, writeFile } from 'node:fs/promises';
import { openPackage } from '../../connectors/xlsx/package.ts';

/** Numbers are taken out, unusual words replaced, and two columns get headers of the team's own, by way of the shared texts. */
const replacements: readonly (readonly [RegExp, string])[] = [
  [/<t>T-\d+<\/t>/g, '<t></t>'],
  [/<t>待客户确认<\/t>/g, '<t>待客户反馈</t>'],
  [/<t>待分配<\/t>/g, '<t>待受理</t>'],
  [/<t>(耗时|首次响应时间)<\/t>/g, '<t>我们的$1</t>'],
];

/** Writes the variant of a workbook made by `makeBenchWorkbook`. */
export async function makeImportWorkbook(path: string, to: string): Promise<void> {
  const pkg = await openPackage(await readFile(path));
  const part = pkg.sharedStringsPart ?? '';
  let text = Buffer.from(await pkg.inflate(part)).toString('utf8');
  for (const [pattern, replacement] of replacements) text = text.replace(pattern, replacement);
  await writeFile(to, await pkg.save(new Map([[part, Buffer.from(text)]])));
}
