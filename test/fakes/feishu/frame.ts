/**
 * Frames of the long connection: protobuf, as the vendor's SDK writes and reads them. The first two numbers are of 64 bits
 * there; they are always 0, and read as 32 bits they need no library for long numbers.
 */
import protobuf from 'protobufjs';

const { root } = protobuf.parse(
  `
  syntax = "proto2";
  package pbbp2;
  message Header { required string key = 1; required string value = 2; }
  message Frame {
    required int32 SeqID = 1;
    required int32 LogID = 2;
    required int32 service = 3;
    required int32 method = 4;
    repeated Header headers = 5;
    optional string payloadEncoding = 6;
    optional string payloadType = 7;
    optional bytes payload = 8;
    optional string LogIDNew = 9;
  }
`,
  { keepCase: true },
);
const type = root.lookupType('pbbp2.Frame');

export const CONTROL = 0;
export const DATA = 1;

export interface Frame {
  readonly service: number;
  readonly method: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly payload: Uint8Array;
}

export function encodeFrame({ service, method, headers, payload }: Frame): Uint8Array {
  const list = Object.entries(headers).map(([key, value]) => ({ key, value }));
  return type.encode(type.create({ SeqID: 0, LogID: 0, service, method, headers: list, payload })).finish();
}

export function decodeFrame(bytes: Uint8Array): Frame {
  const frame = type.decode(bytes) as unknown as {
    service: number;
    method: number;
    headers: { key: string; value: string }[];
    payload: Uint8Array;
  };
  const { service, method, headers, payload } = frame;
  return { service, method, headers: Object.fromEntries(headers.map(({ key, value }) => [key, value])), payload };
}
