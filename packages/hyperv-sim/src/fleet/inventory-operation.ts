import type { InventoryItem, OperationResult } from '@aether-v/types';
import type { LineBody } from './json-line.ts';
import type { OperationContext } from './operation-context.ts';

/** Samples in one `usage` item: two hundred bytes each, far below the limit of a line. */
const samplesPerItem = 500;

/** The item as a line. */
export function itemLine(item: InventoryItem): LineBody {
  return { type: 'item', item };
}

/** Yields the items of a host and its cluster. */
export function* readItself({ engine, hostId }: OperationContext): Generator<LineBody, void> {
  yield itemLine({ kind: 'host', host: engine.host(hostId) });
  const cluster = engine.cluster(hostId);
  if (cluster) yield itemLine({ kind: 'cluster', cluster });
}

/** Yields the full inventory: the host, its cluster and its VMs. Returns the ids of the VMs. */
export function* readEverything(context: OperationContext): Generator<LineBody, string[]> {
  const { engine, hostId } = context;
  yield* readItself(context);
  const vms = engine.vms(hostId);
  for (const vm of vms) yield itemLine({ kind: 'vm', vm });
  return vms.map(({ vmId }) => vmId);
}

/** Yields the current usage of the host and its VMs. */
export function* readUsage({ engine, hostId }: OperationContext): Generator<LineBody, void> {
  const { host, vms } = engine.usage(hostId);
  yield itemLine({ kind: 'usage', host, vms: vms.slice(0, samplesPerItem) });
  for (let from = samplesPerItem; from < vms.length; from += samplesPerItem) {
    yield itemLine({ kind: 'usage', host: null, vms: vms.slice(from, from + samplesPerItem) });
  }
}

/** `inventory`: everything once, with one sample of usage at the end. */
export function* inventory(context: OperationContext): Generator<LineBody, OperationResult<'inventory'>> {
  const vmIds = yield* readEverything(context);
  yield* readUsage(context);
  return { vms: vmIds.length };
}
