import type { Socket } from 'node:net';
import type { OpenAnswer } from './request-turns.ts';

/** An answer of which its client has not taken everything. */
interface Unsent {
  readonly socket: Socket;
  readonly client: string;
  readonly bytes: number;
}

/**
 * Closes connections until at most `limit` bytes of answers wait to be taken. Of the client that holds most the largest goes
 * first: a client that reads slowly loses its own answers, never those of others. New work is not refused instead, since
 * then a client that reads nothing would lock everyone out for as long as it stays.
 *
 * @returns How many were closed.
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
