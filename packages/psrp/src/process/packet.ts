import { normalizeGuid, PsrpError } from '../core/index.ts';

/** Stream of a Data packet: `PromptResponse` carries responses to host calls. */
export type PacketStream = 'Default' | 'PromptResponse';

/** Type of a packet without content. */
export type PlainPacketType =
  'DataAck' | 'Command' | 'CommandAck' | 'Signal' | 'SignalAck' | 'Close' | 'CloseAck';

/**
 * Packet of PowerShell's server mode on standard streams, one per line (`pwsh -s`, OutOfProcessTransport in its
 * sources). `psGuid` is the id of a pipeline, or `emptyGuid` for the pool.
 */
export type Packet =
  | {
      readonly type: 'Data';
      readonly psGuid: string;
      readonly stream: PacketStream;
      readonly data: Uint8Array;
    }
  | { readonly type: PlainPacketType; readonly psGuid: string };

const plainTypes: Record<PlainPacketType, true> = {
  DataAck: true,
  Command: true,
  CommandAck: true,
  Signal: true,
  SignalAck: true,
  Close: true,
  CloseAck: true,
};

const openingTag = /^<([A-Za-z]+)((?:\s+[A-Za-z]+=(?:'[^'<&]*'|"[^"<&]*"))*)\s*(\/?)>/;
const attribute = /([A-Za-z]+)=(?:'([^']*)'|"([^"]*)")/g;
/** Maximum length of an opening tag: keeps the regular expression away from the megabytes of base64 that may follow. */
const maxTagLength = 256;

/** Encodes a packet as a line without a line break. */
export function encodePacket(packet: Packet): string {
  if (packet.type !== 'Data') return `<${packet.type} PSGuid='${packet.psGuid}' />`;
  const { buffer, byteOffset, byteLength } = packet.data;
  const content = Buffer.from(buffer, byteOffset, byteLength).toString('base64');
  return `<Data Stream='${packet.stream}' PSGuid='${packet.psGuid}'>${content}</Data>`;
}

/**
 * Decodes a line.
 *
 * @throws {PsrpError} `packet-malformed`.
 */
export function decodePacket(line: string): Packet {
  const text = line.trim();
  const tag = openingTag.exec(text.slice(0, maxTagLength));
  const [opening = '', type = '', attributes = '', selfClosing] = tag ?? [];
  const values = new Map<string, string>();
  for (const [, name = '', single, double] of attributes.matchAll(attribute)) {
    values.set(name, single ?? double ?? '');
  }
  const psGuid = guidOf(values.get('PSGuid'), text);
  const rest = text.slice(opening.length);
  if (isPlainType(type) && (selfClosing === '/' ? rest === '' : rest === `</${type}>`)) {
    return { type, psGuid };
  }
  const stream = values.get('Stream');
  const ending = '</Data>';
  if (type !== 'Data' || (stream !== 'Default' && stream !== 'PromptResponse') || !rest.endsWith(ending)) {
    throw malformed(text);
  }
  return { type, psGuid, stream, data: Buffer.from(rest.slice(0, -ending.length), 'base64') };
}

function isPlainType(type: string): type is PlainPacketType {
  return Object.hasOwn(plainTypes, type);
}

function guidOf(value: string | undefined, line: string): string {
  try {
    return normalizeGuid(value ?? '');
  } catch {
    throw malformed(line);
  }
}

function malformed(line: string): PsrpError {
  return new PsrpError('packet-malformed', `Not a packet of PowerShell's server mode: ${line.slice(0, 200)}`);
}
