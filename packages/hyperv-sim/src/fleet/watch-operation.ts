import { heartbeatSeconds, timestamp, type OperationRequest, type OperationResult } from '@aether-v/types';
import { itemLine, readEverything, readItself, readUsage } from './inventory-operation.ts';
import type { LineBody } from './json-line.ts';
import { timeLeft, type OperationContext } from './operation-context.ts';
import { Pulse, type Alarm } from './pulse.ts';

interface Alarms {
  readonly heartbeat: Alarm;
  readonly reconcile: Alarm;
  readonly usage: Alarm;
  readonly timeout: Alarm;
}

function* whatChanged(context: OperationContext, dirty: Set<string>): Generator<LineBody, void> {
  for (const vmId of dirty) {
    dirty.delete(vmId); // before reading: a change during the yield makes it dirty again
    const vm = context.engine.vm(context.hostId, vmId);
    yield vm ? itemLine({ kind: 'vm', vm }) : itemLine({ kind: 'vm-removed', vmId });
  }
}

function* whatIsDue(
  context: OperationContext,
  request: OperationRequest<'watch'>,
  alarms: Alarms,
): Generator<LineBody, void> {
  const { engine, hostId } = context;
  if (alarms.usage.rang && request.usageSeconds !== null) {
    alarms.usage.set(request.usageSeconds * 1_000);
    yield* readUsage(context);
  }
  if (alarms.reconcile.rang) {
    alarms.reconcile.set(request.reconcileSeconds * 1_000);
    yield* readItself(context);
    yield itemLine({ kind: 'synced', vmIds: engine.vms(hostId).map(({ vmId }) => vmId) });
  }
}

/**
 * Runs `watch`: the full inventory, then the changes. For a slow reader only the ids of changed VMs are queued, and
 * each VM is sent in its current state, so the size of the host bounds the memory.
 */
export async function* watch(
  context: OperationContext,
  request: OperationRequest<'watch'>,
): AsyncGenerator<LineBody, OperationResult<'watch'>, undefined> {
  const { engine, hostId, gone, cancelled } = context;
  const dirty = new Set<string>();
  using pulse = new Pulse();
  pulse.tie(
    engine.subscribe((change) => {
      if (change.hostId !== hostId) return;
      dirty.add(change.vmId);
      pulse.wake();
    }),
  );
  pulse.onAbort(gone);
  pulse.onAbort(cancelled);
  const alarm = (): Alarm => pulse.alarm(engine.clock);
  const alarms = { heartbeat: alarm(), reconcile: alarm(), usage: alarm(), timeout: alarm() };
  alarms.timeout.set(timeLeft(context));

  const vmIds = yield* readEverything(context);
  yield itemLine({ kind: 'synced', vmIds });
  alarms.reconcile.set(request.reconcileSeconds * 1_000);
  if (request.usageSeconds !== null) {
    alarms.usage.set(request.usageSeconds * 1_000);
    yield* readUsage(context);
  }
  for (;;) {
    alarms.heartbeat.set(heartbeatSeconds * 1_000);
    await pulse.next();
    if (gone.aborted || cancelled.aborted) return { reason: 'cancelled' };
    if (alarms.timeout.rang) return { reason: 'timeout' };
    if (alarms.heartbeat.rang) yield { type: 'heartbeat', at: timestamp(engine.clock.now()) };
    yield* whatChanged(context, dirty);
    yield* whatIsDue(context, request, alarms);
  }
}
