import { ClixmlError, parseClixmlValue, writeClixml, type PsValue } from '../clixml/index.ts';
import { PsrpError } from './errors.ts';
import { readGuid, writeGuid } from './guid.ts';
import { messageTypeOf, messageTypes, type Destination, type MessageType } from './message-types.ts';

/** Bytes of a message's header (MS-PSRP 2.2.1): destination and type little-endian, then two GUIDs. */
export const messageHeaderSize = 40;

const destinations = { client: 1, server: 2 } as const satisfies Record<Destination, number>;
const decoder = new TextDecoder('utf-8', { fatal: true });

/** What a message's header says (MS-PSRP 2.2.1). */
export interface MessageHeader {
  readonly destination: Destination;
  readonly type: MessageType;
  /** {@link emptyGuid} in a server's SESSION_CAPABILITY, otherwise the pool's id. */
  readonly poolId: string;
  /** {@link emptyGuid} where the message belongs to the pool. */
  readonly pipelineId: string;
}

/** A message of the protocol (MS-PSRP 2.2.1). */
export interface Message extends MessageHeader {
  /** Undefined where there is no payload (END_OF_PIPELINE_INPUT). */
  readonly payload: PsValue | undefined;
}

/**
 * A message's bytes: what a fragmented object holds.
 *
 * @throws {PsrpError} `object-too-deep` for a payload of more levels than PowerShell reads.
 */
export function encodeMessage(message: Message): Uint8Array {
  const xml = message.payload === undefined ? '' : encodePayload(message.payload);
  const bytes = Buffer.allocUnsafe(messageHeaderSize + Buffer.byteLength(xml));
  bytes.writeUInt32LE(destinations[message.destination], 0);
  bytes.writeUInt32LE(messageTypes[message.type].code, 4);
  writeGuid(message.poolId, bytes, 8);
  writeGuid(message.pipelineId, bytes, 24);
  bytes.write(xml, messageHeaderSize);
  return bytes;
}

function encodePayload(payload: PsValue): string {
  try {
    return writeClixml([payload]);
  } catch (error) {
    if (!(error instanceof ClixmlError) || error.code !== 'too-deep') throw error;
    throw new PsrpError('object-too-deep', `The peer would not read it: ${error.message}`, { cause: error });
  }
}

/**
 * Reads a message.
 *
 * @throws {PsrpError} `message-malformed`; the cause is a ClixmlError where the payload is to blame.
 */
export function decodeMessage(bytes: Uint8Array): Message {
  const header = decodeHeader(bytes);
  return { ...header, payload: decodePayload(header.type, bytes.subarray(messageHeaderSize)) };
}

/**
 * Reads the header of a message.
 *
 * @throws {PsrpError} `message-malformed`.
 */
export function decodeHeader(bytes: Uint8Array): MessageHeader {
  if (bytes.length < messageHeaderSize) {
    throw new PsrpError('message-malformed', `A message of ${bytes.length} bytes has no whole header`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const code = view.getUint32(4, true);
  const type = messageTypeOf(code);
  if (type === undefined) throw malformed(`Unknown message type 0x${code.toString(16)}`);
  const destination = view.getUint32(0, true);
  if (destination !== destinations.client && destination !== destinations.server) {
    throw malformed(`Unknown destination ${destination}`);
  }
  return {
    destination: destination === destinations.client ? 'client' : 'server',
    type,
    poolId: readGuid(bytes, 8),
    pipelineId: readGuid(bytes, 24),
  };
}

function decodePayload(type: MessageType, bytes: Uint8Array): PsValue | undefined {
  try {
    const text = decoder.decode(bytes);
    return text === '' ? undefined : parseClixmlValue(text, { maxSize: Number.MAX_SAFE_INTEGER });
  } catch (error) {
    if (error instanceof ClixmlError) throw malformed(`${type}: ${error.message}`, error);
    throw malformed(`${type}: the payload is not UTF-8`, error);
  }
}

function malformed(message: string, cause?: unknown): PsrpError {
  return new PsrpError('message-malformed', message, cause === undefined ? undefined : { cause });
}
