import { EngineError } from './engine-error.ts';
import type { EngineJob } from './engine-job.ts';
import { machineOf, requireIdle, type HostWorld } from './host-world.ts';
import { diskPathsOf } from './vm-config.ts';

/** Steps on clustered roles (CIM root\MSCluster). */
export class ClusterSteps {
  readonly #world: HostWorld;
  readonly #move: (vmId: string, targetHostId: string) => EngineJob;

  constructor(world: HostWorld, move: (vmId: string, targetHostId: string) => EngineJob) {
    this.#world = world;
    this.#move = move;
  }

  /** Makes a VM a clustered role (AddVirtualMachine). All its files must be on shared volumes. */
  addVmRole(vmId: string): void {
    this.#world.check('addVmRole', vmId);
    const { host, storage } = this.#world;
    const machine = machineOf(this.#world, vmId);
    requireIdle(machine);
    const { config } = machine;
    if (host.facts.clusterId === null) {
      throw new EngineError('wrong-state', `${host.facts.name} is not a cluster node.`);
    }
    if (config.clustered) throw new EngineError('conflict', `"${config.name}" is already a clustered role.`);
    const local = [config.configurationPath, ...diskPathsOf(config)].find(
      (path) => storage.volumeOf(path).kind !== 'csv',
    );
    if (local !== undefined) {
      throw new EngineError(
        'wrong-state',
        `"${local}" is not on a shared volume: other nodes could not run the VM.`,
      );
    }
    machine.configure({ clustered: true });
  }

  /** Removes the clustered role of a VM; the VM stays where it is (DeleteGroup). */
  removeVmRole(vmId: string): void {
    this.#world.check('removeVmRole', vmId);
    const machine = machineOf(this.#world, vmId);
    requireIdle(machine);
    if (!machine.config.clustered) {
      throw new EngineError('wrong-state', `"${machine.config.name}" is not a clustered role.`);
    }
    machine.configure({ clustered: false });
  }

  /** Moves a role to another node, live if the VM runs (MoveToNewNodeParams). */
  moveVmRole(vmId: string, targetHostId: string): EngineJob {
    this.#world.check('moveVmRole', vmId);
    return this.#move(vmId, targetHostId);
  }
}
