import type { OperationName, OperationResult } from '@aether-v/types';
import type { Clock } from '../../common/clock.ts';
import { HostOperationError } from '../errors/host-operation-error.ts';
import { orAborted } from '../limits/or-aborted.ts';
import type { AgentSession } from './agent-session.ts';
import type { Flaw, OperationLine } from './host-operations.ts';
import type { LineReader } from './line-reader.ts';

/** Options for running one operation over a session. */
export interface RunOptions<N extends OperationName> {
  readonly envelope: string;
  readonly reader: LineReader<N>;
  readonly clock: Clock;
  /** Ends the call with its reason: canceled by the caller, past its deadline, or shutdown. */
  readonly signal: AbortSignal;
  /** The longest silence of the host, in milliseconds; a working agent sends heartbeats. */
  readonly silence: number;
  readonly onHeard: () => void;
  readonly onLine?: ((line: OperationLine<N>) => void | Promise<void>) | undefined;
  readonly onFlaw?: ((flaw: Flaw) => void) | undefined;
}

/** The longest time between the final line and the end of the stream, in milliseconds. */
const endGrace = 5000;

/** Runs one operation and returns its result. Ends when the signal is aborted, even if the session ignores it. */
export async function runOperation<N extends OperationName>(
  session: AgentSession,
  options: RunOptions<N>,
): Promise<OperationResult<N>> {
  const { reader, onHeard, onLine, onFlaw, silence } = options;
  const stop = new AbortController();
  const signal = AbortSignal.any([options.signal, stop.signal]);
  const lines = session.run(options.envelope, signal)[Symbol.asyncIterator]();
  const next = (limit: number): Promise<IteratorResult<string>> =>
    within(lines, limit, options.clock, signal, stop);
  try {
    for (;;) {
      const text = await next(silence);
      if (text.done === true) {
        reader.end();
        throw new Error('a reader that ended had no result');
      }
      onHeard();
      const read = reader.read(text.value);
      if (!read.final) {
        if ('line' in read) await onLine?.(read.line);
        else if (onFlaw === undefined) throw flawed(read.flaw);
        else onFlaw(read.flaw);
        continue;
      }
      await expectEnd(reader, next);
      return read.result;
    }
  } finally {
    stop.abort();
    lines.return?.().catch(() => undefined);
  }
}

/**
 * After the final line only the end of the stream may follow. A stream that does not end does not change the outcome.
 */
async function expectEnd<N extends OperationName>(
  reader: LineReader<N>,
  next: (limit: number) => Promise<IteratorResult<string>>,
): Promise<void> {
  let more: IteratorResult<string>;
  try {
    more = await next(endGrace);
  } catch {
    return;
  }
  if (more.done !== true) reader.read(more.value);
}

async function within(
  lines: AsyncIterator<string>,
  limit: number,
  clock: Clock,
  signal: AbortSignal,
  stop: AbortController,
): Promise<IteratorResult<string>> {
  const cancel = clock.schedule(limit, () => stop.abort(silent(limit)));
  try {
    return await orAborted(lines.next(), signal);
  } finally {
    cancel();
  }
}

function silent(milliseconds: number): HostOperationError {
  const detail = `The agent sent nothing for ${String(milliseconds / 1000)} s.`;
  return HostOperationError.of('agent-silent', { began: true, detail });
}

function flawed({ part, message }: Flaw): HostOperationError {
  return HostOperationError.of('agent-contract', { began: true, detail: `${part}: ${message}` });
}
