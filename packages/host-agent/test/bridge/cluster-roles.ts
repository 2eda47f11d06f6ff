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

  /** MSCluster_ResourceGroup.MoveToNewNodeParams: NodeName is a required input. */
  move(name: string, node: unknown): { readonly job: EngineJob; readonly vmId: string } {
    const vmId = this.#vmOf(name);
    if (typeof node !== 'string' || node === '')
      throw new StubError('Invalid method Parameter(s)', { nativeErrorCode: 4 });
    const nodes = this.#engine.cluster(this.#hostId)?.nodes ?? [];
    const target = nodes.find((one) => one.name === node && one.hostId !== this.#hostId)?.hostId;
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
