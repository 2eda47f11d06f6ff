import { ClixmlError, parseClixmlValue, writeClixml, type PsValue } from '../clixml/index.ts';
import { PsrpError } from './errors.ts';
import { readGuid, writeGuid } from './guid.ts';
import { messageTypeOf, messageTypes, type Destination, type MessageType } from './message-types.ts';

/** Size of a message header in bytes (MS-PSRP 2.2.1): destination and type in little-endian order, then two GUIDs. */
export const messageHeaderSize = 40;

const destinations = { client: 1, server: 2 } as const satisfies Record<Destination, number>;
const decoder = new TextDecoder('utf-8', { fatal: true });

/** Header of a message (MS-PSRP 2.2.1). */
export interface MessageHeader {
  readonly destination: Destination;
  readonly type: MessageType;
  /** Id of the pool; {@link emptyGuid} in SESSION_CAPABILITY of a server. */
  readonly poolId: string;
  /** Id of the pipeline; {@link emptyGuid} if the message belongs to the pool. */
  readonly pipelineId: string;
}

/** PSRP message (MS-PSRP 2.2.1). */
export interface Message extends MessageHeader {
  /** Undefined if there is no payload (END_OF_PIPELINE_INPUT). */
  readonly payload: PsValue | undefined;
}

/**
 * Encodes a message: the content of a fragmented object.
 *
 * @throws {PsrpError} `object-too-deep` if the payload has more levels than PowerShell reads.
 * @throws {ClixmlError} `invalid-value` if the payload holds a value outside its CLIXML type.
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
    throw new PsrpError('object-too-deep', `The peer would reject the message: ${error.message}`, {
      cause: error,
    });
  }
}

/**
 * Decodes a message.
 *
 * @throws {PsrpError} `message-malformed`; `cause` is a ClixmlError if the payload is invalid CLIXML.
 */
export function decodeMessage(bytes: Uint8Array): Message {
  const header = decodeHeader(bytes);
  return { ...header, payload: decodePayload(header.type, bytes.subarray(messageHeaderSize)) };
}

/**
 * Decodes the header of a message.
 *
 * @throws {PsrpError} `message-malformed`.
 */
export function decodeHeader(bytes: Uint8Array): MessageHeader {
  if (bytes.length < messageHeaderSize) {
    throw new PsrpError('message-malformed', `A message of ${bytes.length} bytes is shorter than its header`);
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
