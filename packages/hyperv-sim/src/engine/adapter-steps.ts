import { EngineError } from './engine-error.ts';
import { withDevice, withoutDevice } from './drive-steps.ts';
import type { EngineStep } from './engine-step.ts';
import { machineOf, requireChangeable, requireOff, type HostWorld } from './host-world.ts';
import type { Machine } from './machine.ts';
import type { AdapterConfig, VmConfig } from './vm-config.ts';

/** Maximum number of synthetic network adapters of a VM. */
const mostAdapters = 8;

const untagged = { mode: 'Untagged', accessVlanId: null, nativeVlanId: null, allowedVlanIds: null } as const;

/** Creates an adapter that is not connected. */
export function unpluggedAdapter(id: string, name: string, macAddress: string): AdapterConfig {
  const adapter = { id, name, legacy: false, switchName: null, connected: false, vlan: untagged };
  return { ...adapter, macAddress, dynamicMacAddress: true, guestAddresses: [] };
}

/** Steps on network adapters of VMs. */
export class AdapterSteps {
  readonly #world: HostWorld;

  constructor(world: HostWorld) {
    this.#world = world;
  }

  /**
   * Adds an adapter that is not connected; also while a generation 2 VM runs (Add-VMNetworkAdapter). Returns its id.
   */
  addNetworkAdapter(vmId: string, name = 'Network Adapter'): string {
    const machine = this.#begin('addNetworkAdapter', vmId);
    requireChangeable(machine, 'adding an adapter');
    const { networkAdapters } = machine.config;
    if (networkAdapters.length >= mostAdapters) {
      throw new EngineError(
        'conflict',
        `"${machine.config.name}" has ${mostAdapters} network adapters; a VM cannot have more.`,
      );
    }
    const id = this.#world.random.guid();
    const adapter = unpluggedAdapter(id, name, this.#world.host.nextMac());
    machine.configure({
      networkAdapters: [...networkAdapters, adapter],
      bootOrder: withDevice(machine.config, id),
    });
    return id;
  }

  /** Removes an adapter (Remove-VMNetworkAdapter). */
  removeNetworkAdapter(vmId: string, id: string): void {
    const machine = this.#begin('removeNetworkAdapter', vmId);
    requireChangeable(machine, 'removing an adapter');
    adapterOf(machine.config, id);
    machine.configure({
      networkAdapters: machine.config.networkAdapters.filter((adapter) => adapter.id !== id),
      bootOrder: withoutDevice(machine.config, id),
    });
  }

  /**
   * Connects an adapter to a switch at any time; null disconnects it (Connect-VMNetworkAdapter,
   * Disconnect-VMNetworkAdapter).
   */
  connectNetworkAdapter(vmId: string, id: string, switchName: string | null): void {
    const machine = this.#begin('connectNetworkAdapter', vmId);
    const found = this.#world.host.facts.switches.find(({ name }) => name === switchName);
    if (switchName !== null && !found) {
      throw new EngineError('not-found', `${this.#world.host.facts.name} has no switch "${switchName}".`);
    }
    this.#change(machine, id, { switchName, connected: switchName !== null });
  }

  /**
   * Sets the VLAN or trunk of an adapter at any time; null removes it (Set-VMNetworkAdapterVlan -Access, -Trunk,
   * -Untagged).
   */
  setNetworkAdapterVlan(vmId: string, id: string, wanted: AdapterConfig['vlan'] | number | null): void {
    const machine = this.#begin('setNetworkAdapterVlan', vmId);
    const vlan =
      typeof wanted === 'number'
        ? ({ ...untagged, mode: 'Access', accessVlanId: wanted } as const)
        : (wanted ?? untagged);
    this.#change(machine, id, { vlan });
  }

  /** Sets a static MAC address while the VM is off; null sets a dynamic one (Set-VMNetworkAdapter). */
  setNetworkAdapterMac(vmId: string, id: string, macAddress: string | null): void {
    const machine = this.#begin('setNetworkAdapterMac', vmId);
    requireOff(machine, 'changing a MAC address');
    const address = macAddress ?? this.#world.host.nextMac();
    this.#change(machine, id, { macAddress: address, dynamicMacAddress: macAddress === null });
  }

  #begin(step: EngineStep, vmId: string): Machine {
    this.#world.check(step, vmId);
    return machineOf(this.#world, vmId);
  }

  #change(machine: Machine, id: string, change: Partial<AdapterConfig>): void {
    adapterOf(machine.config, id);
    const networkAdapters = machine.config.networkAdapters.map((adapter) =>
      adapter.id === id ? { ...adapter, ...change } : adapter,
    );
    machine.configure({ networkAdapters });
  }
}

/** An adapter of a VM; throws `not-found`. */
function adapterOf({ name, networkAdapters }: VmConfig, id: string): AdapterConfig {
  const adapter = networkAdapters.find((one) => one.id === id);
  if (!adapter) throw new EngineError('not-found', `"${name}" has no network adapter ${id}.`);
  return adapter;
}
