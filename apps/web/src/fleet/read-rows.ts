import type { VmSummary } from '@aether-v/types';
import { api } from './api.ts';
import type { Fleet } from './fleet.ts';
import type { VmListSpec } from './list-spec.ts';

/** Rows per read: the service's limit. */
const pageSize = 1000;

/** Reads all VMs of a list, in its order. */
export async function readVmRows(spec: VmListSpec): Promise<readonly VmSummary[]> {
  const rows = new Map<string, VmSummary>();
  for (let offset = 0; ; offset += pageSize) {
    const { items, total } = await api.vms(spec, offset, pageSize);
    // A VM that moved between two reads can be on both pages.
    for (const vm of items) if (!rows.has(vm.id)) rows.set(vm.id, vm);
    if (items.length === 0 || offset + items.length >= total) return [...rows.values()];
  }
}

/** VMs whose samples are requested at once; the service limits them, and other components show some as well. */
const batchSize = 250;
/** Hosts report samples every two seconds. */
const sampledWithinMs = 3000;

/** Waits for samples of these VMs. Those that have none in time are left without. */
export async function awaitSamples(fleet: Fleet, vmIds: readonly string[]): Promise<void> {
  const missing = vmIds.filter((id) => fleet.usage.vm(id) === null);
  for (let at = 0; at < missing.length; at += batchSize) {
    await awaitBatch(fleet, missing.slice(at, at + batchSize));
  }
}

function awaitBatch(fleet: Fleet, vmIds: readonly string[]): Promise<void> {
  return new Promise((resolve) => {
    const stopLooking = fleet.look({ vmIds, hostIds: [] });
    const done = (): void => {
      clearTimeout(timer);
      unsubscribe();
      stopLooking();
      resolve();
    };
    const timer = setTimeout(done, sampledWithinMs);
    const unsubscribe = fleet.usage.subscribe(() => {
      if (vmIds.every((id) => fleet.usage.vm(id) !== null)) done();
    });
  });
}
