import type { IncomingMessage } from 'node:http';
import {
  decodeText,
  defaultXmlLimits,
  EnvelopeError,
  originalContentType,
  readRequest,
  type ReceivedMessage,
} from '../wsman/index.ts';
import type { MessageSession } from './authentication.ts';
import type { CountedAction } from './traffic.ts';

/** Parsed body. */
export type ReadMessage = ReceivedMessage | 'empty' | EnvelopeError;

/**
 * Bytes beyond the limit that are read and dropped: a client that is disconnected while writing never sees the status.
 */
const drainedBytes = 1_048_576;

/**
 * Reads the body. Returns undefined if it exceeds MaxEnvelopeSizekb. Real hosts then respond with HTTP 413 without a
 * fault: ansible.windows#391 and #620, masterzen/winrm#156; wsmerror.h defines 0x80338111 for the client side.
 */
export async function readBody(http: IncomingMessage, limit: number): Promise<Buffer | undefined> {
  const parts: Buffer[] = [];
  let length = 0;
  // A request that is refused before its end still gets a response, so the socket must stay open.
  for await (const part of http.iterator({ destroyOnReturn: false })) {
    if (!Buffer.isBuffer(part)) continue;
    length += part.length;
    if (length > limit + drainedBytes) break;
    if (length > limit) parts.length = 0;
    else parts.push(part);
  }
  return length > limit ? undefined : Buffer.concat(parts, length);
}

/** Opens and parses a body. */
export function parseBody(
  body: Buffer,
  contentType: string,
  session: MessageSession | undefined,
): ReadMessage {
  if (body.length === 0) return 'empty';
  try {
    const sealed = { contentType, body };
    const opened = session?.open(sealed) ?? body;
    return readRequest(decodeText({ contentType: originalContentType(sealed), body: opened }), {
      ...defaultXmlLimits,
      maxLength: Math.max(defaultXmlLimits.maxLength, body.length),
    });
  } catch (error) {
    return error instanceof EnvelopeError ? error : new EnvelopeError('the seal does not fit');
  }
}

/** Returns the action of a message for the counters. */
export function countedAction(message: ReadMessage): CountedAction {
  if (message === 'empty') return 'empty';
  if (message instanceof EnvelopeError) return 'unknown';
  return message.kind === 'request' ? message.request.action : message.kind;
}

/** Returns the ids of the shell and the command of a message. */
export function targetOf(message: ReadMessage): {
  shellId: string | undefined;
  commandId: string | undefined;
} {
  if (message === 'empty' || message instanceof EnvelopeError || message.kind !== 'request') {
    return { shellId: undefined, commandId: undefined };
  }
  const { request } = message;
  return {
    shellId: 'shellId' in request ? request.shellId : undefined,
    commandId: 'commandId' in request ? request.commandId : undefined,
  };
}
