/** Namespaces of the parts a published tab is made of. Strict workbooks name all of them differently. */

export interface Namespaces {
  readonly main: string;
  readonly relationships: string;
  readonly chart: string;
  readonly drawing: string;
  readonly sheetDrawing: string;
}

const TRANSITIONAL: Omit<Namespaces, 'main'> = {
  relationships: 'http://schemas.openxmlformats.org/officeDocument/2006/relationships',
  chart: 'http://schemas.openxmlformats.org/drawingml/2006/chart',
  drawing: 'http://schemas.openxmlformats.org/drawingml/2006/main',
  sheetDrawing: 'http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing',
};

const STRICT: Omit<Namespaces, 'main'> = {
  relationships: 'http://purl.oclc.org/ooxml/officeDocument/relationships',
  chart: 'http://purl.oclc.org/ooxml/drawingml/chart',
  drawing: 'http://purl.oclc.org/ooxml/drawingml/main',
  sheetDrawing: 'http://purl.oclc.org/ooxml/drawingml/spreadsheetDrawing',
};

/** Those that go with the main namespace of a workbook. */
export function namespacesFor(main: string): Namespaces {
  return { main, ...(main.startsWith('http://purl.oclc.org/') ? STRICT : TRANSITIONAL) };
}

export const DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
