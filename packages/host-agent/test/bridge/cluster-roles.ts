import type { EngineJob, HyperVEngine } from '@aether-v/hyperv-sim/engine';
import { StubError } from './stub-error.ts';

/** What root\\MSCluster does with the roles of VMs, on one node. */
export class ClusterRoles {
  readonly #engine: HyperVEngine;
  readonly #hostId: string;

  constructor(engine: HyperVEngine, hostId: string) {
    this.#engine = engine;
    this.#hostId = hostId;
  }

  /** MSCluster_Cluster.AddVirtualMachine, by the VM's GUID. */
  add(vmId: string): void {
    this.#steps.addVmRole(vmId);
  }

  /** MSCluster_ResourceGroup.DestroyGroup. */
  remove(name: string): void {
    this.#steps.removeVmRole(this.#vmOf(name));
  }

  /** MSCluster_ResourceGroup.MoveToNewNodeParams. Without a node's name the cluster chooses: the one with most memory to spare. */
  move(name: string, node: string | undefined): { readonly job: EngineJob; readonly vmId: string } {
    const vmId = this.#vmOf(name);
    const spare = (id: string): number => this.#engine.usage(id).host.memoryAvailable;
    const nodes = this.#engine.cluster(this.#hostId)?.nodes ?? [];
    const others = nodes.filter(({ hostId }) => hostId !== this.#hostId);
    const [best] = others.map(({ hostId }) => hostId).sort((one, other) => spare(other) - spare(one));
    const target = node === undefined ? best : others.find((one) => one.name === node)?.hostId;
    if (target === undefined) throw new StubError('There is no such node.');
    return { vmId, job: this.#steps.moveVmRole(vmId, target) };
  }

  get #steps(): ReturnType<HyperVEngine['steps']>['cluster'] {
    return this.#engine.steps(this.#hostId).cluster;
  }

  #vmOf(name: string): string {
    const vm = this.#engine.vms(this.#hostId).find(({ clusterRole }) => clusterRole?.name === name);
    if (!vm) throw new StubError('There is no such group here.');
    return vm.vmId;
  }
}
