import type { Cluster, Host, Vm, VmFacts } from '@aether-v/types';
import { FleetReducer } from '../../src/inventory/fleet-reducer.ts';
import type { FleetUpdate } from '../../src/inventory/fleet-update.ts';
import type { HostEvent, InventoryFact } from '../../src/inventory/host-event.ts';
import { clusterFacts, guid, hostFacts } from './facts.ts';

const start = Date.UTC(2026, 0, 1);

/** How long a move may take between watched nodes, in milliseconds. */
export const watched = 30_000;

/** A reducer whose rows are kept, as the store does. */
export class ReducedFleet {
  now = start;
  readonly rows = {
    cluster: new Map<string, Cluster>(),
    host: new Map<string, Host>(),
    vm: new Map<string, Vm>(),
  };
  readonly reducer = new FleetReducer({ watched, polled: 150_000 });

  event(host: string, event: HostEvent): FleetUpdate {
    return this.#keep(this.reducer.apply(`http://${host}/`, event, this.now));
  }

  /** The name of a cluster tells its nodes. */
  vouch(clusterId: string, nodes: readonly string[]): FleetUpdate {
    return this.#keep(this.reducer.vouch(clusterId, nodes, this.now));
  }

  fact(host: string, fact: InventoryFact): FleetUpdate {
    return this.event(host, { type: 'fact', fact });
  }

  vm(host: string, facts: VmFacts): FleetUpdate {
    return this.fact(host, { kind: 'vm', vm: facts });
  }

  gone(host: string, vmId = guid(1)): FleetUpdate {
    return this.fact(host, { kind: 'vm-removed', vmId });
  }

  connect(host: string, { id = host, watching = true } = {}): FleetUpdate {
    return this.event(host, { type: 'identified', hostId: id, name: id.toUpperCase(), watching });
  }

  unreachable(host: string): FleetUpdate {
    return this.event(host, {
      type: 'unreachable',
      error: { code: 'host-unreachable', message: 'No route.', remedy: null },
    });
  }

  /** A host that has been read: configured, connected, its facts, its VMs. */
  read(
    host: string,
    vms: readonly VmFacts[],
    clusterId: string | null = null,
    nodes = ['hv1', 'hv2', 'hv3'],
  ): void {
    this.event(host, { type: 'configured', provisionalId: `at-${host}`, name: host });
    this.connect(host);
    this.fact(host, { kind: 'host', host: hostFacts(host, { clusterId }) });
    if (clusterId !== null) this.fact(host, { kind: 'cluster', cluster: clusterFacts(clusterId, nodes) });
    for (const facts of vms) this.vm(host, facts);
    this.fact(host, { kind: 'synced', vmIds: vms.map((facts) => facts.vmId) });
  }

  wait(milliseconds: number): void {
    const end = this.now + milliseconds;
    for (let due = this.reducer.dueAt; due !== undefined && due <= end; due = this.reducer.dueAt) {
      this.now = due;
      this.#keep(this.reducer.expire(due));
    }
    this.now = end;
  }

  /** `id@host`, with a mark for moving and stale ones: what the fleet's VMs look like in one line each. */
  get vms(): string[] {
    return [...this.rows.vm.values()]
      .map(
        (vm) => `${vm.id} on ${vm.hostId}${vm.moving ? ' moving' : ''}${vm.stale === null ? '' : ' stale'}`,
      )
      .sort();
  }

  #keep(update: FleetUpdate): FleetUpdate {
    for (const { kind, id } of update.removed) this.rows[kind].delete(id);
    for (const row of update.clusters) this.rows.cluster.set(row.id, row);
    for (const row of update.hosts) this.rows.host.set(row.id, row);
    for (const row of update.vms) this.rows.vm.set(row.id, row);
    return update;
  }
}
