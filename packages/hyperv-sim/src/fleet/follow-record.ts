import { heartbeatSeconds, timestamp } from '@aether-v/types';
import type { JournalRecord } from './journal.ts';
import type { LineBody } from './json-line.ts';
import { timeLeft, type OperationContext } from './operation-context.ts';
import { OperationFailure } from './operation-failure.ts';
import { Pulse } from './pulse.ts';

/** Reports the progress of a recorded operation until it ends, times out or its client disconnects. */
export async function* followRecord(
  context: OperationContext,
  record: JournalRecord,
): AsyncGenerator<LineBody, void, undefined> {
  const { clock } = context.engine;
  using pulse = new Pulse();
  pulse.tie(record.onChange(pulse.wake));
  pulse.onAbort(context.gone);
  const heartbeat = pulse.alarm(clock);
  const timeout = pulse.alarm(clock);
  timeout.set(timeLeft(context));
  let said = '';
  let told = 0;
  for (;;) {
    let isNews = false;
    for (; told < record.log.length; isNews = true) {
      const line = record.log[told++];
      if (line) yield { type: 'log', ...line };
    }
    if (record.entry.state !== 'running') return;
    const { percent, message } = record.entry;
    const news = `${percent} ${message}`;
    // An operation that is still being checked has no message yet.
    if (message !== null && news !== said) yield { type: 'progress', percent, message };
    else if (heartbeat.rang && !isNews) yield { type: 'heartbeat', at: timestamp(clock.now()) };
    said = news;
    if (timeout.rang) {
      throw new OperationFailure(
        'outcome-unknown',
        'The operation timed out; the host is still working on it.',
        'Refresh after a moment, and check the state of the VM.',
      );
    }
    if (context.gone.aborted) return;
    heartbeat.set(heartbeatSeconds * 1_000);
    await pulse.next();
  }
}

/** Throws `already-running` if the operation is in progress. */
export function refuseSecond(record: JournalRecord): void {
  const { operationId, percent, state } = record.entry;
  if (state !== 'running') return;
  throw new OperationFailure(
    'already-running',
    `The operation ${operationId} is already in progress on this host${percent === null ? '' : `, ${percent} percent done`}.`,
    'Wait until it has ended, then refresh.',
  );
}

/** Returns the result of an operation that has succeeded; throws its error otherwise. */
export function endOf({ entry }: JournalRecord): unknown {
  const { state, error, result } = entry;
  if (error) throw new OperationFailure(error.code, error.message, error.remedy);
  if (state === 'succeeded') return result;
  throw new OperationFailure(
    'outcome-unknown',
    `The outcome of the operation ${entry.operationId} is not known on this host.`,
  );
}
