/** Pictures that float over cells, on the wire: a file is uploaded into the document, then placed by its token. */
import { type CellRange, columnLetters } from '../../src/model/cell.ts';
import { parseRange } from '../feishu-api.ts';
import type { FeishuCall } from './app.ts';

/** Where a picture stands: its cell and size. Offsets are pixels inside that cell. */
export interface PicturePlace {
  readonly row: number;
  readonly column: number;
  readonly width: number;
  readonly height: number;
  readonly offsetX: number;
  readonly offsetY: number;
}

/** At most 20 MB; five calls a second, one after the other. Each upload makes a new token, bound to this document. */
export function uploadCall(token: string, name: string, bytes: Uint8Array): FeishuCall {
  return {
    method: 'POST',
    path: '/open-apis/drive/v1/medias/upload_all',
    data: { file_name: name, parent_type: 'sheet_image', parent_node: token, size: bytes.length },
    file: { name, bytes },
    writes: true,
  };
}

export function parseUpload(data: unknown): string {
  return String((data as { readonly file_token?: unknown }).file_token ?? '');
}

const images = (token: string, sheetId: string): string =>
  `/open-apis/sheets/v3/spreadsheets/${token}/sheets/${sheetId}/float_images`;

/** `id`: ten letters and digits of ours. */
export function placeCall(
  token: string,
  sheetId: string,
  id: string,
  fileToken: string,
  { row, column, width, height, offsetX, offsetY }: PicturePlace,
): FeishuCall {
  const cell = `${columnLetters(column)}${row + 1}`;
  return {
    method: 'POST',
    path: images(token, sheetId),
    data: {
      float_image_id: id,
      float_image_token: fileToken,
      range: `${sheetId}!${cell}:${cell}`,
      width,
      height,
      offset_x: offsetX,
      offset_y: offsetY,
    },
    writes: true,
  };
}

export function removeCall(token: string, sheetId: string, id: string): FeishuCall {
  return { method: 'DELETE', path: `${images(token, sheetId)}/${id}`, writes: true };
}

export function picturesCall(token: string, sheetId: string): FeishuCall {
  return { method: 'GET', path: `${images(token, sheetId)}/query`, writes: false };
}

/** Pictures of a tab by their id. */
export function parsePictures(data: unknown): ReadonlyMap<string, PicturePlace> {
  const { items = [] } = data as {
    readonly items?: readonly {
      readonly float_image_id?: string;
      readonly range?: string;
      readonly width?: number;
      readonly height?: number;
      readonly offset_x?: number;
      readonly offset_y?: number;
    }[];
  };
  return new Map(
    items.map((item) => {
      const cell: CellRange = parseRange(item.range) ?? { top: 0, left: 0, bottom: 0, right: 0 };
      return [
        item.float_image_id ?? '',
        {
          row: cell.top,
          column: cell.left,
          width: item.width ?? 0,
          height: item.height ?? 0,
          offsetX: item.offset_x ?? 0,
          offsetY: item.offset_y ?? 0,
        },
      ];
    }),
  );
}
