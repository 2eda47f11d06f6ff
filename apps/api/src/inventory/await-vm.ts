import type { Vm } from '@aether-v/types';
import type { Clock } from '../common/clock.ts';
import type { FleetStore } from './fleet-store.ts';

/**
 * Waits until a host has reported a VM.
 *
 * @param timeoutMs How long to wait, in milliseconds.
 * @returns undefined if no host reported it in time, or the signal was aborted.
 */
export async function awaitVm(
  store: FleetStore,
  clock: Clock,
  vmId: string,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Readonly<Vm> | undefined> {
  const known = store.get('vm', vmId);
  if (known !== undefined || signal.aborted) return known;
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const wake = (): void => resolve(undefined);
  const unsubscribe = store.subscribe(({ kind, id }) => kind === 'vm' && id === vmId && wake());
  const cancel = clock.schedule(timeoutMs, wake);
  signal.addEventListener('abort', wake, { once: true });
  await promise;
  signal.removeEventListener('abort', wake);
  cancel();
  unsubscribe();
  return store.get('vm', vmId);
}
