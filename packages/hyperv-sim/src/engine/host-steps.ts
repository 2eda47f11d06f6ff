import type { HostConfiguration } from '@aether-v/types';
import { AdapterSteps } from './adapter-steps.ts';
import { CheckpointSteps } from './checkpoint-steps.ts';
import { ClusterSteps } from './cluster-steps.ts';
import { DriveSteps } from './drive-steps.ts';
import type { EngineJob } from './engine-job.ts';
import { FileSteps } from './file-steps.ts';
import type { HostWorld } from './host-world.ts';
import { VmSteps } from './vm-steps.ts';

/**
 * What can be done on one host, one step at a time, as Hyper-V's cmdlets do it: whatever is refused changes nothing, and what
 * takes time is a job.
 */
export class HostSteps {
  readonly vms: VmSteps;
  readonly drives: DriveSteps;
  readonly adapters: AdapterSteps;
  readonly files: FileSteps;
  readonly checkpoints: CheckpointSteps;
  readonly cluster: ClusterSteps;
  /** What the host's administrator has configured for agents. */
  readonly configuration: HostConfiguration;
  readonly #world: HostWorld;

  constructor(
    world: HostWorld,
    configuration: HostConfiguration,
    move: (vmId: string, targetHostId: string) => EngineJob,
  ) {
    this.#world = world;
    this.configuration = configuration;
    this.vms = new VmSteps(world);
    this.drives = new DriveSteps(world);
    this.adapters = new AdapterSteps(world);
    this.files = new FileSteps(world);
    this.checkpoints = new CheckpointSteps(world);
    this.cluster = new ClusterSteps(world, move);
  }

  /** What the host still does for a VM beside what anybody asked for: merges, also of VMs that are gone. */
  background(vmId: string): EngineJob[] {
    return [...this.#world.background].filter((job) => job.vmId === vmId);
  }
}
