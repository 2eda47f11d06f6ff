import type { OperationName, OperationResult } from '@aether-v/types';
import type { Clock } from '../../common/clock.ts';
import { HostOperationError } from '../errors/host-operation-error.ts';
import { orAborted } from '../limits/or-aborted.ts';
import type { AgentSession } from './agent-session.ts';
import type { Flaw, OperationLine } from './host-operations.ts';
import type { LineReader } from './line-reader.ts';

/** How one operation is run over a session. */
export interface RunOptions<N extends OperationName> {
  readonly envelope: string;
  readonly reader: LineReader<N>;
  readonly clock: Clock;
  /** Ends the call with its reason: the caller, the deadline or the service gives up. */
  readonly signal: AbortSignal;
  /** How long the host may say nothing, in milliseconds; a living agent writes heartbeats. */
  readonly silence: number;
  readonly onHeard: () => void;
  readonly onLine?: ((line: OperationLine<N>) => void | Promise<void>) | undefined;
  readonly onFlaw?: ((flaw: Flaw) => void) | undefined;
}

/** How long the end of the stream may come after the final line, in milliseconds. */
const endGrace = 5000;

/** Runs one operation and answers its result. Ends when the signal says so, also where the session does not heed it. */
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

/** The final line was read: only the end may follow. A stream that does not end changes nothing of the outcome. */
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
  const detail = `It said nothing for ${String(milliseconds / 1000)} s.`;
  return HostOperationError.of('agent-silent', { began: true, detail });
}

function flawed({ part, message }: Flaw): HostOperationError {
  return HostOperationError.of('agent-contract', { began: true, detail: `${part}: ${message}` });
}
