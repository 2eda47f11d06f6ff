import type { NewAdapter, VmFacts, VmNetworkAdapter } from '@aether-v/types';
import { OperationFailure } from './operation-failure.ts';
import { networkOf } from './resources.ts';
import { sagaHandler, type Saga } from './saga.ts';
import { requireChangeable, requireIdle } from './vm-condition.ts';

function adapterOf(saga: Saga, vmId: string, id: string): VmNetworkAdapter {
  const { name, networkAdapters } = saga.vm(vmId);
  const adapter = networkAdapters.find((one) => one.id === id);
  if (!adapter) throw new OperationFailure('not-found', `"${name}" has no network adapter ${id}.`);
  return adapter;
}

/** Maximum number of synthetic network adapters of a VM. */
const mostAdapters = 8;

/** Refuses each MAC address that another adapter of this host has, or that occurs twice. */
export function requireFreeMacs(
  saga: Saga,
  macAddresses: readonly string[],
  except: string | null = null,
): void {
  const taken = new Set<string | null>();
  for (const { networkAdapters } of saga.steps.vms.list()) {
    for (const { id, macAddress } of networkAdapters) if (id !== except) taken.add(macAddress);
  }
  for (const address of macAddresses) {
    if (taken.has(address)) {
      saga.refuse('conflict', `Another adapter of this host already has the MAC address ${address}.`);
    }
    taken.add(address);
  }
}

/** Refuses a change of a MAC address unless the VM is off. */
function requireOff(saga: Saga, vm: VmFacts): void {
  requireIdle(saga, vm);
  if (vm.state === 'Off') return;
  saga.refuse(
    'wrong-state',
    `"${vm.name}" is ${vm.state}: it must be off to change a MAC address.`,
    'Shut the VM down first.',
  );
}

/** Connects an adapter to a network; null disconnects it. */
function plug(saga: Saga, vmId: string, id: string, network: string | null, vlanId: number | null): void {
  const { adapters } = saga.steps;
  const before = adapterOf(saga, vmId, id);
  const target = network === null ? null : networkOf(saga.engine, saga.hostId, network);
  saga.step(
    target ? `Connect the network adapter to ${target.switchName}.` : 'Disconnect the network adapter.',
    () => adapters.connectNetworkAdapter(vmId, id, target?.switchName ?? null),
    () => adapters.connectNetworkAdapter(vmId, id, before.switchName),
  );
  if (!target) return;
  const vlan = vlanId ?? target.vlanId;
  saga.step(
    vlan === null
      ? 'Remove the VLAN of the network adapter.'
      : `Set the VLAN of the network adapter to ${vlan}.`,
    () => adapters.setNetworkAdapterVlan(vmId, id, vlan),
    () => adapters.setNetworkAdapterVlan(vmId, id, before.vlan),
  );
}

/** Adds an adapter with the requested network and MAC address. Returns its id. */
export function addAdapter(saga: Saga, vmId: string, { network, macAddress }: NewAdapter): string {
  const { adapters } = saga.steps;
  const id = saga.step(
    'Add a network adapter.',
    () => adapters.addNetworkAdapter(vmId),
    (added) => adapters.removeNetworkAdapter(vmId, added),
  );
  if (macAddress !== null) {
    saga.step(`Assign the MAC address ${macAddress}.`, () =>
      adapters.setNetworkAdapterMac(vmId, id, macAddress),
    );
  }
  if (network !== null) plug(saga, vmId, id, network, null);
  return id;
}

/** Operations on network adapters. */
export const adapterOperations = {
  'adapter.add': sagaHandler<'adapter.add'>((saga, { vmId, adapter }) => {
    const vm = saga.vm(vmId);
    const { network, macAddress } = adapter;
    if (network !== null) saga.attempt(() => networkOf(saga.engine, saga.hostId, network));
    if (macAddress === null) requireChangeable(saga, vm, 'adding an adapter');
    else {
      requireOff(saga, vm);
      requireFreeMacs(saga, [macAddress]);
    }
    const { length } = vm.networkAdapters;
    if (length >= mostAdapters) {
      saga.refuse('conflict', `"${vm.name}" has ${length} network adapters; a VM cannot have more.`);
    }
    saga.plan(4);
    const id = addAdapter(saga, vmId, adapter);
    return Promise.resolve({ vmId, adapter: adapterOf(saga, vmId, id) });
  }),
  'adapter.remove': sagaHandler<'adapter.remove'>((saga, { vmId, adapterId }) => {
    const { name } = adapterOf(saga, vmId, adapterId);
    requireChangeable(saga, saga.vm(vmId), 'removing an adapter');
    saga.step(`Remove the network adapter "${name}".`, () =>
      saga.steps.adapters.removeNetworkAdapter(vmId, adapterId),
    );
    return Promise.resolve({ vmId });
  }),
  'adapter.connect': sagaHandler<'adapter.connect'>((saga, { vmId, adapterId, network, vlanId }) => {
    saga.plan(2);
    plug(saga, vmId, adapterId, network, vlanId);
    return Promise.resolve({ vmId, adapter: adapterOf(saga, vmId, adapterId) });
  }),
  'adapter.setMac': sagaHandler<'adapter.setMac'>((saga, { vmId, adapterId, macAddress }) => {
    adapterOf(saga, vmId, adapterId);
    requireOff(saga, saga.vm(vmId));
    if (macAddress !== null) requireFreeMacs(saga, [macAddress], adapterId);
    saga.step(
      macAddress === null ? 'Assign a dynamic MAC address.' : `Assign the MAC address ${macAddress}.`,
      () => saga.steps.adapters.setNetworkAdapterMac(vmId, adapterId, macAddress),
    );
    return Promise.resolve({ vmId, adapter: adapterOf(saga, vmId, adapterId) });
  }),
};
