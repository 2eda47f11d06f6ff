import type { RowKind } from '@aether-v/types';
import type { Clock } from '../common/clock.ts';
import type { FleetStore } from './fleet-store.ts';

/** Limits of the wait for a change. */
export interface ChangeWait {
  readonly clock: Clock;
  /** The maximum wait, in milliseconds. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** Waits until a row changes, the time is over, or the signal is aborted. */
export async function awaitChange(
  store: FleetStore,
  row: { readonly kind: RowKind; readonly id: string },
  { clock, timeoutMs, signal }: ChangeWait,
): Promise<void> {
  if (signal.aborted) return;
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const wake = (): void => resolve(undefined);
  const cancel = clock.schedule(timeoutMs, wake);
  const unsubscribe = store.subscribe(({ kind, id }) => kind === row.kind && id === row.id && wake());
  signal.addEventListener('abort', wake);
  await promise;
  signal.removeEventListener('abort', wake);
  unsubscribe();
  cancel();
}
