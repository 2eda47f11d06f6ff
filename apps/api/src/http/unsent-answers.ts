import type { Socket } from 'node:net';
import type { OpenAnswer } from './request-turns.ts';

/** A response that its client has not read completely. */
interface Unsent {
  readonly socket: Socket;
  readonly client: string;
  readonly bytes: number;
}

/**
 * Closes connections until at most `limit` bytes of responses remain unread, starting with the largest response of the
 * client that holds most. A slow client thus loses only its own responses. Refusing new requests instead would let one
 * client that reads nothing lock out all others.
 *
 * @returns The number of closed connections.
 */
export function closeLargestUnsent(
  answers: Iterable<OpenAnswer>,
  limit: number,
  clientOf: (socket: Socket) => string,
): number {
  let total = 0;
  const unsent: Unsent[] = [];
  for (const { socket, response } of answers) {
    const bytes = response.writableLength;
    if (bytes === 0) continue;
    total += bytes;
    unsent.push({ socket, client: clientOf(socket), bytes });
  }
  if (total <= limit) return 0;
  const byClient = Map.groupBy(
    unsent.toSorted((a, b) => a.bytes - b.bytes),
    ({ client }) => client,
  );
  let closed = 0;
  while (total > limit) {
    const largest = [...byClient.values()].reduce((a, b) => (sum(b) > sum(a) ? b : a)).pop();
    if (largest === undefined) break;
    largest.socket.destroy();
    total -= largest.bytes;
    closed += 1;
  }
  return closed;
}

function sum(answers: readonly Unsent[]): number {
  return answers.reduce((total, { bytes }) => total + bytes, 0);
}
