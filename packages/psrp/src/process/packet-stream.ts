import type { Readable, Writable } from 'node:stream';
import { PsrpError, rules } from '../core/index.ts';
import { decodePacket, encodePacket, type Packet } from './packet.ts';

/** Default maximum length of a line, in bytes. PowerShell's lines have at most 44 kB. */
const defaultMaxLineLength = 4 * 1024 * 1024;

/** Rules for the streams of packets. */
export const streamRules = { input: rules.readable, output: rules.writable };

const newline = 0x0a;

/**
 * Yields the packets of a stream, one per line. Reads the stream only as fast as they are consumed.
 *
 * @throws {PsrpError} `packet-malformed`, also if a line is too long.
 */
export async function* readPackets(
  input: Readable,
  maxLineLength: number = defaultMaxLineLength,
): AsyncGenerator<Packet, void> {
  let parts: Buffer[] = [];
  let size = 0;
  for await (const chunk of input as AsyncIterable<Buffer>) {
    let start = 0;
    for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, start)) {
      parts.push(chunk.subarray(start, end));
      const line = Buffer.concat(parts).toString('utf8');
      parts = [];
      size = 0;
      start = end + 1;
      if (line.trim() !== '') yield decodePacket(line);
    }
    if (start < chunk.length) parts.push(chunk.subarray(start));
    size += chunk.length - start;
    if (size > maxLineLength)
      throw new PsrpError('packet-malformed', `A line is over ${maxLineLength} bytes`);
  }
  const rest = Buffer.concat(parts).toString('utf8').trim();
  if (rest !== '')
    throw new PsrpError('packet-malformed', `The stream ended within a packet: ${rest.slice(0, 80)}`);
}

/** Writes a packet. Resolves when there is room for more. Drops packets after the stream has ended. */
export function writePacket(output: Writable, packet: Packet): Promise<void> {
  if (output.destroyed || output.writableEnded) return Promise.resolve();
  if (output.write(`${encodePacket(packet)}\n`)) return Promise.resolve();
  return new Promise((resolve) => {
    const done = (): void => {
      output.off('drain', done);
      output.off('close', done);
      resolve();
    };
    output.on('drain', done);
    output.on('close', done);
  });
}
